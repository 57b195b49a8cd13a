/*
 * "${name}" in a text, which PHP deprecates -> "{$name}", in the whole file: both mean the same.
 * Keeps off "${expression}", which means something else.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Using \\$\\{var\\} in strings is deprecated";

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "${name}" or "${name['key']}": how long the name is; 0 for an expression */
static size_t name_of(struct str text)
{
	size_t size = 0;

	while (size < text.size && word_byte(text.at[size]))
		size++;
	if (!size || size == text.size || (text.at[0] >= '0' && text.at[0] <= '9'))
		return 0;
	return text.at[size] == '}' || text.at[size] == '[' ? size : 0;
}

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line, count = 0;
	SYNTAX s = php_crash(scene, &path, &line);
	struct edits edits = { .arena = scene->arena };
	struct str after;

	if (!s)
		return;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "encapsed_string|heredoc_body", n);
		struct str text = syntax_text(s, one);

		if (ts_node_is_null(one))
			break;
		for (size_t at = 0; at + 2 < text.size; at++) {
			size_t start = ts_node_start_byte(one) + at;

			if (text.at[at] == '\\') {
				at++;
				continue;
			}
			if (text.at[at] != '$' || text.at[at + 1] != '{' || !name_of(str_from(text, at + 2)))
				continue;
			edit_replace(&edits, start, start + 2, STR("{$"));
			count++;
		}
	}
	if (!count)
		return template_decline(scene, "%s has no \"${name}\" in a text", path);
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "PHP deprecates \"${name}\"; \"{$name}\" is the same."),
			      path, after);
}

static const struct example examples[] = {
	{
		.name = "a name and an element",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Using ${var} in strings is "
		"deprecated, use {$var} instead in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function hi(string $name, array $a): string {\n"
			  "    return \"hi ${name}, ${a['x']} \\${no}\";\n"
			  "}\n",
			  "<?php\n"
			  "function hi(string $name, array $a): string {\n"
			  "    return \"hi {$name}, {$a['x']} \\${no}\";\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "an expression",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Using ${var} in strings is "
		"deprecated, use {$var} instead in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "function hi(string $name): string {\n"
			  "    return \"hi ${name()}\";\n"
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
	{0}
};

const struct template template_php_interpolation = {
	.name = "php_interpolation",
	.summary = "\"${name}\" in a text -> \"{$name}\"",
	.language = "php",
	.class = "deprecated",
	.oracles = "the language itself",
	.keeps_off = "expressions",
	.danger = DANGER_0,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
