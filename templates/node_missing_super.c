/*
 * "Must call super constructor" -> the call of super that the commit before had; else super() where
 * the base takes nothing, or super(a, b) where the base's own names are those of the derived one.
 * Keeps off where it is not plain what is handed up.
 */
#include "templates/lib_js_file.h"
#include "templates/lib_js_names.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

static TSNode constructor_of(const struct syntax *s, TSNode class)
{
	const TSNode none = {{0}, NULL, NULL};

	for (unsigned n = 0; !ts_node_is_null(class); n++) {
		TSNode one = syntax_below(class, "method_definition", n);

		if (ts_node_is_null(one))
			break;
		if (str_is(syntax_text(s, syntax_field(one, "name")), "constructor"))
			return one;
	}
	return none;
}

static TSNode class_named(const struct syntax *s, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "class_declaration|class", n);

		if (ts_node_is_null(one) || str_equal(syntax_text(s, syntax_field(one, "name")), name))
			return one;
	}
}

/* super(...), as a call; a null node when the constructor has none. */
static TSNode super_call(TSNode constructor)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(constructor, "call_expression", n);

		if (ts_node_is_null(one) || syntax_type_is(syntax_field(one, "function"), "super"))
			return one;
	}
}

/* The commit before called super with names that are still there. */
static struct str by_history(const struct js_file *file, struct str name, TSNode constructor)
{
	struct scene *scene = file->scene;
	struct str text, call = STR_NONE;
	SYNTAX old = NULL;
	TSNode before, found;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, file->path, &text))
		return STR_NONE;
	old = syntax_open(scene->arena, file->s->language, text);
	before = old ? constructor_of(old, class_named(old, name)) : constructor;
	if (!old || ts_node_is_null(before) || ts_node_is_null(found = super_call(before)))
		return STR_NONE;
	call = str_copy(scene->arena, syntax_text(old, found));
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(found, "identifier", n), ignored;

		if (ts_node_is_null(one))
			return call;
		if (!js_sees(file->s, syntax_field(constructor, "body"), syntax_text(old, one), &ignored))
			return STR_NONE;
	}
}

/* The base class of the same file takes nothing, or what the derived one has by the same names. */
static struct str by_base(const struct js_file *file, TSNode class, TSNode constructor)
{
	const struct syntax *s = file->s;
	TSNode heritage = syntax_below(class, "class_heritage", 0), base, list, ignored;
	struct text out = TEXT(file->scene->arena);

	base = ts_node_is_null(heritage) ? heritage : syntax_below(heritage, "identifier", 0);
	if (ts_node_is_null(base))
		return STR_NONE;
	base = class_named(s, syntax_text(s, base));
	if (ts_node_is_null(base) || !ts_node_is_null(syntax_below(base, "class_heritage", 0)))
		return STR_NONE;
	base = constructor_of(s, base);
	text_adds(&out, "super(");
	list = ts_node_is_null(base) ? base : syntax_field(base, "parameters");
	for (uint32_t i = 0; !ts_node_is_null(list) && i < ts_node_named_child_count(list); i++) {
		struct str name = syntax_text(s, ts_node_named_child(list, i));

		if (!str_is_word(name) || js_parameter(s, constructor, name, &ignored) < 0)
			return STR_NONE;
		text_addf(&out, "%s%.*s", i ? ", " : "", STR_ARG(name));
	}
	text_addc(&out, ')');
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	TSNode class, constructor, body, first;
	const char *why = "the commit before called it so";
	enum oracle oracle = ORACLE_HISTORY;
	struct str call;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	class = syntax_up(js_node_of_failure(&file), "class_declaration|class");
	constructor = constructor_of(file.s, class);
	if (ts_node_is_null(class) || ts_node_is_null(constructor))
		return template_decline(scene, "line %u is in no constructor", scene->failure->line);
	if (!ts_node_is_null(super_call(constructor)))
		return template_decline(scene, "super is called, but not on every way or too late");
	call = by_history(&file, syntax_text(file.s, syntax_field(class, "name")), constructor);
	if (!call.size) {
		call = by_base(&file, class, constructor);
		why = "the base class takes just that";
		oracle = ORACLE_CONTRACT;
	}
	body = syntax_field(constructor, "body");
	first = ts_node_named_child_count(body) ? ts_node_named_child(body, 0) : body;
	if (!call.size || ts_node_eq(first, body))
		return template_decline(scene, "nothing says what is handed up to the base class");
	edit_replace(&file.edits, ts_node_start_byte(first), ts_node_start_byte(first),
		     str_of(arena_printf(scene->arena, "%.*s%s\n%.*s", STR_ARG(call),
					 js_semicolons(file.s) ? ";" : "",
					 STR_ARG(syntax_indent(file.s, first)))));
	js_file_propose(&file, oracle, arena_printf(scene->arena, "Calls %.*s first: %s.", STR_ARG(call), why));
}

