/*
 * Python's own tracebacks: of programs that died, and of those that logged one. Tracebacks inside
 * the reports of pytest and unittest are left to their readers, which know the test. A traceback
 * in the output of a test run that went on is only a hint: somebody caught and printed it.
 */
#include "ci/python.h"

enum { LOOSE_MAX = 32, REPORT_LINES_MAX = 200000 };

enum within { WITHIN_NOTHING, WITHIN_PYTEST, WITHIN_UNITTEST };

struct state {
	struct python_trace trace;
	enum within within;
	unsigned long since;		/* the line where the report began */
	unsigned long rule, ignored;	/* lines: "======", "Exception ignored in" */
	struct {
		struct failure *failure;
		unsigned long first_line;
	} loose[LOOSE_MAX];		/* outside of reports, since the last test run ended */
	unsigned loose_count;
};

static bool unittest_begins(const struct state *s, const struct line *line)
{
	struct str test, place;

	return s->rule && s->rule + 1 == line->number &&
	       unittest_head(line->text, &test, &place);
}

/* Whether the line is a test tool's, and so nothing of ours. */
static bool in_report(struct state *s, const struct line *line)
{
	struct pytest_counts counts;
	struct str title;
	unsigned long n;

	if (line->mark == MARK_GROUP || line->mark == MARK_ENDGROUP ||
	    line->number - s->since > REPORT_LINES_MAX)
		s->within = WITHIN_NOTHING;
	if (pytest_section(line->text, &title) && pytest_blocks_title(title))
		s->within = WITHIN_PYTEST;
	else if (unittest_begins(s, line))
		s->within = WITHIN_UNITTEST;
	else if (s->within == WITHIN_PYTEST &&
		 (pytest_counts(line->text, &counts) ||
		  str_has(line->text, "= short test summary info =")))
		s->within = WITHIN_NOTHING;
	else if (s->within == WITHIN_UNITTEST && unittest_ran(line->text, &n))
		s->within = WITHIN_NOTHING;
	else
		return s->within != WITHIN_NOTHING ||
		       str_starts(line->text, "INTERNALERROR>");
	s->since = line->number;
	return s->within != WITHIN_NOTHING;
}

static bool run_ended(const struct line *line)
{
	struct pytest_counts counts;
	unsigned long n;

	return unittest_ran(line->text, &n) || pytest_counts(line->text, &counts);
}

/* The test run went on after these and came to its end. */
static void demote(struct state *s)
{
	for (unsigned i = 0; i < s->loose_count; i++)
		if (s->loose[i].failure->first_line == s->loose[i].first_line)
			s->loose[i].failure->weight = WEIGHT_HINT;
	s->loose_count = 0;
}

static void remember(struct state *s)
{
	struct failure *failure = s->trace.failure;

	if (!failure || s->loose_count == LOOSE_MAX ||
	    (s->loose_count && s->loose[s->loose_count - 1].failure == failure))
		return;
	s->loose[s->loose_count].failure = failure;
	s->loose[s->loose_count++].first_line = failure->first_line;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool report = in_report(s, line);

	if (unittest_rule(line->text, '='))
		s->rule = line->number;
	if (report) {
		python_trace_end(&s->trace, f);
		return AWAKE;
	}
	if (run_ended(line)) {
		python_trace_end(&s->trace, f);
		demote(s);
		return ASLEEP;
	}
	if (str_has(line->text, "Exception ignored in: "))
		s->ignored = line->number;
	s->trace.tool = "python";
	if (s->trace.stage == TRACE_NONE)
		s->trace.weight = s->ignored && s->ignored + 1 == line->number ? WEIGHT_HINT :
										 WEIGHT_TRACE;
	if (python_trace_line(&s->trace, line, f)) {
		remember(s);
		return AWAKE;
	}
	return s->rule == line->number ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	python_trace_end(&s->trace, f);
}

static const char *const wake[] = {
	"Traceback (most recent call last):", "  File \"", "Exception ignored in: ",
	"= FAILURES =", "= ERRORS =",
	"======================================================================",
	" test in ", " tests in ", " passed in ", " passed, ", " failed in ", " failed, ",
	" skipped in ", " error in ", " errors in ", " warning in ", " warnings in ", NULL,
};

