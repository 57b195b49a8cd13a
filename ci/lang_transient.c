/*
 * Failures of the world around a build: network, registries, runners, disk, memory, time. Every
 * pattern is the wording of one tool, so that a test which merely prints ECONNREFUSED is not taken
 * for one. Permissions and missing things (401, 403, 404) never pass by themselves and are not
 * here.
 */
#include "ci/trace.h"

/* A line matches when it starts with `start` (after blanks and "#12 3.4 ") and holds `and`. */
static const struct pattern {
	const char *start, *and;
	const char *tool, *type;
	enum kind kind;
} patterns[] = {
	{ "npm ERR! code ", "ECONNRESET", "npm", "ECONNRESET", KIND_INFRA },
	{ "npm ERR! code ", "ETIMEDOUT", "npm", "ETIMEDOUT", KIND_INFRA },
	{ "npm ERR! code ", "ECONNREFUSED", "npm", "ECONNREFUSED", KIND_INFRA },
	{ "npm ERR! code ", "EAI_AGAIN", "npm", "EAI_AGAIN", KIND_INFRA },
	{ "npm ERR! code ", "ENOTFOUND", "npm", "ENOTFOUND", KIND_INFRA },
	{ "npm ERR! code ", "ERR_SOCKET_TIMEOUT", "npm", "ERR_SOCKET_TIMEOUT", KIND_INFRA },
	{ "npm ERR! code ", "E429", "npm", "E429", KIND_INFRA },
	{ "npm ERR! code ", "E50", "npm", "E50x", KIND_INFRA },
	{ "npm ERR! ", "network socket hang up", "npm", "socket hang up", KIND_INFRA },
	{ "npm error code ", "ECONNRESET", "npm", "ECONNRESET", KIND_INFRA },
	{ "npm error code ", "ETIMEDOUT", "npm", "ETIMEDOUT", KIND_INFRA },
	{ "npm error code ", "ECONNREFUSED", "npm", "ECONNREFUSED", KIND_INFRA },
	{ "npm error code ", "EAI_AGAIN", "npm", "EAI_AGAIN", KIND_INFRA },
	{ "npm error code ", "ENOTFOUND", "npm", "ENOTFOUND", KIND_INFRA },
	{ "npm error code ", "E429", "npm", "E429", KIND_INFRA },
	{ "npm error code ", "E50", "npm", "E50x", KIND_INFRA },
	{ "error An unexpected error occurred: \"https://", "ETIMEDOUT", "yarn", "ETIMEDOUT", KIND_INFRA },
	{ "error An unexpected error occurred: \"https://", "ECONNRESET", "yarn", "ECONNRESET", KIND_INFRA },
	{ "ERR_PNPM_META_FETCH_FAIL", "", "pnpm", "fetch", KIND_INFRA },
	{ "curl: (6)", "", "curl", "6", KIND_INFRA },
	{ "curl: (7)", "", "curl", "7", KIND_INFRA },
	{ "curl: (18)", "", "curl", "18", KIND_INFRA },
	{ "curl: (28)", "", "curl", "28", KIND_INFRA },
	{ "curl: (35)", "", "curl", "35", KIND_INFRA },
	{ "curl: (52)", "", "curl", "52", KIND_INFRA },
	{ "curl: (56)", "", "curl", "56", KIND_INFRA },
	{ "curl: (92)", "", "curl", "92", KIND_INFRA },
	{ "curl: (22) The requested URL returned error: 5", "", "curl", "5xx", KIND_INFRA },
	{ "curl: (22) The requested URL returned error: 429", "", "curl", "429", KIND_INFRA },
	{ "wget: unable to resolve host address", "", "wget", "DNS", KIND_INFRA },
	{ "fatal: unable to access '", "Could not resolve host", "git", "DNS", KIND_INFRA },
	{ "fatal: unable to access '", "Failed to connect", "git", "connect", KIND_INFRA },
	{ "fatal: unable to access '", "Connection reset", "git", "reset", KIND_INFRA },
	{ "fatal: unable to access '", "timed out", "git", "timeout", KIND_INFRA },
	{ "fatal: unable to access '", "The requested URL returned error: 5", "git", "5xx", KIND_INFRA },
	{ "fatal: unable to access '", "SSL_ERROR_SYSCALL", "git", "TLS", KIND_INFRA },
	{ "fatal: unable to access '", "gnutls_handshake()", "git", "TLS", KIND_INFRA },
	{ "fatal: early EOF", "", "git", "early EOF", KIND_INFRA },
	{ "fatal: the remote end hung up unexpectedly", "", "git", "hang up", KIND_INFRA },
	{ "error: RPC failed; ", "", "git", "RPC failed", KIND_INFRA },
	{ "ssh: Could not resolve hostname ", "", "ssh", "DNS", KIND_INFRA },
	{ "kex_exchange_identification: ", "Connection", "ssh", "connect", KIND_INFRA },
	{ "E: Failed to fetch ", "", "apt", "fetch", KIND_INFRA },
	{ "E: Unable to fetch some archives", "", "apt", "fetch", KIND_INFRA },
	{ "W: Failed to fetch ", "Temporary failure resolving", "apt", "DNS", KIND_INFRA },
	{ "E: Could not get lock /var/lib/", "", "apt", "lock", KIND_INFRA },
	{ "pip._vendor.urllib3.exceptions.ReadTimeoutError: ", "", "pip", "timeout", KIND_INFRA },
	{ "pip._vendor.urllib3.exceptions.ProtocolError: ", "", "pip", "protocol", KIND_INFRA },
	{ "ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(", "", "pip",
	  "connection", KIND_INFRA },
	{ "ERROR: HTTP error 5", "", "pip", "5xx", KIND_INFRA },
	{ "go: ", "dial tcp: ", "go", "connect", KIND_INFRA },
	{ "go: ", "i/o timeout", "go", "timeout", KIND_INFRA },
	{ "go: ", "TLS handshake timeout", "go", "TLS", KIND_INFRA },
	{ "go: ", "502 Bad Gateway", "go", "5xx", KIND_INFRA },
	{ "go: ", "503 Service Unavailable", "go", "5xx", KIND_INFRA },
	{ "go: ", "connection reset by peer", "go", "reset", KIND_INFRA },
	{ "error: failed to download from `", "", "cargo", "download", KIND_INFRA },
	{ "error: failed to fetch `", "", "cargo", "fetch", KIND_INFRA },
	{ "Error response from daemon: ", "TLS handshake timeout", "docker", "TLS", KIND_INFRA },
	{ "Error response from daemon: ", "toomanyrequests", "docker", "rate limit", KIND_INFRA },
	{ "Error response from daemon: ", "request canceled", "docker", "timeout", KIND_INFRA },
	{ "Error response from daemon: ", "i/o timeout", "docker", "timeout", KIND_INFRA },
	{ "ERROR: failed to solve: ", "toomanyrequests", "docker", "rate limit", KIND_INFRA },
	{ "ERROR: failed to solve: ", "i/o timeout", "docker", "timeout", KIND_INFRA },
	{ "ERROR: failed to solve: ", "503 Service Unavailable", "docker", "5xx", KIND_INFRA },
	{ "toomanyrequests: You have reached your ", "pull rate limit", "docker", "rate limit",
	  KIND_INFRA },
	{ "The hosted runner lost communication with the server", "", "actions", "runner lost",
	  KIND_INFRA },
	{ "The hosted runner: ", "lost communication with the server", "actions", "runner lost",
	  KIND_INFRA },
	{ "The self-hosted runner", "lost communication with the server", "actions", "runner lost",
	  KIND_INFRA },
	{ "The hosted runner encountered an error while running your job", "", "actions",
	  "runner lost", KIND_INFRA },
	{ "The runner has received a shutdown signal", "", "actions", "shutdown", KIND_INFRA },
	{ "API rate limit exceeded for ", "", "github", "rate limit", KIND_INFRA },
	{ "You have exceeded a secondary rate limit", "", "github", "rate limit", KIND_INFRA },
	{ "Failed to restore: ", "ache service", "actions", "cache", KIND_INFRA },
	{ "Failed to save: ", "ache service", "actions", "cache", KIND_INFRA },
	{ "Cache service responded with 5", "", "actions", "cache", KIND_INFRA },
	{ "The job running on runner ", "has exceeded the maximum execution time of ", "actions",
	  "job time", KIND_TIMEOUT },
	{ "The job has exceeded the maximum execution time of ", "", "actions", "job time",
	  KIND_TIMEOUT },
	{ "The action ", " has timed out after ", "actions", "step time", KIND_TIMEOUT },
	{ "System.IO.IOException: No space left on device", "", "actions", "no space", KIND_RESOURCE },
	{ "FATAL ERROR: ", "JavaScript heap out of memory", "node", "heap", KIND_RESOURCE },
	{ "Process completed with exit code 137", "", "actions", "137", KIND_RESOURCE },
	{ "The operation was canceled.", "", "actions", "cancelled", KIND_UNKNOWN },
};

