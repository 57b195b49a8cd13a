/*
 * Files, places and edits of compiled languages. Knows no language's meaning and proposes nothing
 * by itself.
 */
#include "templates/lib_files.h"

#include "git/path.h"
#include "templates/lib_scene.h"

#include <stdint.h>

void sources_close(struct sources *codes)
{
	for (size_t i = 0; i < codes->count; i++)
		syntax_close(&codes->files[i]->syntax);
	codes->count = 0;
}

struct source *sources_open(struct sources *codes, const char *path)
{
	struct scene *scene = codes->scene;
	struct source *code;
	struct str text;

	path = scene_path(scene, path);
	for (size_t i = 0; path && i < codes->count; i++)
		if (!strcmp(codes->files[i]->path, path))
			return codes->files[i];
	if (!path || !syntax_language(path) || !scene_read(scene, path, &text))
		return NULL;
	code = arena_new(scene->arena, struct source);
	code->path = path;
	code->edits.arena = scene->arena;
	code->syntax = syntax_open(scene->arena, syntax_language(path), text);
	if (!code->syntax)
		return NULL;
	arena_push(scene->arena, codes->files, codes->count) = code;
	return code;
}

struct candidate *sources_propose(struct sources *codes, enum oracle oracle, const char *why)
{
	struct scene *scene = codes->scene;
	struct candidate *candidate = NULL;
	struct str *texts = arena_array(scene->arena, struct str, codes->count + 1);

	for (size_t i = 0; i < codes->count; i++) {
		struct source *code = codes->files[i];

		if (code->edits.count && !edits_apply(&code->edits, code->syntax, &texts[i])) {
			template_decline(scene, "the change would not fit into %s", code->path);
			return NULL;
		}
	}
	for (size_t i = 0; i < codes->count; i++) {
		if (!codes->files[i]->edits.count)
			continue;
		if (!candidate)
			candidate = propose(scene, oracle, "%s", why);
		candidate_put(scene, candidate, codes->files[i]->path, texts[i]);
	}
	return candidate;
}

/* Was the same place named before? A header is compiled many times. */
static bool is_again(const struct scene *scene, const struct failure *failure)
{
	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *other = &scene->report->failures[i];

		if (other == failure)
			return false;
		if (other->file && failure->file && !strcmp(other->file, failure->file) &&
		    other->line == failure->line && other->column == failure->column &&
		    str_equal(str_of(other->message), str_of(failure->message)))
			return true;
	}
	return false;
}

/* How many edits each file has; `back` takes away what came after. */
static void keep_counts(struct sources *codes, size_t *counts, size_t known, bool back)
{
	for (size_t i = 0; i < codes->count; i++) {
		if (back)
			codes->files[i]->edits.count = i < known ? counts[i] : 0;
		else
			counts[i] = codes->files[i]->edits.count;
	}
}

void sources_mend_all(struct scene *scene, enum oracle oracle,
		    bool (*mend)(struct scene *alike, struct sources *codes, struct text *why))
{
	SOURCES codes = { .scene = scene };
	struct text why = TEXT(scene->arena);
	struct scene alike;
	size_t index = 0;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	while (scene_next_alike(scene, &index, &alike)) {
		struct text told = TEXT(scene->arena);
		size_t known = codes.count, *counts = arena_array(scene->arena, size_t, known + 1);

		if (is_again(scene, alike.failure))
			continue;
		keep_counts(&codes, counts, known, false);
		if (!mend(&alike, &codes, &told)) {
			keep_counts(&codes, counts, known, true);
			if (alike.declined)
				template_decline(scene, "%s", alike.declined);
			continue;
		}
		text_addf(&why, "%s%s", why.size && told.size ? " " : "", text_cstr(&told));
	}
	sources_propose(&codes, oracle, text_cstr(&why));
}

bool source_is_test(const char *path)
{
	static const char folders[] = "test tests testing spec specs testdata fixtures e2e it";
	static const char *const endings[] = { "_test", "_tests", "-test", "Test", "Tests", "TestCase",
					       "IT", "_spec", "_unittest", NULL };
	struct str rest = str_of(path), folder, name = path_name(str_of(path)), stem;

	while (str_next(&rest, '/', &folder))
		if (rest.size && word_among(folder, folders))
			return true;
	stem = name;
	(void)str_split_last(name, ".", &stem, NULL);
	if (str_starts(stem, "test_") || str_starts(stem, "test-") || str_is(stem, "test") ||
	    str_is(stem, "tests"))
		return true;
	if (str_starts(stem, "Test") && str_ends(name, ".java"))
		return true;
	for (size_t i = 0; endings[i]; i++)
		if (str_ends(stem, endings[i]))
			return true;
	return false;
}

