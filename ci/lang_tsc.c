/*
 * The TypeScript compiler's two formats: "a.ts(2,22): error TS2322: ..." and, for people,
 * "a.ts:2:22 - error TS2322: ...". Errors without a place are about the configuration. The source
 * lines below an error are not read.
 */
#include "ci/node.h"

enum { FAILURES_OF_A_RUN = 20 };

struct state {
	unsigned failures;
};

/* Takes "a.ts(2,22): " or "a.ts:2:22 - "; the rest begins with "error TS". */
static bool take_place(struct str *text, struct place *place)
{
	struct str file, rest = *text, number;
	unsigned long line, column;

	if (str_split(rest, "): error TS", &file, &number) &&
	    str_split_last(file, "(", &file, &number) && file.size &&
	    str_take_number(&number, &line) && str_skip(&number, ",") &&
	    str_number(number, &column)) {
		*place = (struct place){ file, line, column };
		str_split(rest, "): error", &file, &number);
		*text = str_from(rest, file.size + 3);
		return true;
	}
	if (!place_take(&rest, place) || !place->column || !str_skip(&rest, " - "))
		return false;
	*text = rest;
	return true;
}

static void report(struct state *s, const struct line *line, const struct place *place,
		   struct str code, struct str message, struct findings *f)
{
	struct failure *failure;

	if (place->file.size)
		findings_diagnostic(f, "tsc", place->file, place->line, place->column, SEVERITY_ERROR,
				    code, message);
	if (s->failures++ >= FAILURES_OF_A_RUN)
		return;
	failure = findings_failure(f, place->file.size ? KIND_COMPILE : KIND_CONFIG,
				   WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "node";
	failure->tool = "tsc";
	failure->type = findings_text(failure, code);
	failure->message = findings_text(failure, message);
	if (place->file.size)
		place_set(failure, place);
	if (node_package_missing(message)) {
		failure->kind = KIND_DEPENDENCY;
		failure->weight = WEIGHT_CERTAIN;
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct str text = str_trim(node_body(line->text)), before, message;
	struct place place = {0};
	unsigned long number;

	if (!take_place(&text, &place))
		place = (struct place){0};
	if (!str_starts(text, "error TS") || !str_split(text, ": ", &before, &message))
		return ASLEEP;
	before = str_from(before, 6);
	if (before.size <= 8 && str_number(str_from(before, 2), &number))
		report(state, line, &place, before, message, f);
	return ASLEEP;
}

static const char *const wake[] = { "error TS", NULL };

static const struct reading examples[] = {
	{
		.name = "for machines",
		.log = "ts/a.ts(2,22): error TS2322: Type 'string' is not assignable to type 'numb"
			"er[]'.\n"
			"ts/a.ts(4,3): error TS2322: Type 'number' is not assignable to type 'strin"
			"g'.\n"
			"ts/a.ts(6,8): error TS2554: Expected 1 arguments, but got 2.\n",
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "tsc",
			    .type = "TS2322",
			    .message = "Type 'string' is not assignable to type 'number[]'.",
			    .file = "ts/a.ts", .line = 2, .error_line = 1 },
	},
	{
		.name = "for people",
		.log = "\033[96mts/a.ts\033[0m:\033[93m2\033[0m:\033[93m22\033[0m - \033[91merror"
			"\033[0m\033[90m TS2322: \033[0mType 'string' is not assignable to type 'nu"
			"mber[]'.\n\n"
			"\033[7m2\033[0m const cart: Cart = { items: \"none\" };\n"
			"\033[7m \033[0m \033[91m                     ~~~~~\033[0m\n\n"
			"  \033[96mts/a.ts\033[0m:\033[93m1\033[0m:\033[93m18\033[0m - The expected"
			" type comes from property 'items' which is declared here on type 'Cart'\n"
			"    \033[7m1\033[0m interface Cart { items: number[]; }\n"
			"    \033[7m \033[0m \033[96m                 ~~~~~\033[0m\n\n"
			"\033[96mts/a.ts\033[0m:\033[93m4\033[0m:\033[93m3\033[0m - \033[91merror"
			"\033[0m\033[90m TS2322: \033[0mType 'number' is not assignable to type 'st"
			"ring'.\n\n\033[7m4\033[0m   return n;\n"
			"\033[7m \033[0m \033[91m  ~~~~~~\033[0m\n\n",
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "tsc",
			    .type = "TS2322",
			    .message = "Type 'string' is not assignable to type 'number[]'.",
			    .file = "ts/a.ts", .line = 2, .error_line = 1 },
	},
	{
		.name = "a missing package",
		.log = "ts/a.ts(2,22): error TS2322: Type 'string' is not assignable to type 'numb"
			"er[]'.\n"
			"ts/a.ts(4,3): error TS2322: Type 'number' is not assignable to type 'strin"
			"g'.\n"
			"ts/a.ts(6,8): error TS2554: Expected 1 arguments, but got 2.\n"
			"ts/a.ts(7,19): error TS2307: Cannot find module './nothere' or its corresp"
			"onding type declarations.\n"
			"ts/a.ts(8,20): error TS2307: Cannot find module 'nosuchpackage' or its cor"
			"responding type declarations.\n"
			"ts/a.ts(9,6): error TS2339: Property 'nope' does not exist on type 'Cart'."
			"\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "tsc",
			    .type = "TS2307", .file = "ts/a.ts", .line = 8, .error_line = 5 },
	},
	{
		.name = "a missing file of the project",
		.log = "ts/a.ts(7,19): error TS2307: Cannot find module './nothere' or its corresp"
			"onding type declarations.\n",
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "tsc",
			    .type = "TS2307", .file = "ts/a.ts", .line = 7, .error_line = 1 },
	},
	{
		.name = "a syntax error",
		.log = "ts/b.ts(3,1): error TS1005: ',' expected.\n",
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "tsc",
			    .type = "TS1005", .message = "',' expected.", .file = "ts/b.ts",
			    .line = 3, .error_line = 1 },
	},
	{
		.name = "no input",
		.log = "error TS18003: No inputs were found in config file '/home/runner/work/shop"
			"/shop/empty/tsconfig.json'. Specified 'include' paths were '[\"nothing/*\""
			"]' and 'exclude' paths were '[]'.\n",
		.expect = { .kind = KIND_CONFIG, .language = "node", .tool = "tsc",
			    .type = "TS18003", .error_line = 1 },
	},
	{0}
};

const struct reader reader_tsc = {
	.name = "tsc",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
