/*
 * What stops pytest before or beside its report: a conftest.py that does not load, wrong
 * arguments, an internal error. The report itself is read elsewhere.
 */
#include "ci/pytest.h"

struct state {
	struct pytest_block conftest;
	struct python_trace trace;	/* of an internal error */
};

static const struct {
	const char *start;
	enum kind kind;
} usage[] = {
	{ "ERROR: file or directory not found: ", KIND_CONFIG },
	{ "ERROR: not found: ", KIND_CONFIG },
	{ "ERROR: usage: ", KIND_CONFIG },
	{ "pytest: error: ", KIND_CONFIG },
	{ "__main__.py: error: ", KIND_CONFIG },
};

static void usage_line(const struct line *line, struct findings *f)
{
	struct failure *failure;
	struct str message = line->text;

	for (size_t i = 0; i < sizeof(usage) / sizeof(usage[0]); i++) {
		if (!str_starts(line->text, usage[i].start))
			continue;
		failure = findings_failure(f, usage[i].kind, WEIGHT_FAILURE, line->number);
		failure->language = "python";
		failure->tool = "pytest";
		str_split(line->text, "rror: ", &(struct str){0}, &message);
		str_skip(&message, "ERROR: ");
		failure->message = findings_text(failure, message);
		return;
	}
}

static void conftest_line(struct state *s, const struct line *line, struct findings *f)
{
	struct kept id;

	if (s->conftest.erred && !str_starts(line->text, "E"))
		pytest_close(&s->conftest, f, &id);
	else if (line->number - s->conftest.first > BLOCK_LINES_MAX || line->mark == MARK_GROUP)
		pytest_close(&s->conftest, f, &id);
	else
		pytest_line(&s->conftest, line, f);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->conftest.open)
		conftest_line(s, line, f);
	if (str_starts(line->text, "ImportError while loading conftest") && !s->conftest.open)
		pytest_open(&s->conftest, STR_NONE, line->number);
	if (str_starts(line->text, "INTERNALERROR>")) {
		s->trace.tool = "pytest";
		s->trace.weight = WEIGHT_TRACE + 1;
		python_trace_line(&s->trace, line, f);
	} else if (line->mark != MARK_ERROR) {
		python_trace_end(&s->trace, f);
		usage_line(line, f);
	}
	return s->conftest.open || s->trace.stage != TRACE_NONE ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;
	struct kept id;

	if (s->conftest.open)
		pytest_close(&s->conftest, f, &id);
	python_trace_end(&s->trace, f);
}

static const char *const wake[] = {
	"ImportError while loading conftest", "INTERNALERROR>", "ERROR: file or directory not found: ",
	"ERROR: not found: ", "ERROR: usage: ", "pytest: error: ", "__main__.py: error: ", NULL,
};

static const struct reading examples[] = {
	{
		.name = "a conftest that does not load",
		.log = "ImportError while loading conftest '/home/runner/work/shop/shop/confbad/co"
			"nftest.py'.\nconfbad/conftest.py:1: in <module>\n    import nosuchplugin\n"
			"E   ModuleNotFoundError: No module named 'nosuchplugin'\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "python", .tool = "pytest",
			    .type = "ModuleNotFoundError",
			    .message = "No module named 'nosuchplugin'",
			    .file = "confbad/conftest.py", .line = 1, .error_line = 4 },
	},
	{
		.name = "an internal error",
		.log = "INTERNALERROR> Traceback (most recent call last):\n"
			"INTERNALERROR>   File \"/usr/lib/python3/dist-packages/_pytest/main.py\", "
			"line 270, in wrap_session\n"
			"INTERNALERROR>     session.exitstatus = doit(config, session) or 0\n"
			"INTERNALERROR>                          ^^^^^^^^^^^^^^^^^^^^^\n"
			"INTERNALERROR>     res = hook_impl.function(*args)\n"
			"INTERNALERROR>           ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"INTERNALERROR>   File \"/home/runner/work/shop/shop/confint.py\", line 2, "
			"in pytest_collection_modifyitems\n"
			"INTERNALERROR>     raise RuntimeError(\"plugin broke\")\n"
			"INTERNALERROR> RuntimeError: plugin broke\n\nno tests ran in 0.01s\n\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "RuntimeError", .message = "plugin broke",
			    .function = "pytest_collection_modifyitems", .line = 2,
			    .error_line = 9 },
	},
	{
		.name = "a wrong path",
		.log = "============================= test session starts ========================"
			"======\n"
			"platform linux -- Python 3.11.2, pytest-7.2.1, pluggy-1.0.0+repack\n"
			"rootdir: /home/runner/work/shop/shop\n"
			"plugins: timeout-2.1.0, xdist-3.1.0\ncollected 0 items\n\n"
			"============================ no tests ran in 0.01s ======================="
			"======\n"
			"ERROR: file or directory not found: tests/nothing.py\n\n",
		.expect = { .kind = KIND_CONFIG, .language = "python", .tool = "pytest",
			    .message = "file or directory not found: tests/nothing.py",
			    .error_line = 8 },
	},
	{
		.name = "a marker that is not registered, as the report has it",
		.log = "\n"
			"==================================== ERRORS ============================="
			"=======\n"
			"__________________________ ERROR collecting test_a.py ____________________"
			"______\n"
			"'network' not found in `markers` configuration option\n"
			"=========================== short test summary info ====================="
			"=======\n"
			"ERROR test_a.py\n"
			"!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!"
			"!!!!!\n"
			"1 error in 0.09s\n",
		.expect = { .kind = KIND_CONFIG, .language = "python", .tool = "pytest",
			    .type = "unknown marker", .file = "test_a.py", .test = "test_a.py",
			    .message = "'network' not found in `markers` configuration option",
			    .error_line = 4 },
	},
	{0}
};

const struct reader reader_pytest_start = {
	.name = "pytest_start",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
