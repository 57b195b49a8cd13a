/*
 * A class that is not found because nobody imports it -> the `use` line: of the class that other
 * files import by that name, of the one class of the project by that name, or of a class of the
 * language that was looked for in our namespace. A `use` whose namespace was renamed is mended in
 * its place. Keeps off classes that nobody has: extensions, packages.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^(?:Class|Interface|Trait|Enum) [\"'](?<class>[\\w\\\\]+)[\"'] not found";

static const char language_classes[] = "ArgumentCountError ArithmeticError ArrayAccess ArrayIterator ArrayObject "
	"BackedEnum BadFunctionCallException BadMethodCallException CallbackFilterIterator Closure Countable "
	"DateInterval DatePeriod DateTime DateTimeImmutable DateTimeInterface DateTimeZone DivisionByZeroError "
	"DomainException Error ErrorException Exception FilterIterator Generator InfiniteIterator "
	"InvalidArgumentException Iterator IteratorAggregate IteratorIterator JsonException JsonSerializable "
	"LengthException LimitIterator LogicException OutOfBoundsException OutOfRangeException OverflowException "
	"RangeException RecursiveArrayIterator RecursiveDirectoryIterator RecursiveIteratorIterator "
	"ReflectionClass ReflectionException ReflectionFunction ReflectionMethod ReflectionNamedType "
	"ReflectionProperty RuntimeException SplFileInfo SplFileObject SplObjectStorage SplPriorityQueue SplQueue "
	"SplStack Stringable Throwable Traversable TypeError UnderflowException UnexpectedValueException "
	"UnhandledMatchError UnitEnum ValueError WeakMap WeakReference stdClass";

struct sought {
	struct scene *scene;
	const struct syntax *s;
	struct str full, name;		/* "Shop\Hours\Clock", "Clock" */
	struct str found;		/* what to import */
	const char *by;
	bool several;
};

static struct str last_part(struct str name)
{
	(void)str_split_last(name, "\\", NULL, &name);
	return name;
}

static void take(struct sought *sought, struct str name, const char *by)
{
	(void)str_skip(&name, "\\");
	sought->several |= sought->found.size && !str_equal(sought->found, name);
	sought->found = name;
	sought->by = by;
}

/* `use A\B\Name;` of other files */
static void ask_imports(struct sought *sought)
{
	const struct scene *scene = sought->scene;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text, line;

		if (!str_ends(str_of(path), ".php") || scene_is_aside(path, "") || !scene_read(scene, path, &text))
			continue;
		while (str_next_line(&text, &line)) {
			line = str_trim(line);
			if (!str_skip(&line, "use ") || !str_chop(&line, ";") || str_char(line, ' ') >= 0 ||
			    str_char(line, '{') >= 0 || !str_equal(last_part(line), sought->name) ||
			    str_equal(line, sought->full))
				continue;
			take(sought, line, path);
		}
	}
}

/* The namespace and the classes that a file of ours declares. */
static void ask_declarations(struct sought *sought)
{
	static const char *const kinds[] = { "class", "interface", "trait", "enum" };
	const struct scene *scene = sought->scene;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text, space = STR_NONE, line, rest;
		bool declares = false;

		if (!php_is_own(path) || !scene_read(scene, path, &text))
			continue;
		for (rest = text; str_next_line(&rest, &line);) {
			line = str_trim(line);
			if (str_skip(&line, "namespace "))
				(void)str_split(line, ";", &space, NULL);
			(void)str_skip(&line, "final ");
			(void)str_skip(&line, "abstract ");
			(void)str_skip(&line, "readonly ");
			for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
				declares |= text_has_word(str_slice(line, 0, strlen(kinds[k]) + 1 + sought->name.size),
							  arena_printf(scene->arena, "%s %.*s", kinds[k],
								       STR_ARG(sought->name))) &&
					    !text_has_word(str_slice(line, strlen(kinds[k]) + 1 + sought->name.size, 1),
							   "_");
		}
		if (declares && space.size)
			take(sought, str_of(arena_printf(scene->arena, "%.*s\\%.*s", STR_ARG(str_trim(space)),
							 STR_ARG(sought->name))), path);
	}
}

