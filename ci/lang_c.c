/*
 * Diagnostics of gcc, clang and their relatives: "file:line:column: error: message
 * [-Werror=code]". Notes are kept as diagnostics of their own; warnings never make a failure.
 * Linkers, make and crashes are read elsewhere.
 */
#include "ci/trace.h"

static const struct {
	const char *words;
	enum severity severity;
	bool fatal;
} severities[] = {
	{ ": error: ", SEVERITY_ERROR, false },
	{ ": fatal error: ", SEVERITY_ERROR, true },
	{ ": warning: ", SEVERITY_WARNING, false },
	{ ": note: ", SEVERITY_NOTE, false },
};

struct state {
	struct kept function;
	struct kept file;		/* of the newest "required from here", and its line */
	unsigned long line, column;
};

/* "-Werror=format=" and "-Werror,-Wformat" are both about -Wformat. */
static struct str code_of(struct str *message)
{
	struct str code, before;

	if (!str_ends(*message, "]") || !str_split_last(*message, " [-", &before, &code))
		return STR_NONE;
	str_chop(&code, "]");
	if (!str_starts(code, "W"))
		return STR_NONE;
	*message = before;
	if (str_split(code, ",-W", NULL, &code) || str_skip(&code, "Werror=") || str_skip(&code, "W"))
		str_chop(&code, "=");
	return code;
}

/*
 * "[bugprone-branch-clone,-warnings-as-errors]" is clang-tidy's, "[nullPointer]" cppcheck's: both
 * print as compilers do.
 */
static const char *linter_of(struct str *message, struct str *code)
{
	struct str name, before;
	bool upper = false, dash = false;

	if (!str_ends(*message, "]") || !str_split_last(*message, " [", &before, &name))
		return NULL;
	str_chop(&name, "]");
	(void)str_chop(&name, ",-warnings-as-errors");
	if (!name.size || name.at[0] < 'a' || name.at[0] > 'z' || str_starts(name, "clang-diagnostic-"))
		return NULL;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		upper = upper || (c >= 'A' && c <= 'Z');
		dash = dash || c == '-';
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    !strchr("-._,", c))
			return NULL;
	}
	if (!upper && !dash)
		return NULL;
	*message = before;
	*code = name;
	return dash ? "clang-tidy" : "cppcheck";
}

static const char *language_of(struct str file)
{
	return place_ends(file, ".c .h .s .S") ? "c" : "c++";
}

static const char *tool_of(struct str text)
{
	return str_ends(text, "file not found") || str_has(text, " [-Werror,-W") ? "clang" : "gcc";
}

/* A template breaks in the library's header, but the fault is where it was asked for. */
static void add_frames(struct state *s, struct failure *failure, const struct place *place)
{
	if (!s->file.size)
		return;
	findings_frame(failure, kept_str(&s->file), s->line, s->column, STR_NONE);
	findings_frame(failure, place->file, place->line, place->column, kept_str(&s->function));
	s->file.size = 0;
}

static void report(struct state *s, const struct line *line, struct findings *f,
		   const struct place *place, struct str message, struct str code,
		   const char *linter, bool fatal)
{
	bool missing = fatal && (str_ends(message, "No such file or directory") ||
				 str_ends(message, "file not found"));
	struct failure *failure;

	failure = findings_failure(f, linter ? KIND_LINT : KIND_COMPILE,
				   missing ? WEIGHT_TRACE : WEIGHT_DIAGNOSTIC, line->number);
	failure->language = s->file.size ? "c++" : language_of(place->file);
	failure->tool = linter ? linter : tool_of(line->text);
	failure->type = findings_text(failure, code);
	failure->message = findings_text(failure, message);
	place_set(failure, place);
	failure->function = findings_text(failure, kept_str(&s->function));
	add_frames(s, failure, place);
}

