/*
 * AttributeError: a function takes things of two kinds (Request, Response) and asks a field that only
 * one of them has, against fixed values: `line.method in ("GET", "HEAD")`. What has no such field has
 * none of the values: getattr(line, "method", None). Only where both kinds are made or named here, and
 * the answer decides and nothing else.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_guard.h"
#include "templates/lib_question.h"
#include "templates/lib_scene.h"

enum { SHARED_MIN = 4 };

struct kinds {
	const struct syntax *s;
	struct arena *arena;
	struct str lacking, field;
	struct str having;		/* the other kind; empty: none seen */
	bool lacking_seen;
};

/* The end of both names, as in RequestLine and ResponseLine; it begins with a large letter. */
static bool are_kin(struct str a, struct str b)
{
	size_t same = 0;

	while (same < a.size && same < b.size && a.at[a.size - 1 - same] == b.at[b.size - 1 - same])
		same++;
	while (same && (a.at[a.size - same] < 'A' || a.at[a.size - same] > 'Z'))
		same--;
	return same >= SHARED_MIN && same < a.size && same < b.size;
}

/* Is the field in the list of names of namedtuple("Name", ["method", ...]) or "method path"? */
static bool lists_field(const struct kinds *k, TSNode arguments)
{
	TSNode list = python_child(arguments, 1);
	struct str text = syntax_text(k->s, list), field = k->field;

	for (unsigned i = 0; syntax_type_is(list, "list|tuple") && i < python_child_count(list); i++) {
		struct str one = syntax_text(k->s, python_child(list, i));

		if (one.size > 2 && str_equal(str_slice(one, 1, one.size - 2), field))
			return true;
	}
	return syntax_type_is(list, "string") && text.size > 2 &&
	       word_among(field, str_text(k->arena, str_slice(text, 1, text.size - 2)));
}

static bool see_kind(TSNode node, void *context)
{
	struct kinds *k = context;
	TSNode right = syntax_field(node, "right");
	struct str name;
	bool has;

	if (syntax_type_is(node, "class_definition")) {
		name = python_name(k->s, node);
		has = definition_binds(k->s, node, k->field);
	} else if (syntax_type_is(node, "assignment") && syntax_type_is(right, "call") &&
		   str_is(python_callee(k->s, right), "namedtuple")) {
		name = syntax_text(k->s, syntax_field(node, "left"));
		has = lists_field(k, syntax_field(right, "arguments"));
	} else {
		return true;
	}
	if (str_equal(name, k->lacking))
		k->lacking_seen = !has;
	else if (has && are_kin(name, k->lacking))
		k->having = name;
	return true;
}

/* Is there one file that has both kinds, the one with the field and the one without it? */
static bool find_kinds(struct python *python, struct kinds *k)
{
	const struct tree *tree = python->scene->tree;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !scene_read(python->scene, path, &text) || str_find(text, k->lacking) < 0 ||
		    str_find(text, k->field) < 0)
			continue;
		k->s = python_open(python, path);
		k->having = STR_NONE;
		k->lacking_seen = false;
		if (k->s)
			syntax_walk(k->s->root, see_kind, k);
		if (k->lacking_seen && k->having.size)
			return true;
	}
	return false;
}

