/*
 * "undefined reference" to a function of the C library's companions -> link them where the build
 * file links. The table holds only functions whose library POSIX and glibc fix. Keeps off symbols
 * that the project defines itself, and build files in which the place is not plain.
 */
#include "templates/lib_build.h"
#include "templates/lib_scene.h"

enum library { LIBRARY_MATH, LIBRARY_LOADER, LIBRARY_THREADS, LIBRARY_TIME, LIBRARY_COUNT };

static const struct {
	const char *flag, *cmake, *names;
} libraries[LIBRARY_COUNT] = {
	[LIBRARY_MATH] = { "-lm", "m",
		"sqrt sqrtf sqrtl pow powf sin cos tan asin acos atan atan2 sinh cosh tanh exp exp2 expf "
		"expm1 log log2 log10 log1p logf floor floorf ceil ceilf fmod fmodf round roundf lround "
		"llround trunc cbrt hypot fabs fmin fmax lgamma tgamma erf remainder nextafter ldexp frexp "
		"modf sinf cosf tanf atan2f" },
	[LIBRARY_LOADER] = { "-ldl", "${CMAKE_DL_LIBS}", "dlopen dlsym dlclose dlerror" },
	[LIBRARY_THREADS] = { "-pthread", "Threads::Threads",
		"pthread_create pthread_join pthread_detach pthread_mutex_trylock pthread_key_create "
		"pthread_once pthread_rwlock_rdlock pthread_rwlock_wrlock pthread_setname_np sem_init "
		"sem_wait sem_post sem_open" },
	[LIBRARY_TIME] = { "-lrt", "rt", "shm_open shm_unlink timer_create timer_settime mq_open mq_send "
			   "mq_receive" },
};

static enum library library_of(struct str name)
{
	enum library library = 0;

	while (library < LIBRARY_COUNT && !word_among(name, libraries[library].names))
		library++;
	return library;
}

/* Which libraries the report's failures want; false with the reason when none. */
static bool collect(struct scene *scene, bool wanted[LIBRARY_COUNT], struct text *names,
		    const char **why)
{
	struct scene alike;
	size_t index = 0;
	bool any = false;

	while (scene_next_alike(scene, &index, &alike)) {
		struct str name = scene_group(&alike, "name");
		enum library library = library_of(name);
		const char *word = str_text(scene->arena, name), *definer;

		definer = build_definer(scene, word, why);
		if (library == LIBRARY_COUNT)
			continue;
		if (definer) {
			*why = arena_printf(scene->arena, "%s of the project defines %s itself", definer,
					    word);
			continue;
		}
		if (!text_has_word(text_str(names), word))
			text_addf(names, "%s%s", names->size ? ", " : "", word);
		wanted[library] = any = true;
	}
	return any;
}

static bool uses(struct str text, const char *variable)
{
	struct str round = str_of(variable);
	char name[32];
	int size = snprintf(name, sizeof(name), "(%.*s)", STR_ARG(round));

	if (size > 0 && str_has(text, name))
		return true;
	size = snprintf(name, sizeof(name), "{%.*s}", STR_ARG(round));
	return size > 0 && str_has(text, name);
}

/* The recipe that failed, by the line that make names; false when it is no plain command that links. */
static bool failed_recipe(const struct scene *scene, const struct build *build, struct span *line)
{
	for (size_t i = 0; i < scene->report->failure_count; i++) {
		struct str rest = str_of(scene->report->failures[i].message), name;
		unsigned long number;

		if (!str_skip(&rest, "make: *** [") || !str_split(rest, ":", &name, &rest) ||
		    !str_is(name, build->path) || !str_take_number(&rest, &number))
			continue;
		for (unsigned n = 0; build_link(build->text, n, line); n++) {
			struct str text = str_slice(build->text, line->start, line->end - line->start);

			if (line_start(build->text, (unsigned)number) == line->start)
				return !str_ends(text, "\\") && !str_ends(text, ";");
		}
	}
	return false;
}

/*
 * The text with the flags where the Makefile links; empty with the reason when that is not plain.
 */
static struct str in_makefile(struct arena *a, struct str text, const char *flags, const char **why)
{
	static const char *const variables[] = { "LDLIBS", "LIBS", "LDADD" };
	struct span link, other, value;
	bool recipe = build_link(text, 0, &link);
	struct str line = recipe ? str_slice(text, link.start, link.end - link.start) : STR_NONE;

	if (str_has(text, flags)) {
		*why = arena_printf(a, "the Makefile has %s already, but not where it is needed", flags);
		return STR_NONE;
	}
	for (size_t i = 0; i < 3; i++) {
		bool used = recipe ? uses(line, variables[i]) : i == 0;

		if (!used)
			continue;
		if (build_variable(text, variables[i], &value))
			return build_insert(a, text, value.end, str_of(arena_printf(a, " %s", flags)));
		return build_insert(a, text, build_place_of_variable(text),
				    str_of(arena_printf(a, "%s = %s\n", variables[i], flags)));
	}
	if (build_link(text, 1, &other))
		*why = "the Makefile links more than one program";
	else if (str_ends(line, "\\") || str_ends(line, ";"))
		*why = "the recipe that links is not one plain command";
	else
		return build_insert(a, text, link.end, str_of(arena_printf(a, " %s", flags)));
	return STR_NONE;
}

