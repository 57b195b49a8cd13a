/*
 * "cannot find symbol: class List" -> the import by which the other files come by the name, the one
 * class of the project, or the JDK's, when everybody means it. Keeps off a name that is imported
 * already (its library is missing) and one that siblings import from two packages.
 */
#include "git/path.h"
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static const struct {
	const char *package, *names;
} jdk[] = {
	{ "java.io", "BufferedReader BufferedWriter ByteArrayInputStream ByteArrayOutputStream Closeable "
		     "EOFException File FileInputStream FileNotFoundException FileOutputStream FileReader "
		     "FileWriter IOException InputStream InputStreamReader ObjectInputStream "
		     "ObjectOutputStream OutputStream OutputStreamWriter PrintStream PrintWriter Reader "
		     "Serializable StringReader StringWriter UncheckedIOException Writer" },
	{ "java.math", "BigDecimal BigInteger MathContext RoundingMode" },
	{ "java.net", "HttpURLConnection InetAddress InetSocketAddress ServerSocket Socket URI "
		      "URISyntaxException URL URLDecoder URLEncoder MalformedURLException" },
	{ "java.nio.charset", "Charset StandardCharsets" },
	{ "java.nio.file", "Files NoSuchFileException Path Paths StandardCopyOption StandardOpenOption" },
	{ "java.text", "DecimalFormat NumberFormat ParseException SimpleDateFormat" },
	{ "java.time", "Clock DayOfWeek Duration Instant LocalDate LocalDateTime LocalTime Month "
		       "OffsetDateTime Period Year YearMonth ZoneId ZoneOffset ZonedDateTime" },
	{ "java.time.format", "DateTimeFormatter DateTimeParseException" },
	{ "java.time.temporal", "ChronoUnit TemporalAdjusters" },
	{ "java.util", "ArrayDeque ArrayList Arrays BitSet Collection Collections Comparator "
		       "ConcurrentModificationException Deque EnumMap EnumSet HashMap HashSet Iterator "
		       "LinkedHashMap LinkedHashSet LinkedList List ListIterator Locale Map "
		       "NavigableMap NoSuchElementException Objects Optional OptionalDouble OptionalInt "
		       "OptionalLong PriorityQueue Properties Queue Random Scanner Set SortedMap SortedSet "
		       "StringJoiner TreeMap TreeSet UUID" },
	{ "java.util.concurrent", "Callable CompletableFuture ConcurrentHashMap CopyOnWriteArrayList "
		"CountDownLatch ExecutionException ExecutorService Executors Future LinkedBlockingQueue "
		"ScheduledExecutorService ThreadLocalRandom TimeUnit TimeoutException" },
	{ "java.util.concurrent.atomic", "AtomicBoolean AtomicInteger AtomicLong AtomicReference" },
	{ "java.util.function", "BiConsumer BiFunction BinaryOperator Consumer Function IntFunction "
		"IntPredicate IntUnaryOperator Predicate Supplier ToDoubleFunction ToIntFunction "
		"ToLongFunction UnaryOperator" },
	{ "java.util.regex", "Matcher Pattern PatternSyntaxException" },
	{ "java.util.stream", "Collectors DoubleStream IntStream LongStream Stream StreamSupport" },
};

static struct str of_jdk(struct arena *a, struct str name)
{
	for (size_t i = 0; i < sizeof(jdk) / sizeof(jdk[0]); i++)
		if (word_among(name, jdk[i].names))
			return str_of(arena_printf(a, "%s.%.*s", jdk[i].package, STR_ARG(name)));
	return STR_NONE;
}

static bool is_java(const char *path)
{
	return str_is(path_ending(str_of(path)), "java");
}

/* What the other files import by this name; false when they differ. */
static bool of_siblings(const struct scene *scene, const char *path, struct str name, struct str *found)
{
	const struct tree *tree = scene->tree;
	const char *tail = arena_printf(scene->arena, ".%.*s;", STR_ARG(name));

	for (size_t i = 0; i < tree->count; i++) {
		struct str text, line;

		if (!is_java(tree->entries[i].path) || !strcmp(tree->entries[i].path, path) ||
		    !scene_read(scene, tree->entries[i].path, &text))
			continue;
		while (str_next_line(&text, &line)) {
			line = str_trim(line);
			if (!str_ends(line, tail) || str_starts(line, "import static ") ||
			    !str_skip(&line, "import "))
				continue;
			str_chop(&line, ";");
			line = str_trim(line);
			if (found->size && !str_equal(*found, line))
				return false;
			*found = line;
		}
	}
	return true;
}

/* The package's name and the class's, of the only class of the project of this name. */
static struct str of_project(struct sources *sources, struct str name, struct str *package)
{
	struct source *source = NULL;
	TSNode class = java_class_named(sources, name, &source), parent;

	*package = STR_NONE;
	if (ts_node_is_null(class) || source_is_test(source->path) ||
	    !java_has_modifier(source->syntax, class, "public"))
		return STR_NONE;
	parent = source_child(source->syntax->root, "package_declaration", 0);
	*package = syntax_text(source->syntax, source_nth(parent, 0));
	if (!package->size || !ts_node_eq(source_parent(class), source->syntax->root))
		return STR_NONE;
	return str_of(arena_printf(sources->scene->arena, "%.*s.%.*s", STR_ARG(*package), STR_ARG(name)));
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct str name = scene_group(scene, "name"), wanted = STR_NONE, package, project;
	struct source *source = sources_open(sources, scene->failure->file);
	const char *by = "as the other files do";

