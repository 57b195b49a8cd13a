/*
 * PowerShell: error records as Windows PowerShell 5 prints them and in the concise view of 7, and
 * Pester's failed tests with their counts. An error that the script goes on after looks the same.
 */
#include "ci/trace.h"

enum { RECORD_LINES_MAX = 14, TEST_LINES_MAX = 12, HEAD_LINES_MAX = 4 };
enum form { FORM_NONE, FORM_OLD, FORM_CONCISE, FORM_TEST };

struct state {
	enum form form;
	struct failure *failure;
	struct kept message, name;
	struct kept head;		/* "Get-Item : Cannot find path ..."; "At ..." may follow */
	unsigned long head_line;
	unsigned lines;
	bool bar;			/* "Line |" came */
};

static enum kind kind_of(struct str name, struct str message)
{
	if (str_is(name, "ParserError"))
		return KIND_COMPILE;
	if (str_has(message, "is not recognized as "))
		return KIND_CONFIG;
	if (str_has(message, "The specified module '"))
		return KIND_DEPENDENCY;
	if (str_has(message, "cannot be loaded because running scripts is disabled") ||
	    str_has(message, "is denied."))
		return KIND_PERMISSION;
	return KIND_EXCEPTION;
}

static void say(struct state *s, const struct line *line, struct str text)
{
	struct kept *all = &s->message;

	if (!text.size)
		return;
	if (!all->size && s->form != FORM_CONCISE)
		s->failure->error_line = line->number;
	if (all->size && all->size + 1u < sizeof(all->at))
		all->at[all->size++] = ' ';
	for (size_t i = 0; i < text.size && all->size < sizeof(all->at); i++)
		all->at[all->size++] = text.at[i];
	s->failure->message = findings_text(s->failure, kept_str(all));
	s->failure->last_line = line->number;
}

static void begin(struct state *s, struct findings *f, enum form form, unsigned long first,
		  const struct place *place)
{
	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_FAILURE, first);
	s->failure->language = "powershell";
	s->failure->tool = form == FORM_TEST ? "pester" : "powershell";
	if (place->file.size && !str_has(place->file, "_temp"))	/* a step's own script has no name */
		place_set(s->failure, place);
	s->form = form;
	s->message.size = 0;
	s->lines = 0;
	s->bar = false;
}

static void finish(struct state *s)
{
	if (!s->failure)
		return;
	if (s->form != FORM_TEST)
		s->failure->kind = kind_of(kept_str(&s->name), kept_str(&s->message));
	s->failure = NULL;
	s->form = FORM_NONE;
	s->head.size = 0;
}

/* "Get-Item: /src/build.ps1:3", "ParserError: /src/build.ps1:3:8", and "Line |" on the next line */
static bool concise_head(struct state *s, const struct line *line)
{
	struct str text = line->text, name, rest;
	struct place place;

	if (!str_split(text, ": ", &name, &rest) || !name.size || name.size > 64 ||
	    str_char(name, ' ') >= 0 || !place_take(&rest, &place) || rest.size ||
	    !place_ends(place.file, ".ps1 .psm1 .psd1"))
		return false;
	keep(&s->head, text);
	s->head_line = line->number;
	return true;
}

static bool concise(struct state *s, const struct line *line, struct findings *f)
{
	struct str head = kept_str(&s->head), name;
	struct place place;

	if (!str_is(str_trim(line->text), "Line |") || line->number != s->head_line + 1 ||
	    !str_split(head, ": ", &name, &head) || !place_take(&head, &place))
		return false;
	begin(s, f, FORM_CONCISE, s->head_line, &place);
	keep(&s->name, name);
	s->failure->type = findings_text(s->failure, name);
	return true;
}

