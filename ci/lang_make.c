/*
 * What make, ninja and CMake say of the build's own description: no rule, no such target, a Makefile or
 * CMakeLists.txt that cannot be read, a package that is not found. That something they ran has failed is
 * only a consequence, and read elsewhere.
 */
#include "ci/trace.h"

enum { CMAKE_LINES_MAX = 24, CALL_LINES_MAX = 30 };

struct state {
	struct failure *cmake;		/* waits for its message, then for its call stack */
	bool said, calls;
	unsigned apart;			/* lines of its message still to come */
	struct kept told;
	unsigned lines;
};

static struct failure *config(const struct line *line, struct findings *f, const char *tool,
			      struct str message)
{
	struct failure *failure = findings_failure(f, KIND_CONFIG, WEIGHT_DIAGNOSTIC, line->number);

	failure->tool = tool;
	failure->message = findings_text(failure, message);
	return failure;
}

/* "make: *** No rule to make target 'a.c', needed by 'a.o'.  Stop.", "Makefile:2: *** missing separator." */
static bool make_line(const struct line *line, struct findings *f)
{
	struct str text = line->text, head, rest, level;
	struct failure *failure;
	struct place place = {0};
	unsigned long depth;

	if (!str_split(text, ": *** ", &head, &rest))
		return false;
	str_chop(&rest, "  Stop.");
	if (str_starts(rest, "["))
		return false;		/* "[Makefile:2: all] Error 1" */
	if (str_split_last(head, ":", &place.file, &level) && str_number(level, &place.line) &&
	    place.file.size < 512) {
		(void)str_split(rest, " (did you mean", &rest, NULL);
		str_chop(&rest, ".");
		failure = config(line, f, "make", rest);
		if (str_starts(rest, "missing "))
			failure->kind = KIND_COMPILE;
		place_set(failure, &place);
		findings_diagnostic(f, "make", place.file, place.line, 0, SEVERITY_ERROR, STR_NONE,
				    rest);
		return true;
	}
	(void)str_split_last(head, "/", NULL, &head);
	(void)str_skip(&head, "g");
	if (!str_skip(&head, "make") && !str_skip(&head, "mingw32-make"))
		return false;
	level = head;
	if (level.size && (!str_skip(&level, "[") || !str_take_number(&level, &depth) ||
			   !str_is(level, "]")))
		return false;
	if (!str_starts(rest, "No rule to make target") && !str_starts(rest, "No targets") &&
	    !str_ends(rest, "No such file or directory."))
		return false;
	str_chop(&rest, ".");
	failure = config(line, f, "make", rest);
	if (str_starts(rest, "No rule"))
		failure->type = "no rule";
	return true;
}

/* "ninja: error: 'a.c', needed by 'a.o', missing and no known rule to make it" */
static bool ninja_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;
	struct place place;

	if (str_skip(&text, "FAILED: ")) {
		if (!text.size || str_starts(text, " "))
			return false;
		failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_CONSEQUENCE, line->number);
		failure->tool = "ninja";
		failure->message = findings_text(failure, str_trim(line->text));
		return true;
	}
	if (!str_skip(&text, "ninja: error: ") && !str_skip(&text, "ninja: fatal: "))
		return false;
	if (str_starts(text, "rebuilding 'build.ninja'"))
		return true;		/* CMake has said why */
	failure = config(line, f, "ninja", text);
	if (str_has(text, "no known rule to make it"))
		failure->type = "no rule";
	if (place_take(&text, &place) && str_skip(&text, ": ")) {
		place_set(failure, &place);
		failure->message = findings_text(failure, text);
	}
	return true;
}

static void finish(struct state *s)
{
	if (s->cmake && s->calls)
		trace_turn(s->cmake);
	s->cmake = NULL;
}

