/*
 * JSON from outside, read with limits, and asked for by path: "workflow_run.head_sha",
 * "check_runs[0].output.title". Names with a dot or a bracket inside are out of reach of paths.
 *
 *	JSON *event = NULL;
 *	if (!json_parse(body, 1 << 20, &event, e) || !json_get_text(event, "head.sha", &sha, e))
 *		return false;
 */
#ifndef BOT_BASE_JSON_H
#define BOT_BASE_JSON_H

#include "bot/base/err.h"
#include "bot/base/str.h"

#include <jansson.h>
#include <stdint.h>

void json_close(json_t *const *json);
#define JSON __attribute__((cleanup(json_close))) json_t

/*
 * An object or an array of at most size_most bytes. Refused with line and column, as ERR_INPUT:
 * duplicate names, NUL (also as an escape), invalid UTF-8, more than 2048 levels, numbers that do not
 * fit, anything behind the end.
 */
bool json_parse(struct str text, size_t size_most, json_t **json, struct err *e);

/* What is at the path, or NULL when it is absent or null. "" is the json itself. */
json_t *json_at(const json_t *json, const char *path);

/*
 * What must be there. ERR_INPUT names the path and what is there instead: "head.sha must be a text,
 * not a number". The values belong to the json. A real also takes a whole number.
 */
bool json_get_text(const json_t *json, const char *path, struct str *text, struct err *e);
bool json_get_integer(const json_t *json, const char *path, int64_t *number, struct err *e);
bool json_get_real(const json_t *json, const char *path, double *number, struct err *e);
bool json_get_boolean(const json_t *json, const char *path, bool *yes, struct err *e);
bool json_get_list(const json_t *json, const char *path, json_t **list, struct err *e);
bool json_get_object(const json_t *json, const char *path, json_t **object, struct err *e);

/* What may be there: the other value when it is absent, null or of another type. */
struct str json_text_or(const json_t *json, const char *path, struct str other);
int64_t json_integer_or(const json_t *json, const char *path, int64_t other);
double json_real_or(const json_t *json, const char *path, double other);
bool json_boolean_or(const json_t *json, const char *path, bool other);

/* Compact text. JSON_SORTED: names in order, for hashes. ERR_BUG when it holds itself. */
enum json_order { JSON_AS_MADE, JSON_SORTED };
bool json_print(const json_t *json, enum json_order order, struct text *out, struct err *e);

/* A JSON string of text that may hold anything: bytes that are not UTF-8 become U+FFFD, and NUL too. */
json_t *json_string_of(struct str text);

#endif