/* x.field as an operand of the only question of that kind on the line, against fixed values. */
static TSNode find_question(const struct site *crash, struct str field, TSNode *asked)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode question = question_on_line(crash, "== in", n), values = python_child(question, 1);
		TSNode one = python_child(question, 0);

		if (ts_node_is_null(question))
			return found;
		if (!syntax_type_is(one, "attribute") ||
		    !str_equal(syntax_text(crash->syntax, syntax_field(one, "attribute")), field))
			continue;
		if (!ts_node_is_null(found) ||
		    !syntax_type_is(syntax_field(one, "object"), "identifier") ||
		    !python_is_literal(crash->syntax, values) ||
		    str_has(syntax_text(crash->syntax, values), "None"))
			return none;
		found = question;
		*asked = one;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct kinds k = { .arena = scene->arena, .lacking = scene_group(scene, "class"),
			   .field = scene_group(scene, "name") };
	struct edits edits = { .arena = scene->arena };
	TSNode question, asked;
	struct site crash;

	if (!python_crash(&python, &crash))
		return;
	question = find_question(&crash, k.field, &asked);
	if (ts_node_is_null(question) || !question_decides(question))
		return template_decline(scene, "the field is not only asked against fixed values");
	if (!find_kinds(&python, &k))
		return template_decline(scene, "no oracle: there is no second kind of %.*s here that has a "
					"%.*s", STR_ARG(k.lacking), STR_ARG(k.field));
	edit_node(&edits, asked, str_of(arena_printf(
		scene->arena, "getattr(%.*s, \"%.*s\", None)",
		STR_ARG(syntax_text(crash.syntax, syntax_field(asked, "object"))), STR_ARG(k.field))));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "only %.*s has a %.*s: %.*s has none of these values",
				   STR_ARG(k.having), STR_ARG(k.field), STR_ARG(k.lacking)));
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "a request has a method, a response has none",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_kinds __________\n"
			"test_http.py:6: in test_kinds\n"
			"    assert not keeps(ResponseLine(\"1.0\", 200), {})\n"
			"http_.py:8: in keeps\n"
			"    if \"Length\" in headers or line.method in (\"GET\", \"HEAD\"):\n"
			"E   AttributeError: 'ResponseLine' object has no attribute 'method'\n"
			"========== short test summary info ==========\n"
			"FAILED test_http.py::test_kinds - AttributeError: 'ResponseLine' obje"
			"ct has n...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "http_.py",
			  "import collections\n"
			  "\n"
			  "RequestLine = collections.namedtuple(\"RequestLine\", [\"method\", \""
			  "version\"])\n"
			  "ResponseLine = collections.namedtuple(\"ResponseLine\", [\"version\","
			  " \"code\"])\n"
			  "\n"
			  "\n"
			  "def keeps(line, headers):\n"
			  "    if \"Length\" in headers or line.method in (\"GET\", \"HEAD\"):\n"
			  "        return True\n"
			  "    return False\n",
			  "import collections\n"
			  "\n"
			  "RequestLine = collections.namedtuple(\"RequestLine\", [\"method\", \""
			  "version\"])\n"
			  "ResponseLine = collections.namedtuple(\"ResponseLine\", [\"version\","
			  " \"code\"])\n"
			  "\n"
			  "\n"
			  "def keeps(line, headers):\n"
			  "    if \"Length\" in headers or getattr(line, \"method\", None) in ("
			  "\"GET\", \"HEAD\"):\n"
			  "        return True\n"
			  "    return False\n" },
			{ "test_http.py",
			  "from http_ import RequestLine, ResponseLine, keeps\n"
			  "\n"
			  "\n"
			  "def test_kinds():\n"
			  "    assert keeps(RequestLine(\"GET\", \"1.0\"), {})\n"
			  "    assert not keeps(ResponseLine(\"1.0\", 200), {})\n",
			  NULL },
		},
	},
	{
		.name = "two classes",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_marks.py:6: in test_it\n"
			"    assert not is_bold(PlainMark())\n"
			"marks.py:10: in is_bold\n"
			"    return mark.kind == \"bold\"\n"
			"E   AttributeError: 'PlainMark' object has no attribute 'kind'\n"
			"========== short test summary info ==========\n"
			"FAILED test_marks.py::test_it - AttributeError: 'PlainMark' object ha"
			"s no att...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "marks.py",
			  "class BoldMark:\n"
			  "    kind = \"bold\"\n"
			  "\n"
			  "\n"
			  "class PlainMark:\n"
			  "    pass\n"
			  "\n"
			  "\n"
			  "def is_bold(mark):\n"
			  "    return mark.kind == \"bold\"\n",
			  "class BoldMark:\n"
			  "    kind = \"bold\"\n"
			  "\n"
			  "\n"
			  "class PlainMark:\n"
			  "    pass\n"
			  "\n"
			  "\n"
			  "def is_bold(mark):\n"
			  "    return getattr(mark, \"kind\", None) == \"bold\"\n" },
			{ "test_marks.py",
			  "from marks import BoldMark, PlainMark, is_bold\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert is_bold(BoldMark())\n"
			  "    assert not is_bold(PlainMark())\n",
			  NULL },
		},
	},
	{
		.name = "no other kind has it",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_marks.py:5: in test_it\n"
			"    assert is_bold(BoldMark())\n"
			"marks.py:10: in is_bold\n"
			"    return mark.kind == \"bold\"\n"
			"E   AttributeError: 'BoldMark' object has no attribute 'kind'\n"
			"========== short test summary info ==========\n"
			"FAILED test_marks.py::test_it - AttributeError: 'BoldMark' object has"
			" no attr...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "marks.py",
			  "class BoldMark:\n"
			  "    sort = \"bold\"\n"
			  "\n"
			  "\n"
			  "class PlainMark:\n"
			  "    pass\n"
			  "\n"
			  "\n"
			  "def is_bold(mark):\n"
			  "    return mark.kind == \"bold\"\n",
			  NULL },
			{ "test_marks.py",
			  "from marks import BoldMark, is_bold\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert is_bold(BoldMark())\n",
			  NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "the field is used",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_marks.py:5: in test_it\n"
			"    assert name(PlainMark()) is None\n"
			"marks.py:10: in name\n"
			"    return mark.kind\n"
			"E   AttributeError: 'PlainMark' object has no attribute 'kind'\n"
			"========== short test summary info ==========\n"
			"FAILED test_marks.py::test_it - AttributeError: 'PlainMark' object ha"
			"s no att...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "marks.py",
			  "class BoldMark:\n"
			  "    kind = \"bold\"\n"
			  "\n"
			  "\n"
			  "class PlainMark:\n"
			  "    pass\n"
			  "\n"
			  "\n"
			  "def name(mark):\n"
			  "    return mark.kind\n",
			  NULL },
			{ "test_marks.py",
			  "from marks import PlainMark, name\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert name(PlainMark()) is None\n",
			  NULL },
		},
		.declines = "only asked",
	},
	{0}
};

const struct template template_python_field_of_one_kind = {
	.name = "python_field_of_one_kind",
	.summary = "AttributeError: of two kinds only one has the field that is compared -> getattr with None",
	.language = "python",
	.class = "crash guard",
	.oracles = "contract",
	.keeps_off = "no second kind with a like name has the field; the field is used for more than a question",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^'(?<class>\\w+)' object has no attribute '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};
