/*
 * What rustc itself suggests, read from its text: "help: ..." with the lines as they would be.
 */
#ifndef TEMPLATES_LIB_RUST_H
#define TEMPLATES_LIB_RUST_H

#include "templates/lib_code.h"

enum { RUST_EDITS_MAX = 16, RUST_HELPS_MAX = 8 };

/* One suggestion: what it says, and its edits by line (from 1) and byte of the line. */
struct rust_help {
	struct str message;
	struct rust_edit {
		unsigned line;
		size_t at, size;	/* bytes of the line that go */
		struct str text;	/* what comes */
		bool whole;		/* a new line before this one */
	} edits[RUST_EDITS_MAX];
	size_t count;
	bool odd;			/* has lines whose meaning is not known, or that do not fit the file */
};

/* The suggestions of a failure, held against the text of its file; returns how many. */
size_t rust_helps(const struct failure *failure, struct str file,
		  struct rust_help helps[RUST_HELPS_MAX]);

/*
 * Proposes, in one candidate, the suggestions of all failures of the asked template's kind whose
 * message starts with one of the texts and that `wanted` agrees to (NULL: all). Declines when there
 * is none. Test code is left alone.
 */
void rust_suggest(struct scene *scene, const char *const *messages,
		  bool (*wanted)(const struct code *code, const struct rust_help *help),
		  enum danger danger, const char *why);

/* Is the node below #[cfg(test)], or a function marked #[test]? */
bool rust_in_test(const struct syntax *s, TSNode node);

/* The item (function, struct, ...) of this type list and name in the tree's own sources; its file is
 * opened in *code. False when there is none, or several. */
bool rust_item(struct scene *scene, const char *types, struct str name, struct code *code);

#endif