/* The target that is built of the failing source: its name, and where its command ends. */
static bool find_target(const struct scene *scene, struct str text, struct str *target, size_t *end)
{
	static const char *const commands[] = { "add_executable", "add_library" };
	struct span all, arguments;
	unsigned found = 0, with_file = 0;

	for (size_t i = 0; i < 2; i++) {
		for (unsigned n = 0; build_command(text, commands[i], n, &all, &arguments); n++) {
			struct str list = str_trim(str_slice(text, arguments.start,
							     arguments.end - arguments.start));
			struct str name = list;
			bool has = scene->failure->file && str_has(list, scene->failure->file);

			name.size = strcspn(str_text(scene->arena, list), " \t\r\n");
			found++;
			with_file += has;
			if (found > 1 && !has)
				continue;
			*target = name;
			*end = all.end;
		}
	}
	return found == 1 || with_file == 1;
}

static struct str in_cmake(const struct scene *scene, struct str text, const char *items,
			   bool threads, const char **why)
{
	struct arena *a = scene->arena;
	struct span all, arguments;
	struct str target, list;
	size_t end = 0;

	if (!find_target(scene, text, &target, &end)) {
		*why = "which target of CMakeLists.txt fails is not plain";
		return STR_NONE;
	}
	end = line_end(text, end);
	for (unsigned n = 0; build_command(text, "target_link_libraries", n, &all, &arguments); n++) {
		list = str_trim(str_slice(text, arguments.start, arguments.end - arguments.start));
		if (!str_skip(&list, str_text(a, target)) || (list.size && !strchr(" \n\t", list.at[0])))
			continue;
		if (threads)
			break;
		return build_insert(a, text, arguments.end, str_of(arena_printf(a, " %s", items)));
	}
	if (threads && str_has(text, "find_package(Threads")) {
		*why = "CMakeLists.txt looks for Threads already";
		return STR_NONE;
	}
	return build_insert(a, text, end,
			    str_of(arena_printf(a, "%starget_link_libraries(%.*s PRIVATE %s)\n",
						threads ? "find_package(Threads REQUIRED)\n" : "",
						STR_ARG(target), items)));
}

static void fix(struct scene *scene)
{
	bool wanted[LIBRARY_COUNT] = { false };
	struct text names = TEXT(scene->arena);
	struct text flags = TEXT(scene->arena), items = TEXT(scene->arena);
	const char *why = "";
	struct build build;
	struct span span;
	struct str out;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	if (!collect(scene, wanted, &names, &why) || !build_find(scene, &build, &why))
		return template_decline(scene, "%s", why);
	for (enum library i = 0; i < LIBRARY_COUNT; i++) {
		if (!wanted[i])
			continue;
		text_addf(&flags, "%s%s", flags.size ? " " : "", libraries[i].flag);
		text_addf(&items, "%s%s", items.size ? " " : "", libraries[i].cmake);
	}
	if (build.cmake)
		out = in_cmake(scene, build.text, text_cstr(&items), wanted[LIBRARY_THREADS], &why);
	else
		out = in_makefile(scene->arena, build.text, text_cstr(&flags), &why);
	if (!out.size && !build.cmake && failed_recipe(scene, &build, &span) &&
	    !str_has(str_slice(build.text, span.start, span.end - span.start), text_cstr(&flags)))
		out = build_insert(scene->arena, build.text, span.end,
				   str_of(arena_printf(scene->arena, " %s", text_cstr(&flags))));
	if (!out.size)
		return template_decline(scene, "%s", why);
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Links %s in %s: POSIX puts %s there.",
				     text_cstr(&flags), build.path, text_cstr(&names)),
		      build.path, out);
}

