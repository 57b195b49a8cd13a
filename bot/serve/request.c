/*
 * The rules for the head of a request, in order. Whoever is refused is told why, in words that say
 * nothing of us. Leaves out the body and its signature.
 */
#include "bot/serve/request.h"

#include "bot/serve/webhook.h"

enum { SIGNATURE_SIZE = 71 };			/* "sha256=" and 64 hex digits */

static const char *const header_names[HEADER_COUNT] = {
	[HEADER_TYPE] = "content-type", [HEADER_LENGTH] = "content-length",
	[HEADER_ENCODING] = "transfer-encoding", [HEADER_EVENT] = "x-github-event",
	[HEADER_DELIVERY] = "x-github-delivery", [HEADER_SIGNATURE] = "x-hub-signature-256",
	[HEADER_SIGNATURE_OLD] = "x-hub-signature",
};

/* The second is where the usual framework for Apps listens: moving an App changes no path. */
static const char *const webhook_paths[] = { "/webhook", "/api/github/webhooks" };

const struct answer answer_taken = { 202, "taken\n", NULL, NULL };
const struct answer answer_known = { 202, "known already\n", NULL, NULL };
const struct answer answer_not_signed = { 401, "the signature is not that of this body\n", NULL, NULL };
const struct answer answer_too_large = { 413, "a body of more than 25 MB is not taken\n", NULL, NULL };
const struct answer answer_busy = { 503, "busy: send it again later\n", "Retry-After", "10" };
const struct answer answer_not_kept = { 503, "it could not be kept: send it again later\n",
					"Retry-After", "60" };

static const struct answer healthy = { 200, "ok\n", NULL, NULL };
static const struct answer no_such_path = { 404, "nothing is here: deliveries go to /webhook\n", NULL, NULL };
static const struct answer only_get = { 405, "only GET\n", "Allow", "GET, HEAD" };
static const struct answer only_post = { 405, "only POST\n", "Allow", "POST" };
static const struct answer doubled = { 400, "a header came twice\n", NULL, NULL };
static const struct answer no_length = { 400, "Content-Length is no number\n", NULL, NULL };
static const struct answer two_lengths = { 400, "Content-Length and Transfer-Encoding together\n", NULL, NULL };
static const struct answer form = { 415, "set the content type of the webhook to application/json: "
	"forms are not taken\n", NULL, NULL };
static const struct answer no_json = { 415, "the content type must be application/json\n", NULL, NULL };
static const struct answer no_event = { 400, "X-GitHub-Event is missing or no name of an event\n", NULL, NULL };
static const struct answer no_delivery = { 400, "X-GitHub-Delivery is missing or no id\n", NULL, NULL };
static const struct answer no_signature = { 401, "X-Hub-Signature-256 is missing: set a secret for the "
	"webhook\n", NULL, NULL };
static const struct answer old_signature = { 401, "X-Hub-Signature is not taken, X-Hub-Signature-256 is "
	"missing\n", NULL, NULL };
static const struct answer bad_signature = { 401, "X-Hub-Signature-256 is not sha256= and 64 "
	"lower-case hex digits\n", NULL, NULL };

enum request_header request_header_of(struct str name)
{
	for (unsigned i = 0; i < HEADER_COUNT; i++)
		if (str_equal_nocase(name, str_of(header_names[i])))
			return (enum request_header)i;
	return HEADER_COUNT;
}

static const struct answer *look_path(const struct request_head *head)
{
	if (str_is(head->path, "/healthz"))
		return str_is(head->method, "GET") || str_is(head->method, "HEAD") ? &healthy
										  : &only_get;
	for (size_t i = 0; i < sizeof(webhook_paths) / sizeof(webhook_paths[0]); i++)
		if (str_is(head->path, webhook_paths[i]))
			return str_is(head->method, "POST") ? NULL : &only_post;
	return &no_such_path;
}

static const struct answer *look_length(const struct request_head *head, uint64_t length)
{
	if (!head->headers[HEADER_LENGTH].at)
		return NULL;
	if (length == UINT64_MAX)
		return &no_length;
	if (head->headers[HEADER_ENCODING].at)
		return &two_lengths;
	return length > WEBHOOK_BODY_MOST ? &answer_too_large : NULL;
}

/* Parameters such as a charset say nothing: JSON is UTF-8. */
static const struct answer *look_type(struct str type)
{
	struct str plain = type;

	str_split(type, ";", &plain, NULL);
	plain = str_trim(plain);
	if (str_equal_nocase(plain, STR("application/json")))
		return NULL;
	return str_equal_nocase(plain, STR("application/x-www-form-urlencoded")) ? &form : &no_json;
}

static const struct answer *look_signature(const struct request_head *head)
{
	struct str signature = head->headers[HEADER_SIGNATURE];

	if (!signature.at)
		return head->headers[HEADER_SIGNATURE_OLD].at ? &old_signature : &no_signature;
	if (signature.size != SIGNATURE_SIZE || !str_skip(&signature, "sha256="))
		return &bad_signature;
	for (size_t i = 0; i < signature.size; i++)
		if (!signature.at[i] || !strchr("0123456789abcdef", signature.at[i]))
			return &bad_signature;
	return NULL;
}

const struct answer *request_look(const struct request_head *head, uint64_t *length)
{
	const struct answer *answer = look_path(head);
	unsigned long number;

	*length = str_number(head->headers[HEADER_LENGTH], &number) ? number : UINT64_MAX;
	if (!answer && head->is_doubled)
		answer = &doubled;
	if (!answer)
		answer = look_length(head, *length);
	if (!answer)
		answer = look_type(head->headers[HEADER_TYPE]);
	if (!answer && !webhook_event_is_good(head->headers[HEADER_EVENT]))
		answer = &no_event;
	if (!answer && !webhook_id_is_good(head->headers[HEADER_DELIVERY]))
		answer = &no_delivery;
	return answer ? answer : look_signature(head);
}