/* The `use` of exactly what was not found; null node when the file has none. */
static TSNode wrong_use(const struct sought *sought)
{
	for (unsigned n = 0;; n++) {
		TSNode name = syntax_below(sought->s->root, "qualified_name", n);

		if (ts_node_is_null(name) ||
		    (syntax_type_is(ts_node_parent(name), "namespace_use_clause") &&
		     str_equal(syntax_text(sought->s, name), sought->full)))
			return name;
	}
}

/* Behind the last `use`, in the alphabet's place if they are in order; else below the namespace. */
static void add_use(const struct sought *sought, struct edits *edits)
{
	struct arena *a = sought->scene->arena;
	const char *line = arena_printf(a, "use %.*s;", STR_ARG(sought->found));
	TSNode last = {0}, use;
	size_t end;

	for (unsigned n = 0; use = syntax_below(sought->s->root, "namespace_use_declaration", n),
	     !ts_node_is_null(use); n++) {
		if (str_compare(syntax_text(sought->s, use), str_of(line)) > 0 && !n) {
			edit_replace(edits, ts_node_start_byte(use), ts_node_start_byte(use),
				     str_of(arena_printf(a, "%s\n", line)));
			return;
		}
		if (str_compare(syntax_text(sought->s, use), str_of(line)) < 0)
			last = use;
	}
	if (!ts_node_is_null(last)) {
		end = ts_node_end_byte(last);
		edit_replace(edits, end, end, str_of(arena_printf(a, "\n%s", line)));
		return;
	}
	use = syntax_below(sought->s->root, "namespace_definition", 0);
	if (ts_node_is_null(use))
		use = syntax_below(sought->s->root, "declare_statement", 0);
	if (ts_node_is_null(use))
		use = syntax_below(sought->s->root, "php_tag", 0);
	if (ts_node_is_null(use))
		return;
	end = ts_node_end_byte(use);
	edit_replace(edits, end, end, str_of(arena_printf(a, "\n\n%s", line)));
}

static void search(struct sought *sought)
{
	bool in_space = str_char(sought->full, '\\') >= 0;

	ask_imports(sought);
	if (!sought->found.size)
		ask_declarations(sought);
	if (!sought->found.size && in_space && word_among(sought->name, language_classes))
		take(sought, sought->name, "the language");
}

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct sought sought = { .scene = scene, .s = s, .full = scene_group(scene, "class") };
	struct edits edits = { .arena = scene->arena };
	struct str after;
	TSNode wrong;

	if (!s)
		return;
	sought.name = last_part(sought.full);
	search(&sought);
	if (!sought.found.size || sought.several || str_equal(sought.found, sought.full))
		return template_decline(scene, sought.several ? "several classes are called %.*s"
							      : "no class of the project or the language is %.*s",
					STR_ARG(sought.name));
	wrong = wrong_use(&sought);
	if (!ts_node_is_null(wrong))
		edit_node(&edits, wrong, sought.found);
	else if (str_has(s->text, arena_printf(scene->arena, "\\%.*s", STR_ARG(sought.full))))
		return template_decline(scene, "%s writes the class with its whole name", path);
	else
		add_use(&sought, &edits);
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_SIBLING, "%.*s is %.*s, by %s.", STR_ARG(sought.name),
					     STR_ARG(sought.found), sought.by), path, after);
}

