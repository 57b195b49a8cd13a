/*
 * Strict, because the text is hostile: every field is named and typed, unknown ones are refused,
 * sizes are bounded, and a patch exists only when every edit applies. Whether the patch may be is
 * for the fences, and whether it is right for the proof.
 */
#include "bot/llm/answer_edits.h"

#include "bot/base/json.h"
#include "bot/base/redact.h"
#include "bot/base/utf8.h"
#include "git/path.h"

enum { ANSWER_MOST = 1024 * 1024, HYPOTHESIS_SHOWN = 300 };

const char answer_edits_schema[] =
	"{\"type\":\"object\",\"additionalProperties\":false,"
	"\"required\":[\"hypothesis\",\"confidence\",\"oracle\",\"edits\"],\"properties\":{"
	"\"hypothesis\":{\"type\":\"string\"},\"confidence\":{\"type\":\"number\"},"
	"\"oracle\":{\"type\":\"string\",\"enum\":[\"test\",\"sibling\",\"contract\"]},"
	"\"edits\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
	"\"required\":[\"path\",\"find\",\"replace\"],\"properties\":{\"path\":{\"type\":\"string\"},"
	"\"find\":{\"type\":\"string\"},\"replace\":{\"type\":\"string\"}}}}}}";

/* One edit, checked, as a place in the file's text. */
struct edit_place {
	const char *path;
	size_t start, end;
	struct str text;
	bool creates;
};

static struct str without_fence(struct str text)
{
	struct str body = str_trim(text), first;

	if (!str_starts(body, "```") || !str_chop(&body, "```"))
		return str_trim(text);
	if (!str_next_line(&body, &first) || first.size > 16)
		return str_trim(text);
	return str_trim(body);
}

/* One line for people: hostile text stays text. */
static const char *shown(struct str text, struct arena *a)
{
	struct text out = TEXT(a);
	struct str rest = redact_text(text, a);

	while (rest.size && out.size < HYPOTHESIS_SHOWN) {
		uint32_t c;
		size_t size = utf8_first(rest, &c);

		if (!size || utf8_is_hidden(c))
			text_addc(&out, ' ');
		else if (c == '`' || c == '<' || c == '>' || c == '@' || c == '#')
			text_addc(&out, '\'');
		else
			text_add(&out, str_slice(rest, 0, size));
		rest = str_from(rest, size ? size : 1);
	}
	return text_cstr(&out);
}

static bool only_names(const json_t *object, const char *const *names, const char *what,
		       struct err *e)
{
	void *at = json_object_iter((json_t *)object);

	for (; at; at = json_object_iter_next((json_t *)object, at)) {
		const char *key = json_object_iter_key(at);
		const char *const *one = names;

		while (*one && strcmp(*one, key))
			one++;
		if (!*one)
			return fail(e, ERR_INPUT, "%s has the unknown name \"%.40s\"", what, key);
	}
	return true;
}

static bool read_oracle(const json_t *json, enum oracle *oracle, struct err *e)
{
	static const enum oracle known[] = { ORACLE_TEST, ORACLE_SIBLING, ORACLE_CONTRACT };
	struct str name;

	if (!json_get_text(json, "oracle", &name, e))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is(name, oracle_name(known[i]))) {
			*oracle = known[i];
			return true;
		}
	return fail(e, ERR_INPUT, "\"oracle\" must be \"test\", \"sibling\" or \"contract\"");
}

static bool with_line_ends(struct str *text, struct arena *a)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text->size; i++) {
		if (text->at[i] == '\n' && (!i || text->at[i - 1] != '\r'))
			text_addc(&out, '\r');
		text_addc(&out, text->at[i]);
	}
	*text = text_str(&out);
	return true;
}

static bool new_file(const struct tree *tree, enum answer_create create, struct edit_place *place,
		     struct err *e)
{
	if (tree_has(tree, place->path))
		return fail(e, ERR_DENIED, "an edit of %s has an empty \"find\"", place->path);
	if (create != ANSWER_MAY_CREATE)
		return fail(e, ERR_DENIED, "%s is not a file of the commit, and no new file may be made",
			    place->path);
	place->creates = true;
	return true;
}

/* Where `find` stands in the file, which must be once. A model writes LF; the file may have CRLF. */
static bool find_place(const struct tree *tree, struct str find, struct arena *a,
		       struct edit_place *place, struct err *e)
{
	struct str file;
	ptrdiff_t at;

	if (!tree_has(tree, place->path))
		return fail(e, ERR_DENIED, "%s is not a file of the commit", place->path);
	if (!tree_read(tree, a, place->path, &file))
		return fail(e, ERR_DENIED, "%s is no text file that may be edited", place->path);
	at = str_find(file, find);
	if (at < 0 && str_has(file, "\r\n") && with_line_ends(&find, a) &&
	    with_line_ends(&place->text, a))
		at = str_find(file, find);
	if (at < 0)
		return fail(e, ERR_INPUT, "the \"find\" of an edit does not occur in %s; copy it exactly",
			    place->path);
	if (str_find(str_from(file, (size_t)at + 1), find) >= 0)
		return fail(e, ERR_INPUT, "the \"find\" of an edit occurs more than once in %s; "
			    "take more lines around it", place->path);
	if (str_equal(find, place->text))
		return fail(e, ERR_DENIED, "an edit of %s changes nothing", place->path);
	place->start = (size_t)at;
	place->end = (size_t)at + find.size;
	return true;
}

