/*
 * pytest's report in every traceback style: where the blocks under FAILURES and ERRORS are, the
 * short summary, the counts. The blocks themselves are read next door, in pytest.c. Does not
 * read the dots; of the verbose progress only the FAILED and ERROR lines.
 */
#include "ci/pytest.h"

enum section { SECTION_NONE, SECTION_BLOCKS, SECTION_SUMMARY };
enum { SECTION_LINES_MAX = 500000 };

struct state {
	enum section section;
	unsigned long since;
	struct pytest_block block;
	struct pytest_names names;
};

static void close_block(struct state *s, struct findings *f)
{
	struct pytest_block *b = &s->block;
	struct kept id;

	if (!b->open)
		return;
	pytest_close(b, f, &id);
	pytest_remember(&s->names, b, kept_str(&id));
}

/* Line style: "/x/shop/cart.py:6: ZeroDivisionError: division by zero", and no title. */
static void bare_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str rest, type, message;
	struct place place;

	if (!pytest_place(line->text, &place, &rest) ||
	    !python_error(str_trim(rest), &type, &message))
		return;
	pytest_open(&s->block, STR_NONE, line->number);
	pytest_line(&s->block, line, f);
	close_block(s, f);
}

static void summary_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, id, message, type, rest;
	bool failed = str_skip(&text, "FAILED ") || str_skip(&text, "SUBFAIL ");
	struct failure *failure;

	if (!failed && !str_skip(&text, "ERROR "))
		return;
	/* "FAILED [0.3790s] tests/x.py::test_y": a plugin's duration */
	if (str_starts(text, "[") && str_split(text, "s] ", &id, &rest) && id.size < 16)
		text = rest;
	id = pytest_summary_id(text, &message);
	if (!str_has(id, ".") && !str_has(id, "/"))
		return;
	findings_test_failed(f, id);
	s->names.summarised = true;
	if (pytest_name(&s->names, id, failed) || s->names.blocks)
		return;
	failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_FAILURE, line->number);
	failure->language = "python";
	failure->tool = "pytest";
	failure->test = findings_text(failure, id);
	if (python_error(message, &type, &rest))
		python_set_error(failure, type, rest, line->number);
	else
		failure->message = findings_text(failure, message);
	if (str_starts(message, "assert "))
		failure->kind = KIND_ASSERTION;
}

/* Verbose: "tests/x.py::test_y FAILED   [ 10%]", "[gw0] [ 10%] FAILED tests/x.py::test_y". */
static void progress_line(struct state *s, struct str text, struct findings *f)
{
	struct str before, after;

	if (!str_split(text, " FAILED ", &before, &after) &&
	    !str_split(text, " ERROR ", &before, &after))
		return;
	after = str_trim(after);
	before = str_trim(before);
	if (str_has(before, ".py::") && (!after.size || after.at[0] == '['))
		findings_test_failed(f, before);
	else if (str_ends(before, "%]") && str_has(after, ".py::"))
		findings_test_failed(f, after);
	else
		return;
	s->names.progress = true;
}

static void finish(struct state *s, struct findings *f)
{
	close_block(s, f);
	pytest_tell(&s->names, f);
	s->section = SECTION_NONE;
}

static bool counts_line(struct state *s, const struct line *line, struct findings *f)
{
	struct pytest_counts c;

	if (!pytest_counts(line->text, &c))
		return false;
	finish(s, f);
	findings_framework(f, "pytest");
	findings_counts(f, c.passed + c.failed + c.errors + c.xfailed + c.xpassed, c.passed,
			c.failed + c.errors, c.skipped);
	return true;
}

/* A new section, or the end of one. True: the line is used up. */
static bool section_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str title;

	if (!pytest_section(line->text, &title))
		return false;
	close_block(s, f);
	s->since = line->number;
	s->section = pytest_blocks_title(title) ? SECTION_BLOCKS :
		     str_is(title, "short test summary info") ? SECTION_SUMMARY : SECTION_NONE;
	if (s->section != SECTION_NONE || str_is(title, "test session starts"))
		findings_framework(f, "pytest");
	return true;
}