/* "At D:\src\build.ps1:3 char:1" below "Get-Item : Cannot find path ..." or before a parse error */
static bool old(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name = STR_NONE, message, head = kept_str(&s->head);
	struct place place = {0};
	bool headed = head.size && line->number - s->head_line <= HEAD_LINES_MAX;

	if (!str_skip(&text, "At ") || !str_has(text, " char:") ||
	    (!str_skip(&text, "line:") && !place_take(&text, &place)))
		return false;
	begin(s, f, FORM_OLD, headed ? s->head_line : line->number, &place);
	if (headed && str_split(head, " : ", &name, &message)) {
		keep(&s->name, name);
		s->failure->type = findings_text(s->failure, name);
		s->message.size = 0;
		say(s, &(struct line){ .number = s->head_line }, message);
	} else {
		s->name.size = 0;
	}
	return true;
}

/*
 * "+ CategoryInfo : OperationStopped: (no luck:String) [], RuntimeException" and "+ FullyQualifiedErrorId :
 * no luck": what is known when the head of the record was none of the usual ones.
 */
static bool old_body(struct state *s, const struct line *line, struct str text)
{
	struct str category, type;

	if (!str_skip(&text, "+ ")) {
		if (text.size && !s->name.size && !s->message.size)
			say(s, line, text);
		return text.size > 0;
	}
	if (str_starts(text, "CategoryInfo ") && str_split(text, ": ", NULL, &category) && !s->name.size) {
		if (str_starts(category, "ParserError"))
			type = STR("ParserError");
		else if (!str_split_last(category, "], ", NULL, &type))
			return true;
		keep(&s->name, type);
		s->failure->type = findings_text(s->failure, type);
	}
	if (!str_skip(&text, "FullyQualifiedErrorId : "))
		return true;
	if (!s->message.size)
		say(s, line, text);
	s->failure->last_line = line->number;
	return false;
}

/* "foo : The term 'foo' is not recognized ...", "Get-Item : Cannot find path" */
static bool old_head(struct state *s, const struct line *line)
{
	struct str name, message;

	if (!str_split(line->text, " : ", &name, &message) || !name.size || name.size > 80 ||
	    str_indent(line->text) || !message.size ||
	    (str_char(name, ' ') >= 0 && !place_ends(name, ".ps1")))
		return false;
	keep(&s->head, line->text);
	s->head_line = line->number;
	return true;
}

/* "Write-Error: no luck" and "foo: The term 'foo' is not recognized as a name of ...", without a place */
static bool term(const struct line *line, struct findings *f)
{
	struct str text = line->text, name;
	struct failure *failure;

	if (str_skip(&text, "Write-Error: ") && text.size && !str_has(text, ".ps1:")) {
		failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_HINT, line->number);
		failure->language = failure->tool = "powershell";
		failure->type = "Write-Error";
		failure->message = findings_text(failure, text);
		return true;
	}
	text = line->text;
	if (!str_has(text, " is not recognized as a name of a cmdlet") ||
	    !str_split(text, ": The term '", &name, NULL) || str_char(name, '|') >= 0)
		return false;
	(void)str_split(text, ": ", NULL, &text);
	failure = findings_failure(f, KIND_CONFIG, WEIGHT_FAILURE, line->number);
	failure->language = failure->tool = "powershell";
	failure->type = "no such command";
	failure->message = findings_text(failure, text);
	return true;
}

static bool record(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), rest;
	unsigned long number;

	if (++s->lines > RECORD_LINES_MAX)
		return false;
	if (s->form == FORM_OLD)
		return old_body(s, line, text);
	rest = text;
	if (str_take_number(&rest, &number) && str_starts(rest, " |"))
		return true;		/* the source */
	if (!str_skip(&text, "|"))
		return false;
	text = str_trim(text);
	if (str_starts(text, "~")) {
		s->bar = true;
		return true;
	}
	if (s->bar)
		say(s, line, text);
	return true;
}

