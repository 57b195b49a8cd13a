/*
 * AttributeError: 'str' object has no attribute 'decode', of Python 2's days. A text is decoded already:
 * the call goes. Where the codec is one of texts (unicode_escape, rot13), codecs.decode() does it. What
 * comes of a file, a socket or a process stays: there the text is a double's, and bytes the real thing.
 */
#include "templates/lib_guard.h"
#include "templates/lib_import.h"
#include "templates/lib_scene.h"

#define SOURCES "read readline readlines recv recvfrom communicate check_output getvalue get_payload fetch " \
	"get result"
#define SOURCE_FIELDS "stdout stderr body content data payload output"

/* The only .decode(...) on the line. */
static TSNode find_call(const struct site *crash)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(crash->statement, "call", n), callee = syntax_field(call, "function");

		if (ts_node_is_null(call))
			return found;
		if (syntax_line(callee) > crash->line || ts_node_end_point(callee).row + 1 < crash->line ||
		    !syntax_type_is(callee, "attribute") ||
		    !str_is(python_callee(crash->syntax, call), "decode"))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = call;
	}
}

/* Does the value come from outside, now or by the assignment of its name? */
static bool is_read(const struct site *crash, TSNode object)
{
	const struct syntax *s = crash->syntax;

	object = python_bare(object);
	if (syntax_type_is(object, "identifier") && !ts_node_is_null(crash->function)) {
		TSNode value = python_value_of(s, crash->function, syntax_text(s, object),
					       ts_node_start_byte(object));

		object = ts_node_is_null(value) ? object : python_bare(value);
	}
	if (syntax_type_is(object, "call"))
		return word_among(python_callee(s, object), SOURCES);
	return syntax_type_is(object, "attribute|identifier") &&
	       word_among(syntax_type_is(object, "attribute") ?
			  syntax_text(s, syntax_field(object, "attribute")) : syntax_text(s, object),
			  SOURCE_FIELDS);
}

/* "unicode-escape" of 'unicode-escape', "u8"; empty when it is not written there. */
static struct str codec_of(const struct syntax *s, TSNode call, bool *known)
{
	TSNode arguments = syntax_field(call, "arguments"), one = python_child(arguments, 0);
	struct str text = syntax_text(s, one);

	*known = !python_child_count(arguments) ||
		 (syntax_type_is(one, "string") && text.size > 2 && strchr("'\"", *text.at));
	return python_child_count(arguments) && *known ? str_slice(text, 1, text.size - 2) : STR_NONE;
}

static bool is_of_texts(struct str codec)
{
	return word_among(codec, "unicode-escape unicode_escape rot13 rot-13 rot_13");
}

static bool is_of_bytes(struct str codec)
{
	return !codec.size || str_equal_nocase(str_slice(codec, 0, 3), STR("utf")) ||
	       str_equal_nocase(codec, STR("ascii")) || str_equal_nocase(str_slice(codec, 0, 5), STR("latin")) ||
	       str_equal_nocase(str_slice(codec, 0, 3), STR("iso")) ||
	       str_equal_nocase(str_slice(codec, 0, 2), STR("cp"));
}

