/*
 * A format asks for another integer type than its argument has -> the conversion of that type:
 * %zu, %ld, PRIu64 with its header. Flags, width and hexadecimal stay. Keeps off pointers, texts and
 * floating point (which value was meant is open), and types whose width is the platform's own.
 */
#include "templates/lib_c.h"
#include "templates/lib_include.h"
#include "templates/lib_scene.h"

enum { TYPEDEFS_MAX = 4 };

static const struct form {
	const char *types;		/* parted by '|' */
	const char *modifier;		/* before the conversion; NULL: a macro */
	const char *bits;		/* of the macro: PRIu64 */
	bool is_signed;
} forms[] = {
	{ "size_t|std::size_t", "z", NULL, false },
	{ "ssize_t", "z", NULL, true },
	{ "ptrdiff_t|std::ptrdiff_t", "t", NULL, true },
	{ "intmax_t", "j", NULL, true },
	{ "uintmax_t", "j", NULL, false },
	{ "int64_t|std::int64_t", NULL, "64", true },
	{ "uint64_t|std::uint64_t", NULL, "64", false },
	{ "uintptr_t", NULL, "PTR", false },
	{ "intptr_t", NULL, "PTR", true },
	{ "int|int32_t|int16_t|int8_t|short|short int|char", "", NULL, true },
	{ "unsigned int|unsigned|uint32_t|uint16_t|uint8_t|unsigned char|short unsigned int|unsigned short",
	  "", NULL, false },
	{ "long int|long", "l", NULL, true },
	{ "long unsigned int|unsigned long", "l", NULL, false },
	{ "long long int|long long", "ll", NULL, true },
	{ "long long unsigned int|unsigned long long", "ll", NULL, false },
};

static const struct form *form_of(struct str type)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct str rest = str_of(forms[i].types), one;

		while (str_next(&rest, '|', &one))
			if (str_equal(one, type))
				return &forms[i];
	}
	return NULL;
}

/* What a project's own type stands for: "typedef uint64_t bytes;" gives "uint64_t". */
static struct str resolve(const struct scene *scene, struct str type)
{
	const struct tree *tree = scene->tree;

	for (unsigned depth = 0; depth < TYPEDEFS_MAX && !form_of(type); depth++) {
		struct str tail = str_of(arena_printf(scene->arena, " %.*s;", STR_ARG(type))), found = STR_NONE;

		for (size_t i = 0; i < tree->count; i++) {
			struct str text, line;

			if (!c_is_code(tree->entries[i].path) ||
			    !scene_read(scene, tree->entries[i].path, &text))
				continue;
			while (str_next_line(&text, &line)) {
				line = str_trim(line);
				if (str_skip(&line, "typedef ") && str_chop(&line, str_text(scene->arena, tail)))
					found = str_trim(line);
			}
		}
		if (!found.size)
			break;
		type = found;
	}
	return type;
}

/* One conversion of a literal: "%-5ld" from the '%' to behind its letter. */
struct conversion {
	size_t start, modifier, end;
	unsigned arguments;		/* 1, and one more for each '*' */
};

static bool next_conversion(struct str text, size_t at, size_t end, struct conversion *c)
{
	for (; at + 1 < end; at++) {
		if (text.at[at] == '\\') {
			at++;
			continue;
		}
		if (text.at[at] != '%')
			continue;
		if (text.at[at + 1] == '%') {
			at++;
			continue;
		}
		*c = (struct conversion){ at, at + 1, 0, 1 };
		while (c->modifier < end && strchr("-+ #0123456789.*'", text.at[c->modifier]))
			c->arguments += text.at[c->modifier++] == '*';
		c->end = c->modifier;
		while (c->end < end && strchr("hlLqjzt", text.at[c->end]))
			c->end++;
		c->end++;
		return c->end <= end;
	}
	return false;
}

struct place {
	struct conversion conversion;
	size_t quote;			/* where the literal ends, at its quote */
	bool input;			/* of the scanf family */
};

