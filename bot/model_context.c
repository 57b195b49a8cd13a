/*
 * Gathers what a person would open: the files of the own frames, the failing test, the files that
 * the test names, the lines that use the same function. Reads the tree only; judges nothing.
 */
#include "bot/model_context.h"

#include "bot/base/redact.h"
#include "bot/llm/prompt.h"
#include "git/path.h"
#include "templates/syntax.h"

enum { WHOLE_BYTES = 9000, AROUND_LINES = 50, LOG_BLOCK = 8, NAMED_FILES = 4, USAGES = 12,
       LOOKED_FILES = 3000, USAGE_LINE = 160, STEM_LEAST = 3 };

struct parts {
	const struct model_case *one;
	struct arena *arena;
	struct prompt_piece *pieces;
	size_t count;
	const char **shown;		/* files that are among the pieces, or are the test */
	size_t shown_count;
};

static bool is_shown(const struct parts *p, const char *path)
{
	for (size_t i = 0; i < p->shown_count; i++)
		if (!strcmp(p->shown[i], path))
			return true;
	return false;
}

/* The whole file when it is small, else the lines around one. */
static struct str excerpt(struct str text, unsigned line, struct arena *a, const char *path)
{
	struct text out = TEXT(a);
	struct str rest = text, piece;
	unsigned first = line > AROUND_LINES ? line - AROUND_LINES : 1, n = 0;

	if (text.size <= WHOLE_BYTES)
		return str_of(arena_printf(a, "--- %s (whole file)\n%.*s\n", path, STR_ARG(text)));
	text_addf(&out, "--- %s (lines %u to %u)\n", path, first, first + 2 * AROUND_LINES);
	while (str_next_line(&rest, &piece) && ++n <= first + 2 * AROUND_LINES)
		if (n >= first) {
			text_add(&out, piece);
			text_addc(&out, '\n');
		}
	return text_str(&out);
}

static void add_file(struct parts *p, const char *path, unsigned line, unsigned rank)
{
	struct str text;

	if (!path || is_shown(p, path) || !tree_read(p->one->tree, p->arena, path, &text) ||
	    memchr(text.at ? text.at : "", 0, text.size))
		return;
	arena_push(p->arena, p->shown, p->shown_count) = path;
	arena_push(p->arena, p->pieces, p->count) = (struct prompt_piece){
		redact_text(excerpt(text, line, p->arena, path), p->arena), rank
	};
}

