/*
 * What a rerun, another runner or an edit elsewhere changes in a log while the fault stays the same:
 * named changes, each a pattern and what comes in its place. For the tests of signatures.
 */
#ifndef TESTS_DRIFT_H
#define TESTS_DRIFT_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#define STAMP "(?:\\x{ef}\\x{bb}\\x{bf})?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z "
#define PREAMBLE "Current runner version: '2.999.1'\n##[group]Runner Image\nImage: ubuntu-99.04\n" \
	"##[endgroup]\nRunner name: 'GitHub Actions 77'\n##[group]Getting Git version info\n" \
	"[command]/usr/bin/git checkout --progress --force -B other refs/remotes/origin/other\n" \
	"##[endgroup]\n"

#define ENDINGS "py|rb|go|rs|c|cc|cpp|h|hpp|js|ts|tsx|mjs|java|kt|php|cs|sh|swift|dart|scala|exs?|hs|lua|pl"
#define TOKEN "ghp_0123456789abcdefABCDEF0123456789abcd"

struct drift {
	const char *name, *pattern, *other;
};

static const char windows[] = "D:\\a\\fork\\fork\\";

static const struct drift drifts[] = {
	{ "time stamps", "^(?:" STAMP ")?", "2031-11-12T13:14:15.7654321Z " },
	{ "colours", "^((?:" STAMP ")?+)(?!##\\[)(?=[^\\r\\n])([^\\r\\n]+)", "$1\x1b[1;31m$2\x1b[0m" },
	{ "colours within", "\\b(error|Error|FAIL|failed)\\b", "\x1b[01;31m\x1b[K$1\x1b[m\x1b[K" },
	{ "carriage returns", "\\r?\\n", "\r\n" },
	{ "byte order marks", "^", "\xef\xbb\xbf" },
	{ "a step's markers", "\\A", "##[group]Run ./other.sh\n./other.sh\nshell: bash\n##[endgroup]\n" },
	{ "another runner and branch", "\\A", PREAMBLE },
	{ "addresses", "\\b0x(?!0*[0-9a-fA-F]{0,3}\\b)[0-9a-fA-F]{3,}", "0x5fe01a2b3c" },
	{ "offsets", "\\+0x[0-9a-fA-F]+", "+0x4d2" },
	{ "objects' addresses", "(#<[\\w:]+:|@)0?x?[0-9a-f]*\\d[0-9a-f]{6,}\\b", "${1}0x00007f0b3c5d6e80" },
	{ "process ids", "(\\bpid[ =:]+|==(?=\\d+==)|\\bprocess |\\bPID[ =:]+)\\d+", "${1}98765" },
	{ "ports", "(127\\.0\\.0\\.1|localhost|\\[::1\\]):\\d+", "$1:45678" },
	{ "temporary folders", "(?<![\\w/.])/tmp/[\\w.-]+/", "/tmp/tmp4xq8z1vw/" },
	{ "temporary names", "\\btmp(?=[a-z_]*\\d)[a-z0-9_]{8}\\b", "tmpq9w8e7r6" },
	{ "temporary scripts", "_temp/[0-9a-f-]{36}", "_temp/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" },
	{ "linkers' temporary files", "/tmp/cc\\w{6}\\.", "/tmp/ccZ9y8X7." },
	{ "durations", "\\b\\d+\\.\\d+( ?m?s)\\b", "98.76$1" },
	{ "durations in words", "\\b\\d+\\.\\d+ (seconds|sec|ms)\\b", "98.76 $1" },
	{ "dates", "\\b20\\d\\d-[01]\\d-[0-3]\\d(?!T)\\b", "2031-10-11" },
	{ "clocks", "(?<![\\d.:T])[012]\\d:[0-5]\\d:[0-5]\\d(?![\\d:])", "13:14:15" },
	{ "UUIDs", "\\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\\b",
	  "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" },
	{ "commits", "\\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\\d)[0-9a-f]{40}\\b",
	  "89abcdef0123456789abcdef0123456789abcdef" },
	{ "symbol hashes", "::h[0-9a-f]{16}\\b", "::h0fedcba987654321" },
	{ "request ids", "((?i:request.?id)[\"']?[ :=]+[\"']?)[\\w-]+", "${1}Z9Y8-X7W6V5" },
	{ "goroutines", "\\bgoroutine \\d+", "goroutine 4711" },
	{ "threads of a panic", "(thread '[^']+') \\(\\d+\\)", "$1 (98765)" },
	{ "lines", "(\\.(?:" ENDINGS "):|\\bline |\\.(?:ts|tsx|cs|vb|fs|cpp|c|h|php)\\((?=\\d+[,)]))(\\d{1,4})\\b",
	  "${1}1$2" },
	{ "workspace of a container", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "/__w/fork/fork/" },
	{ "workspace of an action", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "/github/workspace/" },
	{ "workspace of macOS", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "/Users/runner/work/fork/fork/" },
	{ "workspace of a self-hosted runner", "/home/runner/work/[\\w.-]+/[\\w.-]+/",
	  "/home/ubuntu/actions-runner/_work/fork/fork/" },
	{ "workspace of Windows", "(file://)?/home/runner/work/[\\w.-]+/[\\w.-]+/",
	  "${1:+file\\:///D\\:/a/fork/fork/:D\\:\\\\a\\\\fork\\\\fork\\\\}" },
	{ "a person's folder", "/home/(?!runner/work)[\\w-]+/", "/home/builder/" },
	{ "job and step of a download", "^(?:" STAMP ")?", "build (3.12)\tRun tests\t2031-11-12T13:14:15.7654321Z " },
	{ "columns", "(\\.(?:" ENDINGS "):\\d{1,4}:)(\\d{1,3})\\b", "${1}1$2" },
	{ "line numbers of an excerpt", "^( *>? *)(\\d{1,4})( +\\| )", "${1}1$2$3" },
	{ "patch versions", "(?<![\\w./-])(v?\\d+)\\.\\d+\\.\\d+(?![\\w.-])", "$1.98.97" },
	{ "threads of a pool", "\\b(pool-|Thread-|gw)\\d+", "${1}97" },
	{ "node's own number", "\\(node:\\d+\\)", "(node:98765)" },
	{ "machines' addresses", "(?<![\\w.])(?:10|172|192)\\.\\d+\\.\\d+\\.\\d+(?![\\w.])", "10.98.76.54" },
	{ "more tests elsewhere", "\\b(\\d+)( passed| passing)\\b", "1$1$2" },
	{ "depth of make", "\\bmake(?:\\[\\d+\\])?: \\*", "make[7]: *" },
	{ "seeds", "(\\b[sS]eed[ =:]+)\\d+", "${1}98765" },
	{ "a masked secret", "(https?://)(?=\\w)", "$1bot:***@" },
	{ "a redacted secret", "(https?://)(?=\\w)", "$1bot:[REDACTED:github-token]@" },
	{ "a secret in a message", "(?<!exception )'[\\w./-]+'(?!, line)", "'***'" },
};
enum { DRIFTS = sizeof(drifts) / sizeof(drifts[0]) };

