/*
 * "x.y is not a function" -> the name that the failing commit gave to y, or the export or method of
 * which y is a slip, at all places that still say y. Keeps off when y is still declared anywhere, or
 * when a test calls it: then it is not gone for good.
 */
#include "templates/lib_js_export.h"

#include "templates/lib_js.h"
#include "templates/lib_js_history.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

enum { SOURCES_MAX = 1000 };

static const char builtins[] = "forEach filter reduce includes indexOf lastIndexOf findIndex flatMap concat "
	"slice splice shift unshift reverse toString toUpperCase toLowerCase startsWith endsWith replace "
	"replaceAll split trimStart trimEnd padStart padEnd charAt charCodeAt matchAll localeCompare "
	"toFixed getFullYear getMonth getHours getTime toISOString hasOwnProperty addEventListener "
	"removeEventListener querySelector appendChild setAttribute getAttribute finally catch entries values "
	"delete clear";

struct search {
	const struct syntax *s;
	struct str wrong, like;
	bool declared, called, several;
};

/* A member that the sources declare: a method, a field, a key. */
static bool see_member(TSNode node, void *context)
{
	struct search *search = context;
	TSNode outer = ts_node_parent(node);
	struct str text;

	if (!syntax_type_is(node, "property_identifier|shorthand_property_identifier|identifier"))
		return true;
	text = syntax_text(search->s, node);
	if (str_equal(text, search->wrong)) {
		search->declared |= !syntax_type_is(outer, "member_expression");
		search->called |= syntax_type_is(outer, "member_expression");
		return true;
	}
	if (!syntax_type_is(outer, "method_definition|function_declaration|shorthand_property_identifier") ||
	    !similar_slip(search->wrong, text) || str_equal(search->like, text))
		return true;
	search->several |= search->like.size > 0;
	search->like = str_copy(search->s->arena, text);
	return true;
}

/* Looks through the sources and the tests for the name and its like. */
static void look(const struct scene *scene, struct search *search, bool *by_test)
{
	struct str list = str_of(builtins), one;
	const char *word = str_text(scene->arena, search->wrong);

	while (str_next(&list, ' ', &one))
		if (similar_slip(search->wrong, one)) {
			search->several |= search->like.size > 0;
			search->like = one;
		}
	for (size_t i = 0; i < scene->tree->count && i < SOURCES_MAX; i++) {
		const char *path = scene->tree->entries[i].path, *language = syntax_language(path);
		struct str text;
		SYNTAX s = NULL;

		if (!language || !word_among(str_of(language), "javascript typescript tsx") ||
		    !scene_read(scene, path, &text))
			continue;
		if (js_is_test(path)) {
			*by_test |= text_has_word(text, word);
			continue;
		}
		s = syntax_open(scene->arena, language, text);
		search->s = s;
		if (s)
			syntax_walk(s->root, see_member, search);
	}
}

static void rename_in(struct js_file *file, struct str old, struct str new)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "member_expression", n);

		if (ts_node_is_null(one))
			return;
		if (str_equal(syntax_text(file->s, syntax_field(one, "property")), old))
			edit_node(&file->edits, syntax_field(one, "property"), new);
	}
}

/* All sources that still say it: nothing declares it any more. */
static bool rename_all(struct js_set *set, struct str old, struct str new)
{
	const struct tree *tree = set->scene->tree;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct js_file *file;
		struct str text;

		if (!js_is_source(path) || !scene_read(set->scene, path, &text) ||
		    !str_has(text, arena_printf(set->scene->arena, ".%.*s(", STR_ARG(old))))
			continue;
		file = js_set_file(set, path);
		if (!file)
			return false;
		rename_in(file, old, new);
	}
	return true;
}

static bool mend(struct js_set *set, struct str object, struct str old)
{
	struct scene *scene = set->scene;
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file)), *module;
	struct search search = { .wrong = old };
	struct js_binding binding;
	bool by_test = false;
	const char *by, *path;
	struct str new;

	if (!file)
		return false;
	if (js_binding_of(file->s, object, &binding) && str_is(binding.name, "*") &&
	    (path = js_resolve(scene, file->path, binding.module))) {
		module = js_set_file(set, path);
		if (module && !js_exports(module->s, old) && !ts_node_is_null(js_top_level(module->s, old)))
			return js_add_export(set, module, old);
	}
	look(scene, &search, &by_test);
	if (by_test) {
		template_decline(scene, "a test calls %.*s", STR_ARG(old));
		return false;
	}
	if (search.declared || !search.called) {
		template_decline(scene, "%.*s is still declared in this repository", STR_ARG(old));
		return false;
	}
	new = js_renamed(scene, old, &by);
	set->oracle = ORACLE_HISTORY;
	if (!new.size) {
		new = search.several ? STR_NONE : search.like;
		by = "it is the one method that is spelled like it";
		set->oracle = ORACLE_CONTRACT;
	}
	if (!new.size) {
		template_decline(scene, "nothing says what %.*s is called now", STR_ARG(old));
		return false;
	}
	set->why = arena_printf(scene->arena, "Calls %.*s for %.*s: %s.", STR_ARG(new), STR_ARG(old), by);
	return rename_all(set, old, new);
}

