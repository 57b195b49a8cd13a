/*
 * Finds libcurl at run time and fills the table of its functions. Leaves out unloading it: it is
 * used until the end of the process.
 */
#define CURL_LATE_ITSELF
#include "bot/base/curl_late.h"

#include <dlfcn.h>
#include <pthread.h>

struct curl_late curl_late;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[256];

/* Copied, not cast: C has no conversion from an object pointer to a function pointer. */
static bool find(void *library, const char *name, void *place)
{
	void *found = dlsym(library, name);

	if (!found) {
		snprintf(trouble, sizeof(trouble), "libcurl.so.4 has no %s", name);
		return false;
	}
	memcpy(place, &found, sizeof(found));
	return true;
}

static void start(void)
{
	void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	CURLcode code;

	if (!library) {
		snprintf(trouble, sizeof(trouble), "libcurl cannot be loaded: %s", dlerror());
		return;
	}
#define CURL_LATE_FIND(name) \
	if (!find(library, #name, &curl_late.name)) \
		return;
	CURL_LATE(CURL_LATE_FIND)
	code = curl_late.curl_global_init(CURL_GLOBAL_DEFAULT);
	if (code != CURLE_OK)
		snprintf(trouble, sizeof(trouble), "libcurl does not start: %s",
			 curl_late.curl_easy_strerror(code));
}

bool curl_late_start(struct err *e)
{
	pthread_once(&once, start);
	return !*trouble || fail(e, ERR_BUG, "%s", trouble);
}