/* "CMake Error at CMakeLists.txt:3 (find_package):" or "CMake Error: ..." */
static bool cmake_head(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;
	bool placed;

	if (!str_skip(&text, "CMake Error"))
		return false;
	if (str_skip(&text, ": ")) {
		if (!str_starts(text, "CMake was unable to find") && !str_starts(text, "CMAKE_"))
			config(line, f, "cmake", text)->language = "cmake";
		else
			config(line, f, "cmake", text)->kind = KIND_DEPENDENCY;
		return true;
	}
	if (!str_skip(&text, " at ") && !str_skip(&text, " in "))
		return false;
	placed = place_take(&text, &place);
	s->cmake = config(line, f, "cmake", text);
	s->cmake->language = "cmake";
	s->said = s->calls = false;
	s->lines = 0;
	if (!placed)
		return true;
	trace_frame(s->cmake, &place, STR_NONE);
	place_set(s->cmake, &place);
	if (str_skip(&text, " (") && str_split(text, ")", &text, NULL))
		s->cmake->type = findings_text(s->cmake, text);
	return true;
}

/* CMake sets a path apart: "The source directory", the path, "does not contain a CMakeLists.txt file." */
static void join(struct state *s, struct str text)
{
	size_t size = s->told.size;

	s->apart--;
	if (size + 1 + text.size >= sizeof(s->told.at))
		return;
	s->told.at[size] = ' ';
	memcpy(s->told.at + size + 1, text.at, text.size);
	s->told.size = (unsigned short)(size + 1 + text.size);
	s->cmake->message = findings_text(s->cmake, kept_str(&s->told));
}

/* The message, indented; then "Call Stack (most recent call first):" and its places. */
static bool cmake_body(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);
	struct place place;

	if (++s->lines > (s->calls ? CALL_LINES_MAX : CMAKE_LINES_MAX))
		return false;
	if (str_starts(text, "Call Stack (most recent call first):")) {
		s->calls = true;
		return true;
	}
	if (!text.size)
		return !s->calls;
	if (!str_indent(line->text))
		return false;
	s->cmake->last_line = line->number;
	if (s->calls && place_take(&text, &place)) {
		trace_frame(s->cmake, &place, STR_NONE);
	} else if (s->apart) {
		join(s, text);
	} else if (!s->said) {
		s->said = true;
		s->apart = str_is(text, "The source directory") ? 2 : 0;
		s->told.size = 0;
		if (s->apart)
			keep(&s->told, text);
		s->cmake->message = findings_text(s->cmake, text);
		s->cmake->error_line = line->number;
		if (str_is(str_of(s->cmake->type), "find_package") ||
		    str_is(str_of(s->cmake->type), "find_package_handle_standard_args") ||
		    str_has(text, "Could NOT find ") || str_has(text, "required packages were not") ||
		    str_has(text, "A required package was not found"))
			s->cmake->kind = KIND_DEPENDENCY;
		else if (str_starts(text, "Parse error"))
			s->cmake->kind = KIND_COMPILE;
	}
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->cmake && cmake_body(s, line))
		return AWAKE;
	finish(s);
	if (!cmake_head(s, line, f) && !make_line(line, f))
		(void)ninja_line(line, f);
	return s->cmake ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { ": *** ", "ninja: error: ", "ninja: fatal: ", "FAILED: ",
	"CMake Error", NULL };

static const char *const shop[] = { "Makefile", "CMakeLists.txt", "build.ninja", NULL };

