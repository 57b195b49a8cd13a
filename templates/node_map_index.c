/*
 * A Map is read like an object, which always gives undefined -> get(). Keeps off where it is written
 * so too, and where it is not plain that it is a Map.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js_names.h"
#include "templates/lib_scene.h"

/* Is the name a constant `new Map(...)`, of this file or of the one that it is imported from? */
static bool is_map(const struct js_file *file, struct str name)
{
	struct scene *scene = file->scene;
	const struct syntax *s = file->s;
	struct syntax *other = NULL;
	struct js_binding binding;
	const char *path;
	struct str text;
	bool found = false;

	if (js_binding_of(s, name, &binding)) {
		path = js_resolve(scene, file->path, binding.module);
		if (!path || !scene_read(scene, path, &text))
			return false;
		s = other = syntax_open(scene->arena, syntax_language(path), text);
		name = binding.name;
	}
	for (unsigned n = 0; s; n++) {
		TSNode one = syntax_below(s->root, "variable_declarator", n), value;

		if (ts_node_is_null(one))
			break;
		value = syntax_field(one, "value");
		if (str_equal(syntax_text(s, syntax_field(one, "name")), name) && !ts_node_is_null(value) &&
		    syntax_type_is(value, "new_expression"))
			found |= str_is(syntax_text(s, syntax_field(value, "constructor")), "Map");
	}
	syntax_close(&other);
	return found;
}

static unsigned mend(struct js_file *file)
{
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "subscript_expression", n), outer, object;

		if (ts_node_is_null(one))
			return mended;
		object = syntax_field(one, "object");
		outer = ts_node_parent(one);
		if (!syntax_type_is(object, "identifier") || !is_map(file, syntax_text(file->s, object)))
			continue;
		if (ts_node_eq(syntax_field(outer, "left"), one) ||
		    syntax_type_is(outer, "update_expression") ||
		    str_starts(syntax_text(file->s, outer), "delete"))
			return 0;
		edit_node(&file->edits, one, str_of(arena_printf(file->scene->arena, "%.*s.get(%.*s)",
			  STR_ARG(syntax_text(file->s, object)),
			  STR_ARG(syntax_text(file->s, syntax_field(one, "index"))))));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_CONTRACT,
			"reads the Map by get(): an index finds nothing in it.",
			"no Map is read by an index");
}

static const struct example examples[] = {
	{
		.name = "read by an index",
		.log =
			"/src/src/app.js:3\nconst convert = (code) => rates[code].rate;\n"
			"                                      ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'rate')\n"
			"    at convert (/src/src/app.js:3:39)\n"
			"    at Object.<anonymous> (/src/src/app.js:5:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "const rates = new Map([['EUR', { rate: 1 }]]);\n\n"
			  "const convert = (code) => rates[code].rate;\n\nconsole.log(convert('EUR'));\n",
			  "const rates = new Map([['EUR', { rate: 1 }]]);\n\n"
			  "const convert = (code) => rates.get(code).rate;\n\nconsole.log(convert('EUR'));\n" },
		},
	},
	{
		.name = "written so too",
		.log =
			"/src/src/app.js:5\nconst convert = (code) => rates[code].rate;\n"
			"                                      ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'rate')\n"
			"    at convert (/src/src/app.js:5:39)\n"
			"    at Object.<anonymous> (/src/src/app.js:7:13)\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "const rates = new Map([['EUR', { rate: 1 }]]);\nrates.USD = 1;\n"
			  "rates['GBP'] = { rate: 2 };\n\nconst convert = (code) => rates[code].rate;\n\n"
			  "console.log(convert('EUR'));\n",
			  NULL },
		},
		.declines = "no Map is read",
	},
	{0}
};

static const char *const types[] = { "TypeError", "AssertionError", NULL };

const struct template template_node_map_index = {
	.name = "node_map_index",
	.summary = "a Map is read like an object -> get()",
	.language = "node",
	.class = "wrong access",
	.oracles = "the declaration of the Map; the language",
	.keeps_off = "Maps that are written so too, values of unknown kind",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};
