/*
 * What stands in the way of the work, found by looking: each check measures one thing and says how to
 * mend it. Checks only read; the sandbox and a model are really asked. Private to bot/doctor*.c and
 * bot/cmd_doctor.c.
 */
#ifndef BOT_DOCTOR_H
#define BOT_DOCTOR_H

#include "bot/base/config.h"
#include "git/github_access.h"
#include "git/github_protection.h"

#include <jansson.h>

/* UNKNOWN: it could not be measured; the text says why. Only BAD fails the whole. */
enum finding_state { FINDING_OK, FINDING_WARNING, FINDING_BAD, FINDING_UNKNOWN, FINDING_STATES };

struct finding {
	const char *part, *name;	/* "github" and "clock"; the parts are doctor_look's */
	enum finding_state state;
	const char *measured;
	const char *mend;		/* NULL: nothing to do */
};

struct doctor {
	struct arena *arena;
	const struct config *config;
	const char *config_file;	/* NULL: the defaults alone */
	const char *folder;		/* a local repository, or NULL */
	const char *owner, *name;	/* of the repository on GitHub; NULL: none */
	const char *only;		/* the one part to look at; NULL: all */
	const char *part;		/* of the findings that come now */

	/* Found on the way, for later checks. */
	struct github *github;		/* NULL: no way to ask */
	struct github_call call;
	struct github_app app;		/* id 0: none */
	bool is_reached;		/* the switches hold */
	struct github_switches switches;
	const struct config *settings;	/* .github/aegis.yml; NULL: not read, or not valid */

	struct finding *findings;
	size_t count;
};

/* mend NULL: nothing to do, or nothing known. */
void doctor_say(struct doctor *d, const char *name, enum finding_state state, const char *mend,
		const char *format, ...)
	__attribute__((format(printf, 5, 6), nonnull(1, 2, 5)));
/* A question that was not answered: bad when it is refused, else unknown; the mend is found by the error. */
void doctor_say_error(struct doctor *d, const char *name, const struct err *why);

/* In this order; each says at least one finding, but for those whose subject is not configured. */
typedef void doctor_check(struct doctor *d);
extern doctor_check *const doctor_machine_checks[], *const doctor_sandbox_checks[],
	*const doctor_service_checks[], *const doctor_github_checks[],
	*const doctor_repository_checks[], *const doctor_rules_checks[];	/* NULL-ended */

bool doctor_part_is_known(const char *part);
/* All of them, or of one part. */
void doctor_look(struct doctor *d);

size_t doctor_count(const struct doctor *d, enum finding_state state);
/* For people, and one object; the caller owns the reference. */
void doctor_text(const struct doctor *d, struct text *out);
json_t *doctor_json(const struct doctor *d);

#endif
