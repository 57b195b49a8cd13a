/*
 * "x is not defined" -> the import that the other sources have, the only export of that name, node's
 * own module where it is plain; else the one name in scope of which it is a slip. Keeps off what a
 * browser or a test runner gives, and names with two homes.
 */
#include "templates/lib_js_home.h"

#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

/* What an environment gives: an import would hide that the wrong one runs. */
static const char given[] = "window document navigator localStorage sessionStorage self location "
	"describe it test expect jest vi beforeEach afterEach beforeAll afterAll before after require "
	"module exports __dirname __filename global process Buffer $ jQuery chrome browser";

struct slips {
	struct str wrong;
	struct str nearest;
	bool several;
};

static void see_slip(const struct syntax *s, TSNode name, void *context)
{
	struct slips *slips = context;
	struct str text = syntax_text(s, name);

	if (!similar_slip(slips->wrong, text) || str_equal(text, slips->nearest))
		return;
	slips->several |= slips->nearest.size > 0;
	slips->nearest = text;
}

struct spelling {
	struct js_file *file;
	struct str wrong, right;
};

static bool see_use(TSNode node, void *context)
{
	struct spelling *spelling = context;
	struct js_file *file = spelling->file;

	if (!syntax_type_is(node, "identifier|shorthand_property_identifier") ||
	    !str_equal(syntax_text(file->s, node), spelling->wrong))
		return true;
	if (syntax_type_is(node, "identifier"))
		edit_node(&file->edits, node, spelling->right);
	else
		edit_node(&file->edits, node,
			  str_of(arena_printf(file->scene->arena, "%.*s: %.*s",
					      STR_ARG(spelling->wrong), STR_ARG(spelling->right))));
	return true;
}

static void fix_slip(struct js_file *file, struct str name, TSNode at, const char *why)
{
	struct slips slips = { .wrong = name };
	struct spelling spelling = { file, name, STR_NONE };

	js_visible(file->s, at, see_slip, &slips);
	if (!slips.nearest.size || slips.several)
		return template_decline(file->scene, "%s, and no single name in scope is like it", why);
	spelling.right = slips.nearest;
	syntax_walk(js_statement_of(at), see_use, &spelling);
	js_file_propose(file, ORACLE_CONTRACT,
			arena_printf(file->scene->arena, "Writes %.*s for %.*s: it is the one name "
				     "in scope that is spelled like it.", STR_ARG(slips.nearest),
				     STR_ARG(name)));
}

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name");
	struct js_home home = {0};
	const char *why;
	TSNode at;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	if (word_among(name, given))
		return template_decline(scene, "%.*s is what the environment gives", STR_ARG(name));
	at = js_use_of(&file, name);
	if (ts_node_is_null(at))
		return template_decline(scene, "line %u does not use %.*s", scene->failure->line,
					STR_ARG(name));
	if (js_declares(file.s, name))
		return template_decline(scene, "%.*s is declared elsewhere in %s", STR_ARG(name),
					file.path);
	if (!js_home_of(&file, name, at, &home, &why))
		return fix_slip(&file, name, at, why);
	js_bind(&file.edits, file.s, js_is_esm(scene, file.path, file.s), &home.binding);
	js_file_propose(&file, home.oracle,
			arena_printf(scene->arena, "Imports %.*s from %.*s: %s.", STR_ARG(name),
				     STR_ARG(home.binding.module), home.by));
}

