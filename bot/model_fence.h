/*
 * The fences that only a model's patch meets, besides those of bot/rules.h: what a stranger's text
 * could make it write to reach out when the patch runs with the rights of a continuous integration.
 */
#ifndef BOT_MODEL_FENCE_H
#define BOT_MODEL_FENCE_H

#include "git/patch.h"

/*
 * True when the patch adds no URL of a host that the file did not name, no call that starts a
 * process, opens a connection, reads the environment or runs text as code, no long encoded text and
 * no hidden character. ERR_DENIED with the file and the reason otherwise.
 */
bool model_fence(const struct patch *patch, struct err *e);

/*
 * True when all that the patch newly imports, in Python and JavaScript, comes with the language, is
 * in the tree, is imported by another file or is named by a manifest or a lock. A package that only
 * the machine has is none of these. ERR_DENIED with the package and the file otherwise.
 */
bool model_imports(const struct patch *patch, const struct tree *tree, struct arena *a,
		   struct err *e);

#endif