static void in_section(struct state *s, const struct line *line, struct findings *f)
{
	struct str title;

	if (s->section == SECTION_SUMMARY) {
		summary_line(s, line, f);
	} else if (s->section == SECTION_BLOCKS && pytest_title(line->text, &title)) {
		close_block(s, f);
		pytest_open(&s->block, title, line->number);
	} else if (s->block.open) {
		pytest_line(&s->block, line, f);
	} else {
		bare_line(s, line, f);
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->section != SECTION_NONE &&
	    (line->mark == MARK_GROUP || line->number - s->since > SECTION_LINES_MAX))
		finish(s, f);
	if (counts_line(s, line, f) || section_line(s, line, f))
		return s->section == SECTION_NONE ? ASLEEP : AWAKE;
	if (s->section == SECTION_NONE)
		progress_line(s, line->text, f);
	else
		in_section(s, line, f);
	return s->section != SECTION_NONE ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = {
	"= test session starts =", "= FAILURES =", "= ERRORS =", "= short test summary info =",
	" passed in ", " passed, ", " failed in ", " failed, ", " skipped in ", " skipped, ",
	" warning in ", " warnings in ", " error in ", " errors in ", " error, ", "no tests ran in ",
	" deselected in ", " xfailed in ", " xpassed in ", "FAILED", "%] ERROR ", " ERROR  ", NULL,
};

static const struct reading examples[] = {
	{
		.name = "long style",
		.log = "F                                                                        ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"_______________________________ test_total_empty _________________________"
			"______\n\n    def test_total_empty():\n"
			">       assert cart.total([]) == 0\n\ntests/test_cart.py:6: \n"
			"_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ "
			"_ _ _ \nshop/cart.py:10: in total\n"
			"    return mean([item[\"price\"] for item in items])\n"
			"_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ "
			"_ _ _ \n\nprices = []\n\n    def mean(prices):\n"
			">       return sum(prices) / len(prices)\n"
			"E       ZeroDivisionError: division by zero\n\n"
			"shop/cart.py:6: ZeroDivisionError\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/test_cart.py::test_total_empty - ZeroDivisionError: division "
			"by ...\n1 failed in 0.07s\n",
		.files = (const char *const[]){ "shop/cart.py", "tests/test_cart.py",
			"tests/test_setup.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "ZeroDivisionError", .message = "division by zero",
			    .file = "shop/cart.py", .function = "mean",
			    .test = "tests/test_cart.py::test_total_empty", .line = 6,
			    .error_line = 18 },
		.run = 1, .failed = 1,
	},
	{
		.name = "short style, a chain",
		.log = "F                                                                        ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"___________________________ TestLoad.test_load_fails _____________________"
			"______\nshop/cart.py:15: in load\n    return int(path)\n"
			"E   ValueError: invalid literal for int() with base 10: 'x1'\n\n"
			"The above exception was the direct cause of the following exception:\n"
			"tests/test_cart.py:16: in test_load_fails\n"
			"    assert cart.load(\"x1\") == 1\nshop/cart.py:17: in load\n"
			"    raise CartError(\"cannot load %s\" % path) from e\n"
			"E   shop.cart.CartError: cannot load x1\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/test_cart.py::TestLoad::test_load_fails - shop.cart.CartError"
			": c...\n1 failed in 0.02s\n",
		.files = (const char *const[]){ "shop/cart.py", "tests/test_cart.py",
			"tests/test_setup.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "shop.cart.CartError", .message = "cannot load x1",
			    .file = "shop/cart.py", .function = "load",
			    .test = "tests/test_cart.py::TestLoad::test_load_fails", .line = 17,
			    .error_line = 13 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a parameter, and few words",
		.log = ".F                                                                       ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"_______________________________ test_square[2-5] _________________________"
			"______\ntests/test_cart.py:11: in test_square\n"
			"    assert n * n == want, \"square of %d\" % n\n"
			"E   AssertionError: square of 2\nE   assert (2 * 2) == 5\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/test_cart.py::test_square[2-5] - AssertionError: square of 2"
			"\n1 failed, 1 passed in 0.02s\n",
		.expect = { .kind = KIND_ASSERTION, .language = "python", .tool = "pytest",
			    .type = "AssertionError", .message = "square of 2",
			    .file = "tests/test_cart.py", .function = "test_square",
			    .test = "tests/test_cart.py::test_square[2-5]", .line = 11,
			    .error_line = 6 },
		.run = 2, .failed = 1,
	},
	{
		.name = "line style",
		.log = "FF.                                                                      ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"/home/runner/work/shop/shop/tests/test_cart.py:31: RuntimeError: first lin"
			"e\n"
			"/home/runner/work/shop/shop/tests/test_cart.py:19: AssertionError: assert "
			"{'a': 1, 'b': [1, 2]} == {'a': 1, 'b': [1, 3]}\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/test_cart.py::test_multi - RuntimeError: first line\n"
			"FAILED tests/test_cart.py::TestLoad::test_dict - AssertionError: assert {'"
			"a':...\n2 failed, 1 passed in 0.01s\n",
		.files = (const char *const[]){ "shop/cart.py", "tests/test_cart.py",
			"tests/test_setup.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "RuntimeError", .message = "first line",
			    .file = "tests/test_cart.py",
			    .test = "tests/test_cart.py::test_multi", .line = 31, .error_line = 3 },
		.run = 3, .failed = 2,
	},
	{
		.name = "native style",
		.log = "F                                                                        ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"_______________________________ test_total_empty _________________________"
			"______\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/tests/test_cart.py\", line 6, in test"
			"_total_empty\n    assert cart.total([]) == 0\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 10, in total\n"
			"    return mean([item[\"price\"] for item in items])\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 6, in mean\n"
			"    return sum(prices) / len(prices)\n"
			"           ~~~~~~~~~~~~^~~~~~~~~~~~~\n"
			"ZeroDivisionError: division by zero\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/test_cart.py::test_total_empty - ZeroDivisionError: division "
			"by ...\n1 failed in 0.01s\n",
		.files = (const char *const[]){ "shop/cart.py", "tests/test_cart.py",
			"tests/test_setup.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "ZeroDivisionError", .file = "shop/cart.py",
			    .function = "mean", .test = "tests/test_cart.py::test_total_empty",
			    .line = 6, .error_line = 13 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a module is missing",
		.log = "\n"
			"==================================== ERRORS =============================="
			"======\n"
			"__________________ ERROR collecting tests/test_bad_import.py _____________"
			"______\n"
			"ImportError while importing test module '/home/runner/work/shop/shop/tests"
			"/test_bad_import.py'.\n"
			"Hint: make sure your test modules/packages have valid Python names.\n"
			"Traceback:\n"
			"/usr/lib/python3.11/importlib/__init__.py:126: in import_module\n"
			"    return _bootstrap._gcd_import(name[level:], package, level)\n"
			"tests/test_bad_import.py:1: in <module>\n    import nosuchmodule\n"
			"E   ModuleNotFoundError: No module named 'nosuchmodule'\n"
			"=========================== short test summary info ======================"
			"======\nERROR tests/test_bad_import.py\n"
			"!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!"
			"!!!!!!\n1 error in 0.05s\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "python", .tool = "pytest",
			    .type = "ModuleNotFoundError",
			    .message = "No module named 'nosuchmodule'",
			    .file = "tests/test_bad_import.py",
			    .test = "tests/test_bad_import.py", .line = 1, .error_line = 11 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a test file that does not parse",
		.log = "\n"
			"==================================== ERRORS =============================="
			"======\n"
			"__________________ ERROR collecting tests/test_bad_syntax.py _____________"
			"______\n"
			"/usr/lib/python3/dist-packages/_pytest/python.py:618: in _importtestmodule"
			"\n"
			"    mod = import_path(self.path, mode=importmode, root=self.config.rootpat"
			"h)\n"
			"<frozen importlib._bootstrap>:1149: in _find_and_load_unlocked\n    ???\n"
			"/usr/lib/python3.11/ast.py:50: in parse\n"
			"    return compile(source, filename, mode, flags,\n"
			"E     File \"/home/runner/work/shop/shop/tests/test_bad_syntax.py\", line "
			"1\nE       def test_x(:\nE                  ^\n"
			"E   SyntaxError: invalid syntax\n"
			"=========================== short test summary info ======================"
			"======\nERROR tests/test_bad_syntax.py\n"
			"!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!"
			"!!!!!!\n1 error in 0.25s\n\n",
		.files = (const char *const[]){ "tests/test_bad_syntax.py", NULL },
		.expect = { .kind = KIND_COMPILE, .language = "python", .tool = "pytest",
			    .type = "SyntaxError", .message = "invalid syntax",
			    .file = "tests/test_bad_syntax.py",
			    .test = "tests/test_bad_syntax.py", .line = 1, .error_line = 13 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a fixture that is not there",
		.log = "E                                                                        ["
			"100%]\n"
			"==================================== ERRORS =============================="
			"======\n"
			"________________________ ERROR at setup of test_fixture __________________"
			"______\n"
			"file /home/runner/work/shop/shop/tests/test_cart.py, line 26\n"
			"  def test_fixture(nofixture):\nE       fixture 'nofixture' not found\n"
			">       available fixtures: capfd, capfdbinary, caplog, capsys, capsysbina"
			"ry, doctest_namespace, monkeypatch, pytestconfig, record_property, record_"
			"testsuite_property, record_xml_attribute, recwarn, testrun_uid, tmp_path, "
			"tmp_path_factory, tmpdir, tmpdir_factory, worker_id\n"
			">       use 'pytest --fixtures [testpath]' for help on them.\n\n"
			"/home/runner/work/shop/shop/tests/test_cart.py:26\n"
			"=========================== short test summary info ======================"
			"======\nERROR tests/test_cart.py::test_fixture\n1 error in 0.01s\n",
		.files = (const char *const[]){ "shop/cart.py", "tests/test_cart.py",
			"tests/test_setup.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "fixture not found",
			    .message = "fixture 'nofixture' not found",
			    .file = "tests/test_cart.py", .function = "test_fixture",
			    .test = "tests/test_cart.py::test_fixture", .line = 26,
			    .error_line = 6 },
		.run = 1, .failed = 1,
	},
	{
		.name = "no blocks at all",
		.log = "F                                                                        ["
			"100%]\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/test_cart.py::test_raises - Failed: DID NOT RAISE <class 'Key"
			"Err...\n1 failed in 0.01s\n",
		.expect = { .kind = KIND_ASSERTION, .language = "python", .tool = "pytest",
			    .type = "Failed", .test = "tests/test_cart.py::test_raises",
			    .error_line = 3 },
		.run = 1, .failed = 1,
	},
	{
		.name = "no summary",
		.log = "F                                                                        ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"__________________________________ test_fail _____________________________"
			"______\n\n    def test_fail():\n>       pytest.fail(\"not ready\")\n"
			"E       Failed: not ready\n\ntests/test_cart.py:35: Failed\n"
			"1 failed in 0.03s\n",
		.expect = { .kind = KIND_ASSERTION, .language = "python", .tool = "pytest",
			    .type = "Failed", .message = "not ready", .function = "test_fail",
			    .test = "tests/test_cart.py::test_fail", .line = 35, .error_line = 7 },
		.run = 1, .failed = 1,
	},
	{
		.name = "two workers, an error at set-up",
		.log = "============================= test session starts ========================"
			"======\n"
			"platform linux -- Python 3.11.2, pytest-7.2.1, pluggy-1.0.0+repack -- /usr"
			"/bin/python3\nrootdir: /home/runner/work/shop/shop\n"
			"plugins: timeout-2.1.0, xdist-3.1.0\ngw0 I / gw1 I\n\n"
			"[gw0] linux Python 3.11.2 cwd: /home/runner/work/shop/shop\n\n"
			"[gw1] linux Python 3.11.2 cwd: /home/runner/work/shop/shop\n\n"
			"[gw1] Python 3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]\n\n"
			"[gw0] Python 3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]\n"
			"gw0 [3] / gw1 [3]\n\nscheduling tests via LoadScheduling\n\n"
			"tests/test_cart.py::test_ok \ntests/test_cart.py::test_out \n"
			"[gw0] [ 33%] PASSED tests/test_cart.py::test_ok \n"
			"[gw1] [ 66%] FAILED tests/test_cart.py::test_out \n"
			"tests/test_setup.py::test_db \n"
			"[gw1] [100%] ERROR tests/test_setup.py::test_db \n\n"
			"==================================== ERRORS =============================="
			"======\n"
			"__________________________ ERROR at setup of test_db _____________________"
			"______\n"
			"[gw1] linux -- Python 3.11.2 /usr/bin/python3\n\n    @pytest.fixture\n"
			"    def db():\n>       raise ConnectionError(\"no db\")\n"
			"E       ConnectionError: no db\n\ntests/test_setup.py:5: ConnectionError\n"
			"=================================== FAILURES ============================="
			"======\n"
			"___________________________________ test_out _____________________________"
			"______\n"
			"[gw1] linux -- Python 3.11.2 /usr/bin/python3\n\n    def test_out():\n"
			"        print(\"some output\")\n        import logging\n"
			"        logging.error(\"logged error\")\n>       assert [] , \"nothing\"\n"
			"E       AssertionError: nothing\nE       assert []\n\n"
			"tests/test_cart.py:52: AssertionError\n"
			"----------------------------- Captured stdout call -----------------------"
			"------\nsome output\n"
			"------------------------------ Captured log call -------------------------"
			"------\nERROR    root:test_cart.py:51 logged error\n"
			"===================== 1 failed, 1 passed, 1 error in 0.39s ==============="
			"======\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "pytest",
			    .type = "ConnectionError", .message = "no db", .function = "db",
			    .line = 5, .error_line = 32 },
		.run = 3, .failed = 2,
	},
	{
		.name = "a test that takes too long",
		.log = "F                                                                        ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"__________________________________ test_slow _____________________________"
			"______\n\n    def test_slow():\n>       time.sleep(5)\n"
			"E       Failed: Timeout >0.2s\n\ntests/slow.py:3: Failed\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED tests/slow.py::test_slow - Failed: Timeout >0.2s\n"
			"1 failed in 0.21s\n",
		.expect = { .kind = KIND_TIMEOUT, .language = "python", .tool = "pytest",
			    .type = "Failed", .message = "Timeout >0.2s",
			    .test = "tests/slow.py::test_slow", .line = 3, .error_line = 7 },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "============================= test session starts ========================"
			"======\n"
			"platform linux -- Python 3.11.2, pytest-7.2.1, pluggy-1.0.0+repack\n"
			"rootdir: /home/runner/work/shop/shop\n"
			"plugins: timeout-2.1.0, xdist-3.1.0\ncollected 2 items\n\n"
			"tests/test_cart.py .x                                                    ["
			"100%]\n\n"
			"========================= 1 passed, 1 xfailed in 0.03s ==================="
			"======\n",
		.nothing = true,
		.run = 2, .failed = 0,
	},
	{0}
};

const struct reader reader_pytest = {
	.name = "pytest",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
