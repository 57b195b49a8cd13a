/*
 * Running the examples that templates carry, from the log on: the readers read it, the pattern
 * matches, the fix proposes exactly these files or declines for exactly this reason.
 */
#ifndef BOT_SELFTEST_H
#define BOT_SELFTEST_H

#include "templates/template.h"

#include <stdio.h>

struct selftest {
	unsigned checked, wrong;
};

/* Complaints go to `complaints`. A template without a firing and a declining example is wrong. */
struct selftest selftest_templates(const struct template *const *list, size_t count,
				   FILE *complaints);

#endif
