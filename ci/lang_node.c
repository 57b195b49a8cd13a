/*
 * Node.js: errors with their stack at the left margin, as the process prints them when it dies
 * or as console.error does, and the heap's end. Errors inside the reports of test frameworks are
 * indented and left to their readers. An error printed during a test run that came to its end is
 * only a hint.
 */
#include "ci/node.h"

enum stage { STAGE_NONE, STAGE_HEAD, STAGE_CANDIDATE, STAGE_FRAMES, STAGE_PROPERTIES };
enum { CANDIDATE_LINES_MAX = 40, HEAD_LINES_MAX = 12, PROPERTY_LINES_MAX = 200, LOOSE_MAX = 32,
       FRAME_LINES_MAX = 1000 };

struct state {
	enum stage stage;
	struct kept type, message, head_file, last_text;
	unsigned long head_line, head_column;	/* "/x/a.js:3" above the source, and the caret */
	unsigned long head_number, head_last;	/* lines in the log */
	unsigned long first, last, since;
	struct failure *failure, *cause;
	struct {
		struct failure *failure;
		unsigned long first_line;
	} loose[LOOSE_MAX];
	unsigned loose_count;
};

/* The caret line below the source line says the column. */
static void take_caret(struct state *s, struct str text)
{
	size_t indent = str_indent(text);

	if (!s->head_column && indent < text.size && text.at[indent] == '^') {
		for (size_t i = indent; i < text.size; i++)
			if (text.at[i] != '^')
				return;
		s->head_column = indent + 1;
	}
}

static void reset(struct state *s)
{
	s->stage = STAGE_NONE;
	s->failure = s->cause = NULL;
	s->head_line = s->head_column = 0;
}

/* A syntax error is at the head's place; of its frames only the loader's are there. */
static void place_syntax(struct state *s)
{
	struct failure *failure = s->failure;
	const char *innermost = failure->frame_count ?
				failure->frames[failure->frame_count - 1].file : "node:";

	if (!s->head_line || !str_is(kept_str(&s->type), "SyntaxError") || !innermost ||
	    (!str_starts(str_of(innermost), "node:") && !str_has(str_of(innermost), "internal/")))
		return;
	failure->kind = KIND_COMPILE;
	findings_frame(failure, node_path(kept_str(&s->head_file)), s->head_line, s->head_column,
		       STR_NONE);
}

/* "Cannot find package 'x' imported from /x/a.mjs": no frame says it. */
static void place_importer(struct failure *failure)
{
	struct str before, file;

	if (str_split(str_of(failure->message), " imported from ", &before, &file))
		failure->file = findings_text(failure, node_path(file));
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		place_syntax(s);
		place_importer(s->failure);
		s->failure->last_line = s->last;
		findings_block(f, "node", s->first, s->last);
		if (s->loose_count < LOOSE_MAX) {
			s->loose[s->loose_count].failure = s->failure;
			s->loose[s->loose_count++].first_line = s->failure->first_line;
		}
	}
	if (s->cause)
		trace_turn(s->cause);
	reset(s);
}

static struct failure *make(struct state *s, struct findings *f, unsigned weight)
{
	struct failure *failure = findings_failure(f, KIND_EXCEPTION, weight, s->first);

	failure->language = "node";
	failure->tool = "node";
	node_set_error(failure, kept_str(&s->type), kept_str(&s->message), s->since);
	return failure;
}

static void begin(struct state *s, const struct line *line, struct str type, struct str message)
{
	keep(&s->type, type);
	keep(&s->message, message);
	s->stage = STAGE_CANDIDATE;
	s->since = s->last = line->number;
	s->first = s->head_line && line->number <= s->head_last + HEAD_LINES_MAX ? s->head_number :
										    line->number;
	if (s->first == line->number)
		s->head_line = 0;
}

/* A line with nothing going on, or between the head and the error. */
static void outside(struct state *s, const struct line *line, struct str body, struct findings *f)
{
	struct str type, message, before, after;
	struct place place;

	if (node_head(body, &place)) {
		keep(&s->head_file, place.file);
		s->head_line = place.line;
		s->head_column = 0;
		s->head_number = s->head_last = line->number;
		s->stage = STAGE_HEAD;
		return;
	}
	str_skip(&body, " Exception during run: ");
	/* "(node:12) UnhandledPromiseRejectionWarning: Error: x", before Node 15 */
	if (str_starts(body, "(node:") && str_split(body, "RejectionWarning: ", &before, &after))
		body = after;
	if (!str_indent(body) && node_error(body, s->stage == STAGE_HEAD, &type, &message)) {
		begin(s, line, type, message);
		return;
	}
	if (node_heading(body, &type, &message) || (s->stage == STAGE_NONE && !str_indent(body) &&
						    node_logged_error(body, &type, &message))) {
		begin(s, line, type, message);
		return;
	}
	if (s->stage != STAGE_HEAD)
		return;
	if (str_starts(body, "(Use `node --trace-uncaught ")) {
		s->first = s->head_number;
		s->last = line->number;
		s->since = line->number - 1;
		s->type.size = 0;
		s->message = s->last_text;
		s->failure = make(s, f, WEIGHT_TRACE);
		findings_frame(s->failure, node_path(kept_str(&s->head_file)), s->head_line,
			       s->head_column, STR_NONE);
		finish(s, f);
		return;
	}
	take_caret(s, body);
	keep(&s->last_text, body);
	if (line->number - s->head_number > HEAD_LINES_MAX)
		reset(s);
}