static const struct example examples[] = {
	{
		.name = "the recipe that links",
		.log =
		"cc -O0   -c -o main.o main.c\ncc -o prog main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:4: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -O0\n\nprog: main.o\n\t$(CC) -o $@ $^\n",
			  "CFLAGS = -O0\n\nprog: main.o\n\t$(CC) -o $@ $^ -lm\n" },
		},
	},
	{
		.name = "the list of libraries",
		.log =
		"cc -O0   -c -o main.o main.c\ncc  -o prog main.o -lc\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:5: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -O0\nLDLIBS = -lc\n\nprog: main.o\n"
			  "\t$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)\n",
			  "CFLAGS = -O0\nLDLIBS = -lc -lm\n\nprog: main.o\n"
			  "\t$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)\n" },
		},
	},
	{
		.name = "make's own rule",
		.log =
		"cc -O0   -c -o main.o main.c\ncc   main.o   -o main\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [<builtin>: main] Error 1\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -O0\n\nmain: main.o\n",
			  "CFLAGS = -O0\nLDLIBS = -lm\n\nmain: main.o\n" },
		},
	},
	{
		.name = "CMake",
		.log =
		"[ 50%] Building C object CMakeFiles/shop.dir/main.c.o\n"
		"[100%] Linking C executable shop\n"
		"/usr/bin/ld: CMakeFiles/shop.dir/main.c.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"gmake[2]: *** [CMakeFiles/shop.dir/build.make:97: shop] Error 1\n"
		"gmake[1]: *** [CMakeFiles/Makefile2:83: CMakeFiles/shop.dir/all] Error 2\n"
		"gmake: *** [Makefile:91: all] Error 2\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "CMakeLists.txt",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
			  "add_executable(shop main.c)\n",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
			  "add_executable(shop main.c)\ntarget_link_libraries(shop PRIVATE m)\n" },
		},
	},
	{
		.name = "CMake, next to another library",
		.log =
		"[ 50%] Building C object CMakeFiles/shop.dir/main.c.o\n"
		"[100%] Linking C executable shop\n"
		"/usr/bin/ld: CMakeFiles/shop.dir/main.c.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"gmake[2]: *** [CMakeFiles/shop.dir/build.make:97: shop] Error 1\n"
		"gmake[1]: *** [CMakeFiles/Makefile2:83: CMakeFiles/shop.dir/all] Error 2\n"
		"gmake: *** [Makefile:91: all] Error 2\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "CMakeLists.txt",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
			  "add_executable(shop main.c)\ntarget_link_libraries(shop PUBLIC c)\n",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n"
			  "add_executable(shop main.c)\ntarget_link_libraries(shop PUBLIC c m)\n" },
		},
	},
	{
		.name = "the project has a function of that name: another repair",
		.log =
		"cc -fno-builtin   -c -o main.o main.c\ncc -o main main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x1d): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:3: main] Error 1\n",
		.file = {
			{ "main.c",
			  "int pow(int, int);\nint main(int c, char **v)\n{\n"
			  "\treturn pow(c, (int)(long)v);\n}\n",
			  NULL },
			{ "pow.c",
			  "int pow(int a, int b)\n{\n\treturn a * b;\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -fno-builtin\nmain: main.o\n\t$(CC) -o $@ $^\n",
			  NULL },
		},
		.declines = "pow.c of the project defines pow",
	},
	{
		.name = "the rule that failed, of two",
		.log =
		"cc -O0   -c -o main.o main.c\ncc -o a main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:4: a] Error 1\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -O0\nall: a b\na: main.o\n\t$(CC) -o $@ $^\nb: other.o\n"
			  "\t$(CC) -o $@ $^\n",
			  "CFLAGS = -O0\nall: a b\na: main.o\n\t$(CC) -o $@ $^ -lm\nb: other.o\n"
			  "\t$(CC) -o $@ $^\n" },
		},
	},
	{
		.name = "two programs are linked, and make does not say which failed",
		.log =
		"cc -O0   -c -o main.o main.c\ncc -o a main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -O0\nall: a b\na: main.o\n\t$(CC) -o $@ $^\nb: main.o\n"
			  "\t$(CC) -o $@ $^\n",
			  NULL },
		},
		.declines = "links more than one program",
	},
	{
		.name = "the flag is there, but before the objects",
		.log =
		"cc -O0   -c -o main.o main.c\ncc -Wl,--as-needed -lm -o prog main.o\n"
		"/usr/bin/ld: main.o: in function `main':\n"
		"main.c:(.text+0x2e): undefined reference to `sqrt'\n"
		"/usr/bin/ld: main.c:(.text+0x56): undefined reference to `pow'\n"
		"collect2: error: ld returned 1 exit status\n"
		"make: *** [Makefile:4: prog] Error 1\n",
		.file = {
			{ "main.c",
			  "#include <math.h>\n#include <stdlib.h>\n\nint main(int c, char **v)\n{\n"
			  "\treturn (int)sqrt(atof(v[1])) + (int)pow(c, 2.5);\n}\n",
			  NULL },
			{ "Makefile",
			  "CFLAGS = -O0\nLDFLAGS = -lm\nprog: main.o\n"
			  "\t$(CC) -Wl,--as-needed $(LDFLAGS) -o $@ $^\n",
			  "CFLAGS = -O0\nLDFLAGS = -lm\nprog: main.o\n"
			  "\t$(CC) -Wl,--as-needed $(LDFLAGS) -o $@ $^ -lm\n" },
		},
	},
	{0}
};

const struct template template_c_missing_library = {
	.name = "c_missing_library",
	.summary = "a function of -lm, -ldl, -pthread or -lrt is not linked -> link it",
	.oracles = "POSIX, which says where the function is",
	.keeps_off = "functions the project defines; build files in which the place is not plain",
	.class = "link",
	.danger = DANGER_1,
	.pattern = "undefined (?:reference to|symbol:?)(?: symbol)? ?[`'\"]?(?<name>\\w+)",
	.fix = fix,
	.examples = examples,
};
