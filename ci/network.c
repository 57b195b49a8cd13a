/*
 * The words for trouble with networks and remote services. Rows are tried in order: a limit of rate
 * before refusals (GitHub answers 403 to both), refusals before accidents. Does not know where in a
 * log such words count; that is for the readers.
 */
#include "ci/network.h"

static const struct {
	const char *words, *and;
	struct network said;
} rows[] = {
	/* Limits of rate: time heals them. */
	{ "toomanyrequests", "", { "rate limit", KIND_INFRA, true } },
	{ "429 Too Many Requests", "", { "rate limit", KIND_INFRA, true } },
	{ "API rate limit exceeded", "", { "rate limit", KIND_INFRA, true } },
	{ "secondary rate limit", "", { "rate limit", KIND_INFRA, true } },
	{ "rate limit exceeded", "", { "rate limit", KIND_INFRA, true } },
	{ "HTTP Error 429", "", { "rate limit", KIND_INFRA, true } },
	{ "429 Client Error", "", { "rate limit", KIND_INFRA, true } },
	{ "successful HTTP response", ", got 429", { "rate limit", KIND_INFRA, true } },
	{ "success: 429", "", { "rate limit", KIND_INFRA, true } },
	{ "returned error: 429", "", { "rate limit", KIND_INFRA, true } },
	{ "status code 429", "", { "rate limit", KIND_INFRA, true } },
	{ "status code: 429", "", { "rate limit", KIND_INFRA, true } },
	/* Refusals: the same tomorrow. */
	{ "401 Unauthorized", "", { "401", KIND_PERMISSION, false } },
	{ "403 Forbidden", "", { "403", KIND_PERMISSION, false } },
	{ "404 Not Found", "", { "404", KIND_CONFIG, false } },
	{ "404  Not Found", "", { "404", KIND_CONFIG, false } },	/* apt's two blanks */
	{ "returned error: 401", "", { "401", KIND_PERMISSION, false } },
	{ "returned error: 403", "", { "403", KIND_PERMISSION, false } },
	{ "returned error: 404", "", { "404", KIND_CONFIG, false } },
	{ "status code 401", "", { "401", KIND_PERMISSION, false } },
	{ "status code 403", "", { "403", KIND_PERMISSION, false } },
	{ "status code 404", "", { "404", KIND_CONFIG, false } },
	{ "status code: 401", "", { "401", KIND_PERMISSION, false } },
	{ "status code: 403", "", { "403", KIND_PERMISSION, false } },
	{ "status code: 404", "", { "404", KIND_CONFIG, false } },
	{ "HTTP 401", "", { "401", KIND_PERMISSION, false } },
	{ "HTTP 403", "", { "403", KIND_PERMISSION, false } },
	{ "HTTP 404", "", { "404", KIND_CONFIG, false } },
	{ "authentication required", "", { "no access", KIND_PERMISSION, false } },
	{ "Authentication failed", "", { "no access", KIND_PERMISSION, false } },
	{ "access denied", "", { "no access", KIND_PERMISSION, false } },
	{ "ermission denied", "", { "no access", KIND_PERMISSION, false } },
	{ "access to the resource is denied", "", { "no access", KIND_PERMISSION, false } },
	{ "incorrect username or password", "", { "no access", KIND_PERMISSION, false } },
	{ "certificate verify failed", "", { "certificate", KIND_CONFIG, false } },
	{ "CERTIFICATE_VERIFY_FAILED", "", { "certificate", KIND_CONFIG, false } },
	{ "certificate signed by unknown authority", "", { "certificate", KIND_CONFIG, false } },
	{ "self signed certificate", "", { "certificate", KIND_CONFIG, false } },
	{ "self-signed certificate", "", { "certificate", KIND_CONFIG, false } },
	{ "certificate has expired", "", { "certificate", KIND_CONFIG, false } },
	{ "successful HTTP response", ", got 401", { "401", KIND_PERMISSION, false } },	/* cargo */
	{ "successful HTTP response", ", got 403", { "403", KIND_PERMISSION, false } },
	{ "successful HTTP response", ", got 404", { "404", KIND_CONFIG, false } },
	{ "success: 401", "", { "401", KIND_PERMISSION, false } },	/* .NET: "does not indicate ..." */
	{ "success: 403", "", { "403", KIND_PERMISSION, false } },
	{ "success: 404", "", { "404", KIND_CONFIG, false } },
	{ "HTTP Error 401", "", { "401", KIND_PERMISSION, false } },	/* Python's urllib, requests */
	{ "HTTP Error 403", "", { "403", KIND_PERMISSION, false } },
	{ "HTTP Error 404", "", { "404", KIND_CONFIG, false } },
	{ "401 Client Error", "", { "401", KIND_PERMISSION, false } },
	{ "403 Client Error", "", { "403", KIND_PERMISSION, false } },
	{ "404 Client Error", "", { "404", KIND_CONFIG, false } },
	/* Nobody listens on this very machine: a service that the job itself did not start. */
	{ "ECONNREFUSED", "127.0.0.1", { "connect", KIND_UNKNOWN, false } },
	{ "ECONNREFUSED", "::1", { "connect", KIND_UNKNOWN, false } },
	{ "onnection refused", "127.0.0.1", { "connect", KIND_UNKNOWN, false } },
	{ "onnection refused", "host='localhost'", { "connect", KIND_UNKNOWN, false } },
	{ "onnection refused", "localhost", { "connect", KIND_UNKNOWN, false } },
	/* Accidents. */
	{ "spurious network error", "", { "network", KIND_INFRA, true } },
	{ "Could not resolve host", "", { "DNS", KIND_INFRA, true } },
	{ "Temporary failure in name resolution", "", { "DNS", KIND_INFRA, true } },
	{ "Temporary failure resolving", "", { "DNS", KIND_INFRA, true } },
	{ "Name or service not known", "", { "DNS", KIND_INFRA, true } },
	{ "nodename nor servname provided", "", { "DNS", KIND_INFRA, true } },
	{ "failed to lookup address information", "", { "DNS", KIND_INFRA, true } },
	{ "dns error", "", { "DNS", KIND_INFRA, true } },
	{ ": no such host", "lookup ", { "DNS", KIND_INFRA, true } },
	{ "server misbehaving", "lookup ", { "DNS", KIND_INFRA, true } },
	{ "getaddrinfo", "EAI_AGAIN", { "DNS", KIND_INFRA, true } },
	{ "getaddrinfo ENOTFOUND", "", { "DNS", KIND_INFRA, true } },
	{ "ECONNRESET", "", { "reset", KIND_INFRA, true } },
	{ "onnection reset", "", { "reset", KIND_INFRA, true } },
	{ "socket hang up", "", { "reset", KIND_INFRA, true } },
	{ "onnection broken by", "", { "reset", KIND_INFRA, true } },
	{ "unexpected EOF", "http", { "reset", KIND_INFRA, true } },
	{ "closed before message completed", "", { "reset", KIND_INFRA, true } },
	{ "client error (Connect)", "", { "connect", KIND_INFRA, true } },
	{ "tcp connect error", "", { "connect", KIND_INFRA, true } },
	{ "ETIMEDOUT", "", { "timeout", KIND_INFRA, true } },
	{ "onnection timed out", "", { "timeout", KIND_INFRA, true } },
	{ "peration timed out", "", { "timeout", KIND_INFRA, true } },
	{ "i/o timeout", "", { "timeout", KIND_INFRA, true } },
	{ "Read timed out", "", { "timeout", KIND_INFRA, true } },
	{ "context deadline exceeded", "http", { "timeout", KIND_INFRA, true } },
	{ "Client.Timeout exceeded while awaiting headers", "", { "timeout", KIND_INFRA, true } },
	{ "TLS handshake timeout", "", { "TLS", KIND_INFRA, true } },
	{ "SSL_ERROR_SYSCALL", "", { "TLS", KIND_INFRA, true } },
	{ "gnutls_handshake()", "", { "TLS", KIND_INFRA, true } },
	{ "SSLEOFError", "", { "TLS", KIND_INFRA, true } },
	{ "ECONNREFUSED", "", { "connect", KIND_INFRA, true } },
	{ "onnection refused", "", { "connect", KIND_INFRA, true } },
	{ "Failed to connect to ", " port ", { "connect", KIND_INFRA, true } },
	{ "Failed to establish a new connection", "", { "connect", KIND_INFRA, true } },
	{ "etwork is unreachable", "", { "connect", KIND_INFRA, true } },
	{ "No route to host", "", { "connect", KIND_INFRA, true } },
	{ "500 Internal Server Error", "", { "5xx", KIND_INFRA, true } },
	{ "502 Bad Gateway", "", { "5xx", KIND_INFRA, true } },
	{ "503 Service Unavailable", "", { "5xx", KIND_INFRA, true } },
	{ "503 Service Temporarily Unavailable", "", { "5xx", KIND_INFRA, true } },
	{ "504 Gateway Time", "", { "5xx", KIND_INFRA, true } },
	{ "returned error: 5", "", { "5xx", KIND_INFRA, true } },
	{ "successful HTTP response", ", got 5", { "5xx", KIND_INFRA, true } },
	{ "success: 5", "", { "5xx", KIND_INFRA, true } },
	{ "status code 50", "", { "5xx", KIND_INFRA, true } },
	{ "status code: 50", "", { "5xx", KIND_INFRA, true } },
	{ "HTTP 50", "", { "5xx", KIND_INFRA, true } },
	{ "HTTP Error 50", "", { "5xx", KIND_INFRA, true } },
	{ " Server Error: ", " for url: ", { "5xx", KIND_INFRA, true } },
	{ "HTTP error 50", "", { "5xx", KIND_INFRA, true } },
};

