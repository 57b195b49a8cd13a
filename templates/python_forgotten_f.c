/*
 * A text with {name} in it that was meant to be an f-string: the braces stand in what the test
 * found. Only where every name between braces is known in the function, and the text goes through
 * no format() or template.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct plain {
	struct reached in;
	TSNode string;
	unsigned count;
};

/* Is each {...} of the text one name that the function knows, and is there one in the message? */
static bool fits(struct arena *a, const struct reached *in, TSNode string, struct str message)
{
	struct str text = syntax_text(in->s, string), name, rest;
	bool shown = false;

	while (str_split(text, "{", NULL, &rest)) {
		struct str field;

		if (!str_split(rest, "}", &name, &text))
			return false;
		field = name;
		str_split(name, ".", &field, NULL);
		str_split(field, ":", &field, NULL);
		if (!str_is_word(field) ||
		    (ts_node_is_null(python_parameter(in->s, in->function, field)) &&
		     !python_assigned(in->s, in->function, field, 0, ts_node_start_byte(string))))
			return false;
		shown |= str_has(message, arena_printf(a, "{%.*s}", STR_ARG(name)));
	}
	return shown;
}

static void look(struct arena *a, const struct reached *in, struct str message, struct plain *plain)
{
	struct nodes all = python_nodes(a, in->function, "string");

	for (size_t i = 0; i < all.count; i++) {
		struct str text = syntax_text(in->s, all.list[i]);
		TSNode parent = ts_node_parent(all.list[i]);

		if (!strchr("\"'", text.at[0]) || str_starts(text, "\"\"\"") ||
		    syntax_type_is(parent, "attribute|concatenated_string|expression_statement") ||
		    !fits(a, in, all.list[i], message))
			continue;
		plain->in = *in;
		plain->string = all.list[i];
		plain->count++;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct plain plain = {0};
	struct reached *reached;
	size_t count, at;

	if (scene->failure->kind != KIND_ASSERTION)
		return;
	count = python_reached(&python, &reached);
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], str_of(scene->failure->message), &plain);
	if (plain.count != 1)
		return template_decline(scene, plain.count ? "several texts have such braces" :
					"no text that the test reaches has these braces");
	if (str_has(plain.in.s->text, "Template(") || str_has(plain.in.s->text, "format_map("))
		return template_decline(scene, "the file fills in texts in another way");
	at = ts_node_start_byte(plain.string);
	edit_replace(&edits, at, at, STR("f"));
	python_put(&python, plain.in.path, plain.in.s, &edits, ORACLE_TEST,
		   arena_printf(scene->arena, "the names between braces in %s:%u are never filled in: the f is "
				"missing", plain.in.path, syntax_line(plain.string)));
}

static const struct example examples[] = {
	{
		.name = "a greeting",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_greet ___________________\n"
			"test_greet.py:5: in test_greet\n"
			"    assert greet(\"Ada\") == \"Hello Ada!\"\n"
			"E   AssertionError: assert 'Hello {name}!' == 'Hello Ada!'\n"
			"E     - Hello Ada!\nE     + Hello {name}!\n"
			"============ short test summary info =============\n"
			"FAILED test_greet.py::test_greet - AssertionErr...\n"
			"1 failed in 0.20s\n",
		.file = {
			{ "greet.py",
			  "def greet(name):\n"
			  "    return \"Hello {name}!\"\n",
			  "def greet(name):\n"
			  "    return f\"Hello {name}!\"\n" },
			{ "test_greet.py",
			  "from greet import greet\n"
			  "\n"
			  "\n"
			  "def test_greet():\n"
			  "    assert greet(\"Ada\") == \"Hello Ada!\"\n", NULL },
		},
	},
	{
		.name = "the name is not known",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_greet ___________________\n"
			"test_greet.py:5: in test_greet\n"
			"    assert greet(\"Ada\") == \"Hello Ada!\"\n"
			"E   AssertionError: assert 'Hello {name}!' == 'Hello Ada!'\n"
			"E     - Hello Ada!\nE     + Hello {name}!\n"
			"============ short test summary info =============\n"
			"FAILED test_greet.py::test_greet - AssertionErr...\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "greet.py",
			  "def greet(who):\n"
			  "    return \"Hello {name}!\"\n", NULL },
			{ "test_greet.py",
			  "from greet import greet\n"
			  "\n"
			  "\n"
			  "def test_greet():\n"
			  "    assert greet(\"Ada\") == \"Hello Ada!\"\n", NULL },
		},
		.declines = "no text that the test reaches",
	},
	{0}
};

const struct template template_python_forgotten_f = {
	.name = "python_forgotten_f",
	.summary = "a text whose {names} are never filled in -> an f-string",
	.language = "python",
	.class = "text",
	.oracles = "test",
	.keeps_off = "a name between the braces is not known; the file fills in texts in another way",
	.danger = DANGER_1,
	.pattern = "\\{\\w[\\w.:]*\\}",
	.fix = fix,
	.examples = examples,
};