/* The index of the argument that holds the place, or that has the number of the message. */
static bool argument_index(const struct scene *scene, TSNode list, size_t at, unsigned *index)
{
	unsigned long number = 0;

	if (str_number(scene_group(scene, "number"), &number) && number) {
		*index = (unsigned)number - 1;
		return *index < source_count(list);
	}
	for (*index = 0; *index < source_count(list); ++*index) {
		TSNode argument = source_nth(list, *index);

		if (ts_node_start_byte(argument) <= at && at < source_end(argument))
			return true;
	}
	return false;
}

/* The conversion that takes the argument, in the literals of the call's format. */
static bool find_conversion(const struct syntax *s, TSNode list, unsigned index, struct place *place)
{
	TSNode format = {{0}, NULL, NULL}, literal;
	unsigned at_argument = 0;

	for (unsigned n = 0; n < index && ts_node_is_null(format); n++)
		if (syntax_type_is(source_nth(list, n), "string_literal|concatenated_string")) {
			format = source_nth(list, n);
			at_argument = n + 1;
		}
	/* A macro between the pieces (PRIu64) hides a conversion from us. */
	if (ts_node_is_null(format) || !ts_node_is_null(syntax_below(format, "identifier", 0)))
		return false;
	for (unsigned n = 0; !ts_node_is_null(literal = syntax_below(format, "string_literal", n)); n++) {
		size_t at = ts_node_start_byte(literal) + 1, end = source_end(literal) - 1;

		if (s->text.at[at - 1] != '"')
			return false;
		while (next_conversion(s->text, at, end, &place->conversion)) {
			at_argument += place->conversion.arguments;
			if (at_argument > index) {
				place->quote = end;
				return at_argument == index + 1;
			}
			at = place->conversion.end;
		}
	}
	return false;
}

static void edit_conversion(struct source *code, const struct place *place, const struct form *form,
			    char letter)
{
	const struct conversion *c = &place->conversion;
	struct arena *a = code->edits.arena;
	bool cpp = str_is(str_of(code->syntax->language), "cpp");
	struct str header = cpp ? STR("<cinttypes>") : STR("<inttypes.h>");

	if (form->modifier) {
		edit_replace(&code->edits, c->modifier, c->end,
			     str_of(arena_printf(a, "%s%c", form->modifier, letter)));
		return;
	}
	edit_replace(&code->edits, c->modifier, c->end == place->quote ? c->end + 1 : c->end,
		     str_of(arena_printf(a, "\" %s%c%s%s", place->input ? "SCN" : "PRI", letter, form->bits,
					 c->end == place->quote ? "" : " \"")));
	if (!include_is_there(code->syntax, STR("<inttypes.h>")) && !include_is_there(code->syntax, header)) {
		size_t before = code->edits.count;

		include_add(&code->edits, code->syntax, code->path, header);
		for (size_t i = 0; i < before; i++)
			if (str_equal(code->edits.list[i].text, code->edits.list[before].text))
				code->edits.count = before;
	}
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *code = sources_open(codes, failure->file);
	struct str type = scene_group(scene, "type"), old = scene_group(scene, "old");
	struct place place = { .input = str_chop(&type, " *") };
	const struct form *form = form_of(resolve(scene, type));
	TSNode list = {{0}, NULL, NULL};
	unsigned index = 0;
	char letter;

	if (!form || !old.size || (old.at[0] == '%' && !strchr("diuxXo", old.at[old.size - 1])))
		return template_decline(scene, "whether the format or the argument is wrong is not plain for a "
					"%.*s", STR_ARG(type)), false;
	if (code) {
		size_t at = source_at(code, failure->line, failure->column, old.at[0] == '%');

		list = source_node(code, at, "argument_list");
		if (!ts_node_is_null(list) && (!argument_index(scene, list, at, &index) ||
					       !find_conversion(code->syntax, list, index, &place)))
			list = source_parent(code->syntax->root);
	}
	if (!code || ts_node_is_null(list) || source_is_test(code->path))
		return template_decline(scene, "the conversion is not found in a plain literal"), false;
	letter = code->syntax->text.at[place.conversion.end - 1];
	if (old.at[0] == '%' ? letter != old.at[old.size - 1] : !strchr("diuxXo", letter))
		return template_decline(scene, "the conversion is not where the log says"), false;
	if (strchr("diu", letter))
		letter = form->is_signed ? (letter == 'i' ? 'i' : 'd') : 'u';
	edit_conversion(code, &place, form, letter);
	if (!why->size)
		text_addf(why, "The format in %s takes a %.*s.", code->path, STR_ARG(type));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TOOL, mend);
}

