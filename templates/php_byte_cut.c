/*
 * A text is cut in the middle of a letter and is no UTF-8 any more, while a sibling in the same
 * file counts letters ("mb_substr(..., 'UTF-8')") -> the same function there. Only where one such
 * call is left in the file.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Malformed UTF-8 characters|Invalid UTF-8|invalid UTF-8";

static const char byte_functions[] = "substr strtoupper strtolower strrev str_split strpos strrpos substr_count";

/* The sibling's last argument when it names the encoding: ", 'UTF-8'"; false when no sibling is there. */
static bool ask_sibling(const struct syntax *s, struct str name, struct str *encoding)
{
	const char *wanted = arena_printf(s->arena, "mb_%.*s", STR_ARG(name));

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "function_call_expression", n), arguments, last;
		struct str text;

		if (ts_node_is_null(call))
			return false;
		text = php_name(s, call);
		(void)str_skip(&text, "\\");
		if (!str_is(text, wanted))
			continue;
		arguments = syntax_field(call, "arguments");
		last = ts_node_named_child(arguments, ts_node_named_child_count(arguments) - 1);
		text = syntax_text(s, last);
		*encoding = str_has(text, "UTF-8") || str_has(text, "utf-8") ? text : STR_NONE;
		return true;
	}
}

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct edits edits = { .arena = scene->arena };
	struct str after, encoding, found = STR_NONE;
	unsigned count = 0;

	if (!s)
		return;
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "function_call_expression", n), arguments;
		struct str name = php_name(s, call);

		if (ts_node_is_null(call))
			break;
		if (!word_among(name, byte_functions) || !ask_sibling(s, name, &encoding))
			continue;
		arguments = syntax_field(call, "arguments");
		edit_node(&edits, syntax_field(call, "function"),
			  str_of(arena_printf(scene->arena, "mb_%.*s", STR_ARG(name))));
		if (encoding.size)
			edit_replace(&edits, ts_node_end_byte(arguments) - 1, ts_node_end_byte(arguments) - 1,
				     str_of(arena_printf(scene->arena, ", %.*s", STR_ARG(encoding))));
		found = name;
		count++;
	}
	if (count != 1)
		return template_decline(scene, "%u calls in %s count bytes where a sibling counts letters", count, path);
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_SIBLING, "%.*s counts bytes and cuts letters; its sibling "
					     "counts letters.", STR_ARG(found)), path, after);
}

static const struct example examples[] = {
	{
		.name = "as the title has it",
		.log =
		"PHP Fatal error:  Uncaught JsonException: Malformed UTF-8 characters, "
		"possibly incorrectly encoded in "
		"/home/runner/work/shop/shop/src/Teaser.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Teaser.php on line 5\n",
		.file = {
			{ "src/Teaser.php",
			  "<?php\n"
			  "final class Teaser {\n"
			  "    public function title(int $n): string { return "
			  "mb_substr($this->title, 0, $n, 'UTF-8'); }\n"
			  "    public function text(int $n): string { return substr($this->text, "
			  "0, $n); }\n"
			  "    public function json(): string { return "
			  "json_encode([$this->text(6)], JSON_THROW_ON_ERROR); }\n"
			  "}\n",
			  "<?php\n"
			  "final class Teaser {\n"
			  "    public function title(int $n): string { return "
			  "mb_substr($this->title, 0, $n, 'UTF-8'); }\n"
			  "    public function text(int $n): string { return "
			  "mb_substr($this->text, 0, $n, 'UTF-8'); }\n"
			  "    public function json(): string { return "
			  "json_encode([$this->text(6)], JSON_THROW_ON_ERROR); }\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "no sibling",
		.log =
		"PHP Fatal error:  Uncaught JsonException: Malformed UTF-8 characters, "
		"possibly incorrectly encoded in "
		"/home/runner/work/shop/shop/src/Teaser.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Teaser.php on line 4\n",
		.file = {
			{ "src/Teaser.php",
			  "<?php\n"
			  "final class Teaser {\n"
			  "    public function text(int $n): string { return substr($this->text, "
			  "0, $n); }\n"
			  "    public function json(): string { return "
			  "json_encode([$this->text(6)], JSON_THROW_ON_ERROR); }\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "0 calls",
	},
	{0}
};

const struct template template_php_byte_cut = {
	.name = "php_byte_cut",
	.summary = "a text cut in the middle of a letter -> the mb_ function, as its "
		"sibling has it",
	.language = "php",
	.class = "encoding",
	.oracles = "the sibling in the same file",
	.keeps_off = "no sibling, or several calls",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
