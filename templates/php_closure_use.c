/*
 * An undefined variable in a closure, while the function around it has one of that name -> `use
 * ($name)`. Only for `function (...)`; an arrow function sees the variables around it anyway.
 * Never by reference.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Undefined variable \\$?(?<name>\\w+)$";

/* Is the name a parameter of the function, or assigned in it before the closure? */
static bool has_variable(const struct syntax *s, TSNode function, size_t before, const char *name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "variable_name", n);

		if (ts_node_is_null(one) || ts_node_start_byte(one) >= before)
			return false;
		if (str_is(syntax_text(s, one), name) &&
		    syntax_type_is(ts_node_parent(one), "simple_parameter|assignment_expression|foreach_statement|"
				   "property_promotion_parameter"))
			return true;
	}
}

static void fix(struct scene *scene)
{
	const char *path, *name = arena_printf(scene->arena, "$%.*s", STR_ARG(scene_group(scene, "name")));
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct edits edits = { .arena = scene->arena };
	TSNode one, closure, outer, clause = {0};
	struct str after;
	size_t place;

	if (!s)
		return;
	for (unsigned n = 0; one = php_on_line(s, line, "variable_name", n), !ts_node_is_null(one); n++)
		if (str_is(syntax_text(s, one), name) && !syntax_type_is(ts_node_parent(one), "simple_parameter"))
			break;
	closure = syntax_up(one, "anonymous_function|anonymous_function_creation_expression|method_declaration|"
			    "function_definition");
	if (!syntax_type_is(closure, "anonymous_function|anonymous_function_creation_expression"))
		return template_decline(scene, "line %u does not read %s in a closure", line, name);
	outer = syntax_up(ts_node_parent(closure), "method_declaration|function_definition|anonymous_function|program");
	if (!has_variable(s, outer, ts_node_start_byte(closure), name))
		return template_decline(scene, "the function around has no %s", name);
	for (uint32_t i = 0; i < ts_node_named_child_count(closure); i++)
		if (syntax_type_is(ts_node_named_child(closure, i), "anonymous_function_use_clause"))
			clause = ts_node_named_child(closure, i);
	if (ts_node_is_null(clause)) {
		place = ts_node_end_byte(syntax_field(closure, "parameters"));
		edit_replace(&edits, place, place, str_of(arena_printf(scene->arena, " use (%s)", name)));
	} else {
		place = ts_node_end_byte(clause) - 1;
		edit_replace(&edits, place, place, str_of(arena_printf(scene->arena, ", %s", name)));
	}
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_CONTRACT, "The closure reads %s of the function around it, and "
					     "does not take it along.", name), path, after);
}

static const struct example examples[] = {
	{
		.name = "a parameter of the function around",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined variable $k in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function times(array $xs, int $k): array {\n"
			  "    return array_map(function ($x) { return $x * $k; }, $xs);\n"
			  "}\n",
			  "<?php\n"
			  "function times(array $xs, int $k): array {\n"
			  "    return array_map(function ($x) use ($k) { return $x * $k; }, $xs);\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "beside another one",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined variable $k in "
		"/home/runner/work/shop/shop/src/a.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 5\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function times(array $xs, int $n): array {\n"
			  "    $k = $n + 1;\n"
			  "    return array_map(function ($x) use ($n) {\n"
			  "        return $x * $k + $n;\n"
			  "    }, $xs);\n"
			  "}\n",
			  "<?php\n"
			  "function times(array $xs, int $n): array {\n"
			  "    $k = $n + 1;\n"
			  "    return array_map(function ($x) use ($n, $k) {\n"
			  "        return $x * $k + $n;\n"
			  "    }, $xs);\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "nobody has it",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined variable $k in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function times(array $xs): array {\n"
			  "    return array_map(function ($x) { return $x * $k; }, $xs);\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "has no",
	},
	{
		.name = "no closure",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined variable $k in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function times(array $xs): array {\n"
			  "    return [$k];\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "in a closure",
	},
	{0}
};

const struct template template_php_closure_use = {
	.name = "php_closure_use",
	.summary = "an undefined variable in a closure -> use ($name)",
	.language = "php",
	.class = "name",
	.oracles = "the function around it",
	.keeps_off = "names that the function around does not have",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
