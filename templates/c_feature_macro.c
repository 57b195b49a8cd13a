/*
 * A POSIX function is not declared though its header is included, because -std=c11 hides it -> the
 * feature macro that the sibling sources define. Without a sibling only functions that POSIX.1-2008
 * itself declares, in a file with no macro yet. Never declares a function by hand and leaves the
 * language standard of the build alone.
 */
#include "git/path.h"
#include "templates/lib_files.h"
#include "templates/lib_include.h"
#include "templates/lib_scene.h"

enum { SOURCES_MAX = 1000 };

/* What the strict language standards hide and POSIX.1-2008 has. */
static const char posix[] = "strdup strndup strnlen strtok_r getline getdelim fmemopen open_memstream "
	"dprintf fileno fdopen popen pclose kill sigaction sigemptyset nanosleep clock_gettime localtime_r "
	"gmtime_r setenv unsetenv mkstemp mkdtemp strcasecmp strncasecmp stpcpy lstat readlink symlink "
	"ftruncate fsync realpath strsignal getopt rand_r";

static bool is_macro(struct str line)
{
	static const char *const names[] = { "_POSIX_C_SOURCE", "_GNU_SOURCE", "_DEFAULT_SOURCE",
					     "_XOPEN_SOURCE", "_BSD_SOURCE" };
	struct str rest = str_trim(line);

	if (!str_skip(&rest, "#"))
		return false;
	rest = str_trim(rest);
	if (!str_skip(&rest, "define "))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(str_trim(rest), names[i]))
			return true;
	return false;
}

/* The only line of the text, before its first include, that defines a feature macro. */
static struct str macro_of(struct str text)
{
	struct str line, found = STR_NONE;

	while (str_next_line(&text, &line)) {
		if (str_starts(str_trim(line), "#include"))
			break;
		if (!is_macro(line))
			continue;
		if (found.size)
			return STR_NONE;
		found = str_trim(line);
	}
	return found;
}

static bool has_macro(struct str text)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (is_macro(line))
			return true;
	return false;
}

/* The macro by which the other sources that use the function come by it; all must agree. */
static bool siblings(const struct scene *scene, const char *path, const char *name, struct str *macro,
		     const char **who)
{
	const struct tree *tree = scene->tree;
	size_t read = 0;
	bool agree = true;

	for (size_t i = 0; i < tree->count && read < SOURCES_MAX; i++) {
		const char *other = tree->entries[i].path;
		struct str text, own;

		if (!str_is(path_ending(str_of(other)), "c") || !strcmp(other, path) ||
		    scene_is_aside(other, path) || !scene_read(scene, other, &text))
			continue;
		read++;
		own = macro_of(text);
		if (!own.size || !text_has_word(text, name))
			continue;
		agree = agree && (!macro->size || str_equal(*macro, own));
		*macro = own;
		*who = other;
	}
	return agree;
}