/* The first frame makes a failure of the candidate; a syntax error may have none of its own. */
static void candidate(struct state *s, const struct line *line, struct str body,
		      struct findings *f)
{
	struct place place;
	struct str function;

	if (node_frame(body, &place, &function)) {
		s->failure = make(s, f, !s->type.size || str_is(kept_str(&s->type), "Trace") ?
					WEIGHT_HINT : WEIGHT_TRACE);
		node_add_frame(s->failure, body);
		s->stage = STAGE_FRAMES;
		s->last = line->number;
		if (str_ends(str_trim_right(body), "{"))
			s->stage = STAGE_PROPERTIES;
		return;
	}
	if (line->number - s->since > CANDIDATE_LINES_MAX || line->mark == MARK_GROUP)
		reset(s);
	if (s->stage != STAGE_CANDIDATE || str_starts(body, " "))
		return;
	outside(s, line, body, f);
}

static bool frame_like(struct str body)
{
	struct str text = str_trim(body);

	return str_indent(body) && (str_starts(text, "at ") || str_starts(text, "eval at ") ||
				    ((str_starts(text, "... ") || str_starts(text, "[... ")) &&
				     str_has(text, " stack trace")));
}

/* "  [cause]: SyntaxError: ..." among the properties: what was behind the error. */
static void cause_line(struct state *s, const struct line *line, struct str body,
		       struct findings *f)
{
	struct str text = str_trim(body), type, message;

	if (!str_skip(&text, "[cause]: ") || s->cause || !node_error(text, true, &type, &message)) {
		if (s->cause)
			node_add_frame(s->cause, body);
		return;
	}
	s->cause = findings_failure(f, KIND_EXCEPTION, WEIGHT_HINT, line->number);
	s->cause->language = "node";
	s->cause->tool = "node";
	node_set_error(s->cause, type, message, line->number);
	s->cause->weight = WEIGHT_HINT;
}

static void inside(struct state *s, const struct line *line, struct str body, struct findings *f)
{
	bool more = line->number - s->first <= FRAME_LINES_MAX;

	if (line->mark == MARK_ERROR)
		return;
	if (s->stage == STAGE_FRAMES && more && frame_like(body)) {
		node_add_frame(s->failure, body);
		s->last = line->number;
		if (str_ends(str_trim_right(body), " {"))
			s->stage = STAGE_PROPERTIES;
		return;
	}
	if (s->stage == STAGE_FRAMES && str_starts(body, "Emitted 'error' event ")) {
		s->last = line->number;
		return;
	}
	if (s->stage == STAGE_PROPERTIES && more && body.size &&
	    (str_indent(body) || body.at[0] == '}')) {
		s->last = line->number;
		cause_line(s, line, body, f);
		if (body.at[0] == '}')
			finish(s, f);
		return;
	}
	finish(s, f);
	outside(s, line, body, f);
}

/* V8 died: no stack of the program is printed. */
static bool heap_line(const struct line *line, struct findings *f)
{
	struct str text = node_body(line->text);
	struct failure *failure;

	if (!str_starts(text, "FATAL ERROR: ") || !str_has(text, "heap out of memory"))
		return false;
	failure = findings_failure(f, KIND_RESOURCE, WEIGHT_CERTAIN, line->number);
	failure->language = "node";
	failure->tool = "node";
	failure->type = "heap";
	failure->message = findings_text(failure, text);
	return true;
}

