/*
 * What a sanitizer's headline says: the names that people use for the kinds of errors.
 */
#ifndef CI_SANITIZER_H
#define CI_SANITIZER_H

#include "ci/reader.h"

enum fault {
	FAULT_FOUND,			/* the sanitizer found it */
	FAULT_ADDRESS,			/* the hardware did: a signal at an address */
	FAULT_SELF,			/* the program ended itself: what it said before is the reason */
};

struct headline {
	const char *tool;		/* "AddressSanitizer" */
	enum kind kind;
	enum fault fault;
	struct str type;		/* in the line, or static */
	struct str message;		/* without process and register numbers */
	unsigned long long address;	/* of FAULT_ADDRESS, when it is known */
	bool address_known;
	bool handler;			/* only a signal's handler speaks: nothing without its stack */
};

/*
 * "==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x...", and the lines of the
 * signal handlers of Android and Chrome, which print stacks of the same form.
 */
bool sanitizer_headline(struct str text, struct headline *headline);

/* The name of a fault at an address; `access` is 'R', 'W' or 0 when unknown. Static. */
const char *sanitizer_fault_type(const struct headline *headline, char access);

/* The name for what stands behind "runtime error: ". Static. */
const char *sanitizer_undefined_type(struct str message);

#endif
