/*
 * Linters of Ruby and of its templates: rubocop, standardrb, erb_lint, haml-lint, slim-lint, reek,
 * brakeman, fasterer, sorbet, steep. The source lines below a finding are not read.
 */
#include "ci/lint.h"

enum { LISTEN_LINES = 300 };

static const char ruby[] = ".rb .rake .ru .gemspec .rbi .rbs .erb .haml .slim .jbuilder";
static const char markup[] = ".haml .slim .scss .sass .erb";
static const char letters[] = "I=n C=w R=w W=w E=e F=e";

static const struct lint_tool rubocop = {
	.name = "rubocop", .language = "ruby", .command = "rubocop -a", .fails_on = SEVERITY_WARNING,
};
static const struct lint_tool standardrb = {
	.name = "standardrb", .language = "ruby", .command = "standardrb --fix",
	.advice = "Run `standardrb --fix`",
};
static const struct lint_tool template_lint = { .name = "haml-lint", .language = "ruby",
						.fails_on = SEVERITY_WARNING };
static const struct lint_tool erb_lint = { .name = "erb_lint", .language = "ruby" };
static const struct lint_tool reek = { .name = "reek", .language = "ruby",
				       .fails_on = SEVERITY_WARNING };
static const struct lint_tool brakeman = { .name = "brakeman", .language = "ruby",
					   .fails_on = SEVERITY_NOTE };
static const struct lint_tool fasterer = { .name = "fasterer", .language = "ruby",
					   .fails_on = SEVERITY_WARNING };
static const struct lint_tool sorbet = { .name = "sorbet", .language = "ruby" };
static const struct lint_tool steep = { .name = "steep", .language = "ruby" };

static const struct lint_form forms[] = {
	{ &rubocop, "%p: %s: [Correctable] %k: %m", .has = ": [Correctable] ",
	  .severities = letters, .fixable = true },
	{ &rubocop, "%p: %s: [Correctable] %m", .has = ": [Correctable] ", .severities = letters,
	  .fixable = true },
	{ &rubocop, "%p: %s: %k: %m", .has = "/", .severities = letters },
	{ &rubocop, "%p: %s: %m", .severities = letters },
	/* "simple", below "== a.rb ==" */
	{ &rubocop, "%s:%_%l:%_%c: [Correctable] %k: %m", .has = ": [Correctable] ",
	  .severities = letters, .fixable = true },
	{ &rubocop, "%s:%_%l:%_%c: %k: %m", .has = "/", .severities = letters },
	{ &rubocop, "%s:%_%l:%_%c: %m", .severities = letters },
	{ &standardrb, "%f:%l:%c: %k: %m", .has = ": Style/", .endings = ruby, .fixable = true },
	{ &standardrb, "%f:%l:%c: %k: %m", .has = ": Layout/", .endings = ruby, .fixable = true },
	{ &standardrb, "%f:%l:%c: %k: %m", .has = ": Lint/", .endings = ruby, .fixable = true },
	{ &template_lint, "%p [%s] %k: %m", .has = " [", .endings = markup, .severities = letters },
	{ &template_lint, "%p [%s] %m", .has = " [", .endings = markup, .severities = letters },
	{ &erb_lint, "%f:%l:%c: [%k] %m", .has = ": [", .endings = ".erb" },
	{ &erb_lint, "%f:%l:%c: %m", .endings = ".erb" },
	{ &sorbet, "%p: %m https://srb.help/%k", .has = " https://srb.help/", .endings = ruby },
	{ &steep, "%p: [%s] %m", .has = ": [", .endings = ruby },
	{ &brakeman, "%f%_%l%_%m%_%s", .has = " near line ", .endings = ruby,
	  .severities = "High=e Medium=w Weak=n" },
	{ &fasterer, "%p %m", .has = " slower than ", .endings = ".rb",
	  .severity = SEVERITY_WARNING },
	{ &fasterer, "%p %m", .has = " instead of ", .endings = ".rb",
	  .severity = SEVERITY_WARNING },
	{ &fasterer, "%p %m", .has = " faster than ", .endings = ".rb",
	  .severity = SEVERITY_WARNING },
	{ &fasterer, "%p %m", .has = "Use attr_", .endings = ".rb", .severity = SEVERITY_WARNING },
	{ &fasterer, "%p %m", .has = "Don't rescue NoMethodError", .endings = ".rb",
	  .severity = SEVERITY_WARNING },
};

