/*
 * A C or C++ file uses a name whose header it does not include -> include it. The header is the
 * one the compiler's note names, else the one the C standard or POSIX says, else the only one of
 * the project. Does not define feature macros, and never declares a function by hand.
 */
#include "templates/lib_include.h"
#include "templates/lib_scene.h"

struct wanted {
	const char *path;
	struct str header, name;
	enum oracle oracle;
};

/* The `<header>` of the compiler's note about this name; empty when there is none. */
static struct str header_of_note(const struct scene *scene, struct str name)
{
	const struct report *report = scene->report;
	const char *word = str_text(scene->arena, name);

	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *note = &report->diagnostics[i];
		struct str message = str_of(note->message), header;

		if (note->severity != SEVERITY_NOTE || !text_has_word(message, word) ||
		    !(str_has(message, "header") || str_starts(message, "include ")) ||
		    !str_split(message, "<", NULL, &header) || !str_split(header, ">", &header, NULL))
			continue;
		return str_of(arena_printf(scene->arena, "<%.*s>", STR_ARG(header)));
	}
	return STR_NONE;
}

/* Which header one failure wants; false when it must be left alone, with the reason in *why. */
static bool want(const struct scene *scene, struct wanted *wanted, const char **why)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct str name = scene_group(scene, "name"), text, project = STR_NONE;
	const char *none = NULL;
	bool plain_c;

	if (!path || !scene_read(scene, path, &text)) {
		*why = "the file is not in the repository";
		return false;
	}
	plain_c = str_ends(str_of(path), ".c") || str_ends(str_of(path), ".h");
	*wanted = (struct wanted){ path, header_of_note(scene, name), name, ORACLE_TOOL };
	if (plain_c)
		include_of_project(scene->arena, scene->tree, path, str_text(scene->arena, name),
				   &project, &none);
	if (!wanted->header.size && (plain_c || str_has(str_of(scene->failure->message), "std"))) {
		wanted->header = include_of_standard(name, !plain_c);
		wanted->oracle = ORACLE_CONTRACT;
	}
	if (wanted->header.size && project.size) {
		*why = arena_printf(scene->arena, "%.*s is declared by %.*s and by %.*s of the project",
				    STR_ARG(name), STR_ARG(wanted->header), STR_ARG(project));
		return false;
	}
	if (!wanted->header.size) {
		wanted->header = project;
		wanted->oracle = ORACLE_SIBLING;
	}
	*why = none ? none : "the compiler does not say which header declares it";
	return wanted->header.size > 0;
}

/* A name that the file itself defines further down lacks no header, but a declaration. */
static bool usable(const struct scene *scene, const struct wanted *wanted, const char **why)
{
	struct str text;
	SYNTAX s = NULL;

	if (!scene_read(scene, wanted->path, &text))
		return false;
	s = syntax_open(scene->arena, syntax_language(wanted->path), text);
	if (!s)
		return false;
	if (include_is_there(s, wanted->header)) {
		*why = arena_printf(scene->arena, "%s includes %.*s already: a feature macro or another "
				    "language standard hides %.*s", wanted->path,
				    STR_ARG(wanted->header), STR_ARG(wanted->name));
		return false;
	}
	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, "function_definition", n);
		TSNode declarator = syntax_below(node, "function_declarator", 0);

		if (ts_node_is_null(node))
			return true;
		if (!str_equal(syntax_text(s, syntax_field(declarator, "declarator")), wanted->name))
			continue;
		*why = arena_printf(scene->arena, "%s defines %.*s itself, after its use", wanted->path,
				    STR_ARG(wanted->name));
		return false;
	}
}

static size_t collect(struct scene *scene, struct wanted **list, const char **why)
{
	struct scene alike;
	size_t index = 0, count = 0;

	while (scene_next_alike(scene, &index, &alike)) {
		struct wanted wanted;
		size_t at = 0;

		if (!want(&alike, &wanted, why) || !usable(scene, &wanted, why))
			continue;
		while (at < count && !(str_is(str_of((*list)[at].path), wanted.path) &&
				       str_equal((*list)[at].header, wanted.header)))
			at++;
		if (at == count)
			arena_push(scene->arena, *list, count) = wanted;
	}
	return count;
}

/* By header, so that several at the same place come in order. */
static void sort(struct wanted *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t n = i; n && str_compare(list[n - 1].header, list[n].header) > 0; n--) {
			struct wanted swap = list[n];

			list[n] = list[n - 1];
			list[n - 1] = swap;
		}
}

static void put(struct scene *scene, struct candidate *candidate, const struct wanted *list,
		size_t count, const char *path)
{
	struct edits edits = { .arena = scene->arena };
	struct str text, out;
	SYNTAX s = NULL;

	if (!scene_read(scene, path, &text))
		return;
	s = syntax_open(scene->arena, syntax_language(path), text);
	if (!s)
		return;
	for (size_t i = 0; i < count; i++)
		if (str_is(str_of(list[i].path), path))
			include_add(&edits, s, path, list[i].header);
	if (edits_apply(&edits, s, &out))
		candidate_put(scene, candidate, path, out);
}

