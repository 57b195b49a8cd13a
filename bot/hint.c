/*
 * The table of events that matter here. All others are kept and not acted upon.
 */
#include "bot/hint.h"

static const struct {
	const char *event, *action;	/* action NULL: whichever */
	unsigned wants;
} wishes[] = {
	{ "check_run", "completed", HINT_CHECKS | HINT_INCIDENTS },
	{ "check_suite", "completed", HINT_CHECKS | HINT_INCIDENTS },
	{ "deployment_status", NULL, HINT_INCIDENTS },
	{ "installation", NULL, HINT_REPOSITORIES },
	{ "installation_repositories", NULL, HINT_REPOSITORIES },
	{ "installation_target", NULL, HINT_REPOSITORIES },
	{ "pull_request", NULL, HINT_INCIDENTS },
	{ "pull_request_review", NULL, HINT_INCIDENTS },
	{ "push", NULL, HINT_INCIDENTS },
	{ "repository", NULL, HINT_REPOSITORIES },
	{ "status", NULL, HINT_CHECKS | HINT_INCIDENTS },
	{ "workflow_run", "completed", HINT_RUNS | HINT_INCIDENTS },
};

unsigned hint_wants(const char *event, const char *action)
{
	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		if (!strcmp(event, wishes[i].event) &&
		    (!wishes[i].action || !strcmp(action, wishes[i].action)))
			return wishes[i].wants;
	return 0;
}