static const char *const smells[] = { "Attribute", "BooleanParameter", "ClassVariable",
	"ControlParameter", "DataClump", "DuplicateMethodCall", "FeatureEnvy",
	"InstanceVariableAssumption", "IrresponsibleModule", "LongParameterList", "LongYieldList",
	"ManualDispatch", "MissingSafeMethod", "ModuleInitialize", "NestedIterators", "NilCheck",
	"RepeatedConditional", "SubclassedFromCoreClass", "Syntax", "TooManyConstants",
	"TooManyInstanceVariables", "TooManyMethods", "TooManyStatements",
	"UncommunicativeMethodName", "UncommunicativeModuleName", "UncommunicativeParameterName",
	"UncommunicativeVariableName", "UnusedParameters", "UnusedPrivateMethod",
	"UtilityFunction", NULL };

static const struct lint_form smell_forms[] = {
	{ &reek, "[%l%w]:%k: %m", .endings = ruby, .severity = SEVERITY_WARNING },
	{ &reek, "[%l%w]:%m (%k)", .endings = ruby, .severity = SEVERITY_WARNING },
	{ &reek, "%p: %k: %m", .endings = ruby, .severity = SEVERITY_WARNING },
	{ &reek, "%p: %m (%k)", .endings = ruby, .severity = SEVERITY_WARNING },
};

struct state {
	struct lint lint;
	struct kept before;		/* erb_lint: the line before, which may be a message */
	struct kept category, message, file;	/* brakeman: of the warning that is being told */
	enum severity severity;
	unsigned long began;		/* the line of its beginning */
	unsigned long listen_until;	/* erb_lint or fasterer was run: their first lines have no mark */
};

static bool reek_line(struct state *s, const struct line *line, struct findings *f)
{
	struct lint_finding finding;
	struct str file, count;

	if (str_ends(line->text, " warnings:") || str_ends(line->text, " warning:")) {
		if (!str_split(line->text, " -- ", &file, &count) || !place_ends(file, ruby))
			return false;
		keep(&s->lint.heading, file);
		return true;
	}
	for (size_t i = 0; i < sizeof(smell_forms) / sizeof(smell_forms[0]); i++) {
		if (!lint_match(&smell_forms[i], kept_str(&s->lint.heading), line->text, &finding))
			continue;
		for (size_t k = 0; smells[k]; k++) {
			if (!str_is(finding.code, smells[k]))
				continue;
			lint_found(&s->lint, f, line, &reek, &finding);
			return true;
		}
	}
	return false;
}

/* "Confidence: High", "Category: ...", "Message: ...", "File: ...", "Line: 13" */
static bool brakeman_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long number;

	if (str_skip(&text, "Confidence: ")) {
		s->began = lint_severity(str_trim(text), &s->severity) ? line->number : 0;
		s->file.size = s->message.size = s->category.size = 0;
		return s->began;
	}
	if (!s->began)
		return false;
	if (str_skip(&text, "Category: "))
		keep(&s->category, str_trim(text));
	else if (str_skip(&text, "Message: "))
		keep(&s->message, str_trim(text));
	else if (str_skip(&text, "File: "))
		keep(&s->file, str_trim(text));
	if (!str_skip(&text, "Line: ") || !str_take_number(&text, &number) || !s->file.size)
		return line->number < s->began + 10;
	lint_found(&s->lint, f, &(struct line){ .number = s->began, .text = line->text }, &brakeman,
		   &(struct lint_finding){ { kept_str(&s->file), number, 0 }, s->severity,
					   kept_str(&s->category), kept_str(&s->message), false });
	s->began = 0;
	return true;
}

/* A message, and below it "In file: app/views/a.html.erb:12" */
static bool erb_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;

	if (!str_skip(&text, "In file: ") || !place_take(&text, &place) || text.size)
		return false;
	lint_found(&s->lint, f, line, &erb_lint, &(struct lint_finding){
		.place = place, .message = kept_str(&s->before) });
	return true;
}