/* Does a build file ask for a language standard without extensions? */
static bool is_strict(const struct scene *scene)
{
	static const char *const files[] = { "Makefile", "makefile", "GNUmakefile", "CMakeLists.txt",
					     "meson.build", "configure.ac", NULL };
	struct str text;

	for (size_t i = 0; files[i]; i++)
		if (scene_read(scene, files[i], &text) &&
		    (str_has(text, "-std=c") || str_has(text, "-ansi") || str_has(text, "c_std=c") ||
		     str_has(text, "C_EXTENSIONS OFF")))
			return true;
	return false;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str name = scene_group(scene, "name"), macro = STR_NONE, header;
	const char *word = str_text(scene->arena, name), *who = NULL;
	struct source *code = sources_open(codes, scene->failure->file);
	TSNode first;

	header = include_of_standard(name, false);
	if (!code || !header.size || !include_is_there(code->syntax, header))
		return false;		/* a missing include, if anything */
	if (!str_ends(str_of(code->path), ".c"))
		return template_decline(scene, "%s is a header: who includes it decides", code->path), false;
	if (has_macro(code->syntax->text))
		return template_decline(scene, "%s defines a feature macro already", code->path), false;
	if (!siblings(scene, code->path, word, &macro, &who))
		return template_decline(scene, "the sources define different feature macros"), false;
	if (!macro.size && (!word_among(name, posix) || !is_strict(scene)))
		return template_decline(scene, "no other source shows how %s is declared", word), false;
	first = syntax_below(code->syntax->root, "preproc_include", 0);
	if (code->edits.count || ts_node_is_null(first))
		return true;		/* the same macro serves all */
	if (!macro.size)
		macro = STR("#define _POSIX_C_SOURCE 200809L");
	text_addf(why, "Says %.*s in %s before its headers: ", STR_ARG(macro), code->path);
	if (who)
		text_addf(why, "%s gets %s so.", who, word);
	else
		text_addf(why, "POSIX.1-2008 declares %s and the language standard of the build hides it.",
			  word);
	edit_replace(&code->edits, ts_node_start_byte(first), ts_node_start_byte(first),
		     str_of(arena_printf(scene->arena, "%.*s%s", STR_ARG(macro),
					 source_newline(code->syntax))));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "the sibling asks for POSIX",
		.log =
		"a.c: In function ‘copy’:\n"
		"a.c:7:16: error: implicit declaration of function ‘strdup’; did you me"
		"an ‘strcmp’? [-Werror=implicit-function-declaration]\n"
		"    7 |         return strdup(s);\n      |                ^~~~~~\n"
		"      |                strcmp\n"
		"a.c:7:16: error: returning ‘int’ from a function with return type ‘cha"
		"r *’ makes pointer from integer without a cast [-Werror=int-conversion]\n"
		"    7 |         return strdup(s);\n      |                ^~~~~~~~~\n"
		"cc1: all warnings being treated as errors\n"
		"make: *** [<builtin>: a.o] Error 1\n",
		.file = {
			{ "Makefile",
			  "CFLAGS = -std=c11 -Wall -Werror\n\nall: a.o\n",
			  NULL },
			{ "a.c",
			  "#include <string.h>\n\nchar *copy(const char *s);\n\n"
			  "char *copy(const char *s)\n{\n\treturn strdup(s);\n}\n",
			  "#define _XOPEN_SOURCE 700\n#include <string.h>\n\nchar *copy(const char *s);\n"
			  "\nchar *copy(const char *s)\n{\n\treturn strdup(s);\n}\n" },
			{ "b.c",
			  "#define _XOPEN_SOURCE 700\n#include <string.h>\n\nchar *twice(const char *s)\n"
			  "{\n\treturn strdup(s);\n}\n",
			  NULL },
		},
	},
	{
		.name = "no sibling, but POSIX has it and the build is strict",
		.log =
		"a.c: In function ‘copy’:\n"
		"a.c:7:16: error: implicit declaration of function ‘strdup’; did you me"
		"an ‘strcmp’? [-Werror=implicit-function-declaration]\n"
		"    7 |         return strdup(s);\n      |                ^~~~~~\n"
		"      |                strcmp\n"
		"a.c:7:16: error: returning ‘int’ from a function with return type ‘cha"
		"r *’ makes pointer from integer without a cast [-Werror=int-conversion]\n"
		"    7 |         return strdup(s);\n      |                ^~~~~~~~~\n"
		"cc1: all warnings being treated as errors\n"
		"make: *** [<builtin>: a.o] Error 1\n",
		.file = {
			{ "Makefile",
			  "CFLAGS = -std=c11 -Wall -Werror\n\nall: a.o\n",
			  NULL },
			{ "a.c",
			  "#include <string.h>\n\nchar *copy(const char *s);\n\n"
			  "char *copy(const char *s)\n{\n\treturn strdup(s);\n}\n",
			  "#define _POSIX_C_SOURCE 200809L\n#include <string.h>\n\n"
			  "char *copy(const char *s);\n\nchar *copy(const char *s)\n{\n"
			  "\treturn strdup(s);\n}\n" },
		},
	},
	{
		.name = "there is a macro, and it does not help",
		.log =
		"a.c: In function ‘copy’:\n"
		"a.c:8:16: error: implicit declaration of function ‘strdup’; did you me"
		"an ‘strcmp’? [-Werror=implicit-function-declaration]\n"
		"    8 |         return strdup(s);\n      |                ^~~~~~\n"
		"      |                strcmp\n"
		"a.c:8:16: error: returning ‘int’ from a function with return type ‘cha"
		"r *’ makes pointer from integer without a cast [-Werror=int-conversion]\n"
		"    8 |         return strdup(s);\n      |                ^~~~~~~~~\n"
		"cc1: all warnings being treated as errors\n"
		"make: *** [<builtin>: a.o] Error 1\n",
		.file = {
			{ "Makefile",
			  "CFLAGS = -std=c11 -Wall -Werror\n\nall: a.o\n",
			  NULL },
			{ "a.c",
			  "#define _POSIX_C_SOURCE 199309L\n#include <string.h>\n\n"
			  "char *copy(const char *s);\n\nchar *copy(const char *s)\n{\n"
			  "\treturn strdup(s);\n}\n",
			  NULL },
		},
		.declines = "defines a feature macro already",
	},
	{
		.name = "two siblings differ",
		.log =
		"a.c: In function ‘copy’:\n"
		"a.c:7:16: error: implicit declaration of function ‘strdup’; did you me"
		"an ‘strcmp’? [-Werror=implicit-function-declaration]\n"
		"    7 |         return strdup(s);\n      |                ^~~~~~\n"
		"      |                strcmp\n"
		"a.c:7:16: error: returning ‘int’ from a function with return type ‘cha"
		"r *’ makes pointer from integer without a cast [-Werror=int-conversion]\n"
		"    7 |         return strdup(s);\n      |                ^~~~~~~~~\n"
		"cc1: all warnings being treated as errors\n"
		"make: *** [<builtin>: a.o] Error 1\n",
		.file = {
			{ "Makefile",
			  "CFLAGS = -std=c11 -Wall -Werror\n\nall: a.o\n",
			  NULL },
			{ "a.c",
			  "#include <string.h>\n\nchar *copy(const char *s);\n\n"
			  "char *copy(const char *s)\n{\n\treturn strdup(s);\n}\n",
			  NULL },
			{ "b.c",
			  "#define _XOPEN_SOURCE 700\n#include <string.h>\n\nchar *b(const char *s)\n{\n"
			  "\treturn strdup(s);\n}\n",
			  NULL },
			{ "c.c",
			  "#define _GNU_SOURCE\n#include <string.h>\n\nchar *c(const char *s)\n{\n"
			  "\treturn strdup(s);\n}\n",
			  NULL },
		},
		.declines = "different feature macros",
	},
	{0}
};

const struct template template_c_feature_macro = {
	.name = "c_feature_macro",
	.summary = "a POSIX function that -std=c11 hides -> the feature macro that sibling sources define",
	.language = "c",
	.class = "import",
	.oracles = "sibling sources that use the function; POSIX.1-2008",
	.keeps_off = "the file is a header or has a macro, siblings differ, or POSIX does not have the function",
	.danger = DANGER_0,
	.pattern = "^(?:implicit declaration of function|call to undeclared (?:library )?function|"
		   "implicitly declaring library function) (?:'|\u2018)(?<name>\\w+)(?:'|\u2019)",
	.fix = fix,
	.examples = examples,
};
