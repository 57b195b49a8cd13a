/*
 * Linters of what is no programming language: YAML, Ansible, workflows, Markdown and prose,
 * Dockerfiles, .env files, Protocol Buffers, and spelling everywhere: yamllint, ansible-lint,
 * actionlint, markdownlint, remark, vale, textlint, hadolint, dotenv-linter, buf, protolint,
 * codespell, misspell, typos, sqlfluff.
 */
#include "ci/lint.h"

enum { LISTEN_LINES = 100 };

static const char yaml[] = ".yml .yaml";
static const char prose[] = ".md .mdx .markdown .rst .txt .adoc .asciidoc .tex .html .org";
static const char headings[] = ".yml .yaml .yamllint .clang-format .md .mdx .markdown .rst .txt .adoc "
			       ".asciidoc .tex .html .org";

static const struct lint_tool yamllint = { .name = "yamllint" };
static const struct lint_tool ansible = { .name = "ansible-lint" };
static const struct lint_tool actionlint = { .name = "actionlint" };
static const struct lint_tool markdownlint = { .name = "markdownlint" };
static const struct lint_tool remark = { .name = "remark" };
static const struct lint_tool prose_lint = { .name = "prose" };
static const struct lint_tool hadolint = { .name = "hadolint", .fails_on = SEVERITY_NOTE };
static const struct lint_tool dotenv = { .name = "dotenv-linter" };
static const struct lint_tool buf = { .name = "buf" };
static const struct lint_tool protolint = { .name = "protolint" };
static const struct lint_tool codespell = { .name = "codespell" };
static const struct lint_tool misspell = { .name = "misspell", .fails_on = SEVERITY_WARNING };
static const struct lint_tool typos = { .name = "typos" };
static const struct lint_tool sqlfluff = { .name = "sqlfluff" };

static const struct lint_form forms[] = {
	/* below the name of a file */
	{ &yamllint, "%l:%c%_%s%_%m (%k)", .has = " (", .endings = ".yml .yaml .yamllint "
	  ".clang-format" },
	{ &remark, "%l:%c%_%s%_%m %k%_remark-lint", .has = " remark-lint" },
	{ &remark, "%l:%c-%w %s%_%m %k%_remark-lint", .has = " remark-lint" },
	{ &prose_lint, "%l:%c%_%s%_%m%+%k", .has = "  ", .endings = prose },
	{ &prose_lint, "%l:%c-%w %s%_%m%+%k", .has = "  ", .endings = prose },
	{ &sqlfluff, "L:%_%l | P:%_%c | %k | %m", .has = " | P: ", .endings = ".sql" },
	/* the whole in one line */
	{ &yamllint, "%p: [%s] %m (%k)", .has = ": [" },
	{ &yamllint, "%p: [%s] %m", .has = ": [", .endings = yaml },
	{ &ansible, "%p: [%k] %m", .has = ": [", .endings = yaml },
	{ &actionlint, "%p: %m [%k]", .has = " [", .endings = yaml },
	{ &ansible, "%p: %k: %m", .has = "]: ", .endings = yaml },
	{ &markdownlint, "%p %s %k %m", .has = " MD0", .endings = prose },
	{ &markdownlint, "%p %k %m", .has = " MD0", .endings = prose },
	{ &hadolint, "%p %K %s: %m", .has = " DL" },
	{ &hadolint, "%p %K %m", .has = " DL" },
	{ &hadolint, "%p %K %s: %m", .has = "Dockerfile:" },
	{ &dotenv, "%f:%l %k: %m", .has = ".env" },
	{ &misspell, "%p: %m", .has = "\" is a misspelling of \"", .severity = SEVERITY_WARNING },
	{ &codespell, "%p: %m", .has = " ==> " },
	{ &typos, "%p: %m", .has = "` -> `" },
	{ &protolint, "[%p] %m", .has = ".proto:" },
	{ &buf, "%p:%m", .endings = ".proto" },
};

struct state {
	struct lint lint;
	struct kept code, message;	/* of a finding that began on the line before */
	unsigned long began;
	unsigned long listen_until;	/* ansible-lint's list has begun */
};

/* "error: `teh` should be `the`", and below it "  --> a.md:3:5" */
static bool typos_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	struct place place;

	if (str_skip(&text, "error: `") && str_has(text, "` should be `")) {
		keep(&s->message, str_from(str_trim(line->text), 7));
		s->code.size = 0;
		s->began = line->number;
		return true;
	}
	if (!s->began || s->began + 1 != line->number || !(str_skip(&text, "--> ") ||
	    str_skip(&text, "\xe2\x95\xad\xe2\x96\xb8 ")) || !place_take(&text, &place))
		return false;
	lint_found(&s->lint, f, &(struct line){ .number = s->began }, &typos, &(struct lint_finding){
		.place = place, .message = kept_str(&s->message) });
	return true;
}

