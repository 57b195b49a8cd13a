/*
 * What shells say of scripts (bash, dash, zsh, busybox, ksh, cmd.exe): programs that are not there,
 * syntax errors, unset variables; and complaints of the usual commands about files. Half of these
 * stand in logs of runs that went well: the soft ones count only when the step ends right after.
 */
#include "ci/trace.h"

enum { SOON_LINES = 8 };

struct state {
	struct kept text;		/* a soft complaint that waits for the step's end */
	unsigned long number;
	struct failure *last;		/* the newest failure, for an exit code to confirm */
	unsigned long last_line;
};

/* What makes a line a failure by itself, and how it is called whatever the shell's own words. */
static const struct {
	const char *words, *type;
	enum kind kind;
	bool soft;
} complaints[] = {
	{ ": command not found", "no such command", KIND_CONFIG, false },
	{ "command not found: ", "no such command", KIND_CONFIG, false },
	{ ": inaccessible or not found", "no such command", KIND_CONFIG, false },
	{ ": not found", "no such command", KIND_CONFIG, false },
	{ "bad interpreter: ", "bad interpreter", KIND_CONFIG, false },
	{ "cannot execute: required file not found", "bad interpreter", KIND_CONFIG, false },
	{ "cannot execute binary file", "Exec format error", KIND_CONFIG, false },
	{ "yntax error", "syntax error", KIND_COMPILE, false },
	{ "parse error near ", "syntax error", KIND_COMPILE, false },
	{ "unexpected EOF while looking for matching", "syntax error", KIND_COMPILE, false },
	{ ": unbound variable", "unbound variable", KIND_EXCEPTION, false },
	{ ": parameter not set", "unbound variable", KIND_EXCEPTION, false },
	{ ": parameter null or not set", "unbound variable", KIND_EXCEPTION, false },
	{ ": bad substitution", "bad substitution", KIND_EXCEPTION, false },
	{ ": value too great for base ", "octal number", KIND_EXCEPTION, false },
	{ "rgument list too long", "argument list too long", KIND_RESOURCE, false },
	{ "Cannot allocate memory", "out of memory", KIND_RESOURCE, false },
	{ "ermission denied", "no access", KIND_PERMISSION, true },
	{ "o such file or directory", "no such file", KIND_CONFIG, true },
	{ "can't cd to ", "no such file", KIND_CONFIG, true },
	{ ": readonly variable", "readonly variable", KIND_EXCEPTION, true },
	{ ": unexpected operator", "unexpected operator", KIND_EXCEPTION, true },
	{ "division by ", "division by zero", KIND_EXCEPTION, true },
	{ ": ambiguous redirect", "ambiguous redirect", KIND_EXCEPTION, true },
};

static const char *const commands[] = { "cat", "cp", "mv", "rm", "ls", "mkdir", "rmdir", "chmod", "chown",
	"cd", "tar", "ln", "grep", "sed", "awk", "touch", "find", "install", "tee", "head", "tail",
	"sort", "diff", "stat", "unzip", "realpath", "xargs", "timeout", "nohup", "source", NULL };

struct complaint {
	struct place place;
	struct str message;
	const char *tool;
	bool shell;			/* the shell itself speaks */
	size_t kind;			/* index in complaints */
};

static bool is_shell(struct str name)
{
	static const char *const shells[] = { "bash", "sh", "dash", "zsh", "ksh", "mksh", "ash",
		"environment", "-c", "main", NULL };

	(void)str_skip(&name, "-");
	(void)str_split_last(name, "/", NULL, &name);
	for (size_t i = 0; shells[i]; i++)
		if (str_is(name, shells[i]))
			return true;
	return false;
}

static bool is_script(struct str name)
{
	return name.size && name.size < 512 && str_char(name, ' ') < 0 && str_char(name, '(') < 0 &&
	       (place_ends(name, ".sh .bash .zsh .ksh .bats .env") || str_char(name, '/') >= 0 ||
		str_is(name, "configure") || str_is(name, "gradlew") || str_is(name, "mvnw"));
}

