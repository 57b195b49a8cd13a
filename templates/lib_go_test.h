/*
 * What a failed Go test runs, as far as its package's text shows it.
 */
#ifndef TEMPLATES_LIB_GO_TEST_H
#define TEMPLATES_LIB_GO_TEST_H

#include "templates/lib_go_error.h"

enum { GO_TESTED_MAX = 32 };

struct go_tested {
	struct scene *scene;
	struct go_package *package;
	struct {
		struct go_file *file;
		TSNode function;
	} list[GO_TESTED_MAX];
	size_t count;
};

/*
 * Opens the package of the failed test and finds its functions that the test calls, and those that
 * these call. False, with the reason declined, when the failure names no test of the repository.
 */
bool go_tested_by(struct scene *scene, struct go_package *package, struct go_tested *tested);

/* The language version of go.mod, 1.22 as 122; 0 when it is not said. */
unsigned go_version(const struct scene *scene);

#endif
