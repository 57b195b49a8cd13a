/*
 * Failures of the world around a build: downloads, memory, disk. Every row is the wording of one
 * tool, so that a test which merely prints ECONNREFUSED is not taken for one. Permissions and
 * missing things (401, 403, 404) never pass by themselves. What git, docker, package managers and
 * the runner say is read next door.
 */
#include "ci/form.h"

#include "ci/trace.h"

/* Another try may reach it. Retries may also have helped already: hence no more than a hint. */
#define NETWORK(words, more, whose, what) \
	{ .start = words, .and = more, .tool = whose, .type = what, .kind = KIND_INFRA, \
	  .weight = WEIGHT_HINT, .transient = true, .skip = "error: command: " }
/* The same, but what the line says of its reason goes before. */
#define JUDGED(words, more, whose, what) \
	{ .start = words, .and = more, .tool = whose, .type = what, .kind = KIND_INFRA, \
	  .weight = WEIGHT_HINT, .transient = true, .judge = JUDGE_NETWORK }
/* Another runner may have more room. */
#define ROOM(words, more, whose, what) \
	{ .place = FORM_ANYWHERE, .start = words, .and = more, .tool = whose, .type = what, \
	  .kind = KIND_RESOURCE, .weight = WEIGHT_FAILURE, .transient = true }
/* The program wants more than it may have: it will again. */
#define GREED(words, more, whose, what) \
	{ .place = FORM_ANYWHERE, .start = words, .and = more, .tool = whose, .type = what, \
	  .kind = KIND_RESOURCE, .weight = WEIGHT_FAILURE }

