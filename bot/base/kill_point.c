/*
 * Dies where a test says. Counts only the one place that is asked for; does not know which places
 * exist (the generated list does).
 */
#include "bot/base/kill_point.h"

#include "bot/base/str.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

void kill_point_reached(const char *name)
{
	static atomic_ulong times;
	struct str wanted = str_of(getenv("AEGIS_KILL_AT"));
	unsigned long nth = 1;
	struct str count;

	if (str_split_last(wanted, ":", &wanted, &count) && !str_number(count, &nth))
		return;
	if (str_is(wanted, name) && atomic_fetch_add(&times, 1) + 1 == nth)
		kill(getpid(), SIGKILL);
}

bool kill_points_present(void)
{
#ifdef AEGIS_KILL_POINTS
	return true;
#else
	return false;
#endif
}
