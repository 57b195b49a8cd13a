/*
 * "undefined reference" to a function that exactly one source of the project defines, and the
 * build file's list, which holds the calling source, lacks -> put it into the list. Keeps off
 * sources that have a main of their own, and lists that are not plain.
 */
#include "git/path.h"
#include "templates/lib_build.h"
#include "templates/lib_scene.h"

/*
 * What the list calls the calling source: "src/main.c" or "src/main.o"; empty when it is not
 * there.
 */
static struct str listed(struct arena *a, struct str list, const char *caller)
{
	struct str stem = str_of(caller), rest = list;

	str_chop(&stem, ".c");
	while (rest.size) {
		size_t blanks = strspn(str_text(a, str_slice(rest, 0, 64)), " \t\r\n\\"), size = 0;
		struct str word;

		rest = str_from(rest, blanks);
		while (size < rest.size && !strchr(" \t\r\n\\", rest.at[size]))
			size++;
		word = str_slice(rest, 0, size);
		rest = str_from(rest, size ? size : 1);
		if (str_equal(word, str_of(arena_printf(a, "%.*s.c", STR_ARG(stem)))) ||
		    str_equal(word, str_of(arena_printf(a, "%.*s.o", STR_ARG(stem)))))
			return word;
	}
	return STR_NONE;
}

struct place {
	size_t at;			/* behind the caller's word's list */
	struct str word;		/* the caller, as the list spells it */
	unsigned found;
	bool there;			/* the definer is in one of the lists */
};

static void look(struct arena *a, struct place *place, struct str text, struct span span,
		 const char *caller, const char *definer)
{
	struct str list = str_slice(text, span.start, span.end - span.start);
	struct str word = listed(a, list, caller);

	place->there = place->there || listed(a, list, definer).size;
	if (!word.size)
		return;
	place->found++;
	place->word = word;
	place->at = span.start + str_trim_right(list).size;
}

static void look_at_makefile(struct arena *a, struct place *place, struct str text,
			     const char *caller, const char *definer)
{
	struct span span;

	for (size_t at = 0; at < text.size; at = line_end(text, at)) {
		struct str line = str_slice(text, at, line_end(text, at) - at), name = STR_NONE;
		ptrdiff_t equals = str_char(line, '=');

		if (equals > 0)
			name = str_slice(line, 0, (size_t)equals);
		while (str_chop(&name, ":") || str_chop(&name, "+") || str_chop(&name, "?"))
			;
		name = str_trim_right(name);
		if (str_is_word(name) && build_variable(str_from(text, at), str_text(a, name), &span)) {
			span.start += at;
			span.end += at;
			look(a, place, text, span, caller, definer);
		}
	}
	for (size_t at = 0; at < text.size; at = line_end(text, at)) {
		struct str line = str_slice(text, at, line_end(text, at) - at), target, needs;

		if (line.at[0] == '\t' || str_char(line, '=') >= 0 ||
		    !str_split(line, ":", &target, &needs) || str_ends(target, ".o"))
			continue;
		span = (struct span){ (size_t)(needs.at - text.at), at + line.size };
		look(a, place, text, span, caller, definer);
	}
}

static void look_at_cmake(struct arena *a, struct place *place, struct str text, const char *caller,
			  const char *definer)
{
	static const char *const commands[] = { "add_executable", "add_library" };
	struct span all, arguments;

	for (size_t i = 0; i < 2; i++)
		for (unsigned n = 0; build_command(text, commands[i], n, &all, &arguments); n++)
			look(a, place, text, arguments, caller, definer);
}

/* The calling source: the file of the tree whose name the linker gives. */
static const char *caller_of(const struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file), *found = NULL;

	if (path || !scene->failure->file)
		return path;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *other = scene->tree->entries[i].path;

		if (!str_equal(path_name(str_of(other)), str_of(scene->failure->file)))
			continue;
		if (found)
			return NULL;
		found = other;
	}
	return found;
}

static void fix(struct scene *scene)
{
	const char *name = str_text(scene->arena, scene_group(scene, "name")), *why = "";
	const char *definer = build_definer(scene, name, &why), *caller = caller_of(scene);
	struct place place = { .found = 0 };
	struct build build;
	struct str text, stem, ending;

	if (!definer || !build_find(scene, &build, &why))
		return template_decline(scene, "%s", why);
	if (!caller || !scene_read(scene, definer, &text) || str_is(str_of(caller), definer))
		return template_decline(scene, "which file calls %s is not plain", name);
	if (text_has_word(text, "main"))
		return template_decline(scene, "%s may be a program of its own", definer);
	if (!str_equal(path_folder(str_of(caller)), path_folder(str_of(definer))))
		return template_decline(scene, "%s is in another folder than %s", definer, caller);
	if (build.cmake)
		look_at_cmake(scene->arena, &place, build.text, caller, definer);
	else
		look_at_makefile(scene->arena, &place, build.text, caller, definer);
	if (place.there)
		return template_decline(scene, "%s is in a list of %s already", definer, build.path);
	if (place.found != 1)
		return template_decline(scene, "%u lists of %s hold %s", place.found, build.path, caller);
	stem = str_of(definer);
	str_chop(&stem, ".c");
	ending = path_ending(place.word);
	text = build_insert(scene->arena, build.text, place.at,
			    str_of(arena_printf(scene->arena, " %.*s.%.*s", STR_ARG(stem),
						STR_ARG(ending))));
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "Builds %s too, next to %s that calls %s: no "
				     "other source defines it.", definer, caller, name),
		      build.path, text);
}

