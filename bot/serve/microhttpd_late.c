/*
 * Finds libmicrohttpd at run time and fills the table of its functions. Leaves out unloading it: it
 * is used until the end of the process.
 */
#define MICROHTTPD_LATE_ITSELF
#include "bot/serve/microhttpd_late.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct microhttpd_late microhttpd_late;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[256];

/* Copied, not cast: C has no conversion from an object pointer to a function pointer. */
static bool find(void *library, const char *name, void *place)
{
	void *found = dlsym(library, name);

	if (!found) {
		snprintf(trouble, sizeof(trouble), "libmicrohttpd.so.12 has no %s", name);
		return false;
	}
	memcpy(place, &found, sizeof(found));
	return true;
}

static void start(void)
{
	void *library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		snprintf(trouble, sizeof(trouble), "libmicrohttpd cannot be loaded: %s", dlerror());
		return;
	}
#define MICROHTTPD_LATE_FIND(name) \
	if (!find(library, #name, &microhttpd_late.name)) \
		return;
	MICROHTTPD_LATE(MICROHTTPD_LATE_FIND)
}

bool microhttpd_late_start(struct err *e)
{
	pthread_once(&once, start);
	return !*trouble || fail(e, ERR_BUG, "%s", trouble);
}
