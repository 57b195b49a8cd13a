/*
 * What a message says about the world around a build: whether the network was at fault, and whether
 * another try may do better.
 */
#ifndef CI_NETWORK_H
#define CI_NETWORK_H

#include "ci/failure.h"
#include "bot/base/str.h"

struct network {
	const char *type;		/* "timeout", "DNS", "403", ... */
	enum kind kind;
	bool transient;
};

/*
 * What the text says, in the words of the many tools that pass on an error of a socket, of TLS or of
 * HTTP; false when it speaks of none of them. A refusal (401, 403, 404, a certificate that is not
 * trusted) stays whatever else the line says: a tool's "retrying" makes nothing transient. A 403 is a
 * limit of rate only where the text says so.
 */
bool network_judge(struct str text, struct network *said);

/*
 * May an exception of Python pass by itself? By its type, in full, where only the network raises it,
 * unless the message says otherwise; of those that carry an answer of HTTP by the message alone.
 */
bool network_raised(struct str type, struct str message);

#endif
