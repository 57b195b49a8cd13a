/* What the files git/github_pull*.c, github_reviews.c and github_commits.c share; nobody else includes it. */
#ifndef GIT_GITHUB_PULLS_PRIVATE_H
#define GIT_GITHUB_PULLS_PRIVATE_H

#include "git/github_private.h"
#include "git/github_pulls.h"

bool pull_read(const json_t *json, struct arena *a, struct github_pull *out, struct err *e);
bool pull_add_file(struct arena *a, struct github_files *list, const json_t *item);
/* "/repos/o/r/pulls/7" and the rest; NULL with the error set. */
const char *pull_path(struct github_call *call, uint64_t number, const char *rest, struct err *e);

#endif
