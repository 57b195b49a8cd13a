/*
 * A method was handed over as a function and has lost its object -> an arrow that calls it on the
 * object, at the places of its class that hand it over. Keeps off where it is taken off again by
 * the same name: then it must stay one function.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

/* Does the access on the line read a property of `this` that is not there? */
static bool of_this(const struct js_file *file, struct str property)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "member_expression", n), object;

		if (ts_node_is_null(one))
			return false;
		object = syntax_field(one, "object");
		if (syntax_line(syntax_field(one, "property")) == file->scene->failure->line &&
		    str_equal(syntax_text(file->s, syntax_field(one, "property")), property) &&
		    (syntax_type_is(object, "this") ||
		     str_starts(syntax_text(file->s, object), "this.")))
			return true;
	}
}

/* The parameters of the method as an arrow's, and as arguments; false when they are not plain. */
static bool parameters_of(const struct js_file *file, TSNode method, struct text *out)
{
	TSNode list = syntax_field(method, "parameters");

	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
		struct str name = syntax_text(file->s, ts_node_named_child(list, i));

		if (!str_is_word(name))
			return false;
		text_addf(out, "%s%.*s", i ? ", " : "", STR_ARG(name));
	}
	return true;
}

static bool taken_off(const struct js_file *file, TSNode reference)
{
	TSNode call = ts_node_parent(ts_node_parent(reference));
	TSNode name = syntax_field(syntax_field(call, "function"), "property");

	return !ts_node_is_null(name) && word_among(syntax_text(file->s, name),
		"off removeListener removeEventListener unsubscribe bind call apply");
}

/* Is `this` the object there: in a method of the class, or in arrows inside it? */
static bool this_is_object(TSNode reference, TSNode class)
{
	TSNode around = js_function_around(reference);

	while (syntax_type_is(around, "arrow_function"))
		around = js_function_around(around);
	return syntax_type_is(around, "method_definition") &&
	       ts_node_eq(syntax_up(ts_node_parent(around), "class_declaration|class"), class);
}

static bool mend(struct js_file *file, TSNode class, struct str method, const char *parameters)
{
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(class, "member_expression", n);

		if (ts_node_is_null(one))
			return mended > 0;
		if (!syntax_type_is(syntax_field(one, "object"), "this") ||
		    !str_equal(syntax_text(file->s, syntax_field(one, "property")), method) ||
		    !syntax_type_is(ts_node_parent(one), "arguments"))
			continue;
		if (taken_off(file, one) || !this_is_object(one, class))
			return false;
		edit_node(&file->edits, one,
			  str_of(arena_printf(file->scene->arena, "(%s) => this.%.*s(%s)", parameters,
					      STR_ARG(method), parameters)));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	struct str property = scene_group(scene, "property");
	struct text parameters = TEXT(scene->arena);
	TSNode method, class;
	struct str name;
	JS_FILE file;

	if (!property.size)
		property = scene_group(scene, "name");
	if (!js_file_of_failure(&file, scene))
		return;
	method = js_function_around(js_node_of_failure(&file));
	while (syntax_type_is(method, "arrow_function"))
		method = js_function_around(method);
	class = ts_node_is_null(method) ? method : syntax_up(method, "class_declaration|class");
	if (ts_node_is_null(class) || !syntax_type_is(method, "method_definition") ||
	    !of_this(&file, property))
		return template_decline(scene, "line %u reads nothing of this in a method",
					scene->failure->line);
	name = syntax_text(file.s, syntax_field(method, "name"));
	if (!parameters_of(&file, method, &parameters))
		return template_decline(scene, "the parameters of %.*s are not plain", STR_ARG(name));
	if (!mend(&file, class, name, text_cstr(&parameters)))
		return template_decline(scene, "%.*s is not handed over in its class, or must stay one "
					"function", STR_ARG(name));
	js_file_propose(&file, ORACLE_CONTRACT,
			arena_printf(scene->arena, "Hands over an arrow that calls %.*s on its object: a method "
				     "alone loses it.", STR_ARG(name)));
}

static const struct example examples[] = {
	{
		.name = "a listener",
		.log =
			"/src/src/app.js:10\n    this.words.set(line, 1);\n               ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'set')\n"
			"    at EventEmitter.take (/src/src/app.js:10:16)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "const { EventEmitter } = require('node:events');\n\nclass Counter {\n"
			  "  constructor(source) {\n    this.words = new Map();\n"
			  "    source.on('line', this.take);\n  }\n\n  take(line) {\n    this.words.set(line, 1);\n"
			  "  }\n}\n\nconst source = new EventEmitter();\nnew Counter(source);\n"
			  "source.emit('line', 'x');\n",
			  "const { EventEmitter } = require('node:events');\n\nclass Counter {\n"
			  "  constructor(source) {\n    this.words = new Map();\n"
			  "    source.on('line', (line) => this.take(line));\n  }\n\n  take(line) {\n"
			  "    this.words.set(line, 1);\n  }\n}\n\nconst source = new EventEmitter();\n"
			  "new Counter(source);\nsource.emit('line', 'x');\n" },
		},
	},
	{
		.name = "no object at all",
		.log =
			"/src/src/app.js:5\n    return x * this.by;\n                    ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'by')\n"
			"    at one (/src/src/app.js:5:21)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Scale {\n  by = 2;\n\n  one(x) {\n    return x * this.by;\n  }\n\n  all(list) {\n"
			  "    return list.map(this.one);\n  }\n}\n\nconsole.log(new Scale().all([1]));\n",
			  "class Scale {\n  by = 2;\n\n  one(x) {\n    return x * this.by;\n  }\n\n  all(list) {\n"
			  "    return list.map((x) => this.one(x));\n  }\n}\n\nconsole.log(new Scale().all([1]));\n" },
		},
	},
	{
		.name = "it is taken off again",
		.log =
			"/src/src/app.js:10\n    this.words.set(line, 1);\n               ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'set')\n"
			"    at EventEmitter.take (/src/src/app.js:10:16)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "const { EventEmitter } = require('node:events');\n\nclass Counter {\n"
			  "  constructor(source) {\n    this.words = new Map();\n"
			  "    source.on('line', this.take);\n  }\n\n  take(line) {\n    this.words.set(line, 1);\n"
			  "  }\n\n  close(source) {\n    source.off('line', this.take);\n  }\n}\n\n"
			  "const source = new EventEmitter();\nnew Counter(source);\nsource.emit('line', 'x');\n",
			  NULL },
		},
		.declines = "must stay one function",
	},
	{
		.name = "a parameter, not this",
		.log =
			"/src/src/app.js:3\n    return x.by;\n             ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'by')\n"
			"    at Scale.one (/src/src/app.js:3:14)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Scale {\n  one(x) {\n    return x.by;\n  }\n}\n\nconsole.log(new Scale().one());\n",
			  NULL },
		},
		.declines = "reads nothing of this",
	},
	{0}
};

const struct template template_node_lost_this = {
	.name = "node_lost_this",
	.summary = "a method handed over as a function has lost its object -> an arrow that calls it",
	.language = "node",
	.class = "call",
	.oracles = "the language: this is set by the call",
	.keeps_off = "listeners that are taken off again, methods handed over elsewhere",
	.danger = DANGER_1,
	.pattern = "^(?:Cannot (?:read|set) propert(?:y|ies) of undefined \\((?:reading|setting) "
		   "'(?<property>[^']+)'\\)|this\\.(?:[\\w$#]+\\.)*(?<name>[\\w$#]+) is not a function)$",
	.fix = fix,
	.examples = examples,
};