/*
 * These stand anywhere in a line: a tool's name comes first ("tar: x: Cannot write: No space
 * left...").
 */
static const struct pattern anywhere[] = {
	{ ": No space left on device", "", "system", "no space", KIND_RESOURCE },
	{ "ENOSPC: no space left on device", "", "node", "no space", KIND_RESOURCE },
	{ "Out of memory: Killed process ", "", "kernel", "out of memory", KIND_RESOURCE },
	{ "fatal error: Killed signal terminated program ", "", "gcc", "killed", KIND_RESOURCE },
	{ "Cannot allocate memory", "fork", "system", "out of memory", KIND_RESOURCE },
	{ "dial tcp: lookup ", ": no such host", "go", "DNS", KIND_INFRA },
};

/* BuildKit puts "#12 3.456 " before every line, some shells blanks or "Error: ". */
static struct str plain(struct str text)
{
	struct str rest = text;
	unsigned long n;

	if (str_skip(&rest, "#") && str_take_number(&rest, &n) && str_skip(&rest, " ") &&
	    str_take_number(&rest, &n) && str_skip(&rest, ".") && str_take_number(&rest, &n))
		text = rest;
	text = str_trim(text);
	if (!str_starts(text, "Error: Could not"))
		(void)(str_skip(&text, "Error: ") || str_skip(&text, "error: command: "));
	return text;
}