/* "a.c: In function 'half':"; the quotes are ASCII or typographic by the locale. */
static bool function_line(struct state *s, struct str text)
{
	static const char *const words[] = { ": In function ", ": In member function ",
		": In constructor ", ": In destructor ", ": In static member function ", NULL };
	struct str name;

	if (str_has(text, ": At top level:") || str_has(text, ": At global scope:") ||
	    str_has(text, ": In instantiation of ")) {
		s->function.size = 0;
		return true;
	}
	for (size_t i = 0; words[i]; i++) {
		if (!str_split(text, words[i], NULL, &name) || !str_chop(&name, ":"))
			continue;
		if (str_skip(&name, "'") || str_skip(&name, "`") || str_skip(&name, "\xe2\x80\x98"))
			(void)(str_chop(&name, "'") || str_chop(&name, "\xe2\x80\x99"));
		keep(&s->function, name);
		return true;
	}
	return false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	static const char sources[] = ".c .h .cc .cpp .cxx .c++ .hh .hpp .hxx .inc .inl .ipp .tcc .m .mm "
				      ".cu .cuh .s .S .y .l .def .C .H";
	struct state *s = state;
	struct str text = line->text, message, code;
	struct place place;
	const char *linter;

	if (function_line(s, text))
		return ASLEEP;
	if (!place_take(&text, &place) || !place_ends(place.file, sources))
		return ASLEEP;
	if (str_starts(text, ":   required from here")) {
		keep(&s->file, place.file);
		s->line = place.line;
		s->column = place.column;
		return ASLEEP;
	}
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
		message = text;
		if (!str_skip(&message, severities[i].words))
			continue;
		message = str_trim(message);
		code = code_of(&message);
		if (str_is(code, "clang-format-violations") || str_starts(message, "-["))
			return ASLEEP;	/* a formatter's finding, XCTest's failed test */
		linter = code.size ? NULL : linter_of(&message, &code);
		findings_diagnostic(f, linter ? linter : tool_of(text), place.file, place.line, place.column,
				    severities[i].severity, code, message);
		if (severities[i].severity == SEVERITY_ERROR)
			report(s, line, f, &place, message, code, linter, severities[i].fatal);
		return ASLEEP;
	}
	return ASLEEP;
}

static const char *const wake[] = { ": error: ", ": fatal error: ", ": warning: ", ": note: ",
	": In function ", ": In member function ", ": In constructor ", ": In destructor ",
	": In static member function ", ": At top level:", ": At global scope:",
	": In instantiation of ", ":   required from here", NULL };

static const char *const shop[] = { "a.c", "b.c", "e.cpp", NULL };

