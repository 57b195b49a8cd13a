/*
 * Ansible: tasks that failed, hosts out of reach, playbooks that cannot be read. A failure that the
 * play ignores is none. Only the message is taken out of a task's result.
 */
#include "ci/trace.h"

enum { RESULT_LINES_MAX = 60, HEAD_LINES_MAX = 12 };

struct state {
	struct kept task, message, noise;
	struct failure *playbook;	/* "ERROR! ..." whose place is told some lines below */
	unsigned long first;
	unsigned lines;
	bool pending;			/* a failed task: the next line may say that it is ignored */
	bool open;			/* its result goes on over more lines */
	bool unreachable;
};

static const struct {
	const char *words;
	enum kind kind;
} reasons[] = {
	{ "is undefined", KIND_CONFIG }, { "undefined variable", KIND_CONFIG },
	{ "Unsupported parameters", KIND_CONFIG }, { "Could not find or access", KIND_CONFIG },
	{ "Permission denied", KIND_PERMISSION }, { "permission denied", KIND_PERMISSION },
	{ "Missing sudo password", KIND_PERMISSION }, { "No package matching", KIND_DEPENDENCY },
	{ "Failed to find required executable", KIND_DEPENDENCY }, { "imed out", KIND_TIMEOUT },
	{ "imeout", KIND_TIMEOUT }, { "No space left on device", KIND_RESOURCE },
	{ "Assertion failed", KIND_ASSERTION },
};

/* The text of a JSON string up to its end or its first line's end. */
static void unescape(struct kept *out, struct str text)
{
	out->size = 0;
	for (size_t i = 0; i < text.size && text.at[i] != '"'; i++) {
		char c = text.at[i];

		if (c == '\\' && i + 1 < text.size) {
			c = text.at[++i];
			if (c == 'n' && out->size)
				return;
			c = c == 'n' || c == 't' || c == 'r' ? ' ' : c;
		}
		if (out->size == sizeof(out->at))
			return;
		out->at[out->size++] = c;
	}
}

/* "msg" says what failed; of a command it says only that it did, and "stderr" says why. */
static void take_result(struct state *s, struct str text)
{
	struct str value;
	struct kept said;

	if (str_split(text, "\"msg\": \"", NULL, &value) && !s->message.size)
		unescape(&s->message, value);
	else if (str_split(text, "msg: ", NULL, &value) && str_indent(text) && !s->message.size)
		keep(&s->message, str_trim(value));
	if (str_split(text, "\"stderr\": \"", NULL, &value) && !s->noise.size) {
		unescape(&said, value);
		s->noise = said;
	}
}

static enum kind kind_of(const struct state *s)
{
	struct str message = kept_str(&s->message);

	if (s->unreachable)
		return KIND_INFRA;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (str_has(message, reasons[i].words) || str_has(kept_str(&s->noise), reasons[i].words))
			return reasons[i].kind;
	return KIND_UNKNOWN;
}

static void report(struct state *s, struct findings *f)
{
	struct failure *failure = findings_failure(f, kind_of(s), WEIGHT_FAILURE, s->first);
	struct kept *all = &s->message;

	failure->tool = "ansible";
	failure->type = s->unreachable ? "UNREACHABLE" : "FAILED";
	if (str_starts(kept_str(all), "non-zero return code") && s->noise.size &&
	    all->size + s->noise.size + 2 < (int)sizeof(all->at)) {
		memcpy(all->at + all->size, ": ", 2);
		memcpy(all->at + all->size + 2, s->noise.at, s->noise.size);
		all->size = (unsigned short)(all->size + s->noise.size + 2);
	}
	failure->message = findings_text(failure, kept_str(all));
	failure->function = findings_text(failure, kept_str(&s->task));
}

static void finish(struct state *s, struct findings *f)
{
	if (s->pending)
		report(s, f);
	s->pending = s->open = s->unreachable = false;
	s->message.size = s->noise.size = 0;
}

/* "fatal: [web1]: FAILED! => {...}", "failed: [web1] (item=a) => {...}" */
static bool failed_task(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, result = STR_NONE;
	bool fatal = str_skip(&text, "fatal: ["), unreachable;

	if (!fatal && !str_skip(&text, "failed: ["))
		return false;
	unreachable = str_has(text, "]: UNREACHABLE! =>");
	if (!unreachable && !(fatal ? str_has(text, "]: FAILED! =>") || str_has(text, "FAILED! => ") :
				      str_has(text, "] (item=") || str_has(text, "] => ")))
		return false;
	finish(s, f);
	(void)str_split(text, "=>", NULL, &result);
	s->pending = true;
	s->first = line->number;
	s->lines = 0;
	s->unreachable = unreachable;
	take_result(s, result);
	s->open = !str_ends(str_trim(result), "}");
	return true;
}

/* "The error appears to be in '/src/site.yml': line 4, column 7, but may"; "Origin: /src/site.yml:4:7" */
static bool take_place(struct str text, struct place *place)
{
	if (str_skip(&text, "Origin: "))
		return place_take(&text, place);
	return str_split(text, "The error appears to be in '", NULL, &text) &&
	       str_split(text, "': line ", &place->file, &text) &&
	       str_take_number(&text, &place->line) &&
	       (!str_skip(&text, ", column ") || str_take_number(&text, &place->column));
}