/* "fqcn[action-core]: Use FQCN for builtin actions.", and below it "play.yml:3 Task/Handler: x" */
static bool ansible_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, code, message;
	struct place place;

	if (str_has(text, " violation(s) that are fatal")) {
		s->listen_until = line->number + LISTEN_LINES;
		return true;
	}
	if (line->number >= s->listen_until)
		return false;
	if (s->began + 1 == line->number && place_take(&text, &place) &&
	    place_ends(place.file, yaml)) {
		s->listen_until = line->number + LISTEN_LINES;
		lint_found(&s->lint, f, &(struct line){ .number = s->began }, &ansible,
			   &(struct lint_finding){ place, SEVERITY_ERROR, kept_str(&s->code),
						   kept_str(&s->message), false });
		return true;
	}
	if (!str_split(text, ": ", &code, &message) || str_char(code, ' ') >= 0 || str_indent(text))
		return false;
	keep(&s->code, code);
	keep(&s->message, message);
	s->began = line->number;
	return true;
}

/* "play.yml:3: no-changed-when: Commands should ...": the name of a rule, not any word. */
static bool ansible_rule(struct state *s, const struct line *line, struct findings *f)
{
	static const struct lint_form form = { &ansible, "%p: %k: %m", .endings = ".yml .yaml" };
	struct lint_finding finding;

	if (line->number >= s->listen_until || !lint_match(&form, STR_NONE, line->text, &finding))
		return false;
	lint_found(&s->lint, f, line, &ansible, &finding);
	return true;
}

static bool sqlfluff_heading(struct state *s, struct str text)
{
	if (!str_skip(&text, "== [") || !str_split(text, "] ", &text, NULL))
		return false;
	keep(&s->lint.heading, text);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (lint_line(&s->lint, f, line, forms, sizeof(forms) / sizeof(forms[0])) ||
	    ansible_rule(s, line, f) || typos_line(s, line, f) || ansible_line(s, line, f) ||
	    sqlfluff_heading(s, line->text) || lint_heading(&s->lint, line, headings))
		return AWAKE;
	return lint_other(&s->lint, f, line) == AWAKE || s->began == line->number ||
	       line->number < s->listen_until ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ".yml\n", ".yml:", ".yaml\n", ".yaml:", ".yamllint\n",
	".yamllint:", ".md\n", ".md:", ".md > ", ".mdx\n", ".mdx:", ".markdown\n", ".markdown:",
	".rst\n", ".rst:", ".adoc\n", " MD0", " DL3", " DL4", "Dockerfile:", ".env:",
	".env.", ".proto:", "is a misspelling of", " ==> ", "` -> `", "` should be `",
	"violation(s) that are fatal", "== [", " remark-lint", NULL };

static const char *const shop[] = { "a.yml", "play.yml", "a.md", "notes/b.md", "cart.proto",
	".env", "Dockerfile", "a.sql", ".github/workflows/ci.yml", NULL };

