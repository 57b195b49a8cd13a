/*
 * Dart: exceptions that nobody caught, with the virtual machine's frames, and what the compiler and
 * `dart analyze` (or `flutter analyze`) say of a place. Reports of test runs are read elsewhere.
 */
#include "ci/dart.h"

enum { MESSAGE_LINES_MAX = 24 };

struct state {
	struct failure *failure;
	struct kept message;
	unsigned long first, last, error_line;
	bool pending, framed;
};

/* "[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Bad state: x" */
static bool flutter_head(struct str text, struct str *message)
{
	return str_has(text, "[ERROR:flutter/") && str_split(text, "] Unhandled Exception: ", NULL,
							     message);
}

static bool start(struct state *s, const struct line *line)
{
	struct str text = str_trim_right(line->text), message = STR_NONE;

	if (!str_is(text, "Unhandled exception:") && !flutter_head(text, &message))
		return false;
	keep(&s->message, message);
	s->first = s->last = s->error_line = line->number;
	s->pending = true;
	s->framed = false;
	return true;
}

static void begin(struct state *s, struct findings *f)
{
	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, s->first);
	s->failure->language = "dart";
	s->failure->tool = "dart";
	dart_set_error(s->failure, kept_str(&s->message));
	s->failure->error_line = s->error_line;
	s->pending = false;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		findings_block(f, "dart", s->first, s->last);
	}
	s->failure = NULL;
	s->pending = false;
}

/* Between the head and the first frame: the message, which may have several lines. */
static bool message_line(struct state *s, const struct line *line, struct findings *f)
{
	if (dart_is_frame(line->text)) {
		begin(s, f);
		dart_add_frame(s->failure, line->text);
		s->last = line->number;
		return true;
	}
	if (line->mark == MARK_GROUP || line->number - s->first > MESSAGE_LINES_MAX) {
		s->pending = false;
		return false;
	}
	if (!s->message.size && str_trim(line->text).size) {
		keep(&s->message, str_trim(line->text));
		s->error_line = line->number;
	}
	return true;
}

static bool frame_line(struct state *s, const struct line *line)
{
	if (line->number - s->first > BLOCK_LINES_MAX / 2)
		return false;
	if (line->mark == MARK_ERROR)
		return true;
	if (!dart_add_frame(s->failure, line->text) && !dart_between_frames(line->text))
		return false;
	s->last = line->number;
	return true;
}

static struct failure *said(struct findings *f, const struct line *line, const char *tool,
			    enum kind kind, const struct place *place, struct str code,
			    struct str message)
{
	struct failure *failure = findings_failure(f, kind, WEIGHT_DIAGNOSTIC, line->number);

	failure->language = "dart";
	failure->tool = tool;
	failure->type = findings_text(failure, code);
	failure->message = findings_text(failure, message);
	place_set(failure, place);
	findings_diagnostic(f, tool, place->file, place->line, place->column, SEVERITY_ERROR, code,
			    message);
	return failure;
}

/* "lib/cart.dart:5:3: Error: Undefined name 'x'." */
static bool compiler_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;

	if (str_indent(text) || !place_take(&text, &place) || !place_ends(place.file, ".dart") ||
	    !str_skip(&text, ": Error: "))
		return false;
	said(f, line, "dart compile", KIND_COMPILE, &place, STR_NONE, str_trim(text));
	return true;
}

static const struct {
	const char *word;
	enum severity severity;
} severities[] = {
	{ "error", SEVERITY_ERROR }, { "warning", SEVERITY_WARNING }, { "info", SEVERITY_NOTE },
};

/* The pieces between the separators, " - " or " \u2022 "; a message may hold the separator too. */
static bool analyzer_pieces(struct str text, struct str *place, struct str *message, struct str *code)
{
	struct str middle;

	if (str_split_last(text, " \xe2\x80\xa2 ", &middle, code) &&
	    str_split_last(middle, " \xe2\x80\xa2 ", message, place))
		return true;	/* flutter: message, place, code */
	return str_split_last(text, " - ", &middle, code) && str_split(middle, " - ", place, message);
}

/* "  error - lib/cart.dart:3:10 - Undefined name 'x'. - undefined_identifier" */
static bool analyzer_line(const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), where, message, code;
	struct place place;

	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
		if (!str_skip(&text, severities[i].word))
			continue;
		if (!str_skip(&text, " - ") && !str_skip(&text, " \xe2\x80\xa2 "))
			return false;
		if (!analyzer_pieces(text, &where, &message, &code) || !str_is_word(code) ||
		    !place_take(&where, &place) || where.size || !place_ends(place.file, ".dart .yaml"))
			return false;
		if (severities[i].severity == SEVERITY_ERROR)
			said(f, line, "dart analyze", KIND_LINT, &place, code, message);
		else
			findings_diagnostic(f, "dart analyze", place.file, place.line, place.column,
					    severities[i].severity, code, message);
		return true;
	}
	return false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->failure ? frame_line(s, line) : s->pending && message_line(s, line, f))
		return AWAKE;
	finish(s, f);
	if (!start(s, line) && !compiler_line(line, f))
		analyzer_line(line, f);
	return s->pending ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "Unhandled exception:", "Unhandled Exception: ", ".dart:",
	NULL };

