/*
 * What tools that run other tools, and CI systems, put before every line that those print: "[0] ",
 * "web:test: ", "web-1  | ", a time. A line alone that begins so is left as it is.
 */
#ifndef CI_PREFIX_H
#define CI_PREFIX_H

#include "bot/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum prefix_kind {
	PREFIX_STAMP,		/* 2024-05-14T11:19:20.000000Z 00O+text (GitLab), also without "00O" */
	PREFIX_BRACKET_TIME,	/* [2024-05-14T11:19:20.000Z] text (Jenkins), [00:01:23] text (AppVeyor) */
	PREFIX_CLOCK,		/* 7:51:34 PM: text (Netlify) */
	PREFIX_NUMBER,		/* [0] text (concurrently) */
	PREFIX_BRACKET_NAME,	/* [web]: text (yarn workspaces) */
	PREFIX_TASK,		/* web:test: text (turbo) */
	PREFIX_SCOPED,		/* @shop/web: text (lerna) */
	PREFIX_COLUMN,		/* web-1  | text (docker compose, foreman) */
	PREFIX_KINDS,
};

enum { PREFIX_DECLARED_MOST = 32 };

struct prefixes {			/* zeroed at the start of a log */
	uint8_t share[PREFIX_KINDS];	/* of the newest lines, how many begin so, of 255 */
	bool warm;			/* one of them is above 0 */
	uint32_t declared[PREFIX_DECLARED_MOST];	/* "packages/web test", as hashes (pnpm) */
	unsigned declared_count;
};

/*
 * Takes the prefix off a line where most of the newest lines begin so, from the third one on, or
 * where pnpm declared it ("packages/web test$ vitest"). Lines must come in order.
 */
void prefix_take(struct prefixes *prefixes, struct str *line);

#endif
