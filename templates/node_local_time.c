/*
 * A file takes the parts of dates in UTC, and one of them in the zone of the machine -> in UTC too.
 * Keeps off where fewer than two others are in UTC, or more than one kind of part is local.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_scene.h"

static const char *const parts[] = { "FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds",
	"Milliseconds", NULL };

/* get or getUTC of a part of a date; false when the name is something else. */
static bool is_part(struct str name, bool *utc)
{
	if (!str_skip(&name, "get"))
		return false;
	*utc = str_skip(&name, "UTC");
	for (size_t i = 0; parts[i]; i++)
		if (str_is(name, parts[i]))
			return true;
	return false;
}

static unsigned mend(struct js_file *file)
{
	unsigned world = 0, local = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file->s->root, "call_expression", n), property;
		struct str name;
		bool utc;

		if (ts_node_is_null(call))
			break;
		property = syntax_field(syntax_field(call, "function"), "property");
		name = ts_node_is_null(property) ? STR_NONE : syntax_text(file->s, property);
		if (!is_part(name, &utc))
			continue;
		if (utc) {
			world++;
			continue;
		}
		local++;
		edit_node(&file->edits, property, str_of(arena_printf(file->scene->arena, "getUTC%.*s",
			  STR_ARG(str_from(name, 3)))));
	}
	return local == 1 && world >= 2 ? local : 0;
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_SIBLING,
			"takes the part of the date in UTC, as all others of the file are.",
			"no single part of a date is taken in the zone of the machine among others in UTC");
}

static const struct example examples[] = {
	{
		.name = "the others are in UTC",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (33.468188ms)\n"
			"  AssertionError [ERR_ASSERTION]: '2024-1-14' == '2024-1-15'\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: '2024-1-14',\n    expected: '2024-1-15',\n"
			"    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "const day = (at) => `${at.getUTCFullYear()}-${at.getUTCMonth()}-${at.getDate()}`;\n\n"
			  "module.exports = { day };\n",
			  "const day = (at) => `${at.getUTCFullYear()}-${at.getUTCMonth()}-${at.getUTCDate()}`;\n\n"
			  "module.exports = { day };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { day } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(day(new Date('2024-02-15T00:30:00Z')), '2024-1-15');\n});\n",
			  NULL },
		},
	},
	{
		.name = "two are local",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (20.935241ms)\n"
			"  AssertionError [ERR_ASSERTION]: '2024-1-14' == '2024-1-15'\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: '2024-1-14',\n    expected: '2024-1-15',\n"
			"    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "const day = (at) => `${at.getUTCFullYear()}-${at.getMonth()}-${at.getDate()}`;\n\n"
			  "module.exports = { day };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { day } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(day(new Date('2024-02-15T00:30:00Z')), '2024-1-15');\n});\n",
			  NULL },
		},
		.declines = "no single part",
	},
	{0}
};

static const char *const types[] = { "AssertionError", NULL };

const struct template template_node_local_time = {
	.name = "node_local_time",
	.summary = "one part of a date is in the local zone, the others in UTC -> in UTC",
	.language = "node",
	.class = "time zone",
	.oracles = "two siblings in the file",
	.keeps_off = "fewer than two others in UTC, several local parts",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};