static const struct example examples[] = {
	{
		.name = "a sister of the module is imported already",
		.log =
			"✖ failing tests:\n\ntest at test/names.test.js:5:1\n✖ case (2.640592ms)\n"
			"  ReferenceError [Error]: basename is not defined\n"
			"      at pair (file:///src/src/names.js:4:11)\n"
			"      at TestContext.<anonymous> (file:///src/test/names.test.js:6:20)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/names.js",
			  "import { dirname } from 'node:path';\n\nexport function pair(path) {\n"
			  "  return [dirname(path), basename(path)];\n}\n",
			  "import { basename, dirname } from 'node:path';\n\nexport function pair(path) {\n"
			  "  return [dirname(path), basename(path)];\n}\n" },
			{ "test/names.test.js",
			  "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
			  "import { pair } from '../src/names.js';\n\ntest('case', () => {\n"
			  "  assert.deepEqual(pair('a/b'), ['a', 'b']);\n});\n",
			  NULL },
		},
	},
	{
		.name = "one source exports it",
		.log =
			"✖ failing tests:\n\ntest at test/range.test.js:5:1\n✖ case (2.246947ms)\n"
			"  ReferenceError [Error]: clamp is not defined\n"
			"      at fit (file:///src/src/range.js:2:3)\n"
			"      at TestContext.<anonymous> (file:///src/test/range.test.js:6:16)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/range.js",
			  "export function fit(x) {\n  return clamp(x, 0, 9);\n}\n",
			  "import { clamp } from './math.js';\n\nexport function fit(x) {\n"
			  "  return clamp(x, 0, 9);\n}\n" },
			{ "src/math.js",
			  "export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));\n",
			  NULL },
			{ "test/range.test.js",
			  "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
			  "import { fit } from '../src/range.js';\n\ntest('case', () => {\n"
			  "  assert.equal(fit(12), 9);\n});\n",
			  NULL },
		},
	},
	{
		.name = "the siblings require it whole",
		.log =
			"/src/src/app.js:3\nconsole.log(path.join('a', 'b'));\n            ^\n\n"
			"ReferenceError: path is not defined\n    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "'use strict';\n\nconsole.log(path.join('a', 'b'));\n",
			  "'use strict';\n\nconst path = require('path');\n\nconsole.log(path.join('a', 'b'));\n" },
			{ "src/log.js",
			  "'use strict';\n\nconst path = require('path');\n\n"
			  "module.exports = (x) => path.resolve(x);\n",
			  NULL },
		},
	},
	{
		.name = "two letters are swapped",
		.log =
			"✖ failing tests:\n\ntest at test/again.test.js:5:1\n✖ case (2.52216ms)\n"
			"  ReferenceError [Error]: retires is not defined\n"
			"      at again (file:///src/src/again.js:2:26)\n"
			"      at TestContext.<anonymous> (file:///src/test/again.test.js:6:16)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/again.js",
			  "export function again(work, retries = 3) {\n  return `${work()} of ${retires}`;\n}\n",
			  "export function again(work, retries = 3) {\n  return `${work()} of ${retries}`;\n}\n" },
			{ "test/again.test.js",
			  "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
			  "import { again } from '../src/again.js';\n\ntest('case', () => {\n"
			  "  assert.equal(again(() => 1), '1 of 3');\n});\n",
			  NULL },
		},
	},
	{
		.name = "two sources export it",
		.log =
			"✖ failing tests:\n\ntest at test/range.test.js:5:1\n✖ case (2.601229ms)\n"
			"  ReferenceError [Error]: clamp is not defined\n"
			"      at fit (file:///src/src/range.js:2:3)\n"
			"      at TestContext.<anonymous> (file:///src/test/range.test.js:6:16)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/range.js",
			  "export function fit(x) {\n  return clamp(x, 0, 9);\n}\n",
			  NULL },
			{ "src/math.js",
			  "export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));\n",
			  NULL },
			{ "src/ring.js",
			  "export const clamp = (x, low, high) => low + ((x - low) % (high - low));\n",
			  NULL },
			{ "test/range.test.js",
			  "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
			  "import { fit } from '../src/range.js';\n\ntest('case', () => {\n"
			  "  assert.equal(fit(12), 9);\n});\n",
			  NULL },
		},
		.declines = "2 files export",
	},
	{
		.name = "as near to the one as to the other",
		.log =
			"✖ failing tests:\n\ntest at test/width.test.js:5:1\n✖ case (1.832713ms)\n"
			"  ReferenceError [Error]: mxnWidth is not defined\n"
			"      at fit (file:///src/src/width.js:2:25)\n"
			"      at TestContext.<anonymous> (file:///src/test/width.test.js:6:16)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/width.js",
			  "export function fit(x, minWidth = 1, maxWidth = 9) {\n"
			  "  return x > maxWidth ? mxnWidth : minWidth;\n}\n",
			  NULL },
			{ "test/width.test.js",
			  "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
			  "import { fit } from '../src/width.js';\n\ntest('case', () => {\n"
			  "  assert.equal(fit(12), 9);\n});\n",
			  NULL },
		},
		.declines = "no single name in scope",
	},
	{
		.name = "the page is not there",
		.log =
			"✖ failing tests:\n\ntest at test/page.test.js:5:1\n✖ case (2.064607ms)\n"
			"  ReferenceError [Error]: document is not defined\n"
			"      at title (file:///src/src/page.js:1:37)\n"
			"      at TestContext.<anonymous> (file:///src/test/page.test.js:6:16)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/page.js",
			  "export const title = () => document.title;\n",
			  NULL },
			{ "test/page.test.js",
			  "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
			  "import { title } from '../src/page.js';\n\ntest('case', () => {\n"
			  "  assert.equal(title(), '');\n});\n",
			  NULL },
		},
		.declines = "what the environment gives",
	},
	{0}
};

const struct template template_node_missing_name = {
	.name = "node_missing_name",
	.summary = "a name is not defined -> the import its siblings have, or the name it is a slip of",
	.language = "node",
	.class = "import",
	.oracles = "the imports and exports of the other sources; node's own modules; the names in scope",
	.keeps_off = "names with two homes, what browsers and test runners give, two names alike",
	.danger = DANGER_1,
	.pattern = "^(?<name>[A-Za-z_$][\\w$]*) is not defined$",
	.fix = fix,
	.examples = examples,
};
