/*
 * Deployments and what became of them.
 */
#ifndef GIT_GITHUB_DEPLOYMENTS_H
#define GIT_GITHUB_DEPLOYMENTS_H

#include "git/github.h"
#include "git/github_read.h"

struct github_deployment {
	uint64_t id;
	char head[GITHUB_SHA_SIZE];
	const char *environment, *task;
	bool is_production, is_transient;
	int64_t created_ms;
};
struct github_deployments {
	struct github_deployment *items;
	size_t count, left_out;
	bool complete;
};
/* Of a commit and an environment; NULL: any. The newest first. */
bool github_deployments_list(struct github_call *call, const char *head,
			     const char *environment, struct github_deployments *out,
			     struct err *e);

enum github_deploy_state {
	GITHUB_DEPLOY_UNKNOWN, GITHUB_DEPLOY_ERROR, GITHUB_DEPLOY_FAILURE, GITHUB_DEPLOY_INACTIVE,
	GITHUB_DEPLOY_IN_PROGRESS, GITHUB_DEPLOY_QUEUED, GITHUB_DEPLOY_PENDING,
	GITHUB_DEPLOY_SUCCESS,
};
struct github_deploy_status {
	uint64_t id;
	enum github_deploy_state state;
	int64_t created_ms;
};
struct github_deploy_statuses {
	struct github_deploy_status *items;	/* the newest first */
	size_t count, left_out;
	bool complete;
};
bool github_deploy_statuses_list(struct github_call *call, uint64_t deployment,
				 struct github_deploy_statuses *out, struct err *e);

#endif