static const struct example examples[] = {
	{
		.name = "four conversions of one text",
		.log =
		"a.c: In function ‘show’:\n"
		"a.c:6:19: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 2 has type ‘uint64_t’ {aka ‘long unsigned int’} [-Werror=format=]\n"
		"    6 |         printf(\"%5d bytes in %d files at %x: %d\", bytes, files"
		", at, bytes);\n"
		"      |                 ~~^                               ~~~~~\n"
		"      |                   |                               |\n"
		"      |                   int                             uint64_t {ak"
		"a long unsigned int}\n      |                 %5ld\n"
		"a.c:6:31: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 3 has type ‘size_t’ {aka ‘long unsigned int’} [-Werror=format=]\n"
		"    6 |         printf(\"%5d bytes in %d files at %x: %d\", bytes, files"
		", at, bytes);\n"
		"      |                              ~^                          ~~~~~\n"
		"      |                               |                          |\n"
		"      |                               int                        size_"
		"t {aka long unsigned int}\n      |                              %ld\n"
		"a.c:6:43: error: format ‘%x’ expects argument of type ‘unsigned int’, "
		"but argument 4 has type ‘long int’ [-Werror=format=]\n"
		"    6 |         printf(\"%5d bytes in %d files at %x: %d\", bytes, files"
		", at, bytes);\n"
		"      |                                          ~^                     ~~\n"
		"      |                                           |                     |\n"
		"      |                                           unsigned int          long int\n"
		"      |                                          %lx\n"
		"a.c:6:47: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 5 has type ‘uint64_t’ {aka ‘long unsigned int’} [-Werror=format=]\n"
		"    6 |         printf(\"%5d bytes in %d files at %x: %d\", bytes, files"
		", at, bytes);\n"
		"      |                                              ~^               "
		"      ~~~~~\n"
		"      |                                               |                     |\n"
		"      |                                               int             "
		"      uint64_t {aka long unsigned int}\n"
		"      |                                              %ld\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdint.h>\n#include <stdio.h>\n\n"
			  "void show(uint64_t bytes, size_t files, long at)\n{\n"
			  "\tprintf(\"%5d bytes in %d files at %x: %d\", bytes, files, at, bytes);\n}\n",
			  "#include <inttypes.h>\n#include <stdint.h>\n#include <stdio.h>\n\n"
			  "void show(uint64_t bytes, size_t files, long at)\n{\n"
			  "\tprintf(\"%5\" PRIu64 \" bytes in %zu files at %lx: %\" PRIu64, bytes, fil"
			  "es, at, bytes);\n}\n" },
		},
	},
	{
		.name = "clang",
		.log =
		"a.c:6:40: error: format specifies type 'int' but the argument has type"
		" 'uint64_t' (aka 'unsigned long') [-Werror,-Wformat]\n"
		"        printf(\"%5d bytes in %d files at %x\", bytes, files, at);\n"
		"                ~~~                           ^~~~~\n                %5lu\n"
		"a.c:6:47: error: format specifies type 'int' but the argument has type"
		" 'size_t' (aka 'unsigned long') [-Werror,-Wformat]\n"
		"        printf(\"%5d bytes in %d files at %x\", bytes, files, at);\n"
		"                             ~~                      ^~~~~\n"
		"                             %zu\n"
		"a.c:6:54: error: format specifies type 'unsigned int' but the argument"
		" has type 'long' [-Werror,-Wformat]\n"
		"        printf(\"%5d bytes in %d files at %x\", bytes, files, at);\n"
		"                                         ~~                 ^~\n"
		"                                         %lx\n3 errors generated.\n",
		.file = {
			{ "a.c",
			  "#include <stdint.h>\n#include <stdio.h>\n\n"
			  "void show(uint64_t bytes, size_t files, long at)\n{\n"
			  "\tprintf(\"%5d bytes in %d files at %x\", bytes, files, at);\n}\n",
			  "#include <inttypes.h>\n#include <stdint.h>\n#include <stdio.h>\n\n"
			  "void show(uint64_t bytes, size_t files, long at)\n{\n"
			  "\tprintf(\"%5\" PRIu64 \" bytes in %zu files at %lx\", bytes, files, at);\n}\n" },
		},
	},
	{
		.name = "a type of the project",
		.log =
		"a.c: In function ‘show’:\n"
		"a.c:7:18: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 2 has type ‘amount’ {aka ‘long long int’} [-Werror=format=]\n"
		"    7 |         printf(\"%d\\n\", sum);\n      |                 ~^     ~~~\n"
		"      |                  |     |\n"
		"      |                  int   amount {aka long long int}\n"
		"      |                 %lld\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\n#include <stdio.h>\n\nvoid show(amount sum)\n{\n"
			  "\tprintf(\"%d\\n\", sum);\n}\n",
			  "#include \"a.h\"\n\n#include <stdio.h>\n\nvoid show(amount sum)\n{\n"
			  "\tprintf(\"%lld\\n\", sum);\n}\n" },
			{ "a.h",
			  "typedef long long amount;\n",
			  NULL },
		},
	},
	{
		.name = "a text printed as a number",
		.log =
		"a.c: In function ‘show’:\n"
		"a.c:5:18: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 2 has type ‘const char *’ [-Werror=format=]\n"
		"    5 |         printf(\"%d\\n\", name);\n"
		"      |                 ~^     ~~~~\n      |                  |     |\n"
		"      |                  int   const char *\n      |                 %s\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdio.h>\n\nvoid show(const char *name)\n{\n"
			  "\tprintf(\"%d\\n\", name);\n}\n",
			  NULL },
		},
		.declines = "whether the format or the argument is wrong",
	},
	{
		.name = "a width of the platform's own",
		.log =
		"a.c: In function ‘show’:\n"
		"a.c:6:18: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 2 has type ‘off_t’ {aka ‘long int’} [-Werror=format=]\n"
		"    6 |         printf(\"%d\\n\", at);\n      |                 ~^     ~~\n"
		"      |                  |     |\n"
		"      |                  int   off_t {aka long int}\n"
		"      |                 %ld\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdio.h>\n#include <sys/types.h>\n\nvoid show(off_t at)\n{\n"
			  "\tprintf(\"%d\\n\", at);\n}\n",
			  NULL },
		},
		.declines = "is not plain for a off_t",
	},
	{
		.name = "a floating point number",
		.log =
		"a.c: In function ‘show’:\n"
		"a.c:5:18: error: format ‘%d’ expects argument of type ‘int’, but argum"
		"ent 2 has type ‘double’ [-Werror=format=]\n"
		"    5 |         printf(\"%d\\n\", sum);\n      |                 ~^     ~~~\n"
		"      |                  |     |\n      |                  int   double\n"
		"      |                 %f\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdio.h>\n\nvoid show(double sum)\n{\n\tprintf(\"%d\\n\", sum);\n}\n",
			  NULL },
		},
		.declines = "is not plain for a double",
	},
	{0}
};

static const char *const types[] = { "format", "format-signedness", NULL };

const struct template template_c_format = {
	.name = "c_format",
	.summary = "a format of another integer type than its argument -> the conversion of that type",
	.class = "format",
	.oracles = "the compiler, which names the argument's type",
	.keeps_off = "the type is no plain integer, its width is the platform's, or the format is no literal",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?|format (?:'|\u2018)(?<old>%[^'\u2019]+)(?:'|\u2019) expects argument of type (?:'|\u2018)[^'\u2019]+"
		   "(?:'|\u2019), but argument (?<number>\\d+) has type (?:'|\u2018)(?<type>[^'\u2019]+)(?:'|\u2019)|"
		   "format specifies type '(?<old>int|unsigned int|long|unsigned long|long long|unsigned long "
		   "long|int \\*|unsigned int \\*)' but the argument has (?<number>)type '(?<type>[^']+)')",
	.fix = fix,
	.examples = examples,
};
