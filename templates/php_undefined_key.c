/*
 * An array key that is not there yet: a counter or text that is added to begins with nothing ("+=
 * 1" -> "($a[$k] ?? 0) + 1"), which is what PHP does anyway; a value that is read takes the
 * default that siblings take from the same array. Keeps off a plain read without such a sibling.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Undefined (?:array key|offset|index)";

static bool begins_with(struct str operator, const char **sign, const char **nothing)
{
	static const struct { const char *operator, *sign, *nothing; } rows[] = {
		{ "+=", "+", "0" }, { "-=", "-", "0" }, { ".=", ".", "''" }, { "++", "+", "0" }, { "--", "-", "0" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(operator, rows[i].operator)) {
			*sign = rows[i].sign;
			*nothing = rows[i].nothing;
			return true;
		}
	return false;
}

/* `$a[$k] += 1;` as a statement: the edit that begins with nothing */
static bool mend_sum(const struct syntax *s, unsigned line, struct edits *edits)
{
	TSNode one, target, value;
	const char *sign, *nothing;
	struct str place, added;
	struct arena *a = edits->arena;

	one = php_on_line(s, line, "augmented_assignment_expression|update_expression", 0);
	if (ts_node_is_null(one) || !syntax_type_is(ts_node_parent(one), "expression_statement") ||
	    !ts_node_is_null(php_on_line(s, line, "augmented_assignment_expression|update_expression", 1)))
		return false;
	target = syntax_field(one, "left");
	if (ts_node_is_null(target))
		target = syntax_field(one, "argument");
	value = syntax_field(one, "right");
	if (!syntax_type_is(target, "subscript_expression") ||
	    !begins_with(syntax_text(s, syntax_field(one, "operator")), &sign, &nothing)) {
		/* the operator of += is a node without a field */
		for (uint32_t i = 0; i < ts_node_child_count(one); i++)
			if (!ts_node_is_named(ts_node_child(one, i)) &&
			    begins_with(syntax_text(s, ts_node_child(one, i)), &sign, &nothing))
				goto found;
		return false;
	}
found:
	if (!syntax_type_is(target, "subscript_expression") ||
	    !ts_node_is_null(syntax_below(target, "function_call_expression|member_call_expression|update_expression", 0)))
		return false;
	place = syntax_text(s, target);
	added = ts_node_is_null(value) ? STR("1") : syntax_text(s, value);
	if (!ts_node_is_null(value) && syntax_type_is(value, "binary_expression|conditional_expression"))
		added = str_of(arena_printf(a, "(%.*s)", STR_ARG(added)));
	edit_node(edits, one, str_of(arena_printf(a, "%.*s = (%.*s ?? %s) %s %.*s", STR_ARG(place), STR_ARG(place),
						  nothing, sign, STR_ARG(added))));
	return true;
}

/* `$this->byName[$x] ?? 0`: what siblings take from that array; all must agree. */
static struct str ask_siblings(const struct syntax *s, struct str array, bool *several)
{
	struct str found = STR_NONE;

	for (unsigned n = 0;; n++) {
		TSNode sum = syntax_below(s->root, "binary_expression", n), left;
		struct str value;

		if (ts_node_is_null(sum))
			return found;
		left = syntax_field(sum, "left");
		if (!str_is(syntax_text(s, syntax_field(sum, "operator")), "??") ||
		    !syntax_type_is(left, "subscript_expression") ||
		    !str_equal(syntax_text(s, ts_node_named_child(left, 0)), array))
			continue;
		value = syntax_text(s, syntax_field(sum, "right"));
		*several |= found.size && !str_equal(found, value);
		found = value;
	}
}