static void fix(struct scene *scene)
{
	const struct import_form codecs = { .module = STR("codecs") };
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	TSNode call, object;
	struct str codec;
	bool known;

	if (!python_crash(&python, &crash))
		return;
	call = find_call(&crash);
	object = syntax_field(syntax_field(call, "function"), "object");
	if (ts_node_is_null(call))
		return template_decline(scene, "there is not one decode() on the line");
	if (is_read(&crash, object))
		return template_decline(scene, "%.*s is read from outside: there it is bytes",
					STR_ARG(syntax_text(crash.syntax, object)));
	codec = codec_of(crash.syntax, call, &known);
	if (!known || (!is_of_texts(codec) && !is_of_bytes(codec)))
		return template_decline(scene, "what the codec makes of a text is not known");
	if (is_of_texts(codec)) {
		edit_node(&edits, call, str_of(arena_printf(
			scene->arena, "codecs.decode(%.*s, %.*s)", STR_ARG(syntax_text(crash.syntax, object)),
			STR_ARG(syntax_text(crash.syntax, python_child(syntax_field(call, "arguments"), 0))))));
		if (!python_binds(crash.syntax, STR("codecs")))
			import_add(&edits, crash.syntax, scene->tree, &codecs);
	} else {
		edit_replace(&edits, ts_node_end_byte(object), ts_node_end_byte(call), STR_NONE);
	}
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, is_of_texts(codec) ?
				   "a text has no decode() in Python 3, but codecs.decode() takes one" :
				   "a text is decoded already in Python 3"));
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "a name that is a text",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_names.py:5: in test_it\n"
			"    assert label(\"ada\") == \"Ada\"\n"
			"names.py:2: in label\n"
			"    return name.decode(\"utf-8\").title()\n"
			"E   AttributeError: 'str' object has no attribute 'decode'\n"
			"========== short test summary info ==========\n"
			"FAILED test_names.py::test_it - AttributeError: 'str' object has no a"
			"ttribute...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "names.py",
			  "def label(name):\n"
			  "    return name.decode(\"utf-8\").title()\n",
			  "def label(name):\n"
			  "    return name.title()\n" },
			{ "test_names.py",
			  "from names import label\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert label(\"ada\") == \"Ada\"\n",
			  NULL },
		},
	},
	{
		.name = "escapes in a text",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_page.py:5: in test_it\n"
			"    assert plain(\"a\\\\u0041\") == \"aA\"\n"
			"page.py:5: in plain\n"
			"    return re.sub(r\"\\\\u[0-9a-f]{4}\", lambda m: m.group(0).decode(\""
			"unicode-escape\"), text)\n"
			"/usr/lib/python3.11/re/__init__.py:185: in sub\n"
			"    return _compile(pattern, flags).sub(repl, string, count)\n"
			"page.py:5: in <lambda>\n"
			"    return re.sub(r\"\\\\u[0-9a-f]{4}\", lambda m: m.group(0).decode(\""
			"unicode-escape\"), text)\n"
			"E   AttributeError: 'str' object has no attribute 'decode'\n"
			"========== short test summary info ==========\n"
			"FAILED test_page.py::test_it - AttributeError: 'str' object has no at"
			"tribute ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "page.py",
			  "import re\n"
			  "\n"
			  "\n"
			  "def plain(text):\n"
			  "    return re.sub(r\"\\\\u[0-9a-f]{4}\", lambda m: m.group(0).decode("
			  "\"unicode-escape\"), text)\n",
			  "import codecs\n"
			  "import re\n"
			  "\n"
			  "\n"
			  "def plain(text):\n"
			  "    return re.sub(r\"\\\\u[0-9a-f]{4}\", lambda m: codecs.decode(m.gr"
			  "oup(0), \"unicode-escape\"), text)\n" },
			{ "test_page.py",
			  "from page import plain\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert plain(\"a\\\\u0041\") == \"aA\"\n",
			  NULL },
		},
	},
	{
		.name = "the answer of a process, a double in the test",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_run.py:8: in test_it\n"
			"    assert version(SimpleNamespace(stdout=io.StringIO(\"1\"))) == \"1\""
			"\n"
			"run.py:2: in version\n"
			"    return process.stdout.read().decode()\n"
			"E   AttributeError: 'str' object has no attribute 'decode'\n"
			"========== short test summary info ==========\n"
			"FAILED test_run.py::test_it - AttributeError: 'str' object has no att"
			"ribute '...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "run.py",
			  "def version(process):\n"
			  "    return process.stdout.read().decode()\n",
			  NULL },
			{ "test_run.py",
			  "import io\n"
			  "from types import SimpleNamespace\n"
			  "\n"
			  "from run import version\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert version(SimpleNamespace(stdout=io.StringIO(\"1\"))) == \"1"
			  "\"\n",
			  NULL },
		},
		.declines = "read from outside",
	},
	{
		.name = "a codec that gives bytes",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_names.py:5: in test_it\n"
			"    assert raw(\"61\") == b\"a\"\n"
			"names.py:2: in raw\n"
			"    return name.decode(\"hex\")\n"
			"E   AttributeError: 'str' object has no attribute 'decode'\n"
			"========== short test summary info ==========\n"
			"FAILED test_names.py::test_it - AttributeError: 'str' object has no a"
			"ttribute...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "names.py",
			  "def raw(name):\n"
			  "    return name.decode(\"hex\")\n",
			  NULL },
			{ "test_names.py",
			  "from names import raw\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert raw(\"61\") == b\"a\"\n",
			  NULL },
		},
		.declines = "codec",
	},
	{0}
};

const struct template template_python_decoded_text = {
	.name = "python_decoded_text",
	.summary = "AttributeError: a text is decoded, as in Python 2 -> as it is, or codecs.decode()",
	.language = "python",
	.class = "type",
	.oracles = "contract",
	.keeps_off = "what is read from a file, a socket or a process; codecs that are not written there",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^'str' object has no attribute 'decode'",
	.fix = fix,
	.examples = examples,
};
