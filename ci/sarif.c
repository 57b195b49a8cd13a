/*
 * The static part of SARIF: no flows, no stacks, no fixes.
 */
#include "ci/sarif.h"

#include "git/path.h"

struct sarif {
	const struct tree *tree;
	json_t *rules, *places;		/* places: a rule's id to its place in rules */
	json_t *results;
};

static const char *const levels[] = {
	[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note",
};

/* What RFC 3986 lets stand in a path as it is. */
static bool is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/!$&'()*+,;=@", c));
}

static const char *uri_of(struct arena *a, const char *path)
{
	struct text out = TEXT(a);

	for (; *path; path++) {
		if (is_plain((unsigned char)*path))
			text_addc(&out, *path);
		else
			text_addf(&out, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return text_cstr(&out);
}

static const char *own_path(const struct sarif *s, const char *file)
{
	struct err e = ERR_INIT;
	struct str path = str_of(file);

	if (!file)
		return NULL;
	if (s->tree)
		return tree_path(s->tree, path);
	str_skip(&path, "./");
	return path_check(path, &e) ? path.at : NULL;
}

static json_t *location(const struct sarif *s, const char *file, unsigned line, unsigned column)
{
	const char *path = own_path(s, file);
	ARENA a = {0};
	json_t *physical;

	if (!path)
		return NULL;
	physical = json_pack("{s:{s:s, s:s}}", "artifactLocation", "uri", uri_of(&a, path),
			     "uriBaseId", "%SRCROOT%");
	if (line) {
		json_t *region = json_pack("{s:I}", "startLine", (json_int_t)line);

		if (column)
			json_object_set_new(region, "startColumn", json_integer(column));
		json_object_set_new(physical, "region", region);
	}
	return json_pack("[{s:o}]", "physicalLocation", physical);
}

static json_int_t rule_place(struct sarif *s, const char *id)
{
	const json_t *known = json_object_get(s->places, id);
	json_int_t place = (json_int_t)json_array_size(s->rules);

	if (known)
		return json_integer_value(known);
	json_array_append_new(s->rules, json_pack("{s:s}", "id", id));
	json_object_set_new(s->places, id, json_integer(place));
	return place;
}

static json_t *add_result(struct sarif *s, const char *rule, const char *level, const char *message,
			  json_t *locations)
{
	json_t *result = json_pack("{s:s, s:I, s:s, s:{s:s}}", "ruleId", rule, "ruleIndex",
				   rule_place(s, rule), "level", level, "message", "text", message);

	if (locations)
		json_object_set_new(result, "locations", locations);
	json_array_append_new(s->results, result);
	return result;
}

static const char *first_of(const char *a, const char *b, const char *c)
{
	return a ? a : b ? b : c;
}

static void add_failure(struct sarif *s, const struct failure *f)
{
	const char *kind = kind_name(f->kind);
	json_t *result = add_result(s, first_of(f->type, kind, kind), "error",
				    first_of(f->message, f->type, kind),
				    location(s, f->file, f->line, f->column));

	json_object_set_new(result, "rank", json_real(f->rank < 100 ? 101.0 - f->rank : 1));
	if (f->signature[0])
		json_object_set_new(result, "partialFingerprints",
				    json_pack("{s:s}", "aegisSignature/v1", f->signature));
}

static bool same_text(const char *a, const char *b)
{
	return str_equal(str_of(a), str_of(b));
}

/* Most compile errors are both: a diagnostic and, as the cause, a failure. */
static bool is_failure(const struct report *report, const struct diagnostic *d)
{
	for (size_t i = 0; i < report->failure_count; i++) {
		const struct failure *f = &report->failures[i];

		if (f->line == d->line && same_text(f->message, d->message) &&
		    (f->file && d->file ? str_ends(str_of(d->file), f->file) : f->file == d->file))
			return true;
	}
	return false;
}

json_t *sarif_json(const struct report *report, const struct tree *tree)
{
	struct sarif s = { .tree = tree, .rules = json_array(), .places = json_object(),
			   .results = json_array() };

	for (size_t i = 0; i < report->failure_count; i++)
		add_failure(&s, &report->failures[i]);
	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *d = &report->diagnostics[i];

		if (is_failure(report, d))
			continue;
		add_result(&s, first_of(d->code, d->tool, "diagnostic"), levels[d->severity],
			   first_of(d->message, d->code, levels[d->severity]),
			   location(&s, d->file, d->line, d->column));
	}
	json_decref(s.places);
	return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:o}]}", "$schema",
			 "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs",
			 "tool", "driver", "name", "Aegis", "version", AEGIS_VERSION, "rules", s.rules,
			 "results", s.results);
}