/* "ERROR! conflicting action statements: nam, command"; since 2.19 "[ERROR]: ..." */
static bool playbook_error(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place = {0};

	if (s->playbook && take_place(text, &place)) {
		place_set(s->playbook, &place);
		s->playbook->language = "yaml";
		s->playbook->weight = WEIGHT_DIAGNOSTIC;
		s->playbook->last_line = line->number;
		findings_diagnostic(f, "ansible", place.file, place.line, place.column, SEVERITY_ERROR,
				    STR_NONE, str_of(s->playbook->message));
		s->playbook = NULL;
		return true;
	}
	if (!str_skip(&text, "ERROR! ")) {
		if (s->playbook && ++s->lines > HEAD_LINES_MAX)
			s->playbook = NULL;
		return false;
	}
	s->playbook = findings_failure(f, KIND_CONFIG, WEIGHT_HINT, line->number);
	s->playbook->tool = "ansible";
	s->playbook->message = findings_text(s->playbook, text);
	s->lines = 0;
	return true;
}

static bool task_line(struct state *s, const struct line *line)
{
	struct str text = line->text, name;

	if (!str_skip(&text, "TASK [") && !str_skip(&text, "RUNNING HANDLER ["))
		return false;
	if (str_split_last(text, "] *", &name, NULL))
		keep(&s->task, name);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->pending && str_is(line->text, "...ignoring")) {
		s->pending = false;
		finish(s, f);
		return ASLEEP;
	}
	if (s->open && ++s->lines < RESULT_LINES_MAX && line->text.size &&
	    !str_starts(line->text, "fatal: [")) {
		take_result(s, line->text);
		s->open = !str_is(line->text, "}");
		return AWAKE;
	}
	finish(s, f);
	if (!failed_task(s, line, f) && !task_line(s, line))
		(void)playbook_error(s, line, f);
	return s->pending || s->playbook ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "FAILED! =>", "UNREACHABLE! =>", "failed: [", "TASK [",
	"RUNNING HANDLER [", "ERROR! ", NULL };

static const char *const shop[] = { "site.yml", NULL };

static const struct reading examples[] = {
	{
		.name = "one failure is ignored, the other is not",
		.log =
		"TASK [Install the shop] ********************************************************\n"
		"fatal: [localhost]: FAILED! => {\"changed\": true, \"cmd\": [\"/bin/sh\"], \"msg\": "
		"\"non-zero return code\", \"rc\": 3, \"stderr\": \"bad\", \"stderr_lines\": [\"bad\"], "
		"\"stdout\": \"out\"}\n"
		"...ignoring\n"
		"\n"
		"TASK [Copy the file] ***********************************************************\n"
		"An exception occurred during task execution. To see the full traceback, use -vvv. The "
		"error was: If you are using a module and expect the file to exist on the remote, see "
		"the remote_src option\n"
		"fatal: [localhost]: FAILED! => {\"changed\": false, \"msg\": \"Could not find or access "
		"'nope.txt'\\nSearched in:\\n\\t/src/files/nope.txt on the Ansible Controller.\"}\n"
		"\n"
		"PLAY RECAP *********************************************************************\n"
		"localhost                  : ok=1    changed=1    unreachable=0    failed=1    "
		"skipped=0    rescued=0    ignored=1   \n",
		.expect = { .kind = KIND_CONFIG, .tool = "ansible", .type = "FAILED",
			    .message = "Could not find or access 'nope.txt'",
			    .function = "Copy the file", .error_line = 7 },
	},
	{
		.name = "a command of a loop",
		.log =
		"TASK [Loop] ********************************************************************\n"
		"failed: [localhost] (item=a) => {\"ansible_loop_var\": \"item\", \"changed\": true, "
		"\"cmd\": [\"false\"], \"item\": \"a\", \"msg\": \"non-zero return code\", \"rc\": 1, "
		"\"stderr\": \"sh: 1: tax: not found\", \"stdout\": \"\"}\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "ansible", .function = "Loop",
			    .message = "non-zero return code: sh: 1: tax: not found", .error_line = 2 },
	},
	{
		.name = "a result over many lines",
		.log = "TASK [Start] *******\nfatal: [web1]: FAILED! => {\n    \"changed\": false,\n"
		       "    \"msg\": \"Unable to start service shop: Permission denied\"\n}\n",
		.expect = { .kind = KIND_PERMISSION, .function = "Start", .error_line = 2,
			    .message = "Unable to start service shop: Permission denied" },
	},
	{
		.name = "a host out of reach",
		.log =
		"TASK [ping] ********************************************************************\n"
		"fatal: [h1]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Failed to connect to the "
		"host via ssh: ssh: Could not resolve hostname h1: Name or service not known\", "
		"\"unreachable\": true}\n",
		.expect = { .kind = KIND_INFRA, .tool = "ansible", .type = "UNREACHABLE" },
	},
	{
		.name = "a playbook that cannot be",
		.files = shop,
		.log =
		"ERROR! conflicting action statements: nam, command\n"
		"\n"
		"The error appears to be in '/src/site.yml': line 4, column 7, but may\n"
		"be elsewhere in the file depending on the exact syntax problem.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "ansible", .file = "site.yml", .line = 4,
			    .message = "conflicting action statements: nam, command", .error_line = 1 },
	},
	{
		.name = "no such playbook",
		.log = "ERROR! the playbook: nope.yml could not be found\n",
		.expect = { .kind = KIND_CONFIG, .tool = "ansible", .error_line = 1 },
	},
	{
		.name = "all is well",
		.log = "TASK [debug] *****\nok: [localhost] => {\n    \"msg\": \"failed: [no]\"\n}\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_ansible = {
	.name = "ansible",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