/* The temporary script of a workflow step has another name each time. */
static void set_script(struct complaint *c, struct str name, unsigned long number)
{
	if (is_shell(name) || str_has(name, "/_temp/") || str_has(name, "\\_temp\\") ||
	    str_starts(name, "/tmp/"))
		return;
	c->place = (struct place){ name, number, 0 };
}

/*
 * "a.sh: line 4: foo: ..." (bash, busybox), "a.sh: 4: foo: ..." (dash), "a.sh:4: ..." (zsh), "a.sh[4]: ..."
 * (ksh), "bash: foo: ..."
 */
static bool take_head(struct str text, struct complaint *c)
{
	struct str name, rest, digits;
	unsigned long number;

	(void)str_skip(&text, "E: ");	/* mksh */
	if (str_split(text, ": ", &name, &rest) && (is_shell(name) || is_script(name))) {
		digits = rest;
		(void)str_skip(&digits, "line ");
		if (str_take_number(&digits, &number) && str_skip(&digits, ": ")) {
			set_script(c, name, number);
			c->message = digits;
			return true;
		}
		if (is_shell(name)) {
			c->message = rest;
			return true;
		}
	}
	if (!str_split(text, ": ", &name, &rest))
		return false;
	if (str_chop(&name, "]") && str_split_last(name, "[", &name, &digits) &&
	    str_number(digits, &number) && is_script(name)) {
		set_script(c, name, number);
		c->message = rest;
		return true;
	}
	if (!str_split_last(name, ":", &name, &digits) || !str_number(digits, &number))
		return false;
	c->message = rest;
	if (str_starts(rest, "command not found: ") && !place_ends(name, ".sh .zsh .bash"))
		return true;		/* zsh names the function instead of the script */
	set_script(c, name, number);
	return is_shell(name) || place_ends(name, ".sh .zsh .bash");
}

/* "sudo: foo: command not found", "cat: x: No such file or directory", "make: foo: Command not found" */
static bool take_command(struct str text, struct complaint *c)
{
	struct str name, rest;

	if (!str_split(text, ": ", &name, &rest))
		return false;
	(void)str_split_last(name, "/", NULL, &name);
	c->message = rest;
	if (str_is(name, "env") || str_is(name, "sudo") || str_is(name, "make")) {
		c->tool = str_is(name, "make") ? "make" : "shell";
		if (str_ends(rest, "Command not found") || str_ends(rest, "command not found") ||
		    ((str_is(name, "env") || str_is(name, "make")) && str_char(rest, '/') < 0 &&
		     str_ends(rest, ": No such file or directory"))) {
			c->kind = 0;
			c->shell = true;
			return true;
		}
		return false;
	}
	for (size_t i = 0; commands[i]; i++)
		if (str_is(name, commands[i])) {
			c->tool = commands[i];
			return true;
		}
	return false;
}

/* "'foo' is not recognized as an internal or external command,"; Go's and Docker's own words */
static bool other_words(struct str text, struct complaint *c)
{
	c->kind = 0;
	c->shell = true;
	c->message = text;
	if (str_starts(text, "'") && str_has(text, "' is not recognized as an internal or external")) {
		c->tool = "cmd";
		str_chop(&c->message, ",");
		return true;
	}
	if (str_starts(text, "The system cannot find the path specified.") ||
	    str_starts(text, "The system cannot find the file specified.")) {
		c->tool = "cmd";
		while (!str_is(str_of(complaints[c->kind].words), "o such file or directory"))
			c->kind++;
		return true;
	}
	return str_has(text, "\": executable file not found in $PATH") ||
	       str_has(text, "\": executable file not found in %PATH%");
}

static bool find_complaint(struct str text, struct complaint *c)
{
	size_t count = sizeof(complaints) / sizeof(complaints[0]);

	*c = (struct complaint){ .tool = "shell" };
	text = str_trim_right(text);
	if (other_words(text, c))
		return true;
	c->shell = take_head(text, c);
	if (!c->shell) {
		if (!take_command(text, c))
			return false;
		if (c->shell)
			return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (!str_has(c->message, complaints[i].words))
			continue;
		/* "not found" is many a program's word: a shell ends its line with it. */
		if (complaints[i].words[0] == ':' && !str_ends(str_of(complaints[i].words), " ") &&
		    !str_ends(c->message, complaints[i].words))
			continue;
		c->kind = i;
		return c->shell || complaints[i].soft;
	}
	return false;
}

