/*
 * Applies a repository's own template: every match in every file that it names. A change that makes
 * a file harder to parse, or touches too many files, is none.
 */
#include "templates/lib_own.h"

#include "bot/base/regex.h"
#include "git/path.h"
#include "templates/lib_scene.h"
#include "templates/syntax.h"

/* $0..$9, ${name}; "$$" is a dollar. What is not known stays as it is written. */
static void add_with(struct text *out, const struct scene *scene, struct str with,
		     const struct str *groups, size_t group_count)
{
	while (with.size) {
		struct str name;
		char next = with.size > 1 ? with.at[1] : '\0';

		if (with.at[0] != '$') {
			text_addc(out, with.at[0]);
			with = str_from(with, 1);
		} else if (next == '$') {
			text_addc(out, '$');
			with = str_from(with, 2);
		} else if (next >= '0' && next <= '9' && (size_t)(next - '0') < group_count) {
			text_add(out, groups[next - '0']);
			with = str_from(with, 2);
		} else if (next == '{' && str_split(str_from(with, 2), "}", &name, &with)) {
			text_add(out, scene_group(scene, str_text(scene->arena, name)));
		} else {
			text_addc(out, '$');
			with = str_from(with, 1);
		}
	}
}

static struct str by_pattern(const struct scene *scene, const struct own_step *step, struct str text)
{
	struct text out = TEXT(scene->arena);
	struct str groups[REGEX_GROUPS_MAX];
	struct err e = ERR_INIT;
	REGEX regex = regex_open(step->pattern, &e);
	size_t at = 0, from = 0;

	while (regex && from <= text.size &&
	       regex_search(regex, text, from, groups) == REGEX_FOUND) {
		size_t start = (size_t)(groups[0].at - text.at), end = start + groups[0].size;

		text_add(&out, str_slice(text, at, start - at));
		add_with(&out, scene, step->with, groups, regex_group_count(regex) + 1);
		at = end;
		from = groups[0].size ? end : end + 1;
	}
	text_add(&out, str_from(text, at));
	return text_str(&out);
}

struct asked {
	const TSQuery *query;
	const struct syntax *s;
	const TSQueryMatch *match;
};

static struct str name_at(const TSQuery *query, uint32_t id, bool capture)
{
	uint32_t size;
	const char *at = capture ? ts_query_capture_name_for_id(query, id, &size)
				 : ts_query_string_value_for_id(query, id, &size);

	return (struct str){ at, size };
}

static struct str text_of_capture(const struct asked *asked, uint32_t id)
{
	for (uint16_t i = 0; i < asked->match->capture_count; i++)
		if (asked->match->captures[i].index == id)
			return syntax_text(asked->s, asked->match->captures[i].node);
	return STR_NONE;
}

/* (#eq? @a "x"), (#not-eq? @a "x"), (#match? @a "regex"). */
static bool predicate_holds(const struct asked *asked, const TSQueryPredicateStep *steps, size_t count)
{
	struct str name = name_at(asked->query, steps[0].value_id, false), value, wanted;
	struct err e = ERR_INIT;
	bool capture;

	if (count != 3 || steps[1].type != TSQueryPredicateStepTypeCapture)
		return false;
	value = text_of_capture(asked, steps[1].value_id);
	capture = steps[2].type == TSQueryPredicateStepTypeCapture;
	wanted = capture ? text_of_capture(asked, steps[2].value_id)
			 : name_at(asked->query, steps[2].value_id, false);
	if (str_is(name, "eq?"))
		return str_equal(value, wanted);
	if (str_is(name, "not-eq?"))
		return !str_equal(value, wanted);
	if (str_is(name, "match?") && !capture) {
		REGEX regex = regex_open(str_text(asked->s->arena, wanted), &e);

		return regex && regex_match(regex, value, NULL);
	}
	return false;
}