	if (!source || source_is_test(source->path) || name.at[0] < 'A' || name.at[0] > 'Z')
		return template_decline(scene, "%.*s is no class that code of this project lacks",
					STR_ARG(name)), false;
	project = of_project(sources, name, &package);
	if (!of_siblings(scene, source->path, name, &wanted))
		return template_decline(scene, "the files import %.*s from two packages", STR_ARG(name)), false;
	if (project.size && wanted.size && !str_equal(project, wanted))
		return template_decline(scene, "%.*s is in the project and in %.*s", STR_ARG(name),
					STR_ARG(wanted)), false;
	if (!wanted.size && project.size) {
		wanted = project;
		by = "the only class of that name in the project";
	}
	if (!wanted.size) {
		wanted = of_jdk(scene->arena, name);
		by = "of the JDK";
	}
	if (!wanted.size)
		return template_decline(scene, "nobody imports %.*s, and the JDK does not have it",
					STR_ARG(name)), false;
	if (java_is_imported(source->syntax, wanted))
		return template_decline(scene, "%s imports %.*s already", source->path, STR_ARG(name)), false;
	if (!str_has(text_str(why), str_text(scene->arena, wanted)))
		text_addf(why, "Imports %.*s in %s, %s.", STR_ARG(wanted), source->path, by);
	java_import_add(source, wanted);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "of the JDK and of the project",
		.log =
		"./src/shop/Cart.java:6: error: cannot find symbol\n"
		"    private final List<Money> items = new ArrayList<>();\n"
		"                  ^\n  symbol:   class List\n  location: class Cart\n"
		"./src/shop/Cart.java:6: error: cannot find symbol\n"
		"    private final List<Money> items = new ArrayList<>();\n"
		"                       ^\n  symbol:   class Money\n  location: class Cart\n"
		"./src/shop/Cart.java:6: error: cannot find symbol\n"
		"    private final List<Money> items = new ArrayList<>();\n"
		"                                          ^\n  symbol:   class ArrayList\n"
		"  location: class Cart\n./src/shop/Cart.java:9: error: cannot find symbol\n"
		"        return items.stream().map(Money::text).collect(Collectors.joining());\n"
		"                                  ^\n  symbol:   variable Money\n"
		"  location: class Cart\n4 errors\n",
		.file = {
			{ "src/shop/Cart.java",
			  "package shop;\n\nimport java.util.stream.Collectors;\n\nfinal class Cart {\n"
			  "    private final List<Money> items = new ArrayList<>();\n\n"
			  "    String text() {\n"
			  "        return items.stream().map(Money::text).collect(Collectors.joining());\n"
			  "    }\n}\n",
			  "package shop;\n\nimport java.util.ArrayList;\nimport java.util.List;\n"
			  "import java.util.stream.Collectors;\nimport money.Money;\n\n"
			  "final class Cart {\n    private final List<Money> items = new ArrayList<>();\n"
			  "\n    String text() {\n"
			  "        return items.stream().map(Money::text).collect(Collectors.joining());\n"
			  "    }\n}\n" },
			{ "src/money/Money.java",
			  "package money;\n\npublic record Money(long cents) {\n"
			  "    public String text() {\n        return \"\" + cents;\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "as the other file does",
		.log =
		"./src/shop/Menu.java:4: error: cannot find symbol\n    List open;\n    ^\n"
		"  symbol:   class List\n  location: class Menu\n1 error\n",
		.file = {
			{ "src/shop/Menu.java",
			  "package shop;\n\nfinal class Menu {\n    List open;\n}\n",
			  "package shop;\n\nimport java.awt.List;\n\nfinal class Menu {\n    List open;\n"
			  "}\n" },
			{ "src/shop/Bar.java",
			  "package shop;\n\nimport java.awt.List;\n\nfinal class Bar {\n    List shown;\n"
			  "}\n",
			  NULL },
		},
	},
	{
		.name = "the files import it from two packages",
		.log =
		"./src/shop/Menu.java:4: error: cannot find symbol\n    List open;\n    ^\n"
		"  symbol:   class List\n  location: class Menu\n1 error\n",
		.file = {
			{ "src/shop/Menu.java",
			  "package shop;\n\nfinal class Menu {\n    List open;\n}\n",
			  NULL },
			{ "src/shop/Bar.java",
			  "package shop;\n\nimport java.awt.List;\n\nfinal class Bar {\n    List shown;\n"
			  "}\n",
			  NULL },
			{ "src/shop/Foo.java",
			  "package shop;\n\nimport java.util.List;\n\nfinal class Foo {\n"
			  "    List<String> shown;\n}\n",
			  NULL },
		},
		.declines = "import List from two packages",
	},
	{
		.name = "its library is missing",
		.log =
		"./src/A.java:1: error: package org.acme does not exist\n"
		"import org.acme.Widget;\n               ^\n"
		"./src/A.java:4: error: cannot find symbol\n    Widget widget;\n    ^\n"
		"  symbol:   class Widget\n  location: class A\n2 errors\n",
		.file = {
			{ "src/A.java",
			  "import org.acme.Widget;\n\nfinal class A {\n    Widget widget;\n}\n",
			  NULL },
		},
		.declines = "nobody imports Widget",
	},
	{0}
};

const struct template template_java_missing_import = {
	.name = "java_missing_import",
	.summary = "a class that is not imported -> the import of the other files, the project or the JDK",
	.language = "java",
	.class = "import",
	.oracles = "imports of the other files; the only class of the project; the JDK",
	.keeps_off = "two packages have the name, or it is imported and its library is missing",
	.danger = DANGER_0,
	.tool = "javac",
	.pattern = "^cannot find symbol: (?:class|variable) (?<name>[A-Z]\\w*)$",
	.fix = fix,
	.examples = examples,
};