static void report(struct state *s, struct findings *f, const struct complaint *c,
		   unsigned long number)
{
	struct failure *failure;
	bool soft = complaints[c->kind].soft;

	failure = findings_failure(f, complaints[c->kind].kind,
				   soft ? WEIGHT_HINT : WEIGHT_DIAGNOSTIC, number);
	failure->language = str_is(str_of(c->tool), "cmd") ? NULL : "shell";
	failure->tool = c->tool;
	failure->type = complaints[c->kind].type;
	failure->message = findings_text(failure, c->message);
	if (c->place.file.size)
		place_set(failure, &c->place);
	s->last = failure;
	s->last_line = number;
}

static void report_soft(struct state *s, struct findings *f)
{
	struct complaint c;

	if (s->text.size && find_complaint(kept_str(&s->text), &c))
		report(s, f, &c, s->number);
	s->text.size = 0;
}

/* The step ends here: what was complained of right before is why. */
static bool step_end(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long code = 0;
	bool made = str_starts(text, "make") && str_has(text, ": *** ");

	if (!made && (!str_split(text, "rocess completed with exit code ", NULL, &text) ||
		      !str_take_number(&text, &code) || !code))
		return false;
	if (s->text.size && line->number - s->number <= SOON_LINES)
		report_soft(s, f);
	s->text.size = 0;
	/* 126: cannot be executed; 127: is not there. Only shells give these. */
	if (s->last && line->number - s->last_line <= SOON_LINES && (code == 126 || code == 127))
		s->last->weight = WEIGHT_TRACE;
	s->last = NULL;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct complaint c;

	if (s->last && line->number - s->last_line > BLOCK_LINES_MAX / 2)
		s->last = NULL;
	if (step_end(s, line, f) || line->text.size > 1024 || !find_complaint(line->text, &c))
		return ASLEEP;
	s->text.size = 0;
	if (complaints[c.kind].soft) {
		keep(&s->text, line->text);
		s->number = line->number;
	} else {
		report(s, f, &c, line->number);
	}
	return ASLEEP;
}

static const char *const wake[] = { "ommand not found", ": not found", ": line ", "yntax error",
	"parse error near ", ": unbound variable", ": parameter not set", "parameter null or not set",
	"bad substitution", ": unexpected operator", "ermission denied", "o such file or directory", "can't cd to ",
	"cannot execute", "bad interpreter", "is not recognized as an internal",
	"executable file not found in ",
	"The system cannot find the ", "inaccessible or not found", "rgument list too long",
	"rocess completed with exit code ", ": *** ", NULL };

static const char *const shop[] = { "a.sh", "scripts/build.sh", NULL };