static const struct reading examples[] = {
	{
		.name = "no rule",
		.log = "make: *** No rule to make target 'a.c', needed by 'a.o'.  Stop.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "make", .type = "no rule",
			    .message = "No rule to make target 'a.c', needed by 'a.o'" },
	},
	{
		.name = "a Makefile that cannot be read",
		.files = shop,
		.log = "Makefile:2: *** missing separator.  Stop.\n",
		.expect = { .kind = KIND_COMPILE, .tool = "make", .file = "Makefile", .line = 2,
			    .message = "missing separator" },
	},
	{
		.name = "$(error)",
		.files = shop,
		.log = "Makefile:1: *** no compiler.  Stop.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "make", .file = "Makefile", .line = 1,
			    .message = "no compiler" },
	},
	{
		.name = "ninja",
		.log = "ninja: error: 'a.c', needed by 'a.o', missing and no known rule to make it\n",
		.expect = { .kind = KIND_CONFIG, .tool = "ninja", .type = "no rule" },
	},
	{
		.name = "what failed comes before that it failed",
		.log = "[1/1] CC a.c\nFAILED: a.o \ngcc -c a.c -o a.o\n"
		       "a.c:1:25: error: 'x' undeclared (first use in this function)\n"
		       "ninja: build stopped: subcommand failed.\n",
		.expect = { .kind = KIND_COMPILE, .tool = "gcc", .error_line = 4 },
	},
	{
		.name = "CMake",
		.files = shop,
		.log =
		"CMake Error at CMakeLists.txt:4 (target_link_libraries):\n"
		"  Cannot specify link libraries for target \"nope\" which is not built by this\n"
		"  project.\n"
		"\n"
		"\n"
		"-- Configuring incomplete, errors occurred!\n"
		"See also \"/src/CMakeFiles/CMakeOutput.log\".\n"
		"\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cmake", .type = "target_link_libraries",
			    .file = "CMakeLists.txt", .line = 4, .error_line = 2,
			    .message = "Cannot specify link libraries for target \"nope\" which is "
				       "not built by this" },
	},
	{
		.name = "CMake, a folder without a project",
		.files = shop,
		.log =
		"CMake Error at CMakeLists.txt:4 (add_subdirectory):\n"
		"  The source directory\n"
		"\n"
		"    /src/third_party/zopfli\n"
		"\n"
		"  does not contain a CMakeLists.txt file.\n"
		"\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cmake", .type = "add_subdirectory", .line = 4,
			    .message = "The source directory /src/third_party/zopfli does not contain a "
				       "CMakeLists.txt file." },
	},
	{
		.name = "CMake, no such package",
		.files = shop,
		.log =
		"CMake Error at CMakeLists.txt:3 (find_package):\n"
		"  By not providing \"FindNope.cmake\" in CMAKE_MODULE_PATH this project has\n"
		"  asked CMake to find a package configuration file provided by \"Nope\", but\n"
		"  CMake did not find one.\n"
		"\n"
		"  Could not find a package configuration file provided by \"Nope\" with any of\n"
		"  the following names:\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "find_package", .line = 3 },
	},
	{
		.name = "CMake, a module's error is told where the project calls it",
		.files = shop,
		.log =
		"CMake Error at /usr/share/cmake-3.25/Modules/FindPkgConfig.cmake:607 (message):\n"
		"  A required package was not found\n"
		"Call Stack (most recent call first):\n"
		"  /usr/share/cmake-3.25/Modules/FindPkgConfig.cmake:829 "
		"(_pkg_check_modules_internal)\n"
		"  CMakeLists.txt:5 (pkg_check_modules)\n"
		"\n"
		"\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "cmake", .file = "CMakeLists.txt",
			    .line = 5, .message = "A required package was not found" },
	},
	{
		.name = "CMake cannot read its file",
		.files = shop,
		.log =
		"CMake Error at CMakeLists.txt:3:\n"
		"  Parse error.  Function missing ending \")\".  End of file reached.\n"
		"\n",
		.expect = { .kind = KIND_COMPILE, .tool = "cmake", .file = "CMakeLists.txt", .line = 3 },
	},
	{
		.name = "CMake has no project",
		.log = "CMake Error: The source directory \"/src/nope\" does not exist.\n"
		       "Specify --help for usage, or press the help button on the CMake GUI.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cmake", .error_line = 1 },
	},
	{
		.name = "walks through folders",
		.log = "make[1]: Entering directory '/src'\nmake[1]: Nothing to be done for 'all'.\n"
		       "note: *** this is no make\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_make = {
	.name = "make",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
