/*
 * .pre-commit-config.yaml as the templates of pre-commit need it: one hook, where it comes from and
 * with which arguments.
 */
#ifndef TEMPLATES_LIB_PRECOMMIT_H
#define TEMPLATES_LIB_PRECOMMIT_H

#include "templates/template.h"

struct precommit_hook {
	struct str repo;		/* "https://github.com/pre-commit/pre-commit-hooks", "local" */
	struct str text;		/* its lines, from the one with its id on */
};

/* The hook that failed; false, with the reason declined, when it is not there exactly once. */
bool precommit_hook(struct scene *scene, struct precommit_hook *hook);

/* The value of "--name=value" (or of two words) in its args; false when it is not given. */
bool precommit_argument(const struct precommit_hook *hook, const char *name, struct str *value);

/* Test data: its bytes are what is tested, whatever they look like. Or other people's. */
bool precommit_is_data(const char *path);

/* The n-th (from 0) file that the hook says it fixed, as in the tree; NULL when there are no more. */
const char *precommit_file(const struct scene *scene, size_t n);

#endif
