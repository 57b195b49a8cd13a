/*
 * What the tools that a command names say of their version, asked in the sandbox.
 */
#ifndef BOT_TOOL_VERSIONS_H
#define BOT_TOOL_VERSIONS_H

#include "bot/base/arena.h"

enum { TOOL_VERSIONS_MOST = 8, TOOL_VERSION_BYTES = 120 };

struct tool_version {
	const char *name, *version;
};

/*
 * Of the tools that are known here, in the order of the command; `tool` (NULL: none) is one more. Those
 * that are not there or do not answer are left out, so is everything when the sandbox fails: versions
 * are good to know and prove nothing. What they say is from outside, one line, and bounded.
 */
struct workplace;
struct tool_version *tool_versions(const struct workplace *place, const char *command, const char *tool,
				   struct arena *a, size_t *count);

#endif
