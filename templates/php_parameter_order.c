/*
 * A parameter with a default before a required one, which PHP takes for required and deprecates
 * -> without the default; a type whose default was null allows null then. The function is called
 * as it was.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Optional parameter \\$(?<name>\\w+) declared before required parameter";

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	const char *name = arena_printf(scene->arena, "$%.*s", STR_ARG(scene_group(scene, "name")));
	struct edits edits = { .arena = scene->arena };
	struct str after;
	TSNode one, type, value, variable;

	if (!s)
		return;
	for (unsigned n = 0; one = php_on_line(s, line, "simple_parameter", n), !ts_node_is_null(one); n++)
		if (str_is(syntax_text(s, syntax_field(one, "name")), name))
			break;
	value = syntax_field(one, "default_value");
	variable = syntax_field(one, "name");
	type = syntax_field(one, "type");
	if (ts_node_is_null(one) || ts_node_is_null(value))
		return template_decline(scene, "line %u has no parameter %s with a default", line, name);
	edit_replace(&edits, ts_node_end_byte(variable), ts_node_end_byte(value), STR_NONE);
	if (!ts_node_is_null(type) && str_is(syntax_text(s, value), "null") &&
	    !str_starts(syntax_text(s, type), "?") && !text_has_word(syntax_text(s, type), "null") &&
	    !text_has_word(syntax_text(s, type), "mixed")) {
		if (str_char(syntax_text(s, type), '|') >= 0)
			edit_replace(&edits, ts_node_end_byte(type), ts_node_end_byte(type), STR("|null"));
		else
			edit_replace(&edits, ts_node_start_byte(type), ts_node_start_byte(type), STR("?"));
	}
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "A default before a required parameter is never taken: "
					     "PHP calls %s required.", name), path, after);
}

static const struct example examples[] = {
	{
		.name = "null by default",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Optional parameter $a "
		"declared before required parameter $b is implicitly treated as a "
		"required parameter in /home/runner/work/shop/shop/src/a.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 2\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function f(Clock $a = null, int $b) { return $b; }\n",
			  "<?php\n"
			  "function f(?Clock $a, int $b) { return $b; }\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "without a type",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Optional parameter $a "
		"declared before required parameter $b is implicitly treated as a "
		"required parameter in /home/runner/work/shop/shop/src/a.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 2\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function f($a = 1, $b) { return $b; }\n",
			  "<?php\n"
			  "function f($a, $b) { return $b; }\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "on another line",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Optional parameter $a "
		"declared before required parameter $b is implicitly treated as a "
		"required parameter in /home/runner/work/shop/shop/src/a.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 2\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function f(\n"
			  "  $a = 1, $b) { return $b; }\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "has no parameter",
	},
	{0}
};

const struct template template_php_parameter_order = {
	.name = "php_parameter_order",
	.summary = "a default before a required parameter -> without it",
	.language = "php",
	.class = "deprecated",
	.oracles = "the language itself",
	.keeps_off = "parameters that are not on the line",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
