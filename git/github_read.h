/*
 * Reading answers: each field by a reader that checks it. After a first failure the readers do
 * nothing more, so that a struct is read without a branch for each field.
 *
 *	struct reading r = { json, arena, e, true };
 *	read_id(&r, "id", &run.id);
 *	read_sha(&r, "head_sha", run.head);
 *	return r.good;
 */
#ifndef GIT_GITHUB_READ_H
#define GIT_GITHUB_READ_H

#include "bot/base/json.h"

#include <stdint.h>

enum { GITHUB_SHA_SIZE = 41, GITHUB_NAME_SIZE = 256, GITHUB_ID_MOST_BITS = 63 };

struct reading {
	const json_t *json;
	struct arena *arena;
	struct err *e;
	bool good;
};

/* Must be there, and above 0. */
void read_id(struct reading *r, const char *path, uint64_t *out);
/* 0 when absent or null; at most `most`. */
void read_count(struct reading *r, const char *path, uint64_t most, uint64_t *out);
/* 40 lower-case hex digits; read_sha_or_none: "" when absent or null. */
void read_sha(struct reading *r, const char *path, char out[GITHUB_SHA_SIZE]);
void read_sha_or_none(struct reading *r, const char *path, char out[GITHUB_SHA_SIZE]);
/* A name of at most 255 bytes without control or hidden characters; "" when absent or null. */
void read_name(struct reading *r, const char *path, const char **out);
/* The same, and a login, repository or branch by the rules below; must be there. */
void read_login(struct reading *r, const char *path, const char **out);
void read_repository(struct reading *r, const char *path, const char **out);
void read_branch(struct reading *r, const char *path, const char **out);
/* Any text, cut to at most `most` bytes at a whole character; empty when absent or null. */
void read_text(struct reading *r, const char *path, size_t most, struct str *out);
/* Wall milliseconds; 0 when absent or null. */
void read_time(struct reading *r, const char *path, int64_t *out);
bool read_flag(struct reading *r, const char *path, bool other);
/* The place of the word in the list, which starts with NULL at 0: UNKNOWN. Lists end in NULL. */
unsigned read_word(struct reading *r, const char *path, const char *const *words);

/* "octo-cat", "octo_corp", "dependabot[bot]". */
bool github_login_is_good(struct str login);
/* Letters, digits, '.', '_', '-'; at most 100; not "." or "..". */
bool github_repository_is_good(struct str name);
/* What git takes for a branch, and no hidden characters. At most 255 bytes. */
bool github_branch_is_good(struct str branch);
bool github_sha_is_good(struct str sha);

#endif
