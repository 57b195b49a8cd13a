/*
 * What a delivery of a webhook says: who signed it, and what it hints at. Pure.
 */
#ifndef BOT_SERVE_WEBHOOK_H
#define BOT_SERVE_WEBHOOK_H

#include "bot/base/err.h"
#include "bot/base/str.h"
#include "bot/store/delivery.h"

enum {
	WEBHOOK_SECRETS_MOST = 2,
	WEBHOOK_BODY_MOST = 25 * 1024 * 1024,		/* GitHub sends no larger ones */
	WEBHOOK_DIGEST_SIZE = 65,
};

/* Two while one takes the place of the other. */
struct webhook_secrets {
	struct str list[WEBHOOK_SECRETS_MOST];
	size_t count;
};

/*
 * Is `signature` ("sha256=" and 64 lower-case hex digits) that of these bytes by one of the secrets?
 * Takes the same time for right and wrong ones. digest: stands for the body, whichever secret it
 * was, and is no signature itself; untouched when false.
 */
bool webhook_is_signed(const struct webhook_secrets *secrets, struct str signature, struct str body,
		       struct arena *scratch, char digest[WEBHOOK_DIGEST_SIZE]);

/* The headers X-GitHub-Event (lower-case letters, digits, _) and X-GitHub-Delivery (hex digits and -). */
bool webhook_event_is_good(struct str event);
bool webhook_id_is_good(struct str id);

/*
 * ERR_INPUT says why not: no JSON object, or it lacks what an event of this name must have. What is
 * only told along (branch, commit, sender) is left out where it is malformed. Of events that are
 * not known it takes what all have. Nothing in it may be trusted but as a place to look at.
 */
bool webhook_read(struct str event, struct str body, struct arena *a, struct hint *out,
		  struct err *e);

#endif