static void mend_read(struct scene *scene, const struct syntax *s, unsigned line, struct edits *edits)
{
	TSNode one = php_on_line(s, line, "subscript_expression", 0);
	bool several = false;
	struct str value, text;

	if (ts_node_is_null(one) || !ts_node_is_null(php_on_line(s, line, "subscript_expression", 1)) ||
	    !syntax_type_is(ts_node_parent(one), "return_statement|argument|assignment_expression|array_element_initializer"))
		return template_decline(scene, "line %u does not read one key as a value of its own", line);
	value = ask_siblings(s, syntax_text(s, ts_node_named_child(one, 0)), &several);
	if (!value.size || several)
		return template_decline(scene, several ? "siblings do not agree on the default"
						       : "no sibling takes a default from that array");
	text = syntax_text(s, one);
	edit_node(edits, one, str_of(arena_printf(scene->arena, "%.*s ?? %.*s", STR_ARG(text), STR_ARG(value))));
}

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct edits edits = { .arena = scene->arena };
	struct str after;
	bool sum;

	if (!s)
		return;
	sum = mend_sum(s, line, &edits);
	if (!sum)
		mend_read(scene, s, line, &edits);
	if (!edits.count || !edits_apply(&edits, s, &after))
		return;
	candidate_put(scene, propose(scene, sum ? ORACLE_TOOL : ORACLE_SIBLING, sum ?
				     "What is added to begins with nothing: PHP does so anyway, and warns." :
				     "Other places take a default from the same array."), path, after);
}

static const struct example examples[] = {
	{
		.name = "a counter",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key "
		"\"Linz\" in /home/runner/work/shop/shop/src/Votes.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Votes.php on line 5\n",
		.file = {
			{ "src/Votes.php",
			  "<?php\n"
			  "final class Votes {\n"
			  "    private array $byTown = [];\n"
			  "    public function add(string $town): void {\n"
			  "        $this->byTown[$town] += 1;\n"
			  "    }\n"
			  "}\n",
			  "<?php\n"
			  "final class Votes {\n"
			  "    private array $byTown = [];\n"
			  "    public function add(string $town): void {\n"
			  "        $this->byTown[$town] = ($this->byTown[$town] ?? 0) + 1;\n"
			  "    }\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "one more",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key \"a\" "
		"in /home/runner/work/shop/shop/src/count.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/count.php on line 4\n",
		.file = {
			{ "src/count.php",
			  "<?php\n"
			  "function tally(array $words): array {\n"
			  "    $all = [];\n"
			  "    foreach ($words as $word) { $all[$word]++; }\n"
			  "    return $all;\n"
			  "}\n",
			  "<?php\n"
			  "function tally(array $words): array {\n"
			  "    $all = [];\n"
			  "    foreach ($words as $word) { $all[$word] = ($all[$word] ?? 0) + 1; "
			  "}\n"
			  "    return $all;\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a read, as the sibling has it",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key \"a\" "
		"in /home/runner/work/shop/shop/src/Votes.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Votes.php on line 4\n",
		.file = {
			{ "src/Votes.php",
			  "<?php\n"
			  "final class Votes {\n"
			  "    public function has(string $x): bool { return ($this->by[$x] ?? "
			  "0) > 0; }\n"
			  "    public function of(string $x): int { return $this->by[$x]; }\n"
			  "}\n",
			  "<?php\n"
			  "final class Votes {\n"
			  "    public function has(string $x): bool { return ($this->by[$x] ?? "
			  "0) > 0; }\n"
			  "    public function of(string $x): int { return $this->by[$x] ?? 0; }\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a read, and nobody says the default",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Undefined array key \"a\" "
		"in /home/runner/work/shop/shop/src/Votes.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Votes.php on line 3\n",
		.file = {
			{ "src/Votes.php",
			  "<?php\n"
			  "final class Votes {\n"
			  "    public function of(string $x): int { return $this->by[$x]; }\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no sibling",
	},
	{0}
};

const struct template template_php_undefined_key = {
	.name = "php_undefined_key",
	.summary = "an array key that is not there yet -> nothing to begin with, or the "
		"default of siblings",
	.language = "php",
	.class = "crash guard",
	.oracles = "the language for sums; siblings for reads",
	.keeps_off = "reads without a sibling; siblings that disagree",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
