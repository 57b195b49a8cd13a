/*
 * What PyYAML says of a file that is no YAML: the fault, then the place in the file on a line of its own.
 * The traceback around it, if there is one, is python's.
 */
#include "ci/trace.h"

struct state {
	struct kept fault;
	unsigned long line;
};

static const char *const faults[] = { "found character '", "mapping values are not allowed",
	"expected <block end>", "could not find expected ':'", "did not find expected ",
	"found unexpected ", "expected ',' or '", "found undefined alias", "found duplicate anchor",
	"expected the node content", "sequence entries are not allowed", NULL };

/* '  in ".github/workflows/ci.yml", line 11, column 1' */
static bool take_place(struct str text, struct place *place)
{
	text = str_trim(text);
	return str_skip(&text, "in \"") && str_split(text, "\", line ", &place->file, &text) &&
	       str_take_number(&text, &place->line) && str_skip(&text, ", column ") &&
	       str_take_number(&text, &place->column) && place_ends(place->file, ".yml .yaml");
}

static enum wakefulness line(void *opaque, const struct line *line, struct findings *f)
{
	struct state *state = opaque;
	struct failure *failure;
	struct place place;

	if (state->line && line->number == state->line + 1 && take_place(line->text, &place)) {
		failure = findings_failure(f, KIND_CONFIG, WEIGHT_DIAGNOSTIC, state->line);
		failure->language = "yaml";
		failure->tool = "PyYAML";
		failure->type = "YAML syntax";
		failure->message = findings_text(failure, kept_str(&state->fault));
		failure->last_line = line->number;
		place_set(failure, &place);
	}
	state->line = 0;
	for (size_t i = 0; faults[i]; i++)
		if (str_starts(line->text, faults[i])) {
			keep(&state->fault, line->text);
			state->line = line->number;
		}
	return state->line ? AWAKE : ASLEEP;
}

static const char *const workflow[] = { ".github/workflows/ci.yml", NULL };

static const struct reading examples[] = {
	{
		.name = "a tab",
		.log = ".github/workflows/ci.yml: while scanning for the next token\n"
		       "found character '\\t' that cannot start any token\n"
		       "  in \".github/workflows/ci.yml\", line 11, column 1\n",
		.files = workflow,
		.expect = { .kind = KIND_CONFIG, .tool = "PyYAML", .file = ".github/workflows/ci.yml",
			    .line = 11, .error_line = 2 },
	},
	{
		.name = "a key one blank too far to the left",
		.log = "while parsing a block mapping\n  in \".github/workflows/ci.yml\", line 12, column 9\n"
		       "expected <block end>, but found '<block mapping start>'\n"
		       "  in \".github/workflows/ci.yml\", line 13, column 10\n",
		.files = workflow,
		.expect = { .kind = KIND_CONFIG, .tool = "PyYAML", .line = 13, .error_line = 3 },
	},
	{
		.name = "words without a place",
		.log = "mapping values are not allowed here\nand that is all\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_yaml = {
	.name = "yaml",
	.language = "yaml",
	.wake = faults,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