static bool predicates_hold(const struct asked *asked)
{
	uint32_t count, start = 0;
	const TSQueryPredicateStep *steps =
		ts_query_predicates_for_pattern(asked->query, asked->match->pattern_index, &count);

	for (uint32_t i = 0; i < count; i++) {
		if (steps[i].type != TSQueryPredicateStepTypeDone)
			continue;
		if (i > start && !predicate_holds(asked, steps + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

static bool is_replaced(const TSQuery *query, uint32_t id)
{
	return str_is(name_at(query, id, true), "replace");
}

static struct str by_query(const struct scene *scene, const struct own_step *step,
			   const char *language, struct str text)
{
	struct edits edits = { .arena = scene->arena };
	TSQueryCursor *cursor = ts_query_cursor_new();
	SYNTAX s = syntax_open(scene->arena, language, text);
	uint32_t place;
	TSQueryError kind;
	TSQuery *query = s ? ts_query_new(syntax_grammar(language), step->query,
					  (uint32_t)strlen(step->query), &place, &kind) : NULL;
	TSQueryMatch match;
	struct str out = text;

	if (query)
		ts_query_cursor_exec(cursor, query, s->root);
	while (query && ts_query_cursor_next_match(cursor, &match)) {
		const struct asked asked = { query, s, &match };

		if (!predicates_hold(&asked))
			continue;
		for (uint16_t i = 0; i < match.capture_count; i++) {
			struct text with = TEXT(scene->arena);
			struct str whole = syntax_text(s, match.captures[i].node);

			if (!is_replaced(query, match.captures[i].index))
				continue;
			add_with(&with, scene, step->with, &whole, 1);
			edit_node(&edits, match.captures[i].node, text_str(&with));
		}
	}
	if (query && edits.count && !edits_apply(&edits, s, &out))
		out = text;
	if (query)
		ts_query_delete(query);
	ts_query_cursor_delete(cursor);
	return out;
}

bool own_check_query(const char *language, const char *query, struct err *e)
{
	const TSLanguage *grammar = syntax_grammar(str_is(str_of(language), "node") ? "javascript"
										    : language);
	TSQueryError kind = TSQueryErrorNone;
	uint32_t place = 0;
	bool found = false;
	TSQuery *made = grammar ? ts_query_new(grammar, query, (uint32_t)strlen(query), &place, &kind)
				: NULL;

	if (!grammar)
		return fail(e, ERR_INPUT, "there is no grammar for %s, so no query either", language);
	if (!made)
		return fail(e, ERR_INPUT, "the query is not one of %s, at byte %u", language, place);
	for (uint32_t i = 0; i < ts_query_capture_count(made); i++)
		found |= is_replaced(made, i);
	ts_query_delete(made);
	return found || fail(e, ERR_INPUT, "the query captures nothing as @replace");
}

static size_t errors_in(const struct scene *scene, const char *language, struct str text)
{
	SYNTAX s = syntax_open(scene->arena, language, text);

	return s ? s->errors : 0;
}

/* The text after all steps; the text itself when a step does not work on it. */
static struct str mended(const struct scene *scene, const struct own *own, const char *path,
			 struct str text)
{
	const char *language = syntax_language(path);
	struct str out = text;

	for (size_t i = 0; i < own->step_count; i++)
		out = own->steps[i].pattern ? by_pattern(scene, &own->steps[i], out)
					    : by_query(scene, &own->steps[i], language, out);
	return errors_in(scene, language, out) > errors_in(scene, language, text) ? text : out;
}

static bool is_meant(const struct scene *scene, const struct own *own, const char *path)
{
	if (!own->globs) {
		const char *file = scene_path(scene, scene->failure->file);

		return file && !strcmp(file, path);
	}
	for (const char *const *glob = own->globs; *glob; glob++)
		if (path_matches(*glob, str_of(path)))
			return true;
	return false;
}

/* The next file, from *index on, that the template changes; false at the end. */
static bool next_change(struct scene *scene, const struct own *own, size_t *index, const char **path,
			struct str *out)
{
	for (; *index < scene->tree->count; ++*index) {
		struct str text;

		*path = scene->tree->entries[*index].path;
		if (!is_meant(scene, own, *path) || !scene_read(scene, *path, &text))
			continue;
		*out = mended(scene, own, *path, text);
		if (str_equal(*out, text))
			continue;
		++*index;
		return true;
	}
	return false;
}

void own_fix(struct scene *scene)
{
	const struct own *own = (const struct own *)scene->template;
	struct candidate *candidate;
	size_t index = 0, files = 1;
	const char *path;
	struct str text;

	if (!next_change(scene, own, &index, &path, &text))
		return template_decline(scene, "nothing in %s is what it replaces",
					own->globs ? "its files" : "the failing file");
	candidate = propose(scene, ORACLE_CONTRACT, "%s (the repository's own rule in %s)",
			    own->template.summary, own->file);
	do
		candidate_put(scene, candidate, path, text);
	while (files++ < OWN_FILES_MOST && next_change(scene, own, &index, &path, &text));
}