static const struct reading examples[] = {
	{
		.name = "yamllint",
		.files = shop,
		.log = "a.yml\n"
		       "  1:1       warning  missing document start \"---\"  (document-start)\n"
		       "  1:11      error    trailing spaces  (trailing-spaces)\n"
		       "  5:1       error    duplication of key \"key\" in mapping  (key-duplicates)\n\n",
		.expect = { .kind = KIND_LINT, .tool = "yamllint", .type = "trailing-spaces",
			    .file = "a.yml", .line = 1, .message = "trailing spaces",
			    .error_line = 3 },
	},
	{
		.name = "yamllint, parsable",
		.files = shop,
		.log = "a.yml:1:1: [warning] missing document start \"---\" (document-start)\n"
		       "a.yml:4:4: [error] too many spaces after hyphen (hyphens)\n",
		.expect = { .kind = KIND_LINT, .tool = "yamllint", .type = "hyphens", .file = "a.yml",
			    .line = 4, .message = "too many spaces after hyphen", .error_line = 2 },
	},
	{
		.name = "yamllint, only warnings",
		.log = "a.yml\n  1:1       warning  missing document start \"---\"  (document-start)\n\n",
		.nothing = true,
	},
	{
		.name = "ansible-lint",
		.files = shop,
		.log = "WARNING  Listing 2 violation(s) that are fatal\n"
		       "name[play]: All plays should be named.\nplay.yml:1\n\n"
		       "command-instead-of-shell: Use shell only when shell functionality is required.\n"
		       "play.yml:3 Task/Handler: shell echo hi\n\n",
		.expect = { .kind = KIND_LINT, .tool = "ansible-lint", .type = "name[play]",
			    .file = "play.yml", .line = 1, .message = "All plays should be named.",
			    .error_line = 2 },
	},
	{
		.name = "ansible-lint -p",
		.files = shop,
		.log = "WARNING  Listing 2 violation(s) that are fatal\n"
		       "play.yml:3: command-instead-of-shell: Use shell only when shell functionality "
		       "is required.\n"
		       "play.yml:4: name[casing]: All names should start with an uppercase letter.\n",
		.expect = { .kind = KIND_LINT, .tool = "ansible-lint", .file = "play.yml", .line = 3,
			    .type = "command-instead-of-shell", .error_line = 2 },
	},
	{
		.name = "ansible-lint, an old one",
		.files = shop,
		.log = "play.yml:3: [E301] Commands should not change things if nothing needs doing\n",
		.expect = { .kind = KIND_LINT, .tool = "ansible-lint", .type = "E301",
			    .file = "play.yml", .line = 3, .error_line = 1 },
	},
	{
		.name = "actionlint",
		.files = shop,
		.log = ".github/workflows/ci.yml:9:15: property \"osx\" is not defined in object type "
		       "{os: string} [expression]\n  |\n9 |     runs-on: ${{ matrix.osx }}\n",
		.expect = { .kind = KIND_LINT, .tool = "actionlint", .type = "expression", .line = 9,
			    .file = ".github/workflows/ci.yml", .error_line = 1 },
	},
	{
		.name = "markdownlint",
		.files = shop,
		.log = "a.md:1:1 error MD018/no-missing-space-atx No space after hash on atx style "
		       "heading [Context: \"#Title\"]\n"
		       "a.md:5 error MD012/no-multiple-blanks Multiple consecutive blank lines "
		       "[Expected: 1; Actual: 2]\n",
		.expect = { .kind = KIND_LINT, .tool = "markdownlint", .file = "a.md", .line = 1,
			    .type = "MD018/no-missing-space-atx", .error_line = 1 },
	},
	{
		.name = "markdownlint, an old one",
		.files = shop,
		.log = "a.md:5 MD012/no-multiple-blanks Multiple consecutive blank lines "
		       "[Expected: 1; Actual: 2]\n",
		.expect = { .kind = KIND_LINT, .tool = "markdownlint", .file = "a.md", .line = 5,
			    .type = "MD012/no-multiple-blanks", .error_line = 1 },
	},
	{
		.name = "remark, only warnings",
		.log = "a.md > out.md: written\n2:4 warning Unexpected `2` spaces between list item "
		       "marker and content list-item-indent remark-lint\n\n\xe2\x9a\xa0 1 warning\n",
		.nothing = true,
	},
	{
		.name = "textlint",
		.files = shop,
		.log = "\n/home/runner/work/shop/shop/notes/b.md\n"
		       "  3:1  error  Incorrect usage of the term: \"github\"  terminology\n\n"
		       "\xe2\x9c\x96 1 problem (1 error, 0 warnings)\n",
		.expect = { .kind = KIND_LINT, .type = "terminology", .file = "notes/b.md", .line = 3,
			    .message = "Incorrect usage of the term: \"github\"", .error_line = 3 },
	},
	{
		.name = "hadolint",
		.files = shop,
		.log = "Dockerfile:3 DL3008 warning: Pin versions in apt get install.\n"
		       "Dockerfile:7 DL3020 error: Use COPY instead of ADD for files and folders\n",
		.expect = { .kind = KIND_LINT, .tool = "hadolint", .type = "DL3020",
			    .file = "Dockerfile", .line = 7, .error_line = 2 },
	},
	{
		.name = "dotenv-linter",
		.files = shop,
		.log = "Checking .env\n.env:2 DuplicatedKey: The FOO key is duplicated\n\n"
		       "Found 1 problem\n",
		.expect = { .kind = KIND_LINT, .tool = "dotenv-linter", .type = "DuplicatedKey",
			    .file = ".env", .line = 2, .error_line = 2 },
	},
	{
		.name = "buf",
		.files = shop,
		.log = "cart.proto:3:1:Package name \"cart\" should be suffixed with a correctly formed "
		       "version, such as \"cart.v1\".\n",
		.expect = { .kind = KIND_LINT, .tool = "buf", .file = "cart.proto", .line = 3,
			    .error_line = 1 },
	},
	{
		.name = "codespell",
		.files = shop,
		.log = "a.md:3: teh ==> the\n",
		.expect = { .kind = KIND_LINT, .tool = "codespell", .file = "a.md", .line = 3,
			    .message = "teh ==> the", .error_line = 1 },
	},
	{
		.name = "misspell",
		.files = shop,
		.log = "a.md:6:15: \"recieve\" is a misspelling of \"receive\"\n",
		.expect = { .kind = KIND_LINT, .tool = "misspell", .file = "a.md", .line = 6,
			    .error_line = 1 },
	},
	{
		.name = "typos",
		.files = shop,
		.log = "error: `teh` should be `the`\n  --> a.md:3:8\n  |\n3 | *  teh two\n  |    ^^^\n  |\n",
		.expect = { .kind = KIND_LINT, .tool = "typos", .file = "a.md", .line = 3,
			    .message = "`teh` should be `the`", .error_line = 1 },
	},
	{
		.name = "sqlfluff",
		.files = shop,
		.log = "== [a.sql] FAIL\nL:   1 | P:  12 | L010 | Keywords must be consistently upper "
		       "case.\nAll Finished!\n",
		.expect = { .kind = KIND_LINT, .tool = "sqlfluff", .type = "L010", .file = "a.sql",
			    .line = 1, .error_line = 2 },
	},
	{0}
};

const struct reader reader_lint_text = {
	.name = "lint_text",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
