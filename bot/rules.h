/*
 * The fences: may this patch exist at all? Every candidate passes here, whoever made it, before it
 * is run and again before it is committed. What is refused here is refused in every mode.
 */
#ifndef BOT_RULES_H
#define BOT_RULES_H

#include "bot/base/err.h"
#include "git/patch.h"
#include "git/tree.h"
#include "templates/template.h"

struct rules {
	const char *const *tests;	/* more globs of test files, NULL-ended; may be NULL */
	const char *const *protected;	/* more globs of protected paths, NULL-ended; may be NULL */
	/* Only what matches one of each list may be changed; NULL or empty: anything. */
	const char *const *paths, *const *more_paths;
};

/*
 * True when the patch keeps every rule; else ERR_DENIED with the rule, the file and the line: no
 * test or snapshot edited (a tool may lay one out anew when its meaning stays), no file removed, no
 * suppression, no swallowed error, no threshold or limit changed, no permission or mode, no
 * protected path, no package that the repository did not know, no more than a person reads at a
 * glance. parent: the commit before, or NULL.
 */
bool rules_allow(const struct rules *rules, const struct candidate *candidate,
		 const struct tree *tree, const struct tree *parent, struct arena *a,
		 struct err *e);

/* Is this a test, a test's data, or a snapshot? By the folders and names that test tools use. */
bool rules_is_test(const struct rules *rules, const char *path);
bool rules_is_protected(const struct rules *rules, const char *path);
/*
 * Is this a workflow, an action, or what an image is built from? Protected, but for candidates that may
 * be proven by reading: only templates that know these files make them.
 */
bool rules_is_pipeline(const char *path);
/* Of these, is it a workflow or an action? */
bool rules_is_workflow(const char *path);
/* Is this nothing but the settings of a checker: a linter, a type checker, a test runner? */
bool rules_is_settings(const char *path);
/* Does one of the globs (NULL-ended; NULL: none) match the path? */
bool rules_any_glob(const char *const *globs, const char *path);

/*
 * Are the tests that a source file holds itself (doctests, #[cfg(test)], a file that imports a test
 * framework) as they were?
 */
bool rules_test_code(const struct change *change, struct arena *a);

/*
 * Is nothing changed in a Python test but names that its framework gave up, each to what the framework
 * calls it now (assertEquals, nose's setup)? It tests the same as before.
 */
bool rules_test_names(const struct change *change);

/* One fence each; `change` is one file of the patch. ERR_DENIED as above. */
bool rules_suppression(const struct change *change, struct arena *a, struct err *e);
bool rules_swallowed(const struct change *change, struct arena *a, struct err *e);
bool rules_threshold(const struct candidate *candidate, const struct change *change, struct arena *a,
		     struct err *e);
/*
 * A workflow or an image's file gets no more rights, no other triggers, no secret, no action or base
 * image that it did not have, and hides no failure; candidate->grants names the one exception.
 */
bool rules_pipeline(const struct candidate *candidate, const struct change *change,
		    struct arena *a, struct err *e);
/* The part of it that reads workflows: events, conditions, rights, machines and steps stay. */
bool rules_workflow(const struct candidate *candidate, const struct change *change, struct arena *a,
		    struct err *e);
/* In a manifest that also holds settings of checkers only lists of packages may change. */
bool rules_sections(const struct change *change, struct arena *a, struct err *e);
/* earlier: the manifest as the commit before had it, or empty. */
bool rules_package_json(const struct change *change, struct str earlier, bool (*known)(void *context, const char *name),
			void *context, struct err *e);
/* Another project's work, a generator's (which its own generator may write), or the data of a test. */
bool rules_origin(const struct change *change, bool generator, struct err *e);
/*
 * What `go mod vendor` makes of folders of the repository: copies of its files, and their names in the
 * list. Never as a model's work.
 */
bool rules_vendored(const struct candidate *candidate, const struct change *change,
		    const struct tree *tree, struct arena *a);
/* A tool may not empty a file; as a formatter (`layout`) it may not say anything new either. */
bool rules_tool(const struct change *change, bool layout, struct arena *a, struct err *e);
/*
 * Does a manifest or a lock of the tree name the package? Of the package manager that reads
 * `manifest` ("package.json").
 */
bool rules_names_package(const char *manifest, struct str name, const struct tree *tree,
			 struct arena *a);
/* Is this a package manager's lock file? */
bool rules_is_lock(const char *path);
/*
 * A lock may get back what the commit before had, and say of the repository's own packages what their
 * manifests say; no address and no hash comes new, and none goes.
 */
bool rules_locks(const struct change *change, const struct tree *tree, const struct tree *parent,
		 struct arena *a, struct err *e);
bool rules_packages(const struct change *change, const struct tree *tree,
		    const struct tree *parent, struct arena *a, struct err *e);

#endif
