/*
 * Writes SARIF by hand from the report. Knows the few objects that code scanning reads; no flows, no
 * fixes.
 */
#include "ci/sarif.h"

static const char SCHEMA[] = "https://json.schemastore.org/sarif-2.1.0.json";

struct writer {
	const struct tree *tree;
	json_t *rules, *results, *seen;	/* seen: rule id -> its place in rules */
};

static json_t *message(const char *text)
{
	return json_pack("{s:s}", "text", text ? text : "");
}

static json_int_t rule_of(struct writer *w, const char *id)
{
	json_t *known = json_object_get(w->seen, id);
	json_int_t place = (json_int_t)json_array_size(w->rules);

	if (known)
		return json_integer_value(known);
	json_array_append_new(w->rules, json_pack("{s:s}", "id", id));
	json_object_set_new(w->seen, id, json_integer(place));
	return place;
}

static bool may_locate(const struct writer *w, const char *file)
{
	if (!file)
		return false;
	return w->tree ? tree_has(w->tree, file)
		       : file[0] != '/' && !strchr(file, ':') && !strstr(file, "..");
}

/* A path as a relative URI: everything but the unreserved characters and '/' percent-encoded. */
static const char *uri_of(struct arena *a, const char *path)
{
	struct text out = TEXT(a);

	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~/", c))
			text_addc(&out, (char)c);
		else
			text_addf(&out, "%%%02X", c);
	}
	return text_cstr(&out);
}

static json_t *locations(const struct writer *w, const char *file, unsigned line, unsigned column)
{
	ARENA a = {0};
	json_t *place, *region;

	if (!may_locate(w, file))
		return json_array();
	place = json_pack("{s:{s:s}}", "artifactLocation", "uri", uri_of(&a, file));
	if (line) {
		region = json_pack("{s:I}", "startLine", (json_int_t)line);
		if (column)
			json_object_set_new(region, "startColumn", json_integer(column));
		json_object_set_new(place, "region", region);
	}
	return json_pack("[{s:o}]", "physicalLocation", place);
}

static json_t *result(struct writer *w, const char *id, const char *level, const char *text,
		      json_t *where)
{
	return json_pack("{s:s, s:I, s:s, s:o, s:o}", "ruleId", id, "ruleIndex", rule_of(w, id),
			 "level", level, "message", message(text), "locations", where);
}

static void add_failure(struct writer *w, const struct failure *f)
{
	json_t *one = result(w, f->type ? f->type : kind_name(f->kind), "error",
			     f->message ? f->message : f->type,
			     locations(w, f->file, f->line, f->column));

	json_object_set_new(one, "partialFingerprints",
			    json_pack("{s:s}", "aegisSignature/v1", f->signature));
	json_array_append_new(w->results, one);
}

static void add_diagnostic(struct writer *w, const struct diagnostic *d)
{
	static const char *const levels[] = { "error", "warning", "note" };
	const char *id = d->code ? d->code : d->tool ? d->tool : "diagnostic";

	json_array_append_new(w->results, result(w, id, levels[d->severity], d->message,
						 locations(w, d->file, d->line, d->column)));
}

json_t *sarif_json(const struct report *report, const struct tree *tree)
{
	struct writer w = { tree, json_array(), json_array(), json_object() };

	for (size_t i = 0; i < report->failure_count; i++)
		add_failure(&w, &report->failures[i]);
	for (size_t i = 0; i < report->diagnostic_count; i++)
		add_diagnostic(&w, &report->diagnostics[i]);
	json_decref(w.seen);
	return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:o}]}", "$schema", SCHEMA, "version",
			 "2.1.0", "runs", "tool", "driver", "name", "Aegis", "version",
			 AEGIS_VERSION, "rules", w.rules, "results", w.results);
}