static const struct form forms[] = {
	NETWORK("npm ERR! code ", "ECONNRESET", "npm", "ECONNRESET"),
	NETWORK("npm ERR! code ", "ETIMEDOUT", "npm", "ETIMEDOUT"),
	NETWORK("npm ERR! code ", "ECONNREFUSED", "npm", "ECONNREFUSED"),
	NETWORK("npm ERR! code ", "EAI_AGAIN", "npm", "EAI_AGAIN"),
	NETWORK("npm ERR! code ", "ENOTFOUND", "npm", "ENOTFOUND"),
	NETWORK("npm ERR! code ", "ERR_SOCKET_TIMEOUT", "npm", "ERR_SOCKET_TIMEOUT"),
	NETWORK("npm ERR! code ", "E429", "npm", "E429"),
	NETWORK("npm ERR! code ", "E50", "npm", "E50x"),
	NETWORK("npm ERR! ", "network socket hang up", "npm", "socket hang up"),
	NETWORK("npm error code ", "ECONNRESET", "npm", "ECONNRESET"),
	NETWORK("npm error code ", "ETIMEDOUT", "npm", "ETIMEDOUT"),
	NETWORK("npm error code ", "ECONNREFUSED", "npm", "ECONNREFUSED"),
	NETWORK("npm error code ", "EAI_AGAIN", "npm", "EAI_AGAIN"),
	NETWORK("npm error code ", "ENOTFOUND", "npm", "ENOTFOUND"),
	NETWORK("npm error code ", "E429", "npm", "E429"),
	NETWORK("npm error code ", "E50", "npm", "E50x"),
	NETWORK("error An unexpected error occurred: \"https://", "ETIMEDOUT", "yarn", "ETIMEDOUT"),
	NETWORK("error An unexpected error occurred: \"https://", "ECONNRESET", "yarn", "ECONNRESET"),
	NETWORK("ERR_PNPM_META_FETCH_FAIL", NULL, "pnpm", "fetch"),
	NETWORK("curl: (6)", NULL, "curl", "6"),
	NETWORK("curl: (7)", NULL, "curl", "7"),
	NETWORK("curl: (18)", NULL, "curl", "18"),
	NETWORK("curl: (28)", NULL, "curl", "28"),
	NETWORK("curl: (35)", NULL, "curl", "35"),
	NETWORK("curl: (52)", NULL, "curl", "52"),
	NETWORK("curl: (56)", NULL, "curl", "56"),
	NETWORK("curl: (92)", NULL, "curl", "92"),
	NETWORK("curl: (22) The requested URL returned error: 5", NULL, "curl", "5xx"),
	NETWORK("curl: (22) The requested URL returned error: 429", NULL, "curl", "429"),
	NETWORK("wget: unable to resolve host address", NULL, "wget", "DNS"),
	NETWORK("ERROR: ", "error fetching url", "wget", "fetch"),
	/* A refusal is not the network's: the same address answers the same tomorrow. */
	{ .start = "curl: (22) The requested URL returned error: ", .tool = "curl", .type = "HTTP error",
	  .kind = KIND_CONFIG, .weight = WEIGHT_HINT, .judge = JUDGE_NETWORK },
	{ .start = "curl: (60) ", .tool = "curl", .type = "certificate", .kind = KIND_CONFIG,
	  .weight = WEIGHT_HINT },
	/* Go's downloads, whichever of its commands does them. */
	JUDGED("go: ", "dial tcp", "go", "connect"),
	JUDGED("go: ", "i/o timeout", "go", "timeout"),
	JUDGED("go: ", "TLS handshake timeout", "go", "TLS"),
	JUDGED("go: ", "502 Bad Gateway", "go", "5xx"),
	JUDGED("go: ", "503 Service Unavailable", "go", "5xx"),
	JUDGED("go: ", "connection reset by peer", "go", "reset"),
	{ .place = FORM_ANYWHERE, .start = "dial tcp: lookup ", .and = ": no such host", .tool = "go",
	  .type = "DNS", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	/* GitHub's limits stand in JSON, behind "gh: ", behind "HttpError: ". */
	{ .place = FORM_ANYWHERE, .start = "API rate limit exceeded for ", .tool = "github",
	  .type = "rate limit", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	{ .place = FORM_ANYWHERE, .start = "API rate limit already exceeded for ", .tool = "github",
	  .type = "rate limit", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	{ .place = FORM_ANYWHERE, .start = "You have exceeded a secondary rate limit",
	  .tool = "github", .type = "rate limit", .kind = KIND_INFRA, .weight = WEIGHT_HINT,
	  .transient = true },
	ROOM("System.IO.IOException: No space left on device", NULL, "actions", "no space"),
	ROOM(": No space left on device", NULL, "system", "no space"),
	ROOM("ENOSPC: no space left on device", NULL, "node", "no space"),
	ROOM("no space left on device", "write ", "system", "no space"),
	ROOM("Out of memory: Killed process ", NULL, "kernel", "out of memory"),
	ROOM("fatal error: Killed signal terminated program ", NULL, "gcc", "killed"),
	ROOM("internal compiler error: Killed (program ", NULL, "gcc", "killed"),
	ROOM("Cannot allocate memory", "fork", "system", "out of memory"),
	ROOM("virtual memory exhausted: Cannot allocate memory", NULL, "system", "out of memory"),
	ROOM(": signal: killed", NULL, "go", "killed"),
	ROOM("(signal: 9, SIGKILL: kill)", NULL, "rustc", "killed"),
	ROOM("LLVM ERROR: out of memory", NULL, "llvm", "out of memory"),
	GREED("FATAL ERROR: ", "JavaScript heap out of memory", "node", "heap"),
	GREED("fatal error: runtime: out of memory", NULL, "go", "out of memory"),
	{ .place = FORM_SAID, .start = "Process completed with exit code 137", .tool = "actions",
	  .type = "137", .kind = KIND_RESOURCE, .weight = WEIGHT_SUMMARY, .transient = true },
	/* "timeout 60 make": it says nothing else. */
	{ .place = FORM_SAID, .start = "Process completed with exit code 124", .tool = "actions",
	  .type = "124", .kind = KIND_TIMEOUT, .weight = WEIGHT_SUMMARY },
};

/* "./run.sh: line 3:  4242 Killed    ./big", or the word alone */
static bool killed(const struct line *line, struct findings *f)
{
	static const struct form form = ROOM("", NULL, "system", "killed");
	struct str text = str_trim(line->text), rest;
	unsigned long n;

	if (str_split(text, ": line ", NULL, &rest) && str_take_number(&rest, &n) && str_skip(&rest, ":")) {
		rest = str_trim(rest);
		if (!str_take_number(&rest, &n) || !str_starts(str_trim(rest), "Killed "))
			return false;
	} else if (!str_is(text, "Killed")) {
		return false;
	}
	form_report(&form, line, f);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	(void)state;
	if (!killed(line, f))
		form_line(FORMS(forms), line, f);
	return ASLEEP;
}

static const char *const wake[] = { "npm ERR! code ", "npm ERR! network", "npm error code ",
	"error An unexpected error occurred: ", "ERR_PNPM_META_FETCH_FAIL", "curl: (",
	"wget: unable to resolve", "error fetching url", "dial tcp", "i/o timeout",
	"TLS handshake timeout", "502 Bad Gateway", "503 Service Unavailable",
	"connection reset by peer", "API rate limit exceeded for ",
	"API rate limit already exceeded for ", "secondary rate limit", "o space left on device",
	"JavaScript heap out of memory", "exit code 137", "exit code 124", "Out of memory: Killed",
	"Killed", "annot allocate memory", ": signal: killed", "SIGKILL: kill",
	"LLVM ERROR: out of memory", "runtime: out of memory", NULL };

static const struct reading examples[] = {
	{
		.name = "curl",
		.log = "curl: (6) Could not resolve host: nosuch.example\n",
		.expect = { .kind = KIND_INFRA, .tool = "curl", .type = "6", .error_line = 1,
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
		.name = "the module proxy, at the import that needs it",
		.log = "go: downloading github.com/pkg/errors v0.9.1\n"
		       "main.go:3:8: github.com/pkg/errors@v0.9.1: Get \"https://proxy.golang.org/github.com"
		       "/pkg/errors/@v/v0.9.1.zip\": dial tcp: lookup proxy.golang.org on 10.255.255.53:53:"
		       " no such host\n",
		.expect = { .kind = KIND_INFRA, .tool = "go", .type = "DNS", .error_line = 2,
			    .transient = true },
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
		.name = "GitHub's limit, in the JSON that curl printed",
		.log = "{\n  \"message\": \"API rate limit exceeded for user ID 4242. If you reach out to "
		       "GitHub Support for help, please include the request ID 93C2:95E39\",\n"
		       "  \"status\": \"403\"\n}\n",
		.expect = { .kind = KIND_INFRA, .tool = "github", .type = "rate limit",
			    .error_line = 2, .transient = true },
	},
	{
		.name = "a page that is refused",
		.log = "curl: (22) The requested URL returned error: 403\n"
		       "##[error]Process completed with exit code 22.\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "curl", .type = "403", .error_line = 1 },
	},
	{
		.name = "a time limit of the script's own",
		.log = "running\n##[error]Process completed with exit code 124.\n",
		.expect = { .kind = KIND_TIMEOUT, .type = "124", .error_line = 2 },
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