/* Pester: "[-] adds two 12ms (8ms|4ms)" or "  [-] adds two 12ms" */
static bool test_head(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), last;

	if (!str_skip(&text, "[-] "))
		return false;
	if (str_ends(text, ")"))
		(void)str_split_last(text, " (", &text, NULL);
	if (!str_ends(text, "ms") && !str_ends(text, "s"))
		return false;
	if (!str_split_last(text, " ", &text, &last) || !last.size || last.at[0] < '0' || last.at[0] > '9')
		return false;
	finish(s);
	begin(s, f, FORM_TEST, line->number, &(struct place){0});
	s->failure->kind = KIND_ASSERTION;
	s->failure->test = findings_text(s->failure, text);
	findings_framework(f, "pester");
	findings_test_failed(f, text);
	return true;
}

/* "   Expected 6, but got 5.", "   at total | Should -Be 6, /src/Cart.Tests.ps1:8" */
static bool test_body(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), where;
	struct place place;

	if (++s->lines > TEST_LINES_MAX || !text.size || str_starts(text, "[") ||
	    str_starts(text, "Tests completed"))
		return false;
	if (str_starts(text, "at ")) {
		if (str_split_last(text, ", ", NULL, &where) && place_take(&where, &place) &&
		    place_ends(place.file, ".ps1 .psm1")) {
			trace_frame(s->failure, &place, STR_NONE);
			if (!s->failure->file)
				place_set(s->failure, &place);
		}
		return true;
	}
	if (str_has(text, "Exception: ") && !s->message.size)
		s->failure->kind = KIND_EXCEPTION;
	if (s->message.size < 400 && !s->failure->file)
		say(s, line, text);
	return true;
}

/* "Tests Passed: 2, Failed: 1, Skipped: 0 NotRun: 0" */
static bool counts(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long passed, failed, skipped = 0;

	if (!str_skip(&text, "Tests Passed: ") || !str_take_number(&text, &passed) ||
	    !str_skip(&text, ", Failed: ") || !str_take_number(&text, &failed))
		return false;
	if (str_skip(&text, ", Skipped: "))
		(void)str_take_number(&text, &skipped);
	findings_framework(f, "pester");
	findings_counts(f, passed + failed + skipped, passed, failed, skipped);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->form == FORM_TEST && test_body(s, line))
		return AWAKE;
	if ((s->form == FORM_OLD || s->form == FORM_CONCISE) && record(s, line))
		return AWAKE;
	finish(s);
	if (test_head(s, line, f) || concise(s, line, f) || old(s, line, f))
		return AWAKE;
	if (counts(line, f) || term(line, f))
		return ASLEEP;
	if (concise_head(s, line) || old_head(s, line))
		return AWAKE;
	return s->head.size && line->number - s->head_line < HEAD_LINES_MAX ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { ".ps1:", ".psm1:", "The term '", "Tests Passed: ", "[-] ",
	"At line:", "Write-Error: ", " : Cannot ", " : Could not ", " : Access ", " : Exception ", NULL };

static const char *const shop[] = { "build.ps1", "tests/Cart.Tests.ps1", NULL };