static void report(const struct line *line, struct findings *f, const struct pattern *pattern)
{
	bool runner = str_is(str_of(pattern->tool), "actions");
	bool certain = runner && pattern->kind != KIND_UNKNOWN && !str_is(str_of(pattern->type), "137");
	struct failure *failure = findings_failure(f, pattern->kind,
			certain || pattern->kind == KIND_RESOURCE ? WEIGHT_FAILURE : WEIGHT_HINT,
			line->number);

	failure->tool = pattern->tool;
	failure->type = pattern->type;
	failure->message = findings_text(failure, str_trim(line->text));
	failure->transient = pattern->kind != KIND_UNKNOWN &&
			     !str_is(str_of(pattern->type), "step time") &&
			     !str_is(str_of(pattern->type), "job time") &&
			     !str_is(str_of(pattern->type), "heap");
	if (str_is(str_of(pattern->type), "137"))
		failure->weight = WEIGHT_SUMMARY;
	else if (pattern->kind == KIND_UNKNOWN)
		failure->weight = WEIGHT_CONSEQUENCE;
}

/* "./run.sh: line 3:  4242 Killed    ./big", or the word alone */
static bool killed(const struct line *line, struct findings *f)
{
	static const struct pattern pattern = { "", "", "system", "killed", KIND_RESOURCE };
	struct str text = str_trim(line->text), rest;
	unsigned long n;

	if (str_split(text, ": line ", NULL, &rest) && str_take_number(&rest, &n) && str_skip(&rest, ":")) {
		rest = str_trim(rest);
		if (!str_take_number(&rest, &n) || !str_starts(str_trim(rest), "Killed "))
			return false;
	} else if (!str_is(text, "Killed")) {
		return false;
	}
	report(line, f, &pattern);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct str text = plain(line->text);
	bool indented = str_indent(line->text) > 0 && line->mark == MARK_NONE;

	(void)state;
	if (killed(line, f))
		return ASLEEP;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]) && !indented; i++)
		if (str_starts(text, patterns[i].start) && str_has(text, patterns[i].and)) {
			report(line, f, &patterns[i]);
			return ASLEEP;
		}
	for (size_t i = 0; i < sizeof(anywhere) / sizeof(anywhere[0]); i++)
		if (str_has(text, anywhere[i].start) && str_has(text, anywhere[i].and)) {
			report(line, f, &anywhere[i]);
			return ASLEEP;
		}
	return ASLEEP;
}

