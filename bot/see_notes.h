/* Annotations as ci/notes.h takes them. */
#ifndef BOT_SEE_NOTES_H
#define BOT_SEE_NOTES_H

#include "ci/notes.h"
#include "git/github_checks.h"

/* What a check run or commit status says in itself. */
struct notes notes_of_check(const struct github_check *check);
struct notes notes_of_status(const struct github_status *status);
/* Adds the errors among the annotations of a check run; they lie in the call's arena. */
bool see_annotations(struct github_call *call, uint64_t check, struct notes *notes, struct err *e);

#endif