static size_t secrets_in(struct str text, struct arena *a)
{
	size_t count;

	(void)redact_spans(text, a, &count);
	return count;
}

static bool read_edit(const json_t *item, const struct tree *tree, enum answer_create create,
		      struct arena *a, struct edit_place *place, struct err *e)
{
	static const char *const names[] = { "path", "find", "replace", NULL };
	struct str path, find;
	struct err why = ERR_INIT;

	if (!only_names(item, names, "an edit", e) || !json_get_text(item, "path", &path, e) ||
	    !json_get_text(item, "find", &find, e) ||
	    !json_get_text(item, "replace", &place->text, e))
		return false;
	if (!path_check(path, &why))
		return fail(e, ERR_DENIED, "the path of an edit: %.300s", why.text);
	place->path = str_text(a, path);
	if (str_has(find, "[REDACTED:") || str_has(place->text, "[REDACTED:"))
		return fail(e, ERR_DENIED, "an edit of %s holds a redacted value, which is not the text "
			    "of the file", place->path);
	if (secrets_in(place->text, a) > secrets_in(find, a))
		return fail(e, ERR_DENIED, "an edit would write what looks like a secret into %s",
			    place->path);
	return find.size ? find_place(tree, find, a, place, e) : new_file(tree, create, place, e);
}

/* All edits of one file at once: their places are those of the file as it was. */
static bool apply_file(const struct edit_place *places, size_t count, size_t first,
		       const struct tree *tree, struct arena *a, struct patch *patch, struct err *e)
{
	const char *path = places[first].path;
	struct text out = TEXT(a);
	struct str file = STR("");
	size_t at = 0, done = 0, wanted = 0;

	(void)tree_read(tree, a, path, &file);
	for (size_t i = first; i < count; i++)
		wanted += !strcmp(places[i].path, path);
	for (; done < wanted; done++) {
		const struct edit_place *next = NULL;

		for (size_t i = first; i < count; i++)
			if (!strcmp(places[i].path, path) && places[i].start >= at &&
			    (!next || places[i].start < next->start))
				next = &places[i];
		if (!next || (next->creates && wanted > 1))
			return fail(e, ERR_INPUT, "two edits of %s overlap", path);
		text_add(&out, str_slice(file, at, next->start - at));
		text_add(&out, next->text);
		/* An edit has at least one byte, so that the next one starts behind. */
		at = next->end;
	}
	text_add(&out, str_from(file, at));
	return patch_put(patch, a, tree, path, text_str(&out), e);
}

static bool is_first_of_file(const struct edit_place *places, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(places[k].path, places[i].path))
			return false;
	return true;
}

static bool read_edits(const json_t *list, const struct tree *tree, enum answer_create create,
		       struct arena *a, struct patch *patch, struct err *e)
{
	struct edit_place places[EDITS_MOST] = {0};
	size_t count = json_array_size(list), bytes = 0;

	if (!count)
		return fail(e, ERR_GONE, "the model knows no fix");
	if (count > EDITS_MOST)
		return fail(e, ERR_INPUT, "%zu edits, more than %d", count, EDITS_MOST);
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(list, i);

		if (!json_is_object(item))
			return fail(e, ERR_INPUT, "\"edits\" must be a list of objects");
		if (!read_edit(item, tree, create, a, &places[i], e))
			return false;
		bytes += places[i].text.size + (places[i].end - places[i].start);
		if (bytes > EDITS_BYTES_MOST)
			return fail(e, ERR_INPUT, "the edits are larger than %d bytes", EDITS_BYTES_MOST);
	}
	for (size_t i = 0; i < count; i++)
		if (is_first_of_file(places, i) &&
		    !apply_file(places, count, i, tree, a, patch, e))
			return false;
	return true;
}

bool answer_edits(struct str text, const struct tree *tree, enum answer_create create,
		  struct arena *a, struct model_fix *fix, struct err *e)
{
	static const char *const names[] = { "hypothesis", "confidence", "oracle", "edits", NULL };
	struct model_fix made = {0};
	struct str hypothesis;
	json_t *edits;
	JSON *json = NULL;
	struct err why = ERR_INIT;

	if (!json_parse(without_fence(text), ANSWER_MOST, &json, &why))
		return fail(e, ERR_INPUT, "the answer must be one JSON object and nothing else: %.200s",
			    why.text);
	if (!json_is_object(json))
		return fail(e, ERR_INPUT, "the answer must be one JSON object");
	if (!only_names(json, names, "the answer", e) ||
	    !json_get_text(json, "hypothesis", &hypothesis, e) ||
	    !json_get_real(json, "confidence", &made.confidence, e) ||
	    !read_oracle(json, &made.claimed, e) || !json_get_list(json, "edits", &edits, e))
		return false;
	if (!(made.confidence >= 0 && made.confidence <= 1))
		return fail(e, ERR_INPUT, "\"confidence\" must be from 0 to 1");
	made.hypothesis = shown(hypothesis, a);
	if (!read_edits(edits, tree, create, a, &made.patch, e))
		return false;
	if (!made.patch.count)
		return fail(e, ERR_DENIED, "the edits change nothing");
	*fix = made;
	return true;
}