size_t source_at(const struct source *code, unsigned line, unsigned column, bool shown)
{
	struct str text = code->syntax->text;
	size_t at = line_start(text, line), end = line_end(text, at);
	unsigned here = 1;

	while (at < end && here < column) {
		unsigned char c = (unsigned char)text.at[at++];

		if (c == '\t' && shown)
			here = (here - 1) / 8 * 8 + 9;
		else if (!shown || (c & 0xc0) != 0x80)
			here++;
	}
	return column && here == column && at < end ? at : SIZE_MAX;
}

size_t source_place(const struct source *code, const struct failure *failure)
{
	bool shown = failure->tool && !strcmp(failure->tool, "gcc");
	size_t at = source_at(code, failure->line, failure->column, shown);

	return at != SIZE_MAX ? at : source_at(code, failure->line, failure->column, !shown);
}

static bool word_at(struct str text, size_t at, struct str word)
{
	struct str rest = at <= text.size ? str_from(text, at) : STR_NONE;
	char *name = (char[256]){ 0 };

	if (word.size >= 255 || rest.size < word.size)
		return false;
	memcpy(name, word.at, word.size);
	rest = str_slice(text, at ? at - 1 : 0, word.size + (at ? 2 : 1));
	return str_equal(str_slice(text, at, word.size), word) && text_has_word(rest, name);
}

size_t source_word(const struct source *code, unsigned line, unsigned column, struct str word)
{
	struct str text = code->syntax->text;
	size_t at = line_start(text, line), end = line_end(text, at), found = SIZE_MAX;
	unsigned count = 0;

	if (!word.size)
		return SIZE_MAX;
	for (int shown = 1; column && shown >= 0; shown--) {
		size_t place = source_at(code, line, column, shown);

		if (place != SIZE_MAX && word_at(text, place, word))
			return place;
	}
	for (; at + word.size <= end; at++) {
		if (!word_at(text, at, word))
			continue;
		found = at;
		count++;
	}
	return count == 1 ? found : SIZE_MAX;
}

TSNode source_node(const struct source *code, size_t at, const char *types)
{
	TSNode none = {{0}, NULL, NULL};

	if (at == SIZE_MAX)
		return none;
	return syntax_up(syntax_at(code->syntax, at, at + 1), types);
}

TSNode source_child(TSNode node, const char *types, unsigned n)
{
	TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; !ts_node_is_null(node) && i < ts_node_named_child_count(node); i++) {
		TSNode child = ts_node_named_child(node, i);

		if (syntax_type_is(child, types) && !n--)
			return child;
	}
	return none;
}

struct mentions {
	const struct syntax *s;
	struct str name;
	unsigned count;
};

static bool count_mention(TSNode node, void *context)
{
	struct mentions *m = context;

	if (syntax_type_is(node, "identifier|field_identifier|type_identifier") &&
	    str_equal(syntax_text(m->s, node), m->name))
		m->count++;
	return true;
}

unsigned source_mentions(const struct syntax *s, TSNode node, struct str name)
{
	struct mentions m = { s, name, 0 };

	if (!ts_node_is_null(node))
		syntax_walk(node, count_mention, &m);
	return m.count;
}

static bool is_blank(struct str text, size_t start, size_t end)
{
	return str_trim(str_slice(text, start, end - start)).size == 0;
}

void source_drop_lines(struct source *code, TSNode node)
{
	struct str text = code->syntax->text;
	size_t start = line_start(text, syntax_line(node));
	size_t end = line_end(text, ts_node_end_byte(node)), next, before;

	if (!is_blank(text, start, ts_node_start_byte(node)) ||
	    !is_blank(text, ts_node_end_byte(node), end)) {
		edit_node(&code->edits, node, STR_NONE);
		return;
	}
	next = line_end(text, end);
	/* A block that began with it begins with what follows. */
	before = start ? line_start(text, syntax_line(node) - 1) : 0;
	if (end < text.size && is_blank(text, end, next) &&
	    (!start || is_blank(text, before, start) ||
	     str_ends(str_trim_right(str_slice(text, before, start - before)), "{")))
		end = next;
	edit_replace(&code->edits, start, end, STR_NONE);
}

const char *source_newline(const struct syntax *s)
{
	return str_has(s->text, "\r\n") ? "\r\n" : "\n";
}

TSNode source_nth(TSNode node, uint32_t n)
{
	return ts_node_is_null(node) ? node : ts_node_named_child(node, n);
}

uint32_t source_count(TSNode node)
{
	return ts_node_is_null(node) ? 0 : ts_node_named_child_count(node);
}

TSNode source_parent(TSNode node)
{
	return ts_node_is_null(node) ? node : ts_node_parent(node);
}

TSNode source_before(TSNode node)
{
	return ts_node_is_null(node) ? node : ts_node_prev_named_sibling(node);
}

TSNode source_behind(TSNode node)
{
	return ts_node_is_null(node) ? node : ts_node_next_named_sibling(node);
}

size_t source_end(TSNode node)
{
	return ts_node_is_null(node) ? 0 : ts_node_end_byte(node);
}
