/*
 * The contract of a template: one file templates/<name>.c that knows one error and its right fix.
 *
 * A template is pure: it sees a failure and a read-only tree, and proposes candidates; it runs
 * nothing, writes nothing, asks nobody. It proposes only what an oracle says: a failing test that
 * states the value, a sibling in the code that treats the same case, a contract (annotation,
 * docstring), the history, or the tool itself. Without an oracle it declines: it returns without a
 * proposal, after template_decline has said why. A wrong fix is worse than none.
 *
 * The examples are its proof: at least one that fires and one that declines. A log example is real
 * output of the tool, captured. `make test` runs each through ci/, the pattern and the fix.
 *
 * The list of templates is made by the Makefile from the folder: every templates/<language>_<name>.c
 * and templates/tool_<name>.c; the symbol is template_<file name>. Shared helpers live in files
 * named templates/lib_<name>.c.
 */
#ifndef TEMPLATES_TEMPLATE_H
#define TEMPLATES_TEMPLATE_H

#include "ci/failure.h"
#include "git/patch.h"
#include "git/tree.h"

enum oracle {
	ORACLE_NONE,
	ORACLE_TOOL,		/* O1: the checker itself is the specification */
	ORACLE_TEST,		/* O2: a test states the value for exactly this input */
	ORACLE_SIBLING,		/* O3: the same case is treated so elsewhere in this code */
	ORACLE_CONTRACT,	/* O3: annotation, docstring, declared type */
	ORACLE_HISTORY,		/* O4: the change that broke it shows it */
};
const char *oracle_name(enum oracle oracle);	/* "tool", "test", ... */

/* D0 mechanical; D1 deterministic with a small meaning; D2 a change of meaning; D3 only a comment. */
enum danger { DANGER_0, DANGER_1, DANGER_2, DANGER_3 };

struct candidate {
	const char *template_name;
	const struct template *template;	/* NULL: a model's */
	const struct failure *failure;	/* the one it answers */
	const char *why;		/* one sentence for people: what is changed and by which oracle */
	enum oracle oracle;
	enum danger danger;
	struct patch patch;		/* what to change, or empty when `run` makes the change */
	const char *const *run;		/* a tool's own fix, run in the sandbox: argv, NULL-ended */
	const char *const *mends;	/* the files that `run` may change, NULL-ended; NULL: those argv names */
	bool layout;			/* the tool is a formatter: it may bring in nothing new */
	bool generator;			/* `run` is the repository's own generator: its files may change */
	const char *versions;		/* of the tool, those the repository pins; NULL: any will do */
	bool by_model;			/* its risk is never LOW: only a test says that it is right */
	const char *reverts;		/* a commit's id: nothing else than taking it back */
	bool by_reading;		/* of a template with `reading` */
	const char *grants;		/* the one permission it may add to a workflow, as the log names
					 * it: "issues: write" */
};

struct scene {
	const struct failure *failure;
	const struct report *report;
	const struct tree *tree;		/* the failing commit */
	const struct tree *parent;		/* its first parent, or NULL */
	struct arena *arena;
	const struct template *const *own;	/* the repository's own, beside ours; or NULL */
	size_t own_count;
	const struct template *template;	/* the one that is asked, with its match */
	struct str *groups;			/* what the pattern's groups matched, by number; [0] is all */
	size_t group_count;

	struct candidate *candidates;		/* filled by propose() */
	size_t candidate_count;
	const char *declined;			/* the last reason given */
	struct declined {
		const char *template_name, *why;
	} *declines;				/* all of them, each once */
	size_t decline_count;
	struct kept *kept;		/* scene_syntax()'s */
};

/*
 * A new candidate of the asked template. Fill its patch with candidate_put, or set run. A candidate
 * without change in the end is dropped. Valid until the next propose().
 */
struct candidate *propose(struct scene *scene, enum oracle oracle, const char *why, ...)
	__attribute__((format(printf, 3, 4)));
bool candidate_put(struct scene *scene, struct candidate *candidate, const char *path,
		   struct str text);
/* The file may be run as a program. */
bool candidate_make_program(struct scene *scene, struct candidate *candidate, const char *path);

/* Why this template keeps its hands off. Always returns; write `return template_decline(...)`. */
void template_decline(struct scene *scene, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

/* The group of the pattern with this name; empty when it did not take part. */
struct str scene_group(const struct scene *scene, const char *name);

/*
 * A file of the failing commit as a syntax tree, parsed once for all templates; NULL when it cannot
 * be read or parsed, or when as much is kept as may be: then the caller parses for itself. Valid
 * until templates_propose() is done.
 */
const struct syntax *scene_syntax(struct scene *scene, const char *path);

/* The text of a file of the failing commit; false when there is none. */
bool scene_read(const struct scene *scene, const char *path, struct str *text);

struct example_file {
	const char *path, *before, *after;	/* after NULL: stays as it is; before NULL: new */
	bool becomes_program;
	const char *was;		/* in the commit before; NULL: as it is now, "": there was none */
};

struct example {
	const char *name;		/* "an empty list, the test expects 0" */
	const char *log;
	struct example_file file[8];
	const char *run;		/* the command a tool fix must propose, words joined by a blank */
	const char *declines;		/* a part of the reason it must give; then nothing may be proposed */
};

struct template {
	const char *name;		/* the file's name without .c */
	const char *summary;		/* one line, for people: error -> fix */
	const char *language;		/* a reader's language, or NULL for any */
	const char *class;		/* "crash guard", "import", "formatter", "link", ... */
	const char *oracles;		/* for people: which oracles it may use */
	const char *keeps_off;		/* for people: when it declines */
	enum danger danger;
	bool reading;			/* what failed runs nowhere but on a runner, in an image or at a
					 * registry: where no run here shows it, the files as they are
					 * after the fix prove it. Asked again about the same failure over
					 * the mended tree, fix() must propose nothing */
	const char *tool;		/* failure.tool must be this; NULL: any */
	const char *const *types;	/* failure.type must be one of these (NULL-ended); NULL: any */
	const char *pattern;		/* PCRE2 over failure.message; NULL: any. Named groups become parts */
	void (*fix)(struct scene *scene);
	const struct example *examples;	/* ended by a NULL name */
};

/* All templates, sorted by name; generated. */
extern const struct template *const templates[];
extern const size_t template_count;

/* Is this template for this failure (language, type, pattern)? Fills the scene's template and groups. */
bool template_matches(const struct template *template, struct scene *scene);

/* Is the template that made the candidate for this failure? */
bool template_is_for(const struct candidate *candidate, const struct failure *failure,
		     const struct report *report, struct arena *arena);

/* Asked again about its failure over this tree: does the template that made the candidate still want
 * to change something? */
bool template_wants_more(const struct candidate *candidate, const struct report *report,
			 const struct tree *tree, struct arena *arena);

/* Asks every template for every failure of the report, best ranked first; all candidates are appended. */
void templates_propose(struct scene *scene);

#endif
