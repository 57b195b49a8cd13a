/*
 * "x.y is not iterable": a list that was left out is spread or walked -> `?? []` where the same
 * property, or the next line, is already read so in the file. Keeps off where nothing shows that a
 * missing list counts as an empty one.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

static TSNode unwrapped(TSNode node)
{
	while (syntax_type_is(node, "parenthesized_expression"))
		node = ts_node_named_child(node, 0);
	return node;
}

/* Does the function around read a property of the same object as `object.z ?? []`, spread as well? */
static bool sibling_allows(const struct syntax *s, TSNode function, struct str object)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "binary_expression", n), left;

		if (ts_node_is_null(one))
			return false;
		left = syntax_field(one, "left");
		if (word_among(syntax_text(s, syntax_field(one, "operator")), "?? ||") &&
		    str_is(syntax_text(s, syntax_field(one, "right")), "[]") &&
		    str_equal(syntax_text(s, js_root(left)), object))
			return true;
	}
}

/* All spreads in the statement of properties of that name. */
static unsigned mend(struct js_file *file, TSNode function, struct str property, bool *allowed)
{
	unsigned mended = 0;

	*allowed = true;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "spread_element", n), value;

		if (ts_node_is_null(one))
			return mended;
		value = unwrapped(ts_node_named_child(one, 0));
		if (!syntax_type_is(value, "member_expression") ||
		    !syntax_type_is(ts_node_parent(one), "array|arguments") ||
		    !str_equal(syntax_text(file->s, syntax_field(value, "property")), property))
			continue;
		*allowed &= sibling_allows(file->s, function, syntax_text(file->s, js_root(value)));
		edit_node(&file->edits, value, str_of(arena_printf(file->scene->arena, "(%.*s ?? [])",
			  STR_ARG(syntax_text(file->s, value)))));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	struct str property = scene_group(scene, "property");
	TSNode function;
	bool allowed;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	function = js_function_around(js_node_of_failure(&file));
	if (ts_node_is_null(function) || !mend(&file, function, property, &allowed))
		return template_decline(scene, "%.*s is not spread there", STR_ARG(property));
	if (!allowed)
		return template_decline(scene, "nothing says that a missing %.*s is an empty one",
					STR_ARG(property));
	js_file_propose(&file, ORACLE_SIBLING,
			arena_printf(scene->arena, "Takes a missing %.*s for an empty list, as the other lists "
				     "of the function are.", STR_ARG(property)));
}

static const struct example examples[] = {
	{
		.name = "the line below shows it",
		.log =
			"/src/src/app.js:3\n    ignore: [...a.ignore, ...b.ignore],\n"
			"                               ^\n\nTypeError: b.ignore is not iterable\n"
			"    at merge (/src/src/app.js:3:32)\n    at Object.<anonymous> (/src/src/app.js:8:13)\n"
			"\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "function merge(a, b) {\n  return {\n    ignore: [...a.ignore, ...b.ignore],\n"
			  "    plugins: [...(a.plugins ?? []), ...(b.plugins ?? [])],\n  };\n}\n\n"
			  "console.log(merge({ ignore: [] }, {}));\n",
			  "function merge(a, b) {\n  return {\n"
			  "    ignore: [...(a.ignore ?? []), ...(b.ignore ?? [])],\n"
			  "    plugins: [...(a.plugins ?? []), ...(b.plugins ?? [])],\n  };\n}\n\n"
			  "console.log(merge({ ignore: [] }, {}));\n" },
		},
	},
	{
		.name = "nothing shows it",
		.log =
			"/src/src/app.js:3\n    ignore: [...a.ignore, ...b.ignore],\n"
			"                               ^\n\nTypeError: b.ignore is not iterable\n"
			"    at merge (/src/src/app.js:3:32)\n    at Object.<anonymous> (/src/src/app.js:8:13)\n"
			"\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "function merge(a, b) {\n  return {\n    ignore: [...a.ignore, ...b.ignore],\n"
			  "    plugins: [...a.plugins, ...b.plugins],\n  };\n}\n\n"
			  "console.log(merge({ ignore: [] }, {}));\n",
			  NULL },
		},
		.declines = "nothing says",
	},
	{0}
};

const struct template template_node_not_iterable = {
	.name = "node_not_iterable",
	.summary = "a list that was left out is spread -> an empty one, as the lists beside it are",
	.language = "node",
	.class = "crash guard",
	.oracles = "a list of the same object in the same function",
	.keeps_off = "no such list, values that are no property",
	.danger = DANGER_2,
	.pattern = "^(?:[\\w$]+\\.)+(?<property>[\\w$]+) is not iterable",
	.fix = fix,
	.examples = examples,
};