static const struct reading examples[] = {
	{
		.name = "PowerShell 7",
		.files = shop,
		.log =
		"Get-Item: /home/runner/work/shop/shop/build.ps1:3\n"
		"Line |\n"
		"   3 |  Get-Item nope\n"
		"     |  ~~~~~~~~~~~~~\n"
		"     | Cannot find path '/home/runner/work/shop/shop/nope' because it does not exist.\n"
		"##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "powershell", .tool = "powershell",
			    .type = "Get-Item", .file = "build.ps1", .line = 3, .error_line = 1,
			    .message = "Cannot find path '/home/runner/work/shop/shop/nope' because it "
				       "does not exist." },
	},
	{
		.name = "PowerShell 7 cannot parse",
		.files = shop,
		.log =
		"ParserError: /src/build.ps1:3:8\n"
		"Line |\n"
		"   3 |  if ($x {\n"
		"     |        ~\n"
		"     | Missing closing ')' after expression in 'if' statement.\n",
		.expect = { .kind = KIND_COMPILE, .type = "ParserError", .file = "build.ps1", .line = 3,
			    .message = "Missing closing ')' after expression in 'if' statement." },
	},
	{
		.name = "PowerShell 7, in a step's own script",
		.log =
		"nope: D:\\a\\_temp\\6a1f9d6e-8d5c-4c35-9b57-57e5a9bd5f27.ps1:2\n"
		"Line |\n"
		"   2 |  nope\n"
		"     |  ~~~~\n"
		"     | The term 'nope' is not recognized as a name of a cmdlet, function, script file, or "
		"executable program.\n"
		"     | Check the spelling of the name, or if a path was included, verify that the path "
		"is correct and try again.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "powershell", .type = "nope" },
	},
	{
		.name = "Windows PowerShell 5",
		.files = shop,
		.log =
		"Get-Item : Cannot find path 'D:\\a\\shop\\nope' because it does not exist.\n"
		"At D:\\a\\shop\\shop\\build.ps1:3 char:1\n"
		"+ Get-Item nope\n"
		"+ ~~~~~~~~~~~~~\n"
		"    + CategoryInfo          : ObjectNotFound: (D:\\a\\shop\\nope:String) [Get-Item], "
		"ItemNotFoundException\n"
		"    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "powershell", .type = "Get-Item",
			    .file = "build.ps1", .line = 3, .error_line = 1,
			    .message = "Cannot find path 'D:\\a\\shop\\nope' because it does not exist." },
	},
	{
		.name = "Windows PowerShell 5 cannot parse",
		.files = shop,
		.log =
		"At D:\\a\\shop\\shop\\build.ps1:3 char:7\n"
		"+ if ($x {\n"
		"+       ~\n"
		"Missing closing ')' after expression in 'if' statement.\n"
		"    + CategoryInfo          : ParserError: (:) [], ParseException\n"
		"    + FullyQualifiedErrorId : MissingEndParenthesisAfterStatement\n",
		.expect = { .kind = KIND_COMPILE, .type = "ParserError", .file = "build.ps1", .line = 3,
			    .message = "Missing closing ')' after expression in 'if' statement." },
	},
	{
		.name = "Windows PowerShell 5, a throw",
		.files = shop,
		.log =
		"no luck\n"
		"At D:\\a\\shop\\shop\\build.ps1:3 char:1\n"
		"+ throw \"no luck\"\n"
		"+ ~~~~~~~~~~~~~~~\n"
		"    + CategoryInfo          : OperationStopped: (no luck:String) [], RuntimeException\n"
		"    + FullyQualifiedErrorId : no luck\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "RuntimeException", .message = "no luck",
			    .file = "build.ps1", .line = 3 },
	},
	{
		.name = "Write-Error without a place",
		.log = "Write-Error: no luck\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "powershell", .message = "no luck" },
	},
	{
		.name = "Pester",
		.files = shop,
		.log =
		"Describing Cart\n"
		"  [+] is fine 4ms (2ms|2ms)\n"
		"  [-] adds two 12ms (8ms|4ms)\n"
		"   Expected 6, but got 5.\n"
		"   at total 2 3 | Should -Be 6, /src/tests/Cart.Tests.ps1:8\n"
		"   at <ScriptBlock>, /src/tests/Cart.Tests.ps1:8\n"
		"Tests completed in 120ms\n"
		"Tests Passed: 1, Failed: 1, Skipped: 0 NotRun: 0\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "pester", .test = "adds two", .line = 8,
			    .file = "tests/Cart.Tests.ps1", .message = "Expected 6, but got 5.",
			    .error_line = 4 },
		.run = 2, .failed = 1,
	},
	{
		.name = "words that look alike",
		.log = "run build.ps1:3 now\nThe term 'x' is defined below\n[-] removed 3 files\n"
		       "Tests Passed: 2, Failed: 0, Skipped: 0 NotRun: 0\n",
		.nothing = true,
		.run = 2,
	},
	{0}
};

const struct reader reader_powershell = {
	.name = "powershell",
	.language = "powershell",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
