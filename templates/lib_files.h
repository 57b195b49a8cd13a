/*
 * Source files that a template for a compiled language mends: parsed once, found by the places
 * that compilers print, and put into one candidate together.
 */
#ifndef TEMPLATES_LIB_FILES_H
#define TEMPLATES_LIB_FILES_H

#include "templates/syntax.h"
#include "templates/template.h"

struct source {
	const char *path;
	struct syntax *syntax;
	struct edits edits;
};

/* The files of one scene; closed by the cleanup attribute: SOURCES codes = { .scene = scene }; */
struct sources {
	struct scene *scene;
	struct source **files;
	size_t count;
};
#define SOURCES __attribute__((cleanup(sources_close))) struct sources

void sources_close(struct sources *codes);

/* The file that `path` of a log means, parsed; NULL without a decline when the tree has no such
 * file or there is no grammar for it. */
struct source *sources_open(struct sources *codes, const char *path);

/* All edits as one candidate; NULL, with the reason declined, when they break a file or there is
 * none. */
struct candidate *sources_propose(struct sources *codes, enum oracle oracle, const char *why);

/*
 * Runs `mend` for every failure of the report that the asked template is for, each place once, and
 * proposes what all of them together edit. `mend` adds to *why what it did, or declines and says
 * false. Does nothing when the asked failure is not the first of its kind.
 */
void sources_mend_all(struct scene *scene, enum oracle oracle,
		    bool (*mend)(struct scene *alike, struct sources *codes, struct text *why));

/* Is the file a test, by its name or folder? Whoever mends it there changes what is asked. */
bool source_is_test(const char *path);

/*
 * The byte of a place. gcc counts columns as they are shown (a tab ends at every eighth), the
 * others count bytes: `shown` says which. SIZE_MAX when the line is shorter.
 */
size_t source_at(const struct source *code, unsigned line, unsigned column, bool shown);

/* The byte of a failure's place, by the way in which its tool counts; SIZE_MAX. */
size_t source_place(const struct source *code, const struct failure *failure);

/* Where the word stands on the line: at the column, else where it stands alone on it; SIZE_MAX. */
size_t source_word(const struct source *code, unsigned line, unsigned column, struct str word);

/* The smallest node at the byte that is one of these types ("a|b"), or has such an ancestor. */
TSNode source_node(const struct source *code, size_t at, const char *types);

/* The named node `n` (from 0) of the children of one of these types; null when there are fewer. */
TSNode source_child(TSNode node, const char *types, unsigned n);

/* As in tree-sitter, but what is asked of no node is none, 0, or the text's start. */
TSNode source_nth(TSNode node, uint32_t n);
uint32_t source_count(TSNode node);
TSNode source_parent(TSNode node);
TSNode source_before(TSNode node);
TSNode source_behind(TSNode node);
size_t source_end(TSNode node);

/* How often the identifier occurs at or below the node, as an identifier of any kind. */
unsigned source_mentions(const struct syntax *s, TSNode node, struct str name);

/* Removes the lines that the node fills alone, with a blank line before it where one follows too. */
void source_drop_lines(struct source *code, TSNode node);

/* A new line as the file has it. */
const char *source_newline(const struct syntax *s);

#endif