static const char *const wake[] = { "npm ERR! code ", "npm ERR! network", "npm error code ",
	"error An unexpected error occurred: ", "ERR_PNPM_META_FETCH_FAIL", "curl: (",
	"wget: unable to resolve", "fatal: unable to access '", "fatal: early EOF",
	"fatal: the remote end hung up", "error: RPC failed; ", "ssh: Could not resolve",
	"kex_exchange_identification: ", "E: Failed to fetch ", "E: Unable to fetch ",
	"W: Failed to fetch ", "E: Could not get lock ", "urllib3.exceptions.ReadTimeoutError: ",
	"urllib3.exceptions.ProtocolError: ", "due to an OSError: HTTPSConnectionPool(",
	"ERROR: HTTP error 5", "dial tcp: ", "i/o timeout", "TLS handshake timeout", "502 Bad Gateway",
	"503 Service Unavailable", "connection reset by peer", "error: failed to download from ",
	"error: failed to fetch `", "toomanyrequests", "request canceled",
	"lost communication with the server", "encountered an error while running your job",
	"received a shutdown signal", "API rate limit exceeded for ", "secondary rate limit",
	"Failed to restore: ", "Failed to save: ", "Cache service responded with 5",
	"exceeded the maximum execution time", " has timed out after ", "o space left on device",
	"JavaScript heap out of memory", "exit code 137", "The operation was canceled.",
	"Out of memory: Killed", "Killed", "Cannot allocate memory", NULL };

static const struct reading examples[] = {
	{
		.name = "curl",
		.log = "curl: (6) Could not resolve host: nosuch.example\n",
		.expect = { .kind = KIND_INFRA, .tool = "curl", .type = "6", .error_line = 1,
			    .transient = true },
	},
	{
		.name = "git",
		.log = "Cloning into 'x'...\nfatal: unable to access 'https://nosuch.example/x.git/': Could "
		       "not resolve host: nosuch.example\n",
		.expect = { .kind = KIND_INFRA, .tool = "git", .type = "DNS", .error_line = 2,
			    .transient = true },
	},
	{
		.name = "npm",
		.log =
		"npm error code ECONNREFUSED\n"
		"npm error syscall connect\n"
		"npm error errno ECONNREFUSED\n"
		"npm error FetchError: request to http://127.0.0.1:9/left-pad failed, reason: "
		"connect ECONNREFUSED 127.0.0.1:9\n",
		.expect = { .kind = KIND_INFRA, .tool = "npm", .error_line = 1, .transient = true },
	},
	{
		.name = "the module proxy",
		.log = "go: github.com/stretchr/testify@v1.8.4: Get \"https://proxy.golang.org/github.com/"
		       "stretchr/testify/@v/v1.8.4.info\": dial tcp: lookup proxy.golang.org: no such "
		       "host\n",
		.expect = { .kind = KIND_INFRA, .tool = "go", .error_line = 1, .transient = true },
	},
	{
		.name = "no space",
		.log = "dd: error writing '/tmp/x': No space left on device\n",
		.expect = { .kind = KIND_RESOURCE, .type = "no space", .transient = true },
	},
	{
		.name = "killed",
		.log = "bash: line 1:  4242 Killed                  ./big\n"
		       "##[error]Process completed with exit code 137.\n",
		.expect = { .kind = KIND_RESOURCE, .type = "killed", .error_line = 1,
			    .transient = true },
	},
	{
		.name = "the runner went away",
		.log = "##[error]The runner has received a shutdown signal. This can happen when the runner "
		       "service is stopped, or a manually started runner is canceled.\n",
		.expect = { .kind = KIND_INFRA, .tool = "actions", .type = "shutdown",
			    .transient = true },
	},
	{
		.name = "a job that takes too long will do so again",
		.log = "##[error]The job running on runner GitHub Actions 2 has exceeded the maximum "
		       "execution time of 360 minutes.\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "actions", .type = "job time" },
	},
	{
		.name = "words in a test's message",
		.log = "    assert str(e) == 'connect ECONNREFUSED 127.0.0.1:80'\n"
		       "expected \"npm ERR! code ECONNRESET\" to be shown\n"
		       "remote: Permission to o/r.git denied to bot.\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_transient = {
	.name = "transient",
	.wake = wake,
	.line = line,
	.examples = examples,
};
