/*
 * Shell scripts as the templates see them: which files they are, for which shell they are written,
 * and flaws that no message names but that a failing test of the scripts shows.
 */
#ifndef TEMPLATES_LIB_SHELL_H
#define TEMPLATES_LIB_SHELL_H

#include "templates/syntax.h"
#include "templates/template.h"

/* Is the file a script for a shell, by its ending or its first line? */
bool shell_is_script(struct str path, struct str text);
/* By its first line: bash, zsh, ksh; and one that says plain sh, dash or ash. */
bool shell_is_bash(struct str text);
bool shell_is_plain(struct str text);
/* Is it a test, by its name or folder? */
bool shell_is_test(struct str path);

/* The script of a failure, parsed; NULL, with the reason declined, when it is none of this tree. */
struct syntax *shell_open(struct scene *scene, const char *path);

/* "grep" for `LC_ALL=C grep -c x`; empty when the name is no plain word. */
struct str shell_command(const struct syntax *s, TSNode command);
/* The n-th (from 0) argument of a command; null node when there are fewer. */
TSNode shell_argument(TSNode command, unsigned n);
/* The name that a $name, ${name} or ${name:-x} stands for; empty for others. */
struct str shell_variable(const struct syntax *s, TSNode expansion);
/* Is an option set by a `set` at the top of the script ("errexit" by -e, "pipefail", "nounset")? */
bool shell_is_set(const struct syntax *s, char letter, const char *name);
/* Does the word occur in the script as a value of the name's: NAME=... , read NAME, for NAME? */
bool shell_assigns(const struct syntax *s, struct str name);

/* One script that is looked through for a flaw. */
struct shell_look {
	struct scene *scene;
	const char *path;
	const struct syntax *s;
	struct edits edits;		/* what takes the flaw away */
	unsigned found;
};

/*
 * For failures of scripts that do not say where, when nothing else is the first failure: looks through
 * the scripts that are no tests and hold `word` with `find`, which collects edits and counts. Proposes
 * one candidate a script, of at most three scripts; declines when there is none or more. The proof is
 * the test that failed.
 */
void shell_mend_flaw(struct scene *scene, void (*find)(struct shell_look *look), const char *word,
		     const char *what, const char *repair);

#endif