static const char *const shop[] = { "bin/shop.dart", "lib/cart.dart", NULL };

/* In the form of the virtual machine and of the analyzer; the program is our own. */
static const struct reading examples[] = {
	{
		.name = "a failed look-up, in an asynchronous function",
		.files = shop,
		.log =
		"starting\n"
		"Unhandled exception:\n"
		"RangeError (index): Invalid value: Valid value range is empty: 0\n"
		"#0      List.[] (dart:core-patch/growable_array.dart:264:36)\n"
		"#1      Cart.first (package:shop/cart.dart:8:25)\n"
		"#2      load (file:///home/runner/work/shop/shop/bin/shop.dart:12:8)\n"
		"<asynchronous suspension>\n"
		"#3      main (file:///home/runner/work/shop/shop/bin/shop.dart:5:3)\n"
		"<asynchronous suspension>\n"
		"done\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "dart", .tool = "dart",
			    .type = "RangeError", .file = "lib/cart.dart", .line = 8,
			    .message = "Invalid value: Valid value range is empty: 0",
			    .function = "Cart.first", .error_line = 3 },
	},
	{
		.name = "a core error without its name, and a message of many lines",
		.log =
		"Unhandled exception:\n"
		"NoSuchMethodError: The method 'total' was called on null.\n"
		"Receiver: null\n"
		"Tried calling: total()\n"
		"#0      Object.noSuchMethod (dart:core-patch/object_patch.dart:38:5)\n"
		"#1      main (file:///home/runner/work/shop/shop/bin/shop.dart:4:8)\n"
		"#2      _delayEntrypointInvocation.<anonymous closure> "
		"(dart:isolate-patch/isolate_patch.dart:295:33)\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "NoSuchMethodError",
			    .message = "The method 'total' was called on null.",
			    .function = "main", .line = 4, .error_line = 2 },
	},
	{
		.name = "a state error in Flutter",
		.files = shop,
		.log =
		"[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: "
		"Bad state: No element\n"
		"#0      List.first (dart:core-patch/growable_array.dart:343:5)\n"
		"#1      Cart.first (package:shop/cart.dart:9:24)\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "StateError", .message = "No element",
			    .file = "lib/cart.dart", .line = 9, .error_line = 1 },
	},
	{
		.name = "the compiler",
		.log = "lib/cart.dart:5:3: Error: Undefined name 'totl'.\n  totl();\n  ^^^^\n",
		.expect = { .kind = KIND_COMPILE, .language = "dart", .tool = "dart compile",
			    .message = "Undefined name 'totl'.", .file = "lib/cart.dart",
			    .line = 5, .error_line = 1 },
	},
	{
		.name = "dart analyze",
		.log =
		"Analyzing shop...\n\n"
		"warning - lib/cart.dart:1:8 - Unused import: 'dart:io'. Try removing the import "
		"directive. - unused_import\n"
		"  error - lib/cart.dart:3:10 - Undefined name 'totl' - did you mean 'total'? - "
		"undefined_identifier\n\n2 issues found.\n",
		.expect = { .kind = KIND_LINT, .tool = "dart analyze",
			    .type = "undefined_identifier",
			    .message = "Undefined name 'totl' - did you mean 'total'?",
			    .file = "lib/cart.dart", .line = 3, .error_line = 4 },
	},
	{
		.name = "flutter analyze",
		.log =
		"Analyzing shop...\n\n"
		"   info \xe2\x80\xa2 Avoid `print` calls \xe2\x80\xa2 bin/shop.dart:2:3 "
		"\xe2\x80\xa2 avoid_print\n"
		"  error \xe2\x80\xa2 Undefined name 'totl' \xe2\x80\xa2 lib/cart.dart:3:10 "
		"\xe2\x80\xa2 undefined_identifier\n\n2 issues found. (ran in 3.1s)\n",
		.expect = { .kind = KIND_LINT, .tool = "dart analyze",
			    .type = "undefined_identifier", .message = "Undefined name 'totl'",
			    .file = "lib/cart.dart", .line = 3, .error_line = 4 },
	},
	{
		.name = "a file of the tests, in a sentence",
		.log = "Unhandled exception: is what Dart says\nsee lib/cart.dart:5 for that\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_dart = {
	.name = "dart",
	.language = "dart",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