static const struct reading examples[] = {
	{
		.name = "bash, a program that is not there",
		.files = shop,
		.log = "a.sh: line 4: foo: command not found\n"
		       "##[error]Process completed with exit code 127.\n",
		.expect = { .kind = KIND_CONFIG, .language = "shell", .tool = "shell",
			    .type = "no such command", .message = "foo: command not found",
			    .file = "a.sh", .line = 4, .error_line = 1 },
	},
	{
		.name = "a workflow step's own script has no name",
		.log = "/home/runner/work/_temp/0b3a1c52-4c1a-4a38-a3c5-6f3c7a0b1d2e.sh: line 3: foo: "
		       "command not found\n##[error]Process completed with exit code 127.\n",
		.expect = { .kind = KIND_CONFIG, .message = "foo: command not found" },
	},
	{
		.name = "bash, an unset variable",
		.files = shop,
		.log = "scripts/build.sh: line 3: NOPE: unbound variable\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "unbound variable", .line = 3,
			    .file = "scripts/build.sh", .message = "NOPE: unbound variable" },
	},
	{
		.name = "bash, a syntax error",
		.files = shop,
		.log = "a.sh: line 4: syntax error near unexpected token `)'\n"
		       "a.sh: line 4: `fi)'\n",
		.expect = { .kind = KIND_COMPILE, .type = "syntax error", .file = "a.sh", .line = 4,
			    .message = "syntax error near unexpected token `)'" },
	},
	{
		.name = "bash, a number with a zero before it",
		.files = shop,
		.log = "a.sh: line 8: 08: value too great for base (error token is \"08\")\n"
		       "a.sh: line 9: next: unbound variable\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "octal number", .file = "a.sh", .line = 8,
			    .message = "08: value too great for base (error token is \"08\")" },
	},
	{
		.name = "dash, an operator of bash, and the end of the step",
		.files = shop,
		.log = "a.sh: 7: [: debug: unexpected operator\nunknown level: debug\n"
		       "##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "unexpected operator", .file = "a.sh",
			    .line = 7, .message = "[: debug: unexpected operator" },
	},
	{
		.name = "dash",
		.files = shop,
		.log = "a.sh: 4: foo: not found\n",
		.expect = { .kind = KIND_CONFIG, .type = "no such command", .file = "a.sh",
			    .line = 4, .message = "foo: not found" },
	},
	{
		.name = "dash, a syntax error",
		.files = shop,
		.log = "a.sh: 4: Syntax error: end of file unexpected (expecting \"fi\")\n",
		.expect = { .kind = KIND_COMPILE, .type = "syntax error", .line = 4 },
	},
	{
		.name = "zsh",
		.files = shop,
		.log = "a.sh:4: command not found: foo\n",
		.expect = { .kind = KIND_CONFIG, .type = "no such command", .file = "a.sh",
			    .line = 4 },
	},
	{
		.name = "zsh, within a function",
		.log = "f:1: command not found: foo\n",
		.expect = { .kind = KIND_CONFIG, .message = "command not found: foo" },
	},
	{
		.name = "ksh",
		.files = shop,
		.log = "a.sh[6]: foo: not found\n",
		.expect = { .kind = KIND_CONFIG, .file = "a.sh", .line = 6 },
	},
	{
		.name = "a shell without a script",
		.log = "/bin/sh: 1: foo: not found\nmake: *** [Makefile:2: all] Error 127\n",
		.expect = { .kind = KIND_CONFIG, .message = "foo: not found", .error_line = 1 },
	},
	{
		.name = "no such interpreter",
		.log = "bash: ./a.sh: cannot execute: required file not found\n",
		.expect = { .kind = KIND_CONFIG, .type = "bad interpreter" },
	},
	{
		.name = "env",
		.log = "env: \xe2\x80\x98nope\xe2\x80\x99: No such file or directory\n",
		.expect = { .kind = KIND_CONFIG, .type = "no such command" },
	},
	{
		.name = "make calls what is not there",
		.log = "make: nocmd: No such file or directory\n"
		       "make: *** [Makefile:2: all] Error 127\n",
		.expect = { .kind = KIND_CONFIG, .tool = "make", .type = "no such command",
			    .error_line = 1 },
	},
	{
		.name = "a script that may not be run",
		.files = shop,
		.log = "scripts/build.sh: line 2: ./noexec.sh: Permission denied\n"
		       "##[error]Process completed with exit code 126.\n",
		.expect = { .kind = KIND_PERMISSION, .type = "no access", .line = 2,
			    .file = "scripts/build.sh", .error_line = 1 },
	},
	{
		.name = "a command's complaint, and the end of the step",
		.log = "cat: /nope: No such file or directory\n"
		       "##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cat", .type = "no such file",
			    .error_line = 1 },
	},
	{
		.name = "cmd.exe",
		.log = "'nmake' is not recognized as an internal or external command,\r\n"
		       "operable program or batch file.\r\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cmd", .type = "no such command" },
	},
	{
		.name = "cmd.exe does not find a folder",
		.log = "The system cannot find the path specified.\n"
		       "##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cmd", .error_line = 1 },
	},
	{
		.name = "complaints after which all goes on",
		.log = "ls: cannot access /data: No such file or directory\n"
		       "a.sh: line 6: [: x: integer expression expected\nwarning: key: not found\n"
		       "10.0.0.1: line 3: hello\nconfigure: checking for foo: not found\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_shell = {
	.name = "shell",
	.language = "shell",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