static const struct example examples[] = {
	{
		.name = "a class of the language, as the neighbour imports it",
		.log =
		"PHP Fatal error:  Uncaught Error: Class "
		"\"Shop\\Hours\\DateTimeImmutable\" not found in "
		"/home/runner/work/shop/shop/src/Calendar.php:9\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Calendar.php on line 9\n",
		.file = {
			{ "src/Calendar.php",
			  "<?php\n"
			  "declare(strict_types=1);\n"
			  "\n"
			  "namespace Shop\\Hours;\n"
			  "\n"
			  "final class Calendar\n"
			  "{\n"
			  "    public function at(string $at) {\n"
			  "        return new DateTimeImmutable($at);\n"
			  "    }\n"
			  "}\n",
			  "<?php\n"
			  "declare(strict_types=1);\n"
			  "\n"
			  "namespace Shop\\Hours;\n"
			  "\n"
			  "use DateTimeImmutable;\n"
			  "\n"
			  "final class Calendar\n"
			  "{\n"
			  "    public function at(string $at) {\n"
			  "        return new DateTimeImmutable($at);\n"
			  "    }\n"
			  "}\n" },
			{ "src/Opening.php",
			  "<?php\n"
			  "namespace Shop\\Hours;\n"
			  "use DateTimeImmutable;\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a class of the project",
		.log =
		"PHP Fatal error:  Uncaught Error: Class \"Shop\\Clock\" not found in "
		"/home/runner/work/shop/shop/src/Calendar.php:6\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Calendar.php on line 6\n",
		.file = {
			{ "src/Calendar.php",
			  "<?php\n"
			  "namespace Shop;\n"
			  "\n"
			  "use Shop\\A\\B;\n"
			  "use Shop\\Z\\Y;\n"
			  "new Clock();\n",
			  "<?php\n"
			  "namespace Shop;\n"
			  "\n"
			  "use Shop\\A\\B;\n"
			  "use Shop\\Time\\Clock;\n"
			  "use Shop\\Z\\Y;\n"
			  "new Clock();\n" },
			{ "src/Time/Clock.php",
			  "<?php\n"
			  "namespace Shop\\Time;\n"
			  "final class Clock\n"
			  "{\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a namespace that was renamed",
		.log =
		"PHP Fatal error:  Uncaught Error: Class \"Shop\\Old\\Clock\" not "
		"found in /home/runner/work/shop/shop/src/Calendar.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Calendar.php on line 4\n",
		.file = {
			{ "src/Calendar.php",
			  "<?php\n"
			  "namespace Shop;\n"
			  "use Shop\\Old\\Clock;\n"
			  "new Clock();\n",
			  "<?php\n"
			  "namespace Shop;\n"
			  "use Shop\\Time\\Clock;\n"
			  "new Clock();\n" },
			{ "src/Time/Clock.php",
			  "<?php\n"
			  "namespace Shop\\Time;\n"
			  "final class Clock\n"
			  "{\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "an extension that is not there",
		.log =
		"PHP Fatal error:  Uncaught Error: Class \"GearmanClient\" not found "
		"in /home/runner/work/shop/shop/src/Queue.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Queue.php on line 3\n",
		.file = {
			{ "src/Queue.php",
			  "<?php\n"
			  "namespace Shop;\n"
			  "new \\GearmanClient();\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no class of the project",
	},
	{
		.name = "two classes of that name",
		.log =
		"PHP Fatal error:  Uncaught Error: Class \"Shop\\Clock\" not found in "
		"/home/runner/work/shop/shop/src/Calendar.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Calendar.php on line 3\n",
		.file = {
			{ "src/Calendar.php",
			  "<?php\n"
			  "namespace Shop;\n"
			  "new Clock();\n",
			  NULL },
			{ "src/Time/Clock.php",
			  "<?php\n"
			  "namespace Shop\\Time;\n"
			  "class Clock {}\n",
			  NULL },
			{ "src/Tower/Clock.php",
			  "<?php\n"
			  "namespace Shop\\Tower;\n"
			  "class Clock {}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "several classes",
	},
	{0}
};

const struct template template_php_missing_use = {
	.name = "php_missing_use",
	.summary = "a class that is not found -> the use line",
	.language = "php",
	.class = "import",
	.oracles = "other files' use, the only class of that name, the language",
	.keeps_off = "extensions and packages; several classes of a name",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
