/*
 * A required file of the project that has other letters now, or was moved -> the one path that is
 * meant. Only where the path is written out behind __DIR__, and one file can be meant.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


#include "git/path.h"

static const char pattern[] = "^(?:Failed opening required '|(?:require|include)(?:_once)?\\()(?<path>[^')]+)[')]";

/* The only file like it: the same but for the case of letters, or the same name elsewhere. */
static const char *find(const struct scene *scene, struct str wanted)
{
	for (unsigned moved = 0; moved < 2; moved++) {
		const char *found = NULL;
		bool several = false;

		for (size_t i = 0; i < scene->tree->count; i++) {
			struct str path = str_of(scene->tree->entries[i].path);

			if (scene_is_aside(path.at, "") || php_is_test(path.at) ||
			    (moved ? !str_equal_nocase(path_name(path), path_name(wanted))
				   : !str_equal_nocase(path, wanted)))
				continue;
			several |= found != NULL;
			found = path.at;
		}
		if (found || several)
			return several ? NULL : found;
	}
	return NULL;
}

/* From the folder of one file to another one: "/../shop/Cart.php" */
static const char *way(struct arena *a, struct str from, struct str to)
{
	struct text text = TEXT(a);
	struct str one, other, up = path_folder(from), down = to, rest = up, target = to;

	while (str_next(&rest, '/', &one) && str_next(&target, '/', &other) && target.size &&
	       str_equal(one, other))
		up = rest, down = target;
	while (str_next(&up, '/', &one))
		text_adds(&text, "/..");
	text_addf(&text, "/%.*s", STR_ARG(down));
	return text_cstr(&text);
}

/* '/money.php' of `require_once __DIR__ . '/money.php'` on the line */
static TSNode literal_on(const struct syntax *s, unsigned line, struct str name)
{
	TSNode one;

	for (unsigned n = 0; one = php_on_line(s, line, "string_content", n), !ts_node_is_null(one); n++) {
		TSNode sum = syntax_up(one, "binary_expression");

		if (str_equal(path_name(syntax_text(s, one)), name) && !ts_node_is_null(sum) &&
		    str_is(syntax_text(s, syntax_field(sum, "left")), "__DIR__") &&
		    !ts_node_is_null(syntax_up(sum, "require_expression|require_once_expression|"
					       "include_expression|include_once_expression")))
			return one;
	}
	return one;
}

static void fix(struct scene *scene)
{
	const char *path, *file;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct str wanted = scene_group(scene, "path"), after;
	struct edits edits = { .arena = scene->arena };
	TSNode literal;

	if (!s || !scene_is_first(scene))
		return;
	literal = literal_on(s, line, path_name(wanted));
	if (ts_node_is_null(literal))
		return template_decline(scene, "line %u does not write the path out behind __DIR__", line);
	wanted = syntax_text(s, literal);
	(void)str_skip(&wanted, "/");
	if (path_folder(str_of(path)).size && !str_starts(wanted, "../"))
		wanted = str_of(arena_printf(scene->arena, "%.*s/%.*s", STR_ARG(path_folder(str_of(path))),
					     STR_ARG(wanted)));
	file = find(scene, wanted);
	if (!file || !strcmp(file, path))
		return template_decline(scene, "no one file of the repository is like %.*s", STR_ARG(path_name(wanted)));
	edit_node(&edits, literal, str_of(way(scene->arena, str_of(path), str_of(file))));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%s is the only file that %.*s can mean.", file,
					     STR_ARG(path_name(wanted))), path, after);
	else
		template_decline(scene, "%s is what it says already", file);
}

static const struct example examples[] = {
	{
		.name = "other letters",
		.log =
		"PHP Warning:  require_once(/home/runner/work/shop/shop/src/money.php):"
		" Failed to open stream: No such file or directory in "
		"/home/runner/work/shop/shop/src/Bill.php on line 2\n"
		"PHP Fatal error:  Uncaught Error: Failed opening required "
		"'/home/runner/work/shop/shop/src/money.php' "
		"(include_path='.:/usr/share/php') in "
		"/home/runner/work/shop/shop/src/Bill.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Bill.php on line 2\n",
		.file = {
			{ "src/Bill.php",
			  "<?php\n"
			  "require_once __DIR__ . '/money.php';\n",
			  "<?php\n"
			  "require_once __DIR__ . '/Money.php';\n" },
			{ "src/Money.php",
			  "<?php\n"
			  "final class Money {}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "it was moved",
		.log =
		"PHP Fatal error:  Uncaught Error: Failed opening required "
		"'/home/runner/work/shop/shop/src/Money.php' "
		"(include_path='.:/usr/share/php') in "
		"/home/runner/work/shop/shop/src/Bill.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Bill.php on line 2\n",
		.file = {
			{ "src/Bill.php",
			  "<?php\n"
			  "require __DIR__ . '/Money.php';\n",
			  "<?php\n"
			  "require __DIR__ . '/Coin/Money.php';\n" },
			{ "src/Coin/Money.php",
			  "<?php\n"
			  "final class Money {}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a package that is not installed",
		.log =
		"PHP Fatal error:  Uncaught Error: Failed opening required "
		"'/home/runner/work/shop/shop/vendor/autoload.php' "
		"(include_path='.:/usr/share/php') in "
		"/home/runner/work/shop/shop/src/Bill.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Bill.php on line 2\n",
		.file = {
			{ "src/Bill.php",
			  "<?php\n"
			  "require __DIR__ . '/../vendor/autoload.php';\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no one file",
	},
	{0}
};

const struct template template_php_missing_file = {
	.name = "php_missing_file",
	.summary = "a required file that has other letters or was moved -> its path",
	.language = "php",
	.class = "import",
	.oracles = "the only file of that name",
	.keeps_off = "vendor; several files; computed paths",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