static const struct reading examples[] = {
	{
		.name = "gcc, ASCII quotes, -Werror",
		.files = shop,
		.log =
		"cc -Wall -Wextra -Werror -c -o a.o a.c\n"
		"a.c: In function 'half':\n"
		"a.c:6:18: error: format '%s' expects argument of type 'char *', but argument 2 "
		"has type 'int' [-Werror=format=]\n"
		"    6 |         printf(\"%s\\n\", n);\n"
		"      |                 ~^     ~\n"
		"      |                  |     |\n"
		"      |                  |     int\n"
		"      |                  char *\n"
		"      |                 %d\n"
		"a.c:5:13: error: unused variable 'unused' [-Werror=unused-variable]\n"
		"    5 |         int unused = n;\n"
		"      |             ^~~~~~\n"
		"a.c:7:1: error: no return statement in function returning non-void "
		"[-Werror=return-type]\n"
		"    7 | }\n"
		"cc1: all warnings being treated as errors\n"
		"make: *** [Makefile:3: a.o] Error 1\n",
		.expect = { .kind = KIND_COMPILE, .language = "c", .tool = "gcc", .type = "format",
			    .message = "format '%s' expects argument of type 'char *', but argument 2 "
				       "has type 'int'",
			    .file = "a.c", .line = 6, .function = "half", .error_line = 3 },
	},
	{
		.name = "gcc, a function without its header, typographic quotes",
		.files = shop,
		.log =
		"a.c: In function ‘main’:\n"
		"a.c:11:20: error: implicit declaration of function ‘sqrt’ "
		"[-Werror=implicit-function-declaration]\n"
		"   11 |         double r = sqrt(2.0);\n"
		"      |                    ^~~~\n"
		"a.c:2:1: note: include ‘<math.h>’ or provide a declaration of ‘sqrt’\n"
		"    1 | #include <stdio.h>\n"
		"  +++ |+#include <math.h>\n",
		.expect = { .kind = KIND_COMPILE, .type = "implicit-function-declaration",
			    .message = "implicit declaration of function ‘sqrt’", .file = "a.c",
			    .line = 11, .function = "main", .error_line = 2 },
	},
	{
		.name = "a missing header",
		.files = shop,
		.log =
		"b.c:1:10: fatal error: missing.h: No such file or directory\n"
		"    1 | #include \"missing.h\"\n"
		"      |          ^~~~~~~~~~~\n"
		"compilation terminated.\n",
		.expect = { .kind = KIND_COMPILE, .file = "b.c", .line = 1,
			    .message = "missing.h: No such file or directory", .error_line = 1 },
	},
	{
		.name = "clang",
		.files = shop,
		.log =
		"a.c:6:17: error: format specifies type 'char *' but the argument has type 'int' "
		"[-Werror,-Wformat]\n"
		"        printf(\"%s\\n\", n);\n"
		"                ~~     ^\n"
		"                %d\n"
		"a.c:5:6: error: unused variable 'unused' [-Werror,-Wunused-variable]\n"
		"        int unused = n;\n",
		.expect = { .kind = KIND_COMPILE, .tool = "clang", .type = "format",
			    .file = "a.c", .line = 6,
			    .message = "format specifies type 'char *' but the argument has type 'int'",
			    .error_line = 1 },
	},
	{
		.name = "C++, a template",
		.files = shop,
		.log =
		"e.cpp: In instantiation of ‘int size_of(const T&) [with T = std::vector<int>]’:\n"
		"e.cpp:7:16:   required from here\n"
		"e.cpp:3:58: error: ‘const class std::vector<int>’ has no member named ‘length’\n"
		"    3 | template <typename T> int size_of(const T &t) { return t.length(); }\n"
		"      |                                                        ~~^~~~~~\n",
		.expect = { .kind = KIND_COMPILE, .language = "c++", .file = "e.cpp", .line = 3,
			    .message = "‘const class std::vector<int>’ has no member named ‘length’",
			    .error_line = 3 },
	},
	{
		.name = "C++, a template of the library",
		.files = shop,
		.log =
		"/usr/include/c++/12/bits/stl_function.h: In instantiation of ‘constexpr bool "
		"std::less<_Tp>::operator()(const _Tp&, const _Tp&) const [with _Tp = item]’:\n"
		"/usr/include/c++/12/bits/stl_tree.h:2117:35:   required from ‘bool x<_Key>::y() "
		"[with _Key = item]’\n"
		"e.cpp:10:14:   required from here\n"
		"/usr/include/c++/12/bits/stl_function.h:408:20: error: no match for ‘operator<’ "
		"(operand types are ‘const item’ and ‘const item’)\n"
		"  408 |       { return __x < __y; }\n"
		"      |                ~~~~^~~~~\n",
		.expect = { .kind = KIND_COMPILE, .language = "c++", .file = "e.cpp", .line = 10,
			    .message = "no match for ‘operator<’ (operand types are ‘const item’ and "
				       "‘const item’)",
			    .error_line = 4 },
	},
	{
		.name = "a warning is no failure",
		.log =
		"/src/main.c: In function ‘main’:\n"
		"/src/main.c:1:25: warning: implicit declaration of function ‘missing’ "
		"[-Wimplicit-function-declaration]\n"
		"    1 | int main(void) { return missing(); }\n"
		"      |                         ^~~~~~~\n",
		.nothing = true,
	},
	{
		.name = "clang-tidy with its warnings as errors",
		.files = shop,
		.log = "/home/runner/work/shop/shop/e.cpp:2:19: error: use nullptr "
		       "[modernize-use-nullptr,-warnings-as-errors]\nint main() { int* p=NULL; }\n"
		       "                  ^~~~\n                  nullptr\n",
		.expect = { .kind = KIND_LINT, .tool = "clang-tidy", .type = "modernize-use-nullptr",
			    .file = "e.cpp", .line = 2, .message = "use nullptr", .error_line = 1 },
	},
	{
		.name = "cppcheck",
		.files = shop,
		.log = "Checking a.c ...\na.c:2:28: error: Null pointer dereference: p [nullPointer]\n"
		       "int f(void) { int *p=0; return *p; }\n                           ^\n",
		.expect = { .kind = KIND_LINT, .tool = "cppcheck", .type = "nullPointer",
			    .file = "a.c", .line = 2, .error_line = 2 },
	},
	{0}
};

const struct reader reader_c = {
	.name = "c",
	.language = "c",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
