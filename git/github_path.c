/*
 * Paths of requests with everything in them encoded, and the addresses that come back in Link and
 * Location. An address from outside is used only when it is below the API's own.
 */
#include "git/github_private.h"

#include <stdarg.h>

static void add_encoded(struct text *out, const char *text, bool keep_slash)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (; *text; text++) {
		if (strchr(plain, *text) || (keep_slash && *text == '/'))
			text_addc(out, *text);
		else
			text_addf(out, "%%%02X", (unsigned char)*text);
	}
}

static void add_path(struct text *out, const char *format, va_list args)
{
	for (; *format; format++) {
		if (*format != '%') {
			text_addc(out, *format);
			continue;
		}
		format++;
		add_encoded(out, va_arg(args, const char *), *format == 'p');
	}
}

const char *github_path(struct arena *a, const char *format, ...)
{
	struct text out = TEXT(a);
	va_list args;

	va_start(args, format);
	add_path(&out, format, args);
	va_end(args);
	return text_cstr(&out);
}

const char *github_repository_path(struct github_call *call, struct err *e, const char *format, ...)
{
	struct text out = TEXT(call->arena);
	va_list args;

	call->outcome = GITHUB_NOT_DONE;
	if (!github_login_is_good(str_of(call->owner)) ||
	    !github_repository_is_good(str_of(call->name))) {
		fail(e, ERR_INPUT, "this is no name of a repository");
		return NULL;
	}
	text_addf(&out, "/repos/%s/%s", call->owner, call->name);
	va_start(args, format);
	add_path(&out, format, args);
	va_end(args);
	return text_cstr(&out);
}

/* <https://x/y?page=2>; rel="next", <...>; rel="last" */
const char *github_link_next(struct arena *a, struct str header)
{
	struct str url, parameters, parameter, rest;

	while (str_split(header, "<", &rest, &header) &&
	       str_split(header, ">", &url, &header)) {
		ptrdiff_t end = str_char(header, '<');

		parameters = end < 0 ? header : str_slice(header, 0, (size_t)end);
		while (str_next(&parameters, ';', &parameter)) {
			parameter = str_trim(parameter);
			str_chop(&parameter, ",");
			if (str_is(parameter, "rel=\"next\"") || str_is(parameter, "rel=next"))
				return str_text(a, url);
		}
	}
	return NULL;
}

bool github_is_ours(const struct github *github, const char *url)
{
	size_t size = strlen(github->api);

	return !strncmp(url, github->api, size) && url[size] == '/' && !strstr(url, "/../") &&
	       !strchr(url, '#') && !strchr(url, '\\');
}

static bool page(struct pages *pages, const json_t *json, struct err *e)
{
	json_t *list;

	if (!json_get_list(json, pages->list ? pages->list : "", &list, e))
		return false;
	pages->total = (uint64_t)json_integer_or(json, "total_count", 0);
	for (size_t i = 0; i < json_array_size(list); i++) {
		pages->seen++;
		if (!pages->item(pages->context, json_array_get(list, i), e))
			return false;
	}
	return true;
}

bool github_each_page(struct github_call *call, struct pages *pages, struct err *e)
{
	struct ask ask = { .method = "GET", .path = pages->path, .as = pages->as,
		.installation = pages->installation };

	pages->complete = pages->enough = false;
	pages->seen = 0;
	for (unsigned number = 0; number < pages->pages_most; number++) {
		REPLY reply = {0};

		if (!github_ask(call, &ask, &reply, e) || !page(pages, reply.json, e))
			return fail_while(e, "page %u", number + 1);
		if (pages->enough)
			return true;
		if (!reply.next) {
			pages->complete = pages->seen >= pages->total;
			return true;
		}
		if (!github_is_ours(call->github, reply.next) || !strcmp(reply.next, ask.path))
			return fail(e, ERR_INPUT, "the next page is at another host, or the same "
				    "again");
		ask.path = reply.next;
	}
	return true;
}