static inline struct str drift_replace(struct arena *a, const pcre2_code *code, struct str log,
				       const char *by, bool *changed)
{
	for (size_t size = log.size * 3 + 65536;; size *= 2) {
		size_t room = size;
		char *out = arena_alloc(a, size);
		int done = pcre2_substitute(code, (PCRE2_SPTR)log.at, log.size, 0,
					    PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_EXTENDED |
					    PCRE2_SUBSTITUTE_UNSET_EMPTY, NULL, NULL, (PCRE2_SPTR)by,
					    PCRE2_ZERO_TERMINATED, (PCRE2_UCHAR *)out, &room);

		if (done == PCRE2_ERROR_NOMEMORY)
			continue;
		if (done < 0)
			abort();
		*changed = done > 0;
		return (struct str){ out, room };
	}
}

/* What stands there at first, where that is not what the log has. */
static const struct {
	const char *name, *one;
} firsts[] = {
	{ "a masked secret", "$1bot:" TOKEN "@" },
	{ "a redacted secret", "$1bot:" TOKEN "@" },
	{ "a secret in a message", "'" TOKEN "'" },
};

static inline const char *drift_first(const struct drift *drift)
{
	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (!strcmp(firsts[i].name, drift->name))
			return firsts[i].one;
	return NULL;
}

/* The paths behind that workspace get their backslashes. */
static inline void drift_turn(struct arena *a, struct str *log)
{
	struct str text = str_copy(a, *log), rest = text, path;

	while (str_split(rest, windows, NULL, &rest)) {
		path = rest;
		for (size_t i = 0; i < path.size && path.at[i] && !strchr(" \"'():;,\t\n\r", path.at[i]); i++)
			if (path.at[i] == '/')
				((char *)(uintptr_t)path.at)[i] = '\\';
	}
	*log = text;
}

/* The log before and after the change, everywhere it applies. False: it applies nowhere. */
static inline bool drift_apply(struct arena *a, const struct drift *drift, struct str *one,
			       struct str *other)
{
	static pcre2_code *codes[DRIFTS];
	size_t at = (size_t)(drift - drifts);
	struct str log = *one;
	PCRE2_SIZE where;
	bool changed;
	int error;

	if (!codes[at]) {
		codes[at] = pcre2_compile((PCRE2_SPTR)drift->pattern, PCRE2_ZERO_TERMINATED,
					  PCRE2_MULTILINE, &error, &where, NULL);
		if (!codes[at] || pcre2_jit_compile(codes[at], PCRE2_JIT_COMPLETE))
			abort();
	}
	*other = drift_replace(a, codes[at], log, drift->other, &changed);
	if (changed && drift_first(drift))
		*one = drift_replace(a, codes[at], log, drift_first(drift), &changed);
	if (changed && !strcmp(drift->name, "workspace of Windows"))
		drift_turn(a, other);
	return changed;
}

#endif
