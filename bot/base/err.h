/*
 * Why something failed. The caller owns the struct and passes it last; a function that can fail
 * returns bool and leaves its outputs and the error untouched when it succeeds.
 *
 *	if (!repo_open(path, &repo, e))
 *		return fail_while(e, "opening %s", path);
 *
 * Library code never prints: the text is complete enough to be shown to a person as it is.
 */
#ifndef BOT_BASE_ERR_H
#define BOT_BASE_ERR_H

#include <stdbool.h>

enum err_kind {
	ERR_NONE,
	ERR_BUG,	/* our fault, or the machine's: I/O, a library, a broken promise */
	ERR_INPUT,	/* what came from outside is not what it must be */
	ERR_DENIED,	/* not allowed: permission, policy, sandbox missing */
	ERR_GONE,	/* it does not exist (any more) */
	ERR_LATER,	/* may work when tried again */
	ERR_CONFIG,	/* a setting is wrong; the text names file, line and column */
};

struct err {
	enum err_kind kind;
	char text[512];
};

#define ERR_INIT { ERR_NONE, "" }

/* Both return false, so that a failure is one line. fail_while puts the way before the cause: "opening x: no such file". */
bool fail(struct err *e, enum err_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4), nonnull(1, 3)));
bool fail_while(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(1, 2)));

/* The kind that errno means here (ENOENT is GONE, EACCES is DENIED, EAGAIN is LATER, else BUG). */
enum err_kind err_kind_of_errno(int number);

#endif