/* "For loop is slower than using each. Occurred at lines: 5, 9." below the file's name */
static bool fasterer_line(struct state *s, const struct line *line, struct findings *f)
{
	struct lint_finding finding = { .severity = SEVERITY_WARNING };
	struct str lines;

	if (!s->lint.heading.size ||
	    !str_split(line->text, " Occurred at lines: ", &finding.message, &lines))
		return false;
	finding.place.file = kept_str(&s->lint.heading);
	while (str_take_number(&lines, &finding.place.line)) {
		lint_found(&s->lint, f, line, &fasterer, &finding);
		if (!str_skip(&lines, ", "))
			break;
	}
	return true;
}

static bool heading_line(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (str_skip(&text, "== ") && str_chop(&text, " ==") && text.size) {
		keep(&s->lint.heading, text);
		return true;
	}
	return lint_heading(&s->lint, line, ".rb");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool taken = lint_line(&s->lint, f, line, forms, sizeof(forms) / sizeof(forms[0])) ||
		     reek_line(s, line, f) || brakeman_line(s, line, f) || erb_line(s, line, f) ||
		     fasterer_line(s, line, f) || heading_line(s, line);

	keep(&s->before, str_trim(line->text));
	if (taken)
		return AWAKE;
	if (str_has(line->text, " linters...") || str_has(line->text, "erblint") ||
	    str_has(line->text, "erb_lint") || str_has(line->text, "fasterer"))
		s->listen_until = line->number + LISTEN_LINES;
	return lint_other(&s->lint, f, line) == AWAKE || line->number < s->listen_until ? AWAKE :
											 ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ": C: ", ": R: ", ": W: ", ": E: ", ": F: ", ".rb ==", ".rb\n",
	": Style/", ": Layout/", ": Lint/", ".haml:", ".slim:", ".scss:", ".sass:", ".erb:",
	" linters...", "erblint", "erb_lint", "https://srb.help/", ": [error] ", " near line ",
	" warnings:", " -- 1 warning:", ".rb:", "dence: High", "dence: Medium", "dence: Weak",
	" Occurred at lines: ", NULL };

static const char *const shop[] = { "a.rb", "Gemfile", "app/views/cart.html.erb",
	"app/views/cart.haml", "app/models/cart.rb", NULL };

