/*
 * The head of a request to the door: may its body be read? Pure.
 */
#ifndef BOT_SERVE_REQUEST_H
#define BOT_SERVE_REQUEST_H

#include "bot/base/str.h"

#include <stdint.h>

/* What is said to the other side; name and value are of one more header, or NULL. */
struct answer {
	unsigned status;
	const char *text, *name, *value;
};

enum request_header {
	HEADER_TYPE, HEADER_LENGTH, HEADER_ENCODING, HEADER_EVENT, HEADER_DELIVERY, HEADER_SIGNATURE,
	HEADER_SIGNATURE_OLD, HEADER_COUNT
};
/* Of the header's name, in any case; HEADER_COUNT: none of them. */
enum request_header request_header_of(struct str name);

struct request_head {
	struct str method, path;
	struct str headers[HEADER_COUNT];	/* at NULL: it is not there */
	bool is_doubled;			/* one of them came twice */
};

/*
 * NULL: it is a delivery, whose body may be read. Else what to answer; also 200 to GET /healthz.
 * *length: what it says of its body; UINT64_MAX: nothing (it is sent in chunks).
 */
const struct answer *request_look(const struct request_head *head, uint64_t *length);

/* What follows from the body. */
extern const struct answer answer_taken, answer_known, answer_not_signed, answer_too_large, answer_busy,
	answer_not_kept;

#endif
