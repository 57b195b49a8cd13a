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

struct drift {
	const char *name, *pattern, *other;
};

static const struct drift drifts[] = {
	{ "time stamps", "^(?:" STAMP ")?", "2031-11-12T13:14:15.7654321Z " },
	{ "colours", "^((?:" STAMP ")?+)(?!##\\[)(?=[^\\r\\n])([^\\r\\n]+)", "$1\x1b[1;31m$2\x1b[0m" },
	{ "colours within", "\\b(error|Error|FAIL|failed)\\b", "\x1b[01;31m\x1b[K$1\x1b[m\x1b[K" },
	{ "carriage returns", "\\r?\\n", "\r\n" },
	{ "byte order marks", "^", "\xef\xbb\xbf" },
	{ "a step's markers", "\\A", "##[group]Run ./other.sh\n./other.sh\nshell: bash\n##[endgroup]\n" },
	{ "another runner and branch", "\\A", PREAMBLE },
	{ "addresses", "\\b0x[0-9a-fA-F]{3,}", "0x5fe01a2b3c" },
	{ "offsets", "\\+0x[0-9a-fA-F]+", "+0x4d2" },
	{ "objects' addresses", "(#<[\\w:]+:|@)0?x?[0-9a-f]*\\d[0-9a-f]{6,}\\b", "${1}0x00007f0b3c5d6e80" },
	{ "process ids", "(\\bpid[ =:]+|==|\\bprocess |\\bPID[ =:]+)\\d+", "${1}98765" },
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
	{ "lines after a colon", "(\\.(?:py|rb|go|rs|c|cc|cpp|h|hpp|js|ts|tsx|mjs|java|kt|php|cs|sh|swift|"
	  "dart|scala|ex|exs|hs|lua|pl):)(\\d{1,4})\\b", "${1}1$2" },
	{ "lines in words", "(\\bline )(\\d{1,4})\\b(?! column)", "${1}1$2" },
	{ "lines in brackets", "(\\.(?:ts|tsx|cs|vb|fs|cpp|c|h)\\()(\\d{1,4})(?=[,)])", "${1}1$2" },
	{ "workspace of a container", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "/__w/fork/fork/" },
	{ "workspace of an action", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "/github/workspace/" },
	{ "workspace of macOS", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "/Users/runner/work/fork/fork/" },
	{ "workspace of Windows", "/home/runner/work/[\\w.-]+/[\\w.-]+/", "D:\\\\a\\\\fork\\\\fork\\\\" },
};
enum { DRIFTS = sizeof(drifts) / sizeof(drifts[0]) };

/* Everywhere; *changed says whether the log is another one now. */
static inline struct str drift_apply(struct arena *a, const struct drift *drift, struct str log,
				     bool *changed)
{
	static pcre2_code *codes[64];
	size_t at = (size_t)(drift - drifts), size = log.size * 3 + 65536;
	PCRE2_SIZE where;
	int error, done;
	char *out;

	if (at >= DRIFTS)
		abort();
	if (!codes[at]) {
		codes[at] = pcre2_compile((PCRE2_SPTR)drift->pattern, PCRE2_ZERO_TERMINATED,
					  PCRE2_MULTILINE, &error, &where, NULL);
		if (!codes[at] || pcre2_jit_compile(codes[at], PCRE2_JIT_COMPLETE))
			abort();
	}
	for (;; size *= 2) {
		size_t room = size;

		out = arena_alloc(a, size);
		done = pcre2_substitute(codes[at], (PCRE2_SPTR)log.at, log.size, 0,
					PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_EXTENDED |
					PCRE2_SUBSTITUTE_UNSET_EMPTY, NULL, NULL,
					(PCRE2_SPTR)drift->other, PCRE2_ZERO_TERMINATED,
					(PCRE2_UCHAR *)out, &room);
		if (done != PCRE2_ERROR_NOMEMORY) {
			if (done < 0)
				abort();
			*changed = done > 0;
			return (struct str){ out, room };
		}
	}
}

#endif