static const struct example examples[] = {
	{
		.name = "the commit before called it",
		.log =
			"/src/src/app.js:9\n    this.radius = radius;\n    ^\n\n"
			"ReferenceError: Must call super constructor in derived class before accessing 'this' or "
			"returning from derived constructor\n    at new Circle (/src/src/app.js:9:5)\n"
			"    at Object.<anonymous> (/src/src/app.js:13:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Shape {\n  constructor(kind, name) {\n    this.name = kind + name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(radius) {\n    this.radius = radius;\n  }\n"
			  "}\n\nconsole.log(new Circle(2));\n",
			  "class Shape {\n  constructor(kind, name) {\n    this.name = kind + name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(radius) {\n    super('round', radius);\n"
			  "    this.radius = radius;\n  }\n}\n\nconsole.log(new Circle(2));\n",
			  .was = "class Shape {\n  constructor(kind, name) {\n    this.name = kind + name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(radius) {\n    super('round', radius);\n"
			  "    this.radius = radius;\n  }\n}\n\nconsole.log(new Circle(2));\n" },
		},
	},
	{
		.name = "the base takes what the derived class has",
		.log =
			"/src/src/app.js:9\n    this.radius = radius;\n    ^\n\n"
			"ReferenceError: Must call super constructor in derived class before accessing 'this' or "
			"returning from derived constructor\n    at new Circle (/src/src/app.js:9:5)\n"
			"    at Object.<anonymous> (/src/src/app.js:13:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Shape {\n  constructor(name) {\n    this.name = name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(name, radius) {\n    this.radius = radius;\n"
			  "  }\n}\n\nconsole.log(new Circle('c', 2));\n",
			  "class Shape {\n  constructor(name) {\n    this.name = name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(name, radius) {\n    super(name);\n"
			  "    this.radius = radius;\n  }\n}\n\nconsole.log(new Circle('c', 2));\n" },
		},
	},
	{
		.name = "the base takes nothing",
		.log =
			"/src/src/app.js:5\n    this.radius = radius;\n    ^\n\n"
			"ReferenceError: Must call super constructor in derived class before accessing 'this' or "
			"returning from derived constructor\n    at new Circle (/src/src/app.js:5:5)\n"
			"    at Object.<anonymous> (/src/src/app.js:9:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Shape {}\n\nclass Circle extends Shape {\n  constructor(radius) {\n"
			  "    this.radius = radius;\n  }\n}\n\nconsole.log(new Circle(2));\n",
			  "class Shape {}\n\nclass Circle extends Shape {\n  constructor(radius) {\n    super();\n"
			  "    this.radius = radius;\n  }\n}\n\nconsole.log(new Circle(2));\n" },
		},
	},
	{
		.name = "nothing says what the name is",
		.log =
			"/src/src/app.js:9\n    this.radius = radius;\n    ^\n\n"
			"ReferenceError: Must call super constructor in derived class before accessing 'this' or "
			"returning from derived constructor\n    at new Circle (/src/src/app.js:9:5)\n"
			"    at Object.<anonymous> (/src/src/app.js:13:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Shape {\n  constructor(name) {\n    this.name = name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(radius) {\n    this.radius = radius;\n  }\n"
			  "}\n\nconsole.log(new Circle(2));\n",
			  NULL },
		},
		.declines = "what is handed up",
	},
	{
		.name = "too late",
		.log =
			"/src/src/app.js:9\n    this.radius = radius;\n    ^\n\n"
			"ReferenceError: Must call super constructor in derived class before accessing 'this' or "
			"returning from derived constructor\n    at new Circle (/src/src/app.js:9:5)\n"
			"    at Object.<anonymous> (/src/src/app.js:14:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Shape {\n  constructor(name) {\n    this.name = name;\n  }\n}\n\n"
			  "class Circle extends Shape {\n  constructor(name, radius) {\n    this.radius = radius;\n"
			  "    super(name);\n  }\n}\n\nconsole.log(new Circle('c', 2));\n",
			  NULL },
		},
		.declines = "too late",
	},
	{0}
};

const struct template template_node_missing_super = {
	.name = "node_missing_super",
	.summary = "a derived constructor does not call super -> the call it had, or what the base takes",
	.language = "node",
	.class = "call",
	.oracles = "the commit before; the base class's parameters",
	.keeps_off = "bases of other files, parameters of other names, super called too late",
	.danger = DANGER_1,
	.pattern = "^Must call super constructor in derived class before accessing 'this'",
	.fix = fix,
	.examples = examples,
};