/* Counts of a test run: what was printed before did not kill it, unless the process said so. */
static void demote(struct state *s, const struct line *line)
{
	struct str text = str_trim(node_body(line->text));

	if (str_starts(text, "Node.js v") && s->loose_count && line->number <= s->last + 3)
		s->loose_count--;
	if (!str_has(text, " passing (") && !str_starts(text, "Tests:  ") &&
	    !str_starts(text, "Tests  ") && !str_starts(text, "\xe2\x84\xb9 tests "))
		return;
	for (unsigned i = 0; i < s->loose_count; i++)
		if (s->loose[i].failure->first_line == s->loose[i].first_line)
			s->loose[i].failure->weight = WEIGHT_HINT;
	s->loose_count = 0;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str body = node_body(line->text);

	if (heap_line(line, f))
		finish(s, f);
	else if (s->stage == STAGE_CANDIDATE)
		candidate(s, line, body, f);
	else if (s->stage == STAGE_FRAMES || s->stage == STAGE_PROPERTIES)
		inside(s, line, body, f);
	else
		outside(s, line, body, f);
	demote(s, line);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = {
	"Error", "UnhandledPromiseRejection", "FATAL ERROR: ", ".js:", ".cjs:", ".mjs:", ".ts:",
	"node:", "Trace: ", " stack trace", "Node.js v", " passing (", "Tests:  ", "Tests  ", "\xe2\x84\xb9 tests ", NULL,
};

static const struct reading examples[] = {
	{
		.name = "an uncaught error",
		.log = "starting\n/home/runner/work/shop/shop/lib.js:3\n"
			"  return prices.total.value / prices.length;\n                      ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'value')\n"
			"    at mean (/home/runner/work/shop/shop/lib.js:3:23)\n"
			"    at total (/home/runner/work/shop/shop/lib.js:6:10)\n"
			"    at new Cart (/home/runner/work/shop/shop/lib.js:10:18)\n"
			"    at Object.<anonymous> (/home/runner/work/shop/shop/zero.js:3:1)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
			"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
			"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
			"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/"
			"run_main:164:12)\n"
			"    at node:internal/main/run_main_module:28:49\n\nNode.js v20.20.2\n",
		.files = (const char *const[]){ "lib.js", "zero.js", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .type = "TypeError",
			    .message = "Cannot read properties of undefined (reading 'value')",
			    .file = "lib.js", .function = "mean", .line = 3, .error_line = 6 },
	},
	{
		.name = "an asynchronous error of an own class",
		.log = "/home/runner/work/shop/shop/lib.js:15\n"
			"  throw new CartError(`cannot load ${path}`);\n        ^\n\n"
			"CartError: cannot load x\n"
			"    at load (/home/runner/work/shop/shop/lib.js:15:9)\n"
			"    at async main (/home/runner/work/shop/shop/async.js:3:3)\n\n"
			"Node.js v20.20.2\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .type = "CartError", .message = "cannot load x", .function = "load",
			    .line = 15, .error_line = 5 },
	},
	{
		.name = "a missing package",
		.log = "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\n"
			"Error: Cannot find module 'lodash-not-there'\nRequire stack:\n"
			"- /home/runner/work/shop/shop/missing.js\n"
			"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)"
			"\n"
			"    at Object.<anonymous> (/home/runner/work/shop/shop/missing.js:1:11)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
			"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
			"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
			"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/"
			"run_main:164:12) {\n  code: 'MODULE_NOT_FOUND',\n"
			"  requireStack: [ '/home/runner/work/shop/shop/missing.js' ]\n}\n\n"
			"Node.js v20.20.2\n\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "node",
			    .type = "Error", .message = "Cannot find module 'lodash-not-there'",
			    .line = 1, .error_line = 5 },
	},
	{
		.name = "a missing file of the project",
		.log = "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\n"
			"Error: Cannot find module './not-there'\nRequire stack:\n"
			"- /home/runner/work/shop/shop/missingrel.js\n"
			"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)"
			"\n"
			"    at Object.<anonymous> (/home/runner/work/shop/shop/missingrel.js:1:11)"
			"\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
			"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
			"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
			"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/"
			"run_main:164:12) {\n  code: 'MODULE_NOT_FOUND',\n"
			"  requireStack: [ '/home/runner/work/shop/shop/missingrel.js' ]\n}\n\n"
			"Node.js v20.20.2\n\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .type = "Error", .message = "Cannot find module './not-there'",
			    .function = "Object.<anonymous>", .line = 1, .error_line = 5 },
	},
	{
		.name = "a missing package, as module",
		.log = "node:internal/modules/esm/resolve:873\n"
			"  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);"
			"\n        ^\n\n"
			"Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'lodash-not-there' impor"
			"ted from /home/runner/work/shop/shop/missing.mjs\n"
			"    at packageResolve (node:internal/modules/esm/resolve:873:9)\n"
			"    at moduleResolve (node:internal/modules/esm/resolve:946:18)\n"
			"    at defaultResolve (node:internal/modules/esm/resolve:1188:11)\n"
			"    at ModuleLoader.defaultResolve (node:internal/modules/esm/loader:708:1"
			"2)\n"
			"    at #cachedDefaultResolve (node:internal/modules/esm/loader:657:25)\n"
			"    at ModuleLoader.resolve (node:internal/modules/esm/loader:640:38)\n"
			"    at ModuleLoader.getModuleJobForImport (node:internal/modules/esm/loade"
			"r:264:38)\n"
			"    at ModuleJob._link (node:internal/modules/esm/module_job:168:49) {\n"
			"  code: 'ERR_MODULE_NOT_FOUND'\n}\n\nNode.js v20.20.2\n",
		.files = (const char *const[]){ "missing.mjs", NULL },
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "node",
			    .type = "Error", .file = "missing.mjs", .error_line = 5 },
	},
	{
		.name = "a name that is not exported",
		.log = "file:///home/runner/work/shop/shop/named.mjs:1\n"
			"import { nothing } from './lib2.mjs';\n         ^^^^^^^\n"
			"SyntaxError: The requested module './lib2.mjs' does not provide an export "
			"named 'nothing'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21"
			")\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)"
			"\n"
			"    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_ma"
			"in:117:5)\n\nNode.js v20.20.2\n",
		.files = (const char *const[]){ "named.mjs", "lib2.mjs", NULL },
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "node",
			    .type = "SyntaxError", .file = "named.mjs", .line = 1,
			    .error_line = 4 },
	},
	{
		.name = "a module of ES",
		.log = "file:///home/runner/work/shop/shop/esm.mjs:2\n  return o.a.b;\n"
			"             ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'b')\n"
			"    at go (file:///home/runner/work/shop/shop/esm.mjs:2:14)\n"
			"    at file:///home/runner/work/shop/shop/esm.mjs:4:1\n"
			"    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)"
			"\n"
			"    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_ma"
			"in:117:5)\n\nNode.js v20.20.2\n",
		.files = (const char *const[]){ "esm.mjs", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .type = "TypeError", .file = "esm.mjs", .function = "go", .line = 2,
			    .error_line = 5 },
	},
	{
		.name = "a syntax error",
		.log = "/home/runner/work/shop/shop/syntax.js:2\n  return 1;\n         ^\n\n"
			"SyntaxError: Unexpected number\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n"
			"    at node:internal/main/run_main_module:28:49\n\nNode.js v20.20.2\n\n",
		.files = (const char *const[]){ "syntax.js", NULL },
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "node",
			    .type = "SyntaxError", .message = "Unexpected number",
			    .file = "syntax.js", .line = 2, .error_line = 5 },
	},
	{
		.name = "an error with a cause",
		.log = "/home/runner/work/shop/shop/cause.js:5\n"
			"    throw new Error('cannot read settings', { cause: e });\n    ^\n\n"
			"Error: cannot read settings\n"
			"    at f (/home/runner/work/shop/shop/cause.js:5:11)\n"
			"    at Object.<anonymous> (/home/runner/work/shop/shop/cause.js:8:1)\n"
			"    ... 5 lines matching cause stack trace ...\n"
			"    at node:internal/main/run_main_module:28:49 {\n"
			"  [cause]: SyntaxError: Expected property name or '}' in JSON at position "
			"1\n      at JSON.parse (<anonymous>)\n"
			"      at f (/home/runner/work/shop/shop/cause.js:3:10)\n"
			"      at Object.<anonymous> (/home/runner/work/shop/shop/cause.js:8:1)\n"
			"      at node:internal/main/run_main_module:28:49\n}\n\nNode.js v20.20.2\n"
			"\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .type = "Error", .message = "cannot read settings", .function = "f",
			    .line = 5, .error_line = 5 },
	},
	{
		.name = "a text is thrown",
		.log = "\n/home/runner/work/shop/shop/throwstr.js:1\nthrow 'just text';\n^\n"
			"just text\n"
			"(Use `node --trace-uncaught ...` to show where the exception was thrown)\n"
			"\nNode.js v20.20.2\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .message = "just text", .line = 1, .error_line = 5 },
	},
	{
		.name = "no memory left",
		.log = "\n<--- Last few GCs --->\n\n\n<--- JS stacktrace --->\n\n"
			"FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of"
			" memory\n----- Native stack trace -----\n\n"
			" 1: 0xb78db3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [no"
			"de]\n"
			" 2: 0xee8300 v8::Utils::ReportOOMFailure(v8::internal::Isolate*, char cons"
			"t*, v8::OOMDetails const&) [node]\n",
		.expect = { .kind = KIND_RESOURCE, .language = "node", .tool = "node",
			    .type = "heap",
			    .message = "FATAL ERROR: Reached heap limit Allocation failed - JavaScri"
				    "pt heap out of memory", .error_line = 7 },
	},
	{0}
};

const struct reader reader_node = {
	.name = "node",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
