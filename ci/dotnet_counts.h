/*
 * How many .NET tests ran: the lines with which their runners end.
 */
#ifndef CI_DOTNET_COUNTS_H
#define CI_DOTNET_COUNTS_H

#include "ci/reader.h"

struct dotnet_counts {			/* zeroed at the start */
	bool listing;			/* counts, one a line, are being read */
	unsigned lines;
	unsigned long run, passed, failed, skipped;
};

/*
 * Adds a line's counts to the findings. *tool names the runner where it is known already, and is set
 * where the line tells it. Says whether the line belongs to counts.
 */
bool dotnet_count(struct dotnet_counts *c, const struct line *line, const char **tool,
		  struct findings *f);

#endif