static bool is_part(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool has_word(struct str text, struct str word)
{
	for (size_t from = 0; from < text.size;) {
		ptrdiff_t found = str_find(str_from(text, from), word);
		size_t start = from + (size_t)(found < 0 ? 0 : found), end = start + word.size;

		if (found < 0)
			return false;
		if ((!start || !is_part(text.at[start - 1])) &&
		    (end == text.size || !is_part(text.at[end])))
			return true;
		from = end;
	}
	return false;
}

/* The name of a test as its tool writes it, cut to the function: "a/b.py::T::test_x[1]" -> test_x. */
static struct str test_function(const char *test)
{
	static const char *const marks[] = { "::", " > ", ".", "/", " " };
	struct str name = str_of(test), before;

	if (str_split(name, "[", &before, NULL) && before.size)
		name = before;
	if (str_split(name, " (", &before, NULL) && before.size)
		name = before;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		str_split_last(name, marks[i], NULL, &name);
	return name;
}

/* The file of the failing test: among the frames, in its name, or the test file that defines it. */
static const char *test_file(const struct model_case *one, struct arena *a, unsigned *line)
{
	const struct failure *f = one->failure;
	struct str function, text, before;
	const char *path;

	*line = 1;
	for (size_t i = f->frame_count; i-- > 0;)
		if (f->frames[i].own && f->frames[i].file &&
		    rules_is_test(one->rules, f->frames[i].file)) {
			*line = f->frames[i].line;
			return f->frames[i].file;
		}
	if (f->file && rules_is_test(one->rules, f->file)) {
		*line = f->line;
		return f->file;
	}
	if (!f->test)
		return NULL;
	if (str_split(str_of(f->test), "::", &before, NULL) &&
	    (path = tree_path(one->tree, before)))
		return path;
	function = test_function(f->test);
	for (size_t i = 0; function.size >= STEM_LEAST && i < one->tree->count && i < LOOKED_FILES; i++) {
		path = one->tree->entries[i].path;
		if (rules_is_test(one->rules, path) && syntax_language(path) &&
		    tree_read(one->tree, a, path, &text) && has_word(text, function))
			return path;
	}
	return NULL;
}

/* Own code that the test names: what it imports, most likely. */
static void add_named(struct parts *p, struct str test)
{
	const struct tree *tree = p->one->tree;

	for (size_t i = 0, n = 0; i < tree->count && i < LOOKED_FILES && n < NAMED_FILES; i++) {
		const char *path = tree->entries[i].path;
		struct str stem = path_name(str_of(path));

		if (!syntax_language(path) || rules_is_test(p->one->rules, path))
			continue;
		(void)str_split(stem, ".", &stem, NULL);
		if (stem.size >= STEM_LEAST && has_word(test, stem)) {
			add_file(p, path, 1, 20 + (unsigned)n);
			n++;
		}
	}
}

static struct str failure_text(const struct failure *f, struct arena *a)
{
	struct text out = TEXT(a);

	text_addf(&out, "%s: %s\n", f->type ? f->type : kind_name(f->kind), f->message ? f->message : "");
	if (f->file)
		text_addf(&out, "at %s:%u%s%s\n", f->file, f->line, f->function ? " in " : "",
			  f->function ? f->function : "");
	if (f->test)
		text_addf(&out, "failing test: %s\n", f->test);
	for (size_t i = 0; i < f->frame_count; i++)
		if (f->frames[i].own && f->frames[i].file)
			text_addf(&out, "  frame %s:%u %s\n", f->frames[i].file, f->frames[i].line,
				  f->frames[i].function ? f->frames[i].function : "");
	return redact_text(text_str(&out), a);
}

struct str model_context_log(const struct model_case *one, size_t tokens_most, struct arena *a)
{
	struct prompt_piece *pieces = NULL;
	struct str rest = one->tail, line;
	size_t count = 0, lines = 0, at = 0;
	struct text block = TEXT(a);
	bool telling = false;

	while (str_next_line(&rest, &line))
		lines++;
	for (rest = one->tail; str_next_line(&rest, &line); at++) {
		unsigned long number = one->report->lines + at + 1 - lines;

		telling |= one->failure && number + 2 >= one->failure->first_line &&
			   number <= one->failure->last_line + 2 && one->report->lines + at + 1 > lines;
		text_add(&block, line);
		text_addc(&block, '\n');
		if (at % LOG_BLOCK == LOG_BLOCK - 1 || !rest.size) {
			unsigned from_end = (unsigned)((lines - at) / LOG_BLOCK);

			arena_push(a, pieces, count) = (struct prompt_piece){
				text_str(&block), telling ? 0 : 1 + from_end
			};
			block = TEXT(a);
			telling = false;
		}
	}
	/* Redacted as a whole: a secret may stand over several lines. */
	return redact_text(prompt_pick(pieces, count, tokens_most, a), a);
}

static struct str usages(const struct parts *p)
{
	const struct failure *f = p->one->failure;
	struct str name = str_of(f->function);
	struct text out = TEXT(p->arena);
	size_t found = 0;

	(void)str_split_last(name, ".", NULL, &name);
	if (!str_is_word(name) || name.size < STEM_LEAST)
		return STR("");
	for (size_t i = 0; i < p->one->tree->count && i < LOOKED_FILES && found < USAGES; i++) {
		const char *path = p->one->tree->entries[i].path;
		struct str text, line;
		unsigned number = 0;

		if (!syntax_language(path) || (f->file && !strcmp(path, f->file)) ||
		    !tree_read(p->one->tree, p->arena, path, &text) || !has_word(text, name))
			continue;
		while (str_next_line(&text, &line) && found < USAGES) {
			number++;
			if (!has_word(line, name))
				continue;
			line = str_slice(str_trim(line), 0, USAGE_LINE);
			text_addf(&out, "%s:%u: %.*s\n", path, number, STR_ARG(line));
			found++;
		}
	}
	return redact_text(text_str(&out), p->arena);
}

void model_context(const struct model_case *one, struct arena *a, struct model_context *context)
{
	const struct failure *f = one->failure;
	struct parts p = { .one = one, .arena = a };
	struct str test = STR("");
	unsigned line, rank = 0;
	const char *path = test_file(one, a, &line);

	if (path && tree_read(one->tree, a, path, &test)) {
		arena_push(a, p.shown, p.shown_count) = path;
		context->test = redact_text(excerpt(test, line, a, path), a);
	} else {
		context->test = STR("");
	}
	if (f->file && !rules_is_test(one->rules, f->file))
		add_file(&p, f->file, f->line, rank++);
	for (size_t i = f->frame_count; i-- > 0;)
		if (f->frames[i].own && f->frames[i].file &&
		    !rules_is_test(one->rules, f->frames[i].file))
			add_file(&p, f->frames[i].file, f->frames[i].line, ++rank);
	add_named(&p, test);
	context->failure = failure_text(f, a);
	context->log = model_context_log(one, CONTEXT_LOG_TOKENS, a);
	context->sources = prompt_pick(p.pieces, p.count, CONTEXT_SOURCE_TOKENS, a);
	context->usages = usages(&p);
}
