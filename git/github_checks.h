/*
 * Check runs, check suites and commit statuses.
 */
#ifndef GIT_GITHUB_CHECKS_H
#define GIT_GITHUB_CHECKS_H

#include "git/github.h"
#include "git/github_runs.h"

enum github_level {
	GITHUB_LEVEL_UNKNOWN, GITHUB_LEVEL_NOTICE, GITHUB_LEVEL_WARNING, GITHUB_LEVEL_FAILURE,
};
struct github_annotation {
	const char *path;
	uint64_t first_line, last_line;
	enum github_level level;
	struct str title, message, details;
};
struct github_annotations {
	struct github_annotation *items;
	size_t count, left_out;
	bool complete;
};

struct github_check {
	uint64_t id, suite_id, app_id, annotation_count;
	char head[GITHUB_SHA_SIZE];
	struct str name, external_id, title, summary, text;
	const char *app;		/* its slug; "github-actions" */
	enum github_state state;
	enum github_conclusion conclusion;
	int64_t started_ms, completed_ms;
};
struct github_checks {
	struct github_check *items;
	size_t count, left_out;
	bool complete;
};

struct github_check_request {
	uint64_t id;			/* 0: a new one; then name and head are needed */
	const char *name, *head, *external_id, *details_url;	/* the last two may be NULL */
	enum github_state state;	/* QUEUED, IN_PROGRESS or COMPLETED */
	enum github_conclusion conclusion;	/* of a completed one */
	struct str title, summary, text;	/* cut to GitHub's 65,535 bytes; title 255 */
	const struct github_annotation *annotations;	/* added; any number: sent 50 at a time */
	size_t annotation_count;
};
/*
 * Creates a check run, or changes the one with that id. *id is set as soon as it exists, so also
 * when a later part of the annotations failed (outcome UNKNOWN then).
 */
bool github_check_write(struct github_call *call, const struct github_check_request *request,
			uint64_t *id, struct err *e);
/* The latest of each name in each suite, all pages. */
bool github_checks_list(struct github_call *call, const char *head, struct github_checks *out,
			struct err *e);
bool github_annotations_list(struct github_call *call, uint64_t check,
			     struct github_annotations *out, struct err *e);

struct github_suite {
	uint64_t id, app_id, check_count;
	char head[GITHUB_SHA_SIZE];
	const char *app;
	enum github_state state;
	enum github_conclusion conclusion;
};
struct github_suites {
	struct github_suite *items;
	size_t count, left_out;
	bool complete;
};
/* For polls; head is a commit's id or "heads/BRANCH". NULL, with ERR_INPUT: neither. */
const char *github_suites_path(struct github_call *call, const char *head, struct err *e);
bool github_suites_read(struct str body, struct arena *a, struct github_suites *out,
			struct err *e);
bool github_suites_list(struct github_call *call, const char *head, struct github_suites *out,
			struct err *e);

enum github_status_state {
	GITHUB_STATUS_UNKNOWN, GITHUB_STATUS_PENDING, GITHUB_STATUS_SUCCESS,
	GITHUB_STATUS_FAILURE, GITHUB_STATUS_ERROR,
};
struct github_status {
	uint64_t id;
	struct str context, description;
	enum github_status_state state;
	int64_t created_ms;
};
struct github_statuses {
	char head[GITHUB_SHA_SIZE];
	struct github_status *items;	/* the latest of each context */
	size_t count, left_out;
	bool complete;
};
bool github_statuses_list(struct github_call *call, const char *head,
			  struct github_statuses *out, struct err *e);
/* For polls, as github_suites_path; the answer says of which commit it is. */
const char *github_statuses_path(struct github_call *call, const char *head, struct err *e);
bool github_statuses_read(struct str body, struct arena *a, struct github_statuses *out,
			  struct err *e);

#endif
