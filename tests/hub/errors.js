/*
 * The error answers of GitHub's REST API. A handler throws one; http.js writes it. Says nothing
 * about when an error is right: the handlers know.
 */

export class ApiError extends Error {
	constructor(status, message, more = {}) {
		super(message);
		this.status = status;
		this.errors = more.errors;
		this.headers = more.headers ?? {};
		this.documentation = more.documentation;
	}

	body(documentation) {
		const body = { message: this.message };
		if (this.errors) body.errors = this.errors;
		body.documentation_url =
			this.documentation ?? documentation ?? 'https://docs.github.com/rest';
		body.status = String(this.status);
		return body;
	}
}

/* Also the answer for what the caller may not see: GitHub does not tell which it is. */
export const notFound = (message = 'Not Found') => new ApiError(404, message);

export const badCredentials = (message = 'Bad credentials') =>
	new ApiError(401, message, { documentation: 'https://docs.github.com/rest' });

export const forbidden = (message = 'Resource not accessible by integration') =>
	new ApiError(403, message);

export const conflict = (message) => new ApiError(409, message);

/* errors: [{resource, field, code, message?}] as in GitHub's "Validation Failed" answers. */
export const invalid = (errors, message = 'Validation Failed') =>
	new ApiError(422, message, { errors: Array.isArray(errors) ? errors : [errors] });

export const unprocessable = (message) => new ApiError(422, message);
