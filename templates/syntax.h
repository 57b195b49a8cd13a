/*
 * Source code as a syntax tree (tree-sitter), and edits that follow it. A broken file still has
 * usable nodes; an edit may never make it more broken than it was.
 */
#ifndef TEMPLATES_SYNTAX_H
#define TEMPLATES_SYNTAX_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include "templates/syntax_null.h"

struct syntax {
	const char *language;		/* "python", "javascript", "typescript", "tsx", "go", "java", "rust", "c", "cpp", "bash", "json", "php", "yaml" */
	struct str text;
	TSNode root;
	size_t errors;			/* ERROR and MISSING nodes */
	struct arena *arena;
};

/* The language of a file by its ending, or NULL when we have no grammar for it. */
const char *syntax_language(const char *path);

/* The grammar itself, for queries; NULL when there is none. */
const TSLanguage *syntax_grammar(const char *language);

/*
 * Parses text; NULL when there is no grammar, it is above 1 MiB or 60,000 tokens, or takes longer
 * than a second. The tree lives until syntax_close, which the cleanup attribute calls.
 */
struct syntax *syntax_open(struct arena *a, const char *language, struct str text);
void syntax_close(struct syntax *const *syntax);
#define SYNTAX __attribute__((cleanup(syntax_close))) struct syntax *

struct str syntax_text(const struct syntax *s, TSNode node);
bool syntax_type_is(TSNode node, const char *type);
unsigned syntax_line(TSNode node);			/* from 1 */

/*
 * The innermost ancestor (or the node itself) of one of these types ("a|b"); null node when none.
 */
TSNode syntax_up(TSNode node, const char *types);
/*
 * The n-th (from 0) node of these types at or below `node` in reading order; null node when none.
 */
TSNode syntax_below(TSNode node, const char *types, unsigned n);
TSNode syntax_field(TSNode node, const char *field);
/* The smallest named node that spans the byte range. */
TSNode syntax_at(const struct syntax *s, size_t start, size_t end);

/* Runs f for every named node at or below `node`, parents first, until f says false. */
void syntax_walk(TSNode node, bool (*f)(TSNode node, void *context), void *context);

/* The white space at the start of the line on which the node starts. */
struct str syntax_indent(const struct syntax *s, TSNode node);

/* Edits are collected in any order, must not overlap, and are applied at once. */
struct edits {
	struct arena *arena;
	struct edit { size_t start, end; struct str text; } *list;
	size_t count;
};
void edit_replace(struct edits *e, size_t start, size_t end, struct str text);
void edit_node(struct edits *e, TSNode node, struct str text);
/*
 * The text after the edits. False when edits overlap or lie outside, when nothing changes, or
 * when the result has more syntax errors than before.
 */
bool edits_apply(const struct edits *e, const struct syntax *s, struct str *out);

/*
 * Do two texts have the same meaning up to layout: same tree, same leaves, but for white space,
 * trailing commas, redundant parentheses, string quotes and statement separators, as far as they
 * are layout in this language? By this a formatter's work is told from an edit. False when in
 * doubt, when the order of imports changes, and for a text with syntax errors.
 */
bool syntax_same(struct arena *a, const char *language, struct str before, struct str after);

#endif
