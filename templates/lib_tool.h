/*
 * A checker's own repair: the command that the tool itself offers, on exactly the files that its
 * findings in the log name and that the tree has. One template a tool; this is what they share.
 */
#ifndef TEMPLATES_LIB_TOOL_H
#define TEMPLATES_LIB_TOOL_H

#include "templates/template.h"

enum { TOOL_FILES_MAX = 200, TOOL_UNPINNED_MAX = 10 };

enum tool_home { TOOL_HOME_PYTHON, TOOL_HOME_NODE, TOOL_HOME_TOOLCHAIN };

struct tool {
	const char *name;		/* as the findings call it: "black", "ruff format" */
	const char *program;		/* as a command line calls it: "black", "ruff" */
	const char *const *argv;	/* the repair, without files; NULL-ended */
	const char *endings;		/* of its files, parted by blanks: ".py .pyi" */
	enum tool_home home;
	bool layout;			/* a formatter */
	const char *keep;		/* options of the check that the repair needs too */
	const char *keep_value;		/* the same, of options that take a value */
	const char *drop;		/* options that make it a check, or change what it prints */
	bool search;			/* its options are sought within a line, and in the repository's scripts */
	bool any_severity;		/* it fails on findings that it does not call errors */
};

struct tool_files {
	const char *paths[TOOL_FILES_MAX];
	size_t count;
	bool too_many;
};

/* The files that the tool's errors name and the tree has, each once, in the order of the log. */
void tool_files(const struct scene *scene, const struct tool *tool, struct tool_files *files);

/* A file whose text is another program's: vendored, or generated and says so; NULL when there is none. */
const char *tool_foreign(const struct scene *scene, const struct tool_files *files);

/* Does the step, or one line of the repository's scripts, run the tool as a check? Of tools with `search`. */
bool tool_is_checked(const struct scene *scene, const struct tool *tool);

/* Is the version of a package fixed anywhere in this repository? */
bool tool_is_pinned(const struct scene *scene, const struct tool *tool);

/* Does a package.json above one of the files, or the lock file, name the package? */
bool tool_in_package_json(const struct scene *scene, const char *package);

/*
 * Proposes argv + `more` (NULL-ended, may be NULL) + the files. Declines when there are no files
 * or too many, when many files would change and no version is pinned, or when the check ran with
 * options that we do not know.
 */
void tool_propose(struct scene *scene, const struct tool *tool, const char *const *more,
		  const struct tool_files *files);

#endif
