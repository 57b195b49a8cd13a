/*
 * Holds what goes over the wire against GitHub's published OpenAPI description (openapi.json, made
 * by trim.js). It finds shapes only; whether a value is the right one is the tests' concern.
 */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import formats from 'ajv-formats';

const ROOT = 'hub:openapi';

/* Statuses that every operation may answer although the description lists them for few only. */
const GENERIC = new Set([301, 400, 401, 403, 404, 406, 410, 413, 415, 422, 429, 500, 502, 503]);

export class Validator {
	constructor(file = new URL('openapi.json', import.meta.url)) {
		this.spec = JSON.parse(readFileSync(file, 'utf8'));
		this.ajv = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: false });
		formats(this.ajv);
		/* GitHub itself writes "" where there is no address, and mail of bots with brackets. */
		const { email, uri } = this.ajv.formats;
		this.ajv.addFormat('email', { validate: (text) => email.test(text.replace('[bot]', '')) });
		this.ajv.addFormat('uri', { validate: (text) => text === '' || uri(text) });
		this.ajv.addFormat('repo.nwo', true);
		this.ajv.addFormat('timestamp', true);
		this.ajv.addSchema({ $id: ROOT, ...this.spec });
		this.strings = new Ajv({ strict: false, coerceTypes: 'array', logger: false });
		formats(this.strings);
		this.byName = new Map(
			this.spec.operations.map((one, i) => [`${one.method} ${one.path}`, i]),
		);
	}

	operation(name) {
		return this.spec.operations[this.byName.get(name)];
	}

	check(pointer, value) {
		const test = this.ajv.getSchema(`${ROOT}#/${pointer}`);
		if (!test) return [`no schema at ${pointer}`];
		if (test(value)) return [];
		return test.errors.map((e) => {
			const extra = e.params.additionalProperty;
			return `${e.instancePath || '/'} ${e.message}${extra ? ` (${extra})` : ''}`;
		});
	}

	request(name, query, body) {
		const found = this.operation(name);
		if (!found) return [];
		const bad = [];
		for (const [key, value] of Object.entries(query)) {
			if (!(key in found.query)) bad.push(`unknown query parameter ${key}`);
			/* Described as a time, but it takes the ranges of the search syntax. */
			else if (key === 'created') continue;
			else if (
				!this.strings.validate({ properties: { v: found.query[key] } }, { v: value })
			) {
				bad.push(`query ${key} ${this.strings.errors[0].message}`);
			}
		}
		const empty = body === undefined;
		if (found.request && !(empty && !found.request_required)) {
			bad.push(...this.check(`operations/${this.byName.get(name)}/request`, body ?? {}));
		} else if (!found.request && !empty) {
			bad.push('a body where none is described');
		}
		return bad;
	}

	response(name, status, body) {
		const found = this.operation(name);
		if (!found || status === 304) return [];
		if (!(status in found.responses)) {
			if (!GENERIC.has(status)) return [`status ${status} is not described`];
			return this.check('components/schemas/basic-error', body);
		}
		if (found.responses[status] === null) {
			return body === undefined || status >= 400 ? [] : ['a body where none is described'];
		}
		return this.check(`operations/${this.byName.get(name)}/responses/${status}`, body);
	}

	webhook(event, payload) {
		const name = [event, payload.action].filter(Boolean).join('-').replace(/_/g, '-');
		if (!(name in this.spec.webhooks)) return [`webhook ${name} is not described`];
		return this.check(`webhooks/${name}`, payload);
	}
}