static void fix(struct scene *scene)
{
	struct js_set set = { .scene = scene, .oracle = ORACLE_CONTRACT };

	if (mend(&set, scene_group(scene, "object"), scene_group(scene, "name")))
		js_set_propose(&set);
	js_set_close(&set);
}

static const struct example examples[] = {
	{
		.name = "its body has another name, and another method is new",
		.log =
			"/src/src/app.js:3\nconsole.log(new Cart().getTotal());\n                       ^\n\n"
			"TypeError: (intermediate value).getTotal is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:3:24)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/cart.js",
			  "class Cart {\n  payable() {\n    const goods = 3;\n    return goods + 1;\n  }\n\n"
			  "  goods() {\n    return 3;\n  }\n}\n\nmodule.exports = { Cart };\n",
			  NULL,
			  .was = "class Cart {\n  getTotal() {\n    const goods = 3;\n    return goods + 1;\n  }\n}\n\n"
			  "module.exports = { Cart };\n" },
			{ "src/app.js",
			  "const { Cart } = require('./cart');\n\nconsole.log(new Cart().getTotal());\n",
			  "const { Cart } = require('./cart');\n\nconsole.log(new Cart().payable());\n" },
		},
	},
	{
		.name = "two letters of forEach are swapped",
		.log =
			"/src/src/app.js:1\n[1, 2].forEahc((x) => console.log(x));\n       ^\n\n"
			"TypeError: [1,2].forEahc is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:1:8)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "[1, 2].forEahc((x) => console.log(x));\n",
			  "[1, 2].forEach((x) => console.log(x));\n" },
		},
	},
	{
		.name = "the one method like it, in two files",
		.log =
			"/src/src/app.js:3\nconsole.log(new Cart().totla());\n                       ^\n\n"
			"TypeError: (intermediate value).totla is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:3:24)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/cart.js",
			  "class Cart {\n  total() {\n    return 3;\n  }\n}\n\nmodule.exports = { Cart };\n",
			  NULL },
			{ "src/bill.js",
			  "module.exports = (cart) => cart.totla();\n",
			  "module.exports = (cart) => cart.total();\n" },
			{ "src/app.js",
			  "const { Cart } = require('./cart');\n\nconsole.log(new Cart().totla());\n",
			  "const { Cart } = require('./cart');\n\nconsole.log(new Cart().total());\n" },
		},
	},
	{
		.name = "of a module that does not export it",
		.log =
			"/src/src/app.js:3\nconsole.log(sums.add(1, 2));\n                 ^\n\n"
			"TypeError: sums.add is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:3:18)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/sums.js",
			  "const add = (a, b) => a + b;\nconst mean = (a, b) => add(a, b) / 2;\n\n"
			  "module.exports = { mean };\n",
			  "const add = (a, b) => a + b;\nconst mean = (a, b) => add(a, b) / 2;\n\n"
			  "module.exports = { add, mean };\n" },
			{ "src/app.js",
			  "const sums = require('./sums');\n\nconsole.log(sums.add(1, 2));\n",
			  NULL },
		},
	},
	{
		.name = "another class still has it",
		.log =
			"/src/src/app.js:3\nconsole.log(new Cart().getTotal());\n                       ^\n\n"
			"TypeError: (intermediate value).getTotal is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:3:24)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/bag.js",
			  "class Bag {\n  getTotal() {\n    return 1;\n  }\n}\n\nmodule.exports = { Bag };\n",
			  NULL },
			{ "src/cart.js",
			  "class Cart {\n  total() {\n    return 3;\n  }\n}\n\nmodule.exports = { Cart };\n",
			  NULL },
			{ "src/app.js",
			  "const { Cart } = require('./cart');\n\nconsole.log(new Cart().getTotal());\n",
			  NULL },
		},
		.declines = "still declared",
	},
	{
		.name = "a test wants it",
		.log =
			"✖ failing tests:\n\ntest at test/bill.test.js:5:1\n✖ totla (15.028008ms)\n"
			"  TypeError [Error]: cart.totla is not a function\n"
			"      at module.exports (/src/src/bill.js:1:33)\n"
			"      at TestContext.<anonymous> (/src/test/bill.test.js:6:3)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/cart.js",
			  "class Cart {\n  total() {\n    return 3;\n  }\n}\n\nmodule.exports = { Cart };\n",
			  NULL },
			{ "src/bill.js",
			  "module.exports = (cart) => cart.totla();\n",
			  NULL },
			{ "test/bill.test.js",
			  "const { test } = require('node:test');\nconst { Cart } = require('../src/cart');\n"
			  "const bill = require('../src/bill');\n\ntest('totla', () => {\n  bill(new Cart());\n"
			  "});\n",
			  NULL },
		},
		.declines = "a test calls totla",
	},
	{0}
};

const struct template template_node_renamed_method = {
	.name = "node_renamed_method",
	.summary = "a method is not there -> the name the failing commit gave it, or that it is a slip of",
	.language = "node",
	.class = "rename",
	.oracles = "the failing commit; the methods of the repository and of the language",
	.keeps_off = "names that are still declared, or that a test calls; two new names",
	.danger = DANGER_1,
	.pattern = "^(?<object>.+)\\.(?<name>[A-Za-z_$][\\w$]*) is not a function$",
	.fix = fix,
	.examples = examples,
};
