/*
 * The one place that decides how far a visit may go. Pure. Code of a fork, our own branches and
 * events that strangers start with our rights never get further than a suggestion.
 */
#include "bot/action.h"

static struct action_plan less(const char *why)
{
	return (struct action_plan){ ACTION_SUGGEST, NULL, why };
}

/* The branch that the code is of; "": none that could be the base of a pull request. */
static const char *branch_of(const struct action_order *order)
{
	switch (order->event.kind) {
	case EVENT_PUSH:
	case EVENT_SCHEDULE:
	case EVENT_DISPATCH:
		return order->branch;
	case EVENT_PULL:
	case EVENT_RUN:
		return order->event.head_branch;
	case EVENT_PULL_TARGET:
	case EVENT_OTHER:
		break;
	}
	return "";
}

/* Is another commit checked out than the one that the event is about? */
static bool is_elsewhere(const struct event *event, const char *head)
{
	return (event->kind == EVENT_PULL || event->kind == EVENT_RUN) && strcmp(event->head, head);
}

static struct action_plan plan_fix(const struct action_order *order, const char *head)
{
	const struct event *event = &order->event;
	const char *branch = branch_of(order);

	if (event->from_fork)
		return less("the code is of a fork: nothing is pushed for it");
	if (event->kind == EVENT_PULL_TARGET)
		return less("pull_request_target runs strangers' code with this repository's rights: nothing "
			    "is pushed for it; use pull_request");
	if (event->kind == EVENT_OTHER)
		return less("no fix is pushed for an event of this kind");
	if (!*branch)
		return less("the run is of no branch, so there is nothing to open a pull request into");
	if (str_starts(str_of(branch), "aegis/"))
		return less("the branch is Aegis' own work: it is left to people");
	if (!order->token.size || !order->owner)
		return less("there is no token to push with");
	if (is_elsewhere(event, head))
		return less("another commit is checked out than the branch's own: give actions/checkout the "
			    "head commit as ref, and a fix can be pushed");
	return (struct action_plan){ ACTION_FIX, branch, NULL };
}

struct action_plan action_plan(const struct action_order *order, const char *head)
{
	if (order->mode != ACTION_FIX)
		return (struct action_plan){ order->mode, NULL, NULL };
	return plan_fix(order, head);
}
