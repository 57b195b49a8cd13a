/*
 * What ends a C or C++ build besides the compiler: the linker's errors, and make's and ninja's lines,
 * which only say that something before them failed. What they say of their own files is read elsewhere.
 */
#include "ci/trace.h"

struct state {
	struct kept function;		/* ld: "in function `main':" */
};

static const struct {
	const char *words, *type;
} link_errors[] = {
	{ "undefined reference to ", "undefined reference" },
	{ "multiple definition of ", "multiple definition" },
	{ "cannot find -l", "cannot find library" },
	{ "undefined symbol: ", "undefined reference" },
	{ "duplicate symbol: ", "multiple definition" },
	{ "unable to find library -l", "cannot find library" },
	{ "Undefined symbols for architecture ", "undefined reference" },
	{ "library not found for -l", "cannot find library" },
};

static const char *const consequences[] = { "make: *** ", "gmake: *** ", "make[", "gmake[",
	"ninja: build stopped: ", "collect2: error: ", "cc1: all warnings being treated as errors",
	"cc1plus: all warnings being treated as errors", "compilation terminated.",
	"-- Configuring incomplete, errors occurred!", "clang: error: linker command failed",
	"clang++: error: linker command failed", NULL };

/*
 * "main.c:(.text+0xa): undefined reference..." and "d.o:(.data+0x0): multiple...": the source or
 * object.
 */
static struct str object_of(struct str text)
{
	struct str object;

	if (!str_split(text, ":(.", &object, NULL) && !str_split(text, ": ", &object, NULL))
		return STR_NONE;
	(void)str_split_last(object, ": ", NULL, &object);
	return object;
}

static bool link_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, object, message, name;
	struct place place = {0};
	struct failure *failure;
	size_t i;

	if (str_split(text, ": in function ", NULL, &name)) {
		str_chop(&name, ":");
		name = str_trim(name);
		name = str_slice(name, 1, name.size > 2 ? name.size - 2 : 0);
		keep(&s->function, name);
		return true;
	}
	for (i = 0; i < sizeof(link_errors) / sizeof(link_errors[0]); i++)
		if (str_has(text, link_errors[i].words))
			break;
	if (i == sizeof(link_errors) / sizeof(link_errors[0]))
		return false;
	message = str_from(text, (size_t)str_find(text, str_of(link_errors[i].words)));
	failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "c";
	failure->tool = "ld";
	failure->type = link_errors[i].type;
	object = object_of(str_slice(text, 0, (size_t)(message.at - text.at)));
	if (i < 2 && object.size) {
		struct str at = object;

		if (place_take(&at, &place))	/* with -g ld names the line */
			place_set(failure, &place);
		else if (place_ends(object, ".c .cc .cpp .cxx .C .m .s .S .f90"))
			failure->file = findings_text(failure, object);
		failure->function = findings_text(failure, kept_str(&s->function));
	}
	(void)str_split(message, "; ", &message, NULL);
	(void)str_split(message, ": No such file", &message, NULL);
	failure->message = findings_text(failure, message);
	findings_diagnostic(f, "ld", object, place.line, 0, SEVERITY_ERROR,
			    str_of(link_errors[i].type), message);
	return true;
}

static void consequence(const struct line *line, struct findings *f)
{
	struct failure *failure;
	struct str text = line->text;
	size_t i;

	for (i = 0; consequences[i]; i++)
		if (str_starts(text, consequences[i]))
			break;
	if (!consequences[i])
		return;
	if (consequences[i][strlen(consequences[i]) - 1] == '[' && !str_has(text, "]: *** "))
		return;			/* "make[1]: Entering directory" */
	failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_CONSEQUENCE, line->number);
	failure->tool = str_has(text, "***") ? "make" : str_starts(text, "ninja") ? "ninja" : "cc";
	failure->message = findings_text(failure, text);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (!link_line(s, line, f))
		consequence(line, f);
	return ASLEEP;
}

static const char *const wake[] = { "undefined reference to ", "multiple definition of ",
	"cannot find -l", "undefined symbol: ", "duplicate symbol: ", "unable to find library -l",
	"Undefined symbols for architecture ", "library not found for -l", ": in function ",
	": *** ", "ninja: build stopped: ", "collect2: error: ", "all warnings being treated as errors",
	"compilation terminated.", "-- Configuring incomplete", "linker command failed",
	NULL };

static const char *const shop[] = { "main.c", "c.c", "d.c", NULL };

static const struct reading examples[] = {
	{
		.name = "a library is not linked",
		.files = shop,
		.log =
		"/usr/bin/ld: /tmp/cc4TOy0r.o: in function `main':\n"
		"c.c:(.text+0x24): undefined reference to `sqrt'\n"
		"/usr/bin/ld: c.c:(.text+0x32): undefined reference to `helper'\n"
		"collect2: error: ld returned 1 exit status\n",
		.expect = { .kind = KIND_COMPILE, .language = "c", .tool = "ld", .file = "c.c",
			    .type = "undefined reference", .function = "main",
			    .message = "undefined reference to `sqrt'", .error_line = 2 },
	},
	{
		.name = "defined twice",
		.files = shop,
		.log =
		"/usr/bin/ld: d.o:(.data+0x0): multiple definition of `count'; c.o:(.data+0x0): "
		"first defined here\n"
		"collect2: error: ld returned 1 exit status\n",
		.expect = { .kind = KIND_COMPILE, .tool = "ld", .type = "multiple definition",
			    .message = "multiple definition of `count'", .error_line = 1 },
	},
	{
		.name = "no such library",
		.log =
		"/usr/bin/ld: cannot find -lnope: No such file or directory\n"
		"collect2: error: ld returned 1 exit status\n",
		.expect = { .kind = KIND_COMPILE, .tool = "ld", .type = "cannot find library",
			    .message = "cannot find -lnope", .error_line = 1 },
	},
	{
		.name = "make says only that something failed",
		.log = "gmake[2]: *** [CMakeFiles/shop.dir/build.make:97: shop] Error 1\n"
		       "gmake[1]: *** [CMakeFiles/Makefile2:83: CMakeFiles/shop.dir/all] Error 2\n"
		       "gmake: *** [Makefile:91: all] Error 2\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "make", .error_line = 1,
			    .message = "gmake[2]: *** [CMakeFiles/shop.dir/build.make:97: shop] Error 1" },
	},
	{
		.name = "make walks through folders",
		.log = "make[1]: Entering directory '/src'\nmake[1]: Nothing to be done for 'all'.\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_linker = {
	.name = "linker",
	.language = "c",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