static const struct reading examples[] = {
	{
		.name = "a script whose command failed: that one said why",
		.log =
		"/tmp/shop/x.c:1:9: error: 'y' undeclared here (not in a function)\n"
		"    1 | int x = y;\n      |         ^\nTraceback (most recent call last):\n"
		"  File \"/tmp/shop/b.py\", line 2, in <module>\n"
		"    subprocess.check_call([\"gcc\",\"-c\",\"/tmp/shop/x.c\",\"-o\",\"/dev/null\"])\n"
		"  File \"/usr/lib/python3.11/subprocess.py\", line 413, in check_call\n"
		"    raise CalledProcessError(retcode, cmd)\n"
		"subprocess.CalledProcessError: Command '['gcc', '-c', '/tmp/shop/x.c', '-o', "
		"'/dev/null']' returned non-zero exit status 1.\n",
		.expect = { .kind = KIND_COMPILE, .tool = "gcc", .error_line = 1 },
	},
	{
		.name = "a traceback with markers",
		.log = "starting\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/zero.py\", line 4, in <module>\n"
			"    print(total([]))\n          ^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 10, in total\n"
			"    return mean([item[\"price\"] for item in items])\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 6, in mean\n"
			"    return sum(prices) / len(prices)\n"
			"           ~~~~~~~~~~~~^~~~~~~~~~~~~\n"
			"ZeroDivisionError: division by zero\n",
		.files = (const char *const[]){ "run/zero.py", "shop/cart.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "ZeroDivisionError", .message = "division by zero",
			    .file = "shop/cart.py", .function = "mean", .line = 6,
			    .error_line = 12 },
	},
	{
		.name = "an exception with a direct cause",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 15, in load\n"
			"    return int(path)\n           ^^^^^^^^^\n"
			"ValueError: invalid literal for int() with base 10: 'x1'\n\n"
			"The above exception was the direct cause of the following exception:\n\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/cause.py\", line 3, in <module>\n"
			"    load(\"x1\")\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 17, in load\n"
			"    raise CartError(\"cannot load %s\" % path) from e\n"
			"shop.cart.CartError: cannot load x1\n",
		.files = (const char *const[]){ "run/cause.py", "shop/cart.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "shop.cart.CartError", .message = "cannot load x1",
			    .file = "shop/cart.py", .function = "load", .line = 17,
			    .error_line = 14 },
	},
	{
		.name = "an exception while another was handled",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 22, in close\n"
			"    return int(path)\n           ^^^^^^^^^\n"
			"ValueError: invalid literal for int() with base 10: 'x1'\n\n"
			"During handling of the above exception, another exception occurred:\n\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/during.py\", line 3, in <module>"
			"\n    close(\"x1\")\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 24, in close\n"
			"    return {}[\"state\"]\n           ~~^^^^^^^^^\nKeyError: 'state'\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "KeyError", .message = "'state'", .function = "close",
			    .line = 24, .error_line = 15 },
	},
	{
		.name = "an endless recursion",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/deep.py\", line 3, in <module>\n"
			"    deep(0)\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 28, in deep\n"
			"    return deep(n + 1)\n           ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 28, in deep\n"
			"    return deep(n + 1)\n           ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 28, in deep\n"
			"    return deep(n + 1)\n           ^^^^^^^^^^^\n"
			"  [Previous line repeated 996 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "RecursionError", .function = "deep", .line = 28,
			    .error_line = 14 },
	},
	{
		.name = "an exception group",
		.log = "  + Exception Group Traceback (most recent call last):\n"
			"  |   File \"/home/runner/work/shop/shop/run/group.py\", line 15, in <modu"
			"le>\n  |     main()\n"
			"  |   File \"/home/runner/work/shop/shop/run/group.py\", line 13, in main"
			"\n"
			"  |     raise ExceptionGroup(\"two checks failed\", errors)\n"
			"  | ExceptionGroup: two checks failed (2 sub-exceptions)\n"
			"  +-+---------------- 1 ----------------\n"
			"    | Traceback (most recent call last):\n"
			"    |   File \"/home/runner/work/shop/shop/run/group.py\", line 10, in mai"
			"n\n    |     check(n)\n"
			"    |   File \"/home/runner/work/shop/shop/run/group.py\", line 4, in chec"
			"k\n    |     raise TypeError(\"bad %d\" % n)\n    | TypeError: bad 1\n"
			"    +---------------- 2 ----------------\n"
			"    | Traceback (most recent call last):\n"
			"    |   File \"/home/runner/work/shop/shop/run/group.py\", line 10, in mai"
			"n\n    |     check(n)\n"
			"    |   File \"/home/runner/work/shop/shop/run/group.py\", line 3, in chec"
			"k\n    |     raise ValueError(\"bad 2\")\n    | ValueError: bad 2\n"
			"    +------------------------------------\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "TypeError", .message = "bad 1", .function = "check",
			    .line = 4, .error_line = 13 },
	},
	{
		.name = "a syntax error of the program itself",
		.log = "  File \"/home/runner/work/shop/shop/run/syntax.py\", line 1\n"
			"    def f(:\n          ^\nSyntaxError: invalid syntax\n",
		.files = (const char *const[]){ "run/syntax.py", NULL },
		.expect = { .kind = KIND_COMPILE, .language = "python", .tool = "python",
			    .type = "SyntaxError", .message = "invalid syntax",
			    .file = "run/syntax.py", .line = 1, .error_line = 4 },
	},
	{
		.name = "a wrong indent",
		.log = "  File \"/home/runner/work/shop/shop/run/indent.py\", line 2\n"
			"    return 1\n    ^\n"
			"IndentationError: expected an indented block after function definition on "
			"line 1\n",
		.expect = { .kind = KIND_COMPILE, .language = "python", .tool = "python",
			    .type = "IndentationError",
			    .message = "expected an indented block after function definition on line 1",
			    .file = "/home/runner/work/shop/shop/run/indent.py", .line = 2,
			    .error_line = 4 },
	},
	{
		.name = "a syntax error in an imported file",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/impsyntax.py\", line 1, in <modul"
			"e>\n    import run.syntax\n"
			"  File \"/home/runner/work/shop/shop/run/syntax.py\", line 1\n"
			"    def f(:\n          ^\nSyntaxError: invalid syntax\n",
		.files = (const char *const[]){ "run/syntax.py", "run/impsyntax.py", NULL },
		.expect = { .kind = KIND_COMPILE, .language = "python", .tool = "python",
			    .type = "SyntaxError", .file = "run/syntax.py", .line = 1,
			    .error_line = 7 },
	},
	{
		.name = "a missing module",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/missing.py\", line 2, in <module>"
			"\n    import requests_toolbelt_x\n"
			"ModuleNotFoundError: No module named 'requests_toolbelt_x'\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "python", .tool = "python",
			    .type = "ModuleNotFoundError",
			    .message = "No module named 'requests_toolbelt_x'", .line = 2,
			    .error_line = 4 },
	},
	{
		.name = "a message of many lines",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/multi.py\", line 1, in <module>\n"
			"    raise RuntimeError(\"first line\\n  second line\\n\\nthird line\")\n"
			"RuntimeError: first line\n  second line\n\nthird line\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "RuntimeError", .message = "first line", .line = 1,
			    .error_line = 4 },
	},
	{
		.name = "an exception without a message",
		.log = "Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/bare.py\", line 3, in <module>\n"
			"    raise Stop\nStop\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "Stop", .line = 3, .error_line = 4 },
	},
	{
		.name = "a logged exception, then a thread without space",
		.log = "2026-11-21 10:30:41,541 ERROR could not read\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/run/log.py\", line 4, in <module>\n"
			"    {}[\"k\"]\n    ~~^^^^^\nKeyError: 'k'\n"
			"Exception in thread Thread-1 (work):\nTraceback (most recent call last):\n"
			"  File \"/usr/lib/python3.11/threading.py\", line 1038, in _bootstrap_inne"
			"r\n    self.run()\n"
			"  File \"/usr/lib/python3.11/threading.py\", line 975, in run\n"
			"    self._target(*self._args, **self._kwargs)\n"
			"  File \"/home/runner/work/shop/shop/run/log.py\", line 9, in work\n"
			"    raise OSError(28, \"No space left on device\")\n"
			"OSError: [Errno 28] No space left on device\n",
		.expect = { .kind = KIND_RESOURCE, .language = "python", .tool = "python",
			    .type = "OSError", .message = "[Errno 28] No space left on device",
			    .function = "work", .line = 9, .error_line = 15, .transient = true },
	},
	{
		.name = "the runner's line inside, and every line counted by docker",
		.log = "#16 24.38 starting\n"
			"#16 24.38 Traceback (most recent call last):\n"
			"#16 24.38   File \"/home/runner/work/shop/shop/run/zero.py\", line 4, in <"
			"module>\n#16 24.39     print(total([]))\n"
			"##[error]Process completed with exit code 1.\n"
			"#16 24.39           ^^^^^^^^^\n"
			"#16 24.39   File \"/home/runner/work/shop/shop/shop/cart.py\", line 10, in"
			" total\n"
			"#16 24.39     return mean([item[\"price\"] for item in items])\n"
			"#16 24.40            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"#16 24.40   File \"/home/runner/work/shop/shop/shop/cart.py\", line 6, in "
			"mean\n"
			"#16 24.40     return sum(prices) / len(prices)\n"
			"#16 24.40            ~~~~~~~~~~~~^~~~~~~~~~~~~\n"
			"#16 24.41 ZeroDivisionError: division by zero\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "python",
			    .type = "ZeroDivisionError", .message = "division by zero",
			    .function = "mean", .line = 6, .error_line = 13 },
	},
	{0}
};

const struct reader reader_python = {
	.name = "python",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