static const struct example examples[] = {
	{
		.name = "a list of objects",
		.log =
		"cc    -c -o main.o main.c\ncc    -c -o one.o one.c\ncc -o prog main.o one.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0xa): undefined reference to `half'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:4: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "int half(int n);\n\nint main(void)\n{\n\treturn half(4) - 2;\n}\n",
			  NULL },
			{ "half.c",
			  "int half(int n)\n{\n\treturn n / 2;\n}\n",
			  NULL },
			{ "one.c",
			  "int one = 1;\n",
			  NULL },
			{ "Makefile",
			  "OBJS = main.o one.o\n\nprog: $(OBJS)\n\t$(CC) -o $@ $(OBJS)\n",
			  "OBJS = main.o one.o half.o\n\nprog: $(OBJS)\n\t$(CC) -o $@ $(OBJS)\n" },
		},
	},
	{
		.name = "the rule names its objects",
		.log =
		"cc    -c -o main.o main.c\ncc -o prog main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0xa): undefined reference to `half'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:2: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "int half(int n);\n\nint main(void)\n{\n\treturn half(4) - 2;\n}\n",
			  NULL },
			{ "half.c",
			  "int half(int n)\n{\n\treturn n / 2;\n}\n",
			  NULL },
			{ "Makefile",
			  "prog: main.o\n\t$(CC) -o $@ $^\n",
			  "prog: main.o half.o\n\t$(CC) -o $@ $^\n" },
		},
	},
	{
		.name = "CMake",
		.log =
		"[ 50%] Building C object CMakeFiles/shop.dir/main.c.o\n"
		"[100%] Linking C executable shop\n"
		"/usr/bin/ld: CMakeFiles/shop.dir/main.c.o: in function `main':\n"
		"main.c:(.text+0xa): undefined reference to `half'\n"
		"collect2: error: ld returned 1 exit status\n"
		"gmake[2]: *** [CMakeFiles/shop.dir/build.make:97: shop] Error 1\n"
		"gmake[1]: *** [CMakeFiles/Makefile2:83: CMakeFiles/shop.dir/all] Error 2\n"
		"gmake: *** [Makefile:91: all] Error 2\n",
		.file = {
			{ "main.c",
			  "int half(int n);\n\nint main(void)\n{\n\treturn half(4) - 2;\n}\n",
			  NULL },
			{ "half.c",
			  "int half(int n)\n{\n\treturn n / 2;\n}\n",
			  NULL },
			{ "CMakeLists.txt",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
			  "add_executable(shop main.c)\n",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
			  "add_executable(shop main.c half.c)\n" },
		},
	},
	{
		.name = "two sources define it",
		.log =
		"cc    -c -o main.o main.c\ncc -o prog main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0xa): undefined reference to `half'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:2: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "int half(int n);\n\nint main(void)\n{\n\treturn half(4) - 2;\n}\n",
			  NULL },
			{ "half.c",
			  "int half(int n)\n{\n\treturn n / 2;\n}\n",
			  NULL },
			{ "old.c",
			  "int half(int n)\n{\n\treturn n / 2;\n}\n",
			  NULL },
			{ "Makefile",
			  "prog: main.o\n\t$(CC) -o $@ $^\n",
			  NULL },
		},
		.declines = "both half.c and old.c define half",
	},
	{
		.name = "nobody defines it: no function is made up",
		.log =
		"cc    -c -o main.o main.c\ncc -o prog main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0xa): undefined reference to `half'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:2: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "int half(int n);\n\nint main(void)\n{\n\treturn half(4) - 2;\n}\n",
			  NULL },
			{ "Makefile",
			  "prog: main.o\n\t$(CC) -o $@ $^\n",
			  NULL },
		},
		.declines = "no file of the repository defines half",
	},
	{
		.name = "it is a program of its own",
		.log =
		"cc    -c -o main.o main.c\ncc -o prog main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0xa): undefined reference to `half'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:2: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "int half(int n);\n\nint main(void)\n{\n\treturn half(4) - 2;\n}\n",
			  NULL },
			{ "half.c",
			  "int half(int n)\n{\n\treturn n / 2;\n}\n\n#ifdef TEST\n"
			  "int main(void) { return half(2) - 1; }\n#endif\n",
			  NULL },
			{ "Makefile",
			  "prog: main.o\n\t$(CC) -o $@ $^\n",
			  NULL },
		},
		.declines = "may be a program of its own",
	},
	{0}
};

const struct template template_c_missing_source = {
	.name = "c_missing_source",
	.summary = "a source that defines the missing function is not in the build -> add it to the list",
	.oracles = "the list, which holds the sources beside it; the only definition in the project",
	.keeps_off = "several definitions, sources with a main, other folders, lists that are not plain",
	.class = "link",
	.danger = DANGER_1,
	.pattern = "undefined (?:reference to|symbol:?)(?: symbol)? ?[`'\"]?(?<name>\\w+)",
	.fix = fix,
	.examples = examples,
};
