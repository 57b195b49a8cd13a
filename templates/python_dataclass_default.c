/*
 * ValueError: dataclasses refuse a list, dict or set as a default, and say what is right:
 * default_factory. An empty one is made by its type, a filled one by a lambda.
 */
#include "templates/lib_import.h"

/* "list", "dict", "set", or a lambda that makes the same value; NULL for anything else. */
static const char *factory(struct arena *a, const struct syntax *s, TSNode value)
{
	struct str text = syntax_text(s, value);
	unsigned count = python_child_count(value);

	if (syntax_type_is(value, "list") && !count)
		return "list";
	if (syntax_type_is(value, "dictionary") && !count)
		return "dict";
	if (str_is(text, "list()") || str_is(text, "dict()") || str_is(text, "set()"))
		return arena_printf(a, "%.*s", (int)(text.size - 2), text.at);
	if (syntax_type_is(value, "list|dictionary|set") && python_is_literal(s, value))
		return arena_printf(a, "lambda: %.*s", STR_ARG(text));
	return NULL;
}

static bool is_dataclass(const struct syntax *s, TSNode class_node)
{
	TSNode outer = ts_node_parent(class_node);

	return syntax_type_is(outer, "decorated_definition") &&
	       str_has(str_slice(s->text, ts_node_start_byte(outer),
				 ts_node_start_byte(class_node) - ts_node_start_byte(outer)),
		       "dataclass");
}

/* The class around the crash: the frame is its decorator, or its head. */
static TSNode class_at(const struct syntax *s, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "class_definition", n), outer;

		if (ts_node_is_null(one))
			return one;
		outer = ts_node_parent(one);
		if (is_dataclass(s, one) && ts_node_start_point(outer).row + 1 <= line &&
		    ts_node_start_point(one).row + 1 >= line)
			return one;
	}
}

/* How the file calls field(); adds its import when it has none. */
static const char *field_name(struct edits *edits, const struct syntax *s, const struct scene *scene)
{
	struct import_form form = { STR("dataclasses"), STR("field"), STR_NONE };

	if (python_binds(s, STR("field")))
		return "field";
	if (python_binds(s, STR("dataclasses")))
		return "dataclasses.field";
	import_add(edits, s, scene->tree, &form);
	return "field";
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	const struct frame *own = NULL;
	struct edits edits = { .arena = scene->arena };
	const struct syntax *s;
	const char *field;
	struct str after;
	TSNode node, body;

	for (size_t i = 0; i < failure->frame_count; i++)
		if (failure->frames[i].own)
			own = &failure->frames[i];
	s = own && !python_is_test(str_of(own->file)) ? python_open(&python, own->file) : NULL;
	node = s ? class_at(s, own->line) : (TSNode){{0}, NULL, NULL};
	if (ts_node_is_null(node))
		return template_decline(scene, "no dataclass of this repository is defined there");
	body = syntax_field(node, "body");
	field = field_name(&edits, s, scene);
	for (unsigned i = 0; i < python_child_count(body); i++) {
		TSNode one = python_child(python_child(body, i), 0), value = syntax_field(one, "right");
		const char *made;

		if (!syntax_type_is(one, "assignment") || ts_node_is_null(syntax_field(one, "type")) ||
		    ts_node_is_null(value))
			continue;
		made = factory(scene->arena, s, value);
		if (made)
			edit_node(&edits, value, str_of(arena_printf(scene->arena,
								     "%s(default_factory=%s)", field,
								     made)));
	}
	if (!edits_apply(&edits, s, &after) || !str_has(after, "default_factory"))
		return template_decline(scene, "no default there is a plain list, dict or set");
	candidate_put(scene, propose(scene, ORACLE_TOOL, "dataclasses say so: a default_factory makes a "
				     "new one for each object"), own->file, after);
}

static const char *const types[] = { "ValueError", NULL };

static const struct example examples[] = {
	{
		.name = "an empty list and a filled dict",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 4, in <module>\n"
			"    @dataclass\n"
			"     ^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 1220, in dataclass\n"
			"    return wrap(cls)\n"
			"           ^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 1210, in wrap\n"
			"    return _process_class(cls, init, repr, eq, order, unsafe_hash,\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 958, in _process_class"
			"\n"
			"    cls_fields.append(_get_field(cls, name, type, kw_only))\n"
			"                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 815, in _get_field\n"
			"    raise ValueError(f'mutable default {type(f.default)} for field '\n"
			"ValueError: mutable default <class 'list'> for field lines is not allowed:"
			" use default_factory\n",
		.file = {
			{ "main.py",
			"from dataclasses import dataclass\n"
			"\n"
			"\n"
			"@dataclass\n"
			"class Order:\n"
			"    number: int = 0\n"
			"    lines: list = []\n"
			"    rates: dict = {\"small\": 5}\n"
			"\n"
			"\n"
			"print(Order())\n", 
			"from dataclasses import dataclass, field\n"
			"\n"
			"\n"
			"@dataclass\n"
			"class Order:\n"
			"    number: int = 0\n"
			"    lines: list = field(default_factory=list)\n"
			"    rates: dict = field(default_factory=lambda: {\"small\": 5})\n"
			"\n"
			"\n"
			"print(Order())\n" },
		},
	},
	{
		.name = "made by a call",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in <module>\n"
			"    @dataclass\n"
			"     ^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 1220, in dataclass\n"
			"    return wrap(cls)\n"
			"           ^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 1210, in wrap\n"
			"    return _process_class(cls, init, repr, eq, order, unsafe_hash,\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 958, in _process_class"
			"\n"
			"    cls_fields.append(_get_field(cls, name, type, kw_only))\n"
			"                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/dataclasses.py\", line 815, in _get_field\n"
			"    raise ValueError(f'mutable default {type(f.default)} for field '\n"
			"ValueError: mutable default <class 'list'> for field lines is not allowed:"
			" use default_factory\n",
		.file = {
			{ "main.py",
			"from dataclasses import dataclass\n"
			"\n"
			"\n"
			"def lines():\n"
			"    return [1]\n"
			"\n"
			"\n"
			"@dataclass\n"
			"class Order:\n"
			"    lines: list = lines()\n"
			"\n"
			"\n"
			"print(Order())\n", NULL },
		},
		.declines = "no default there",
	},
	{0}
};

const struct template template_python_dataclass_default = {
	.name = "python_dataclass_default",
	.summary = "ValueError: mutable default of a dataclass -> default_factory",
	.language = "python",
	.class = "default",
	.oracles = "tool (dataclasses name the repair)",
	.keeps_off = "defaults that are no plain list, dict or set",
	.danger = DANGER_0,
	.types = types,
	.pattern = "^mutable default .* is not allowed: use default_factory",
	.fix = fix,
	.examples = examples,
};