static const char *const reasons[] = {
	[ORACLE_TOOL] = "the compiler's note says that it declares",
	[ORACLE_CONTRACT] = "by the C standard or POSIX it declares",
	[ORACLE_SIBLING] = "no other header of the project declares",
};

static void fix(struct scene *scene)
{
	const char *why = "";
	struct wanted *list = NULL;
	struct text told = TEXT(scene->arena);
	struct candidate *candidate;
	enum oracle oracle = ORACLE_TOOL;
	size_t count;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	count = collect(scene, &list, &why);
	if (!count)
		return template_decline(scene, "%s", why);
	sort(list, count);
	for (size_t i = 0; i < count; i++) {
		text_addf(&told, "%s%.*s in %s, as %s %.*s", i ? "; " : "", STR_ARG(list[i].header),
			  list[i].path, reasons[list[i].oracle], STR_ARG(list[i].name));
		if (list[i].oracle != ORACLE_TOOL)
			oracle = list[i].oracle;
	}
	candidate = propose(scene, oracle, "Includes %s.", text_cstr(&told));
	for (size_t i = 0; i < count; i++)
		put(scene, candidate, list, count, list[i].path);
}

static const struct example examples[] = {
	{
		.name = "two headers that the notes of gcc name",
		.log =
		"a.c: In function ‘main’:\na.c:7:9: error: unknown type name ‘uint32_t’\n"
		"    7 |         uint32_t n = 2;\n      |         ^~~~~~~~\n"
		"a.c:4:1: note: ‘uint32_t’ is defined in header ‘<stdint.h>’; did you forget to"
		" ‘#include <stdint.h>’?\n    3 | #include \"b.h\"\n"
		"  +++ |+#include <stdint.h>\n    4 | \n"
		"a.c:9:28: error: implicit declaration of function ‘strlen’ [-Werror=implicit-f"
		"unction-declaration]\n"
		"    9 |         printf(\"%zu %u\\n\", strlen(\"a\"), n);\n"
		"      |                            ^~~~~~\n"
		"a.c:4:1: note: include ‘<string.h>’ or provide a declaration of ‘strlen’\n"
		"    3 | #include \"b.h\"\n  +++ |+#include <string.h>\n    4 | \n"
		"a.c:9:28: error: incompatible implicit declaration of built-in function ‘strle"
		"n’ [-Werror=builtin-declaration-mismatch]\n"
		"    9 |         printf(\"%zu %u\\n\", strlen(\"a\"), n);\n"
		"      |                            ^~~~~~\n"
		"a.c:9:28: note: include ‘<string.h>’ or provide a declaration of ‘strlen’\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdio.h>\n\n#include \"b.h\"\n\nint main(void)\n{\n"
			  "\tuint32_t n = 2;\n\n\tprintf(\"%zu %u\\n\", strlen(\"a\"), n);\n\treturn 0;\n"
			  "}\n",
			  "#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n\n"
			  "#include \"b.h\"\n\nint main(void)\n{\n\tuint32_t n = 2;\n\n"
			  "\tprintf(\"%zu %u\\n\", strlen(\"a\"), n);\n\treturn 0;\n}\n" },
			{ "b.h",
			  "int b(void);\n",
			  NULL },
		},
	},
	{
		.name = "clang names the header of a library function",
		.log =
		"src/a.c:4:14: error: implicitly declaring library function 'strlen' with type "
		"'unsigned long (const char *)' [-Werror,-Wimplicit-function-declaration]\n"
		"        return (int)strlen(s);\n                    ^\n"
		"src/a.c:4:14: note: include the header <string.h> or explicitly provide a decl"
		"aration for 'strlen'\n1 error generated.\n",
		.file = {
			{ "src/a.c",
			  "/* Counts. */\nint count(const char *s)\n{\n\treturn (int)strlen(s);\n}\n",
			  "/* Counts. */\n#include <string.h>\n\nint count(const char *s)\n{\n"
			  "\treturn (int)strlen(s);\n}\n" },
		},
	},
	{
		.name = "POSIX says where it is declared",
		.log =
		"a.c: In function ‘pause_a_little’:\n"
		"a.c:5:9: error: implicit declaration of function ‘usleep’ [-Werror=implicit-fu"
		"nction-declaration]\n    5 |         usleep(10);\n      |         ^~~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nvoid pause_a_little(void)\n{\n\tusleep(10);\n}\n",
			  "#include \"a.h\"\n\n#include <unistd.h>\n\nvoid pause_a_little(void)\n{\n"
			  "\tusleep(10);\n}\n" },
			{ "a.h",
			  "void pause_a_little(void);\n",
			  NULL },
		},
	},
	{
		.name = "the only header of the project that declares it",
		.log =
		"src/main.c: In function ‘main’:\n"
		"src/main.c:5:16: error: implicit declaration of function ‘cart_total’ [-Werror"
		"=implicit-function-declaration]\n    5 |         return cart_total(1);\n"
		"      |                ^~~~~~~~~~\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "src/main.c",
			  "#include <stdio.h>\n\nint main(void)\n{\n\treturn cart_total(1);\n}\n",
			  "#include <stdio.h>\n\n#include \"cart.h\"\n\nint main(void)\n{\n"
			  "\treturn cart_total(1);\n}\n" },
			{ "include/cart.h",
			  "#ifndef CART_H\n#define CART_H\nint cart_total(int count);\n#endif\n",
			  NULL },
			{ "src/cart.c",
			  "#include \"cart.h\"\n\nint cart_total(int count)\n{\n\treturn count;\n}\n",
			  NULL },
		},
	},
	{
		.name = "C++, below the guard of a header",
		.log =
		"a.hpp:3:6: error: ‘string’ in namespace ‘std’ does not name a type\n"
		"    3 | std::string name();\n      |      ^~~~~~\n"
		"a.hpp:1:1: note: ‘std::string’ is defined in header ‘<string>’; did you forget"
		" to ‘#include <string>’?\n  +++ |+#include <string>\n    1 | #ifndef A_HPP\n",
		.file = {
			{ "a.hpp",
			  "#ifndef A_HPP\n#define A_HPP\nstd::string name();\n#endif\n",
			  "#ifndef A_HPP\n#define A_HPP\n\n#include <string>\n\nstd::string name();\n"
			  "#endif\n" },
		},
	},
	{
		.name = "included already, but hidden by the language standard",
		.log =
		"a.c: In function ‘copy’:\n"
		"a.c:5:16: error: implicit declaration of function ‘strdup’; did you mean ‘strc"
		"mp’? [-Werror=implicit-function-declaration]\n"
		"    5 |         return strdup(s);\n      |                ^~~~~~\n"
		"      |                strcmp\n"
		"a.c:5:16: error: returning ‘int’ from a function with return type ‘char *’ mak"
		"es pointer from integer without a cast [-Werror=int-conversion]\n"
		"    5 |         return strdup(s);\n      |                ^~~~~~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <string.h>\n\nchar *copy(const char *s)\n{\n\treturn strdup(s);\n}\n",
			  NULL },
		},
		.declines = "includes <string.h> already",
	},
	{
		.name = "two headers declare it",
		.log =
		"a.c: In function ‘main’:\n"
		"a.c:3:16: error: implicit declaration of function ‘cart_total’ [-Werror=implic"
		"it-function-declaration]\n    3 |         return cart_total(1);\n"
		"      |                ^~~~~~~~~~\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int main(void)\n{\n\treturn cart_total(1);\n}\n",
			  NULL },
			{ "old/cart.h",
			  "int cart_total(int count);\n",
			  NULL },
			{ "new/cart.h",
			  "int cart_total(int count);\n",
			  NULL },
		},
		.declines = "both new/cart.h and old/cart.h declare",
	},
	{
		.name = "nobody declares it: a misspelled name gets no header",
		.log =
		"a.c: In function ‘main’:\n"
		"a.c:5:9: error: implicit declaration of function ‘printn’; did you mean ‘print"
		"f’? [-Werror=implicit-function-declaration]\n    5 |         printn(\"a\");\n"
		"      |         ^~~~~~\n      |         printf\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdio.h>\n\nint main(void)\n{\n\tprintn(\"a\");\n\treturn 0;\n}\n",
			  NULL },
		},
		.declines = "no standard header and no header of the project declares printn",
	},
	{
		.name = "defined further down in the same file",
		.log =
		"a.c: In function ‘main’:\n"
		"a.c:3:16: error: implicit declaration of function ‘half’ [-Werror=implicit-fun"
		"ction-declaration]\n    3 |         return half(4);\n"
		"      |                ^~~~\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int main(void)\n{\n\treturn half(4);\n}\n\nint half(int n)\n{\n"
			  "\treturn n / 2;\n}\n",
			  NULL },
			{ "a.h",
			  "int half(int n);\n",
			  NULL },
		},
		.declines = "defines half itself",
	},
	{0}
};

const struct template template_c_missing_include = {
	.name = "c_missing_include",
	.summary = "a name whose header is not included -> include it",
	.class = "import",
	.oracles = "the compiler's note; the C standard or POSIX; the only header of the project",
	.keeps_off = "the header is there already, several headers declare the name, or none does",
	.danger = DANGER_0,
	.pattern = "^(?:(?:implicit declaration of function|call to undeclared (?:library )?function|"
		   "implicitly declaring library function|unknown type name|use of undeclared "
		   "identifier) |(?=(?:'|\u2018)[\\w:]+(?:'|\u2019) (?:undeclared|was not declared|has not been "
		   "declared|does not name a type|is not a member of (?:'|\u2018)std|in namespace "
		   "(?:'|\u2018)std)))(?:'|\u2018)(?:std::)?(?<name>\\w+)(?:'|\u2019)",
	.fix = fix,
	.examples = examples,
};
