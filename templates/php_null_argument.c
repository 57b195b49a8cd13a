/*
 * Null is passed to a parameter of a built-in function that does not allow it, which PHP
 * deprecates -> the empty value that PHP takes for it anyway ("?? ''", "?? 0", "?? false"). The
 * meaning stays exactly what it was.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^(?<function>\\w+)\\(\\): Passing null to parameter #(?<number>\\d+) \\(\\$\\w+\\) of type "
	"(?<type>[\\w|]+) is deprecated";

/* What PHP makes of null for the type; NULL: an error either way, or not known. */
static const char *nothing_of(struct str type)
{
	if (str_is(type, "string") || str_is(type, "array|string") || str_is(type, "string|array"))
		return "''";
	if (str_is(type, "int") || str_is(type, "float") || str_is(type, "int|float"))
		return "0";
	return str_is(type, "bool") ? "false" : NULL;
}

static void fix(struct scene *scene)
{
	const char *path, *nothing = nothing_of(scene_group(scene, "type"));
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct str name = scene_group(scene, "function"), text, after;
	struct edits edits = { .arena = scene->arena };
	unsigned long number = 0;
	TSNode call = {0}, one, argument;

	if (!s)
		return;
	for (unsigned n = 0; one = php_on_line(s, line, "function_call_expression", n), !ts_node_is_null(one); n++) {
		text = php_name(s, one);
		(void)str_skip(&text, "\\");
		if (!str_equal(text, name))
			continue;
		if (!ts_node_is_null(call))
			return template_decline(scene, "line %u calls %.*s twice", line, STR_ARG(name));
		call = one;
	}
	if (ts_node_is_null(call) || !nothing || !str_number(scene_group(scene, "number"), &number) || !number)
		return template_decline(scene, "line %u does not call it with something that null stands for", line);
	call = syntax_field(call, "arguments");
	if (ts_node_named_child_count(call) < number)
		return template_decline(scene, "the call has no such argument");
	argument = ts_node_named_child(call, (uint32_t)number - 1);
	text = syntax_text(s, argument);
	argument = ts_node_named_child(argument, 0);
	edit_replace(&edits, ts_node_start_byte(argument), ts_node_end_byte(argument),
		     str_of(arena_printf(scene->arena, php_is_simple(argument) ? "%.*s ?? %s" : "(%.*s) ?? %s",
					 STR_ARG(text), nothing)));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "PHP takes null for %s here and deprecates it: it is "
					     "said.", nothing), path, after);
}

static const struct example examples[] = {
	{
		.name = "the length of a text",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: strlen(): Passing null to "
		"parameter #1 ($string) of type string is deprecated in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function len(?string $s): int {\n"
			  "    return strlen($s);\n"
			  "}\n",
			  "<?php\n"
			  "function len(?string $s): int {\n"
			  "    return strlen($s ?? '');\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "the second argument",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: explode(): Passing null to "
		"parameter #2 ($string) of type string is deprecated in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function parts($row): array {\n"
			  "    return explode(',', $row->tags);\n"
			  "}\n",
			  "<?php\n"
			  "function parts($row): array {\n"
			  "    return explode(',', $row->tags ?? '');\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "two calls",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: strlen(): Passing null to "
		"parameter #1 ($string) of type string is deprecated in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function len($s, $t): int {\n"
			  "    return strlen($s) + strlen($t);\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "twice",
	},
	{0}
};

const struct template template_php_null_argument = {
	.name = "php_null_argument",
	.summary = "null passed to a built-in function -> the empty value that PHP takes for it",
	.language = "php",
	.class = "deprecated",
	.oracles = "the language itself",
	.keeps_off = "several calls on the line; types without such a value",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
