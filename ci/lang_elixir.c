/*
 * Elixir: exceptions with their stack, what mix says when it gives up, and the compiler's errors in
 * the form of 1.14 (in the exception's message) and of later versions (with the source in a box).
 * Failed tests are read elsewhere.
 */
#include "ci/elixir.h"

enum { SOURCE_LINES_MAX = 16 };
enum stage { STAGE_NONE, STAGE_ERROR, STAGE_FRAMES, STAGE_COMPILER };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept message;
	unsigned long first, last, logged;
	bool linked;			/* "** (EXIT from #PID<...>) an exception was raised:" */
};

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (s->failure->frame_count)
			findings_block(f, "elixir", s->first, s->last);
	}
	s->failure = NULL;
	s->stage = STAGE_NONE;
}

/* Errors of the compiler that it has told before; of a process that only logged its end. */
static unsigned weight_of(const struct state *s, const struct line *line, struct str message)
{
	if (str_has(message, "(errors have been logged)"))
		return WEIGHT_SUMMARY;
	return s->logged && line->number - s->logged <= 2 ? WEIGHT_HINT : WEIGHT_TRACE;
}

static bool error_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str type, message;

	if (!elixir_error(line->text, &type, &message))
		return false;
	finish(s, f);
	s->failure = findings_failure(f, KIND_EXCEPTION, weight_of(s, line, message), line->number);
	s->failure->language = "elixir";
	s->failure->tool = str_is(type, "Mix") ? "mix" : "elixir";
	s->linked = str_starts(type, "EXIT from ");
	elixir_set_error(s->failure, type, message, line->number);
	s->first = s->last = line->number;
	s->stage = STAGE_ERROR;
	return true;
}

/* Below the message: more of it, the exception of a linked process, or the frames. */
static bool below_error(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), type, message;

	if (line->mark == MARK_ERROR)
		return true;
	if (!str_indent(line->text) || line->number - s->first > BLOCK_LINES_MAX / 4)
		return false;
	if (s->linked && elixir_error(text, &type, &message)) {
		s->linked = false;
		elixir_set_error(s->failure, type, message, line->number);
	} else if (elixir_add_frame(s->failure, text)) {
		s->stage = STAGE_FRAMES;
	} else if (s->stage == STAGE_FRAMES) {
		return false;
	} else if (str_skip(&text, "error: ") && s->failure->kind == KIND_COMPILE) {
		s->failure->message = findings_text(s->failure, text);
		s->failure->error_line = line->number;
	}
	s->last = line->number;
	return true;
}

/* "    error: undefined variable "y"" with its source and its place below */
static bool compiler_head(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);

	if (!str_skip(&text, "error: "))
		return false;
	keep(&s->message, text);
	s->first = s->last = line->number;
	s->stage = STAGE_COMPILER;
	return true;
}

static bool compiler_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	struct failure *failure;
	struct place place;

	if (line->number - s->first > SOURCE_LINES_MAX)
		return false;
	str_skip(&text, "\xe2\x94\x94\xe2\x94\x80 ");
	if (!str_indent(line->text) || !place_take(&text, &place) ||
	    !place_ends(place.file, ".ex .exs .eex .heex"))
		return str_indent(line->text) > 0;
	str_skip(&text, ": ");
	failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, s->first);
	failure->language = "elixir";
	failure->tool = "elixir";
	failure->type = "CompileError";
	failure->message = findings_text(failure, kept_str(&s->message));
	failure->function = findings_text(failure, text);
	failure->last_line = line->number;
	place_set(failure, &place);
	findings_diagnostic(f, "elixir", place.file, place.line, place.column, SEVERITY_ERROR,
			    STR_NONE, kept_str(&s->message));
	s->stage = STAGE_NONE;
	return true;
}