bool network_judge(struct str text, struct network *said)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_has(text, rows[i].words) && str_has(text, rows[i].and)) {
			*said = rows[i].said;
			return true;
		}
	return false;
}

/* A test's own "ConnectionError" says nothing: the names are full. */
static const struct {
	const char *type;
	bool sure;			/* only the network raises it */
} raised[] = {
	{ "requests.exceptions.ConnectionError", true },
	{ "requests.exceptions.ReadTimeout", true },
	{ "requests.exceptions.ConnectTimeout", true },
	{ "requests.exceptions.ChunkedEncodingError", true },
	{ "urllib3.exceptions.", true },
	{ "socket.gaierror", true },
	{ "http.client.RemoteDisconnected", true },
	{ "http.client.IncompleteRead", true },
	{ "aiohttp.client_exceptions.ClientConnector", true },
	{ "aiohttp.client_exceptions.ServerDisconnectedError", true },
	{ "httpx.Connect", true },
	{ "httpx.Read", true },
	{ "requests.exceptions.HTTPError", false },
	{ "requests.exceptions.SSLError", false },
	{ "urllib.error.", false },
	{ "httpx.HTTPStatusError", false },
	{ "huggingface_hub.", false },
	{ "botocore.exceptions.", false },
};

bool network_raised(struct str type, struct str message)
{
	struct network said;

	for (size_t i = 0; i < sizeof(raised) / sizeof(raised[0]); i++)
		if (str_starts(type, raised[i].type))
			return network_judge(message, &said) ? said.transient : raised[i].sure;
	return false;
}
