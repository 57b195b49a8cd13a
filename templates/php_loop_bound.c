/*
 * A loop that goes one beyond the end of the list whose elements it takes -> the bound: "<=" of a
 * count becomes "<", and a loop that also takes the element behind ($x[$i + 1]) ends one earlier.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Undefined (?:array key|offset:?) (?<key>\\d+)$";

/* The list of `$i < count($list)`; empty when the condition is of another form. */
static struct str counted(const struct syntax *s, TSNode condition, struct str *counter, struct str *operator)
{
	TSNode right = syntax_field(condition, "right"), argument;

	*counter = syntax_text(s, syntax_field(condition, "left"));
	*operator = syntax_text(s, syntax_field(condition, "operator"));
	if (!syntax_type_is(condition, "binary_expression") || !syntax_type_is(right, "function_call_expression") ||
	    (!str_is(php_name(s, right), "count") && !str_is(php_name(s, right), "\\count") &&
	     !str_is(php_name(s, right), "sizeof")))
		return STR_NONE;
	argument = syntax_below(right, "argument", 0);
	return syntax_text(s, argument);
}

/* Is $list[$i], or with `more` $list[$i + 1], in the body; and no other offset than these? */
static bool takes(const struct syntax *s, TSNode body, struct str list, struct str counter, bool *more)
{
	bool any = false;

	*more = false;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(body, "subscript_expression", n);
		struct str index;

		if (ts_node_is_null(one))
			return any;
		if (!str_equal(syntax_text(s, ts_node_named_child(one, 0)), list))
			continue;
		index = syntax_text(s, ts_node_named_child(one, 1));
		if (str_equal(index, counter)) {
			any = true;
		} else if (str_is(index, arena_printf(s->arena, "%.*s + 1", STR_ARG(counter))) ||
			   str_is(index, arena_printf(s->arena, "%.*s+1", STR_ARG(counter)))) {
			any = *more = true;
		} else if (text_has_word(index, counter.at ? str_text(s->arena, str_from(counter, 1)) : "")) {
			return false;
		}
	}
}

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct edits edits = { .arena = scene->arena };
	struct str list, counter, operator, after;
	TSNode loop, condition, right;
	bool more;

	if (!s)
		return;
	loop = syntax_up(php_on_line(s, line, "subscript_expression", 0), "for_statement");
	condition = syntax_field(loop, "condition");
	list = counted(s, condition, &counter, &operator);
	if (!list.size || !takes(s, syntax_field(loop, "body"), list, counter, &more))
		return template_decline(scene, "line %u is in no loop over the count of that list", line);
	right = syntax_field(condition, "right");
	if (str_is(operator, "<=") && !more)
		edit_node(&edits, syntax_field(condition, "operator"), STR("<"));
	else if (str_is(operator, "<") && more)
		edit_replace(&edits, ts_node_end_byte(right), ts_node_end_byte(right), STR(" - 1"));
	else
		return template_decline(scene, "the loop ends where the list does");
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TEST, "The loop takes an element of %.*s behind its last one.",
					     STR_ARG(list)), path, after);
}

static const struct example examples[] = {
	{
		.name = "pairs of neighbours",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key 3 in "
		"/home/runner/work/shop/shop/src/route.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/route.php on line 4\n",
		.file = {
			{ "src/route.php",
			  "<?php\n"
			  "function way(array $p): float { $sum = 0.0;\n"
			  "    for ($i = 0; $i < count($p); $i++) {\n"
			  "        $sum += leg($p[$i], $p[$i + 1]);\n"
			  "    }\n"
			  "    return $sum; }\n",
			  "<?php\n"
			  "function way(array $p): float { $sum = 0.0;\n"
			  "    for ($i = 0; $i < count($p) - 1; $i++) {\n"
			  "        $sum += leg($p[$i], $p[$i + 1]);\n"
			  "    }\n"
			  "    return $sum; }\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "up to the count itself",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key 3 in "
		"/home/runner/work/shop/shop/src/sum.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/sum.php on line 4\n",
		.file = {
			{ "src/sum.php",
			  "<?php\n"
			  "function total(array $p): int { $sum = 0;\n"
			  "    for ($i = 0; $i <= count($p); $i++) {\n"
			  "        $sum += $p[$i];\n"
			  "    }\n"
			  "    return $sum; }\n",
			  "<?php\n"
			  "function total(array $p): int { $sum = 0;\n"
			  "    for ($i = 0; $i < count($p); $i++) {\n"
			  "        $sum += $p[$i];\n"
			  "    }\n"
			  "    return $sum; }\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a list with holes",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key 1 in "
		"/home/runner/work/shop/shop/src/sum.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/sum.php on line 4\n",
		.file = {
			{ "src/sum.php",
			  "<?php\n"
			  "function total(array $p): int { $sum = 0;\n"
			  "    for ($i = 0; $i < count($p); $i++) {\n"
			  "        $sum += $p[$i];\n"
			  "    }\n"
			  "    return $sum; }\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "the loop ends where",
	},
	{0}
};

const struct template template_php_loop_bound = {
	.name = "php_loop_bound",
	.summary = "a loop one beyond the end of a list -> its bound",
	.language = "php",
	.class = "bound",
	.oracles = "the elements that the loop takes, and the failing test",
	.keeps_off = "lists with holes; other loops",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