static const struct reading examples[] = {
	{
		.name = "rubocop",
		.files = shop,
		.log = "Inspecting 1 file\nW\n\nOffenses:\n\n"
		       "a.rb:1:1: C: Style/Documentation: Missing top-level documentation comment for "
		       "class Shop.\nclass Shop\n^^^^^^^^^^\n"
		       "a.rb:2:13: C: [Correctable] Layout/SpaceInsideParens: Space inside parentheses "
		       "detected.\n  def total( items )\n            ^\n"
		       "a.rb:3:5: W: Lint/UselessAssignment: Useless assignment to variable - x.\n"
		       "    x = 1\n    ^\n\n"
		       "1 file inspected, 3 offenses detected, 1 offense autocorrectable\n",
		.expect = { .kind = KIND_LINT, .language = "ruby", .tool = "rubocop", .file = "a.rb",
			    .line = 1, .type = "Style/Documentation", .error_line = 6 },
	},
	{
		.name = "rubocop, an old one, and a file without ending",
		.files = shop,
		.log = "Gemfile:4:1: C: Extra blank line detected.\n"
		       "a.rb:7:1: E: unexpected token kEND\nend\n^^^\n",
		.expect = { .kind = KIND_LINT, .tool = "rubocop", .file = "a.rb", .line = 7,
			    .message = "unexpected token kEND", .error_line = 2 },
	},
	{
		.name = "rubocop, simple",
		.files = shop,
		.log = "== a.rb ==\n"
		       "C:  2: 13: [Correctable] Layout/SpaceInsideParens: Space inside parentheses "
		       "detected.\n"
		       "W:  3:  5: Lint/UselessAssignment: Useless assignment to variable - x.\n\n"
		       "1 file inspected, 2 offenses detected, 1 offense autocorrectable\n",
		.expect = { .kind = KIND_LINT, .tool = "rubocop", .type = "Layout/SpaceInsideParens",
			    .file = "a.rb", .line = 2, .error_line = 2,
			    .message = "Space inside parentheses detected." },
	},
	{
		.name = "standardrb",
		.files = shop,
		.log = "standard: Use Ruby Standard Style (https://github.com/standardrb/standard)\n"
		       "standard: Run `standardrb --fix` to potentially fix 1 problem(s).\n"
		       "  a.rb:2:13: Layout/SpaceInsideParens: Space inside parentheses detected.\n",
		.expect = { .kind = KIND_LINT, .tool = "standardrb",
			    .type = "Layout/SpaceInsideParens", .file = "a.rb", .line = 2,
			    .error_line = 3 },
	},
	{
		.name = "haml-lint",
		.files = shop,
		.log = "app/views/cart.haml:3 [W] LineLength: Line is too long. [91/80]\n\n"
		       "1 file inspected, 1 lint detected\n",
		.expect = { .kind = KIND_LINT, .tool = "haml-lint", .type = "LineLength",
			    .file = "app/views/cart.haml", .line = 3, .error_line = 1 },
	},
	{
		.name = "erb_lint",
		.files = shop,
		.log = "Linting 1 files with 14 linters...\n\n"
		       "Remove multiple trailing newline at the end of the file.\n"
		       "In file: app/views/cart.html.erb:12\n\n1 error(s) were found in ERB files\n",
		.expect = { .kind = KIND_LINT, .tool = "erb_lint", .line = 12, .error_line = 4,
			    .file = "app/views/cart.html.erb",
			    .message = "Remove multiple trailing newline at the end of the file." },
	},
	{
		.name = "erb_lint, compact",
		.files = shop,
		.log = "Linting 1 files with 14 linters...\n"
		       "app/views/cart.html.erb:3:12: Extra space detected where there should be no "
		       "space.\n",
		.expect = { .kind = KIND_LINT, .tool = "erb_lint", .line = 3, .error_line = 2,
			    .file = "app/views/cart.html.erb" },
	},
	{
		.name = "reek",
		.files = shop,
		.log = "a.rb -- 2 warnings:\n"
		       "  [1]:IrresponsibleModule: Shop has no descriptive comment\n"
		       "  [5, 6]:UncommunicativeVariableName: Shop#total has the variable name 'i'\n",
		.expect = { .kind = KIND_LINT, .tool = "reek", .type = "IrresponsibleModule",
			    .file = "a.rb", .line = 1, .error_line = 2 },
	},
	{
		.name = "brakeman",
		.files = shop,
		.log = "== Warnings ==\n\nConfidence: High\nCategory: Command Injection\nCheck: Execute\n"
		       "Message: Possible command injection\nCode: `ls #{params[:dir]}`\n"
		       "File: app/models/cart.rb\nLine: 13\n",
		.expect = { .kind = KIND_LINT, .tool = "brakeman", .type = "Command Injection",
			    .file = "app/models/cart.rb", .line = 13, .error_line = 3,
			    .message = "Possible command injection" },
	},
	{
		.name = "sorbet",
		.files = shop,
		.log = "a.rb:3: Method `foo` does not exist on `T.class_of(Shop)` "
		       "https://srb.help/7003\n     3 |  foo(42)\n          ^^^\nErrors: 1\n",
		.expect = { .kind = KIND_LINT, .tool = "sorbet", .type = "7003", .file = "a.rb",
			    .line = 3, .error_line = 1,
			    .message = "Method `foo` does not exist on `T.class_of(Shop)`" },
	},
	{
		.name = "fasterer",
		.files = shop,
		.log = "$ bundle exec fasterer\na.rb\n"
		       "For loop is slower than using each. Occurred at lines: 5, 9.\n\n"
		       "1 file inspected, 2 offenses detected\n",
		.expect = { .kind = KIND_LINT, .tool = "fasterer", .file = "a.rb", .line = 5,
			    .message = "For loop is slower than using each.", .error_line = 3 },
	},
	{0}
};

const struct reader reader_lint_ruby = {
	.name = "lint_ruby",
	.language = "ruby",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