static void warnings_line(const struct line *line, struct findings *f)
{
	struct failure *failure;

	if (!str_starts(line->text, "Compilation failed due to warnings while using the "
				    "--warnings-as-errors option"))
		return;
	failure = findings_failure(f, KIND_LINT, WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "elixir";
	failure->tool = "mix";
	failure->type = "warning";
	failure->message = findings_text(failure, line->text);
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	switch (s->stage) {
	case STAGE_NONE:
		break;
	case STAGE_ERROR:
	case STAGE_FRAMES:
		return below_error(s, line);
	case STAGE_COMPILER:
		return compiler_line(s, line, f);
	}
	return false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (inside(s, line, f))
		return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
	finish(s, f);
	if (str_has(line->text, " [error] "))
		s->logged = line->number;
	if (!error_line(s, line, f) && !compiler_head(s, line))
		warnings_line(line, f);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "** (", " [error] ", "    error: ", "error: undefined ",
	"Compilation failed due to warnings", NULL };

static const char *const shop[] = { "lib/shop.ex", "lib/bad.ex", NULL };

static const struct reading examples[] = {
	{
		.name = "an exception",
		.files = shop,
		.log =
		"** (ArithmeticError) bad argument in arithmetic expression: div(0, 0)\n"
		"    :erlang.div(0, 0)\n"
		"    (shop 0.1.0) lib/shop.ex:2: Shop.mean/1\n"
		"    (stdlib 4.2) erl_eval.erl:744: :erl_eval.do_apply/7\n"
		"    (elixir 1.14.0) lib/code.ex:422: Code.validated_eval_string/3\n"
		"    (mix 1.14.0) lib/mix/tasks/run.ex:140: Mix.Tasks.Run.run/5\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "elixir", .tool = "elixir",
			    .type = "ArithmeticError", .file = "lib/shop.ex", .line = 2,
			    .message = "bad argument in arithmetic expression: div(0, 0)",
			    .function = "Shop.mean/1", .error_line = 1 },
	},
	{
		.name = "a task that takes its caller with it",
		.files = shop,
		.log =
		"18:38:44.302 [error] Task #PID<0.139.0> started from #PID<0.96.0> terminating\n"
		"** (ArgumentError) cannot load x\n"
		"    (shop 0.1.0) lib/shop.ex:5: Shop.load/1\n"
		"    (stdlib 4.2) proc_lib.erl:240: :proc_lib.init_p_do_apply/3\n"
		"Function: #Function<43.3316493/0 in :erl_eval.expr/6>\n"
		"    Args: []\n"
		"** (EXIT from #PID<0.96.0>) an exception was raised:\n"
		"    ** (ArgumentError) cannot load x\n"
		"        (shop 0.1.0) lib/shop.ex:5: Shop.load/1\n"
		"        (stdlib 4.2) proc_lib.erl:240: :proc_lib.init_p_do_apply/3\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "ArgumentError",
			    .message = "cannot load x", .file = "lib/shop.ex", .line = 5,
			    .function = "Shop.load/1", .error_line = 8 },
	},
	{
		.name = "the compiler of 1.14",
		.files = shop,
		.log =
		"Compiling 1 file (.ex)\n\n== Compilation error in file lib/bad.ex ==\n"
		"** (CompileError) lib/bad.ex:2: undefined function nothere/1 (expected Bad to "
		"define such a function or for it to be imported, but none are available)\n\n",
		.expect = { .kind = KIND_COMPILE, .type = "CompileError", .file = "lib/bad.ex",
			    .message = "undefined function nothere/1 (expected Bad to define such "
				       "a function or for it to be imported, but none are available)",
			    .line = 2, .error_line = 4 },
	},
	{
		.name = "a syntax error of 1.14",
		.files = shop,
		.log =
		"== Compilation error in file lib/bad.ex ==\n"
		"** (SyntaxError) lib/bad.ex:4:3: unexpected reserved word: end. The \"[\" at "
		"line 3 is missing terminator \"]\"\n"
		"    (elixir 1.14.0) lib/kernel/parallel_compiler.ex:346: anonymous fn/5 in "
		"Kernel.ParallelCompiler.spawn_workers/7\n",
		.expect = { .kind = KIND_COMPILE, .type = "SyntaxError", .file = "lib/bad.ex",
			    .line = 4, .error_line = 2 },
	},
	{
		.name = "the compiler of later versions, with the source in a box",
		.files = shop,
		.log =
		"    error: undefined variable \"y\"\n"
		"    \xe2\x94\x82\n"
		"  3 \xe2\x94\x82     y + 1\n"
		"    \xe2\x94\x82     ^\n"
		"    \xe2\x94\x82\n"
		"    \xe2\x94\x94\xe2\x94\x80 lib/bad.ex:3:5: Bad.f/1\n\n\n"
		"== Compilation error in file lib/bad.ex ==\n"
		"** (CompileError) lib/bad.ex: cannot compile module Bad (errors have been "
		"logged)\n",
		.expect = { .kind = KIND_COMPILE, .type = "CompileError", .file = "lib/bad.ex",
			    .message = "undefined variable \"y\"", .line = 3,
			    .function = "Bad.f/1", .error_line = 1 },
	},
	{
		.name = "unformatted files",
		.log =
		"** (Mix) mix format failed due to --check-formatted.\n"
		"The following files are not formatted:\n\n  * lib/bad.ex\n\n",
		.expect = { .kind = KIND_LINT, .tool = "mix", .type = "Mix", .error_line = 1,
			    .message = "mix format failed due to --check-formatted." },
	},
	{
		.name = "a warning",
		.log =
		"warning: variable \"x\" is unused (if the variable is not meant to be used, "
		"prefix it with an underscore)\n  lib/bad.ex:2: Bad.f/1\n\nGenerated shop app\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_elixir = {
	.name = "elixir",
	.language = "elixir",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
