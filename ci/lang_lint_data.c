/*
 * What linters print as data: JSON on one line (eslint, stylelint, rubocop, ruff, mypy, pylint,
 * bandit, golangci-lint, semgrep, buf) and checkstyle's XML on any number of lines. JSON that is laid
 * out over many lines is not read: its first lines have no mark. A line cut for its length gives
 * what is whole.
 */
#include "ci/lint.h"

enum { DEPTH_MAX = 24, TEXT_BYTES = 480 };

static const struct lint_tool eslint = { .name = "eslint", .language = "node" };
static const struct lint_tool stylelint = { .name = "stylelint" };
static const struct lint_tool tslint = { .name = "tslint", .language = "node" };
static const struct lint_tool rubocop = { .name = "rubocop", .language = "ruby",
					  .fails_on = SEVERITY_WARNING };
static const struct lint_tool ruff = { .name = "ruff", .language = "python" };
static const struct lint_tool mypy = { .name = "mypy", .language = "python" };
static const struct lint_tool pylint = { .name = "pylint", .language = "python",
					 .fails_on = SEVERITY_NOTE };
static const struct lint_tool bandit = { .name = "bandit", .language = "python",
					 .fails_on = SEVERITY_NOTE };
static const struct lint_tool golangci = { .name = "golangci-lint", .language = "go" };
static const struct lint_tool semgrep = { .name = "semgrep" };
static const struct lint_tool buf = { .name = "buf" };
static const struct lint_tool checkstyle = { .name = "checkstyle" };

/* Keys that only one tool's objects have. */
static const struct {
	const char *key;
	const struct lint_tool *tool;
} marks[] = {
	{ "ruleId", &eslint }, { "invalidOptionWarnings", &stylelint }, { "cop_name", &rubocop },
	{ "noqa_row", &ruff }, { "hint", &mypy }, { "message-id", &pylint }, { "test_id", &bandit },
	{ "FromLinter", &golangci }, { "check_id", &semgrep }, { "start_line", &buf },
};

static const char files[] = "filePath filename Filename file path source";
static const char lines[] = "line Line row start_line line_number";
static const char columns[] = "column Column col start_column col_offset";
static const char messages[] = "message Text text issue_text";
static const char codes[] = "ruleId rule cop_name code FromLinter message-id test_id check_id type";
static const char severities[] = "severity Severity level issue_severity";
static const char others[] = "end end_location endLocation fix fixes edits suggestions "
			     "suppressedMessages SuggestedFixes Replacement relatedInformation";

struct level {
	struct str key, file, message, code;	/* views into the line, escapes as they stand there */
	unsigned long line, column;
	enum severity severity;
	const struct lint_tool *tool;
	bool other;			/* about something else than the finding */
};

struct walk {
	struct str rest, key;
	struct level levels[DEPTH_MAX];
	size_t depth;
};

struct state {
	struct lint lint;
	struct kept file;		/* of checkstyle's element */
	bool inside;
};

static bool is_one_of(struct str word, const char *list)
{
	struct str rest = str_of(list), one;

	while (word.size && str_next(&rest, ' ', &one))
		if (str_equal(one, word))
			return true;
	return false;
}

/* Without the backslashes; whatever is no plain character becomes a blank. */
static struct str plain_json(struct str s, char room[TEXT_BYTES])
{
	size_t size = 0;

	for (size_t i = 0; i < s.size && size < TEXT_BYTES; i++) {
		char c = s.at[i];

		if (c == '\\') {
			if (++i >= s.size)
				break;
			c = s.at[i];
			i += c == 'u' ? 4 : 0;
			if (c != '"' && c != '\\' && c != '/')
				c = ' ';
		}
		room[size++] = c;
	}
	return (struct str){ room, size };
}

static void take_field(struct level *level, struct str key, struct str value, bool text)
{
	unsigned long number = 0;

	if (is_one_of(key, files) && text && !level->file.size && value.size < 300)
		level->file = value;
	else if (is_one_of(key, messages) && text && !level->message.size)
		level->message = value;
	else if (is_one_of(key, codes) && text && !level->code.size)
		level->code = value;
	else if (is_one_of(key, lines) && str_number(value, &number) && !level->line)
		level->line = number;
	else if (is_one_of(key, columns) && str_number(value, &number) && !level->column)
		level->column = number;
	else if (is_one_of(key, severities) && (text || value.size == 1))
		(void)(lint_severity(value, &level->severity) ||
		       (str_is(value, "1") && (level->severity = SEVERITY_WARNING)));
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_is(key, marks[i].key))
			level->tool = marks[i].tool;
}

/* The innermost file and tool that were told around the object. */
static void emit(struct state *s, struct findings *f, const struct line *line, struct walk *w)
{
	const struct level *own = &w->levels[w->depth];
	const struct lint_tool *tool = NULL;
	struct lint_finding finding = { .severity = own->severity };
	char file[TEXT_BYTES], message[TEXT_BYTES];

	for (size_t i = w->depth; i > 0; i--) {
		const struct level *level = &w->levels[i];

		tool = tool ? tool : level->tool;
		if (!finding.place.file.size && level->file.size)
			finding.place.file = plain_json(level->file, file);
	}
	if (!tool || !finding.place.file.size)
		return;
	finding.place.line = own->line;
	finding.place.column = own->column;
	finding.code = own->code;
	finding.message = plain_json(own->message, message);
	lint_found(&s->lint, f, line, tool, &finding);
}

static void close_level(struct state *s, struct findings *f, const struct line *line, struct walk *w)
{
	struct level *own = &w->levels[w->depth], *outer = own - 1;

	if (!own->other && own->line && own->message.size) {
		emit(s, f, line, w);
	} else if (!own->other && w->depth > 1) {
		/* "location": {"row": 1}: told apart from what it belongs to */
		if (!outer->line && own->line) {
			outer->line = own->line;
			outer->column = own->column;
		}
		if (!outer->file.size && own->line)
			outer->file = own->file;
		if (str_is(own->key, "extra")) {
			outer->message = own->message;
			outer->severity = own->severity;
		}
	}
	w->depth--;
	w->key = STR_NONE;
}

static void take_string(struct walk *w)
{
	struct str text = str_from(w->rest, 1);
	size_t end = 0;

	while (end < text.size && text.at[end] != '"')
		end += text.at[end] == '\\' ? 2 : 1;
	if (end >= text.size) {			/* the line was cut here */
		w->rest = STR_NONE;
		return;
	}
	w->rest = str_trim(str_from(text, end + 1));
	text = str_slice(text, 0, end);
	if (str_skip(&w->rest, ":")) {
		w->key = text;
		return;
	}
	take_field(&w->levels[w->depth], w->key, text, true);
	w->key = STR_NONE;
}

static void take_bare(struct walk *w)
{
	size_t end = 0;

	while (end < w->rest.size && !strchr(",]} \t", w->rest.at[end]))
		end++;
	take_field(&w->levels[w->depth], w->key, str_slice(w->rest, 0, end), false);
	w->rest = str_from(w->rest, end ? end : 1);
	w->key = STR_NONE;
}

static void json_line(struct state *s, struct findings *f, const struct line *line)
{
	struct walk w = { .rest = str_trim(line->text) };

	while (w.rest.size) {
		char c = w.rest.at[0];

		if (c == '{' || c == '[') {
			if (w.depth + 1 >= DEPTH_MAX)
				return;
			w.depth++;
			w.levels[w.depth] = (struct level){
				.key = w.key, .other = w.levels[w.depth - 1].other ||
						       is_one_of(w.key, others) };
			w.key = STR_NONE;
			w.rest = str_from(w.rest, 1);
		} else if (c == '}' || c == ']') {
			if (!w.depth)
				return;
			close_level(s, f, line, &w);
			w.rest = str_from(w.rest, 1);
		} else if (c == '"') {
			take_string(&w);
		} else if (c == ',' || c == ' ' || c == '\t') {
			w.rest = str_from(w.rest, 1);
		} else if (w.depth) {
			take_bare(&w);
		} else {
			return;
		}
	}
}

static const struct {
	const char *name;
	char is;
} entities[] = {
	{ "&quot;", '"' }, { "&apos;", '\'' }, { "&#39;", '\'' }, { "&lt;", '<' }, { "&gt;", '>' },
	{ "&amp;", '&' }, { "&#10;", ' ' }, { "&#xA;", ' ' },
};

static struct str plain_xml(struct str s, char room[TEXT_BYTES])
{
	size_t size = 0;

	while (s.size && size < TEXT_BYTES) {
		size_t taken = 1;

		room[size] = s.at[0];
		for (size_t i = 0; s.at[0] == '&' && i < sizeof(entities) / sizeof(entities[0]); i++)
			if (str_starts(s, entities[i].name)) {
				room[size] = entities[i].is;
				taken = strlen(entities[i].name);
			}
		size++;
		s = str_from(s, taken);
	}
	return (struct str){ room, size };
}

/* The value of ` name="value"` in a tag. */
static struct str attribute(struct str tag, const char *name)
{
	struct str rest, value;

	return str_split(tag, name, NULL, &rest) && str_split(rest, "\"", &value, NULL) ? value :
											  STR_NONE;
}

static const struct lint_tool *source_tool(struct str source)
{
	return str_starts(source, "eslint.") ? &eslint :
	       str_starts(source, "failure.tslint.") ? &tslint :
	       str_starts(source, "stylelint.") ? &stylelint : &checkstyle;
}

static void error_tag(struct state *s, struct findings *f, const struct line *line, struct str tag)
{
	struct str source = attribute(tag, " source=\""), message = attribute(tag, " message=\"");
	struct lint_finding finding = { .place.file = kept_str(&s->file), .code = source };
	char room[TEXT_BYTES];

	if (!message.size)
		message = attribute(tag, " reason=\"");
	if (!s->file.size || !message.size ||
	    !str_number(attribute(tag, " line=\""), &finding.place.line))
		return;
	if (!str_number(attribute(tag, " column=\""), &finding.place.column))
		(void)str_number(attribute(tag, " char=\""), &finding.place.column);
	(void)lint_severity(attribute(tag, " severity=\""), &finding.severity);
	(void)str_split_last(source, ".", NULL, &finding.code);
	finding.message = plain_xml(message, room);
	lint_found(&s->lint, f, line, source_tool(source), &finding);
}

/* A tag's text from behind "<" up to the ">" that is in no quotes. */
static bool next_tag(struct str *rest, struct str *tag)
{
	ptrdiff_t start = str_char(*rest, '<');
	bool quoted = false;
	size_t end;

	if (start < 0)
		return false;
	*rest = str_from(*rest, (size_t)start + 1);
	for (end = 0; end < rest->size && (quoted || rest->at[end] != '>'); end++)
		quoted ^= rest->at[end] == '"';
	*tag = str_slice(*rest, 0, end);
	*rest = str_from(*rest, end);
	return true;
}

static bool xml_line(struct state *s, struct findings *f, const struct line *line)
{
	struct str rest = line->text, tag;
	char room[TEXT_BYTES];
	bool any = false;

	while (next_tag(&rest, &tag)) {
		if (str_starts(tag, "checkstyle") || str_starts(tag, "jslint")) {
			s->inside = any = true;
		} else if (str_starts(tag, "/checkstyle") || str_starts(tag, "/jslint")) {
			s->inside = false;
			s->file.size = 0;
		} else if (s->inside && str_starts(tag, "file ")) {
			keep(&s->file, plain_xml(attribute(tag, " name=\""), room));
			any = true;
		} else if (s->inside && (str_starts(tag, "error ") || str_starts(tag, "issue "))) {
			error_tag(s, f, line, tag);
			any = true;
		}
	}
	return any;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = str_trim(line->text);

	if (text.size && (text.at[0] == '[' || text.at[0] == '{'))
		json_line(s, f, line);
	else if (xml_line(s, f, line))
		return AWAKE;
	if (lint_other(&s->lint, f, line) == AWAKE)
		return AWAKE;
	s->inside = false;
	return ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { "\"ruleId\":", "\"invalidOptionWarnings\":", "\"cop_name\":",
	"\"noqa_row\":", "\"hint\":", "\"message-id\":", "\"test_id\":", "\"FromLinter\":",
	"\"check_id\":", "\"start_line\":", "<checkstyle", "<jslint>", NULL };

static const char *const shop[] = { "x.js", "y.ts", "a.rb", "a.py", "main.go", "cart.proto", NULL };

static const struct reading examples[] = {
	{
		.name = "eslint -f json",
		.files = shop,
		.log = "[{\"filePath\":\"/home/runner/work/shop/shop/x.js\",\"messages\":[{\"ruleId\":\"no-var\","
		       "\"severity\":1,\"message\":\"Unexpected var, use let or const instead.\",\"line\":1,"
		       "\"column\":1,\"nodeType\":\"VariableDeclaration\",\"endLine\":1,\"endColumn\":10},"
		       "{\"ruleId\":\"eqeqeq\",\"severity\":2,\"message\":\"Expected '===' and instead saw "
		       "'=='.\",\"line\":2,\"column\":7,\"nodeType\":\"BinaryExpression\",\"fix\":{\"range\":[9,9],"
		       "\"text\":\";\"}}],\"errorCount\":1,\"warningCount\":1,\"source\":\"var a = 1\\n\"}]\n",
		.expect = { .kind = KIND_LINT, .tool = "eslint", .type = "eqeqeq", .file = "x.js",
			    .line = 2, .message = "Expected '===' and instead saw '=='.",
			    .error_line = 1 },
	},
	{
		.name = "rubocop --format json",
		.files = shop,
		.log = "{\"metadata\":{\"rubocop_version\":\"1.39.0\"},\"files\":[{\"path\":\"a.rb\",\"offenses\":["
		       "{\"severity\":\"warning\",\"message\":\"Useless assignment to variable - `x`.\","
		       "\"cop_name\":\"Lint/UselessAssignment\",\"corrected\":false,\"correctable\":false,"
		       "\"location\":{\"start_line\":3,\"start_column\":5,\"last_line\":3,\"last_column\":5,"
		       "\"length\":1,\"line\":3,\"column\":5}}]}],\"summary\":{\"offense_count\":1}}\n",
		.expect = { .kind = KIND_LINT, .tool = "rubocop", .type = "Lint/UselessAssignment",
			    .file = "a.rb", .line = 3, .error_line = 1 },
	},
	{
		.name = "ruff check --output-format json-lines",
		.files = shop,
		.log = "{\"cell\":null,\"code\":\"F401\",\"end_location\":{\"column\":10,\"row\":1},\"filename\":"
		       "\"/home/runner/work/shop/shop/a.py\",\"fix\":{\"applicability\":\"safe\",\"edits\":["
		       "{\"content\":\"\",\"end_location\":{\"column\":1,\"row\":2},\"location\":{\"column\":1,"
		       "\"row\":1}}],\"message\":\"Remove unused import: `os`\"},\"location\":{\"column\":8,"
		       "\"row\":1},\"message\":\"`os` imported but unused\",\"noqa_row\":1,\"url\":null}\n",
		.expect = { .kind = KIND_LINT, .tool = "ruff", .type = "F401", .file = "a.py",
			    .line = 1, .message = "`os` imported but unused", .error_line = 1 },
	},
	{
		.name = "golangci-lint, JSON",
		.files = shop,
		.log = "{\"Issues\":[{\"FromLinter\":\"errcheck\",\"Text\":\"Error return value of `w.Write` is "
		       "not checked\",\"Severity\":\"\",\"SourceLines\":[\"\\tw.Write(e)\"],\"Replacement\":null,"
		       "\"Pos\":{\"Filename\":\"main.go\",\"Offset\":97,\"Line\":7,\"Column\":9}}]}\n",
		.expect = { .kind = KIND_LINT, .tool = "golangci-lint", .type = "errcheck",
			    .file = "main.go", .line = 7, .error_line = 1 },
	},
	{
		.name = "buf lint --error-format json",
		.files = shop,
		.log = "{\"path\":\"cart.proto\",\"start_line\":3,\"start_column\":1,\"end_line\":3,"
		       "\"end_column\":14,\"type\":\"PACKAGE_VERSION_SUFFIX\",\"message\":\"Package name \\\"cart\\\" "
		       "should be suffixed with a version\"}\n",
		.expect = { .kind = KIND_LINT, .tool = "buf", .type = "PACKAGE_VERSION_SUFFIX",
			    .file = "cart.proto", .line = 3, .error_line = 1,
			    .message = "Package name \"cart\" should be suffixed with a version" },
	},
	{
		.name = "checkstyle from eslint, on one line",
		.files = shop,
		.log = "<?xml version=\"1.0\" encoding=\"utf-8\"?><checkstyle version=\"4.3\"><file "
		       "name=\"/home/runner/work/shop/shop/x.js\"><error line=\"2\" column=\"7\" "
		       "severity=\"error\" message=\"Expected &apos;===&apos; and instead saw &apos;==&apos;. "
		       "(eqeqeq)\" source=\"eslint.rules.eqeqeq\" /></file></checkstyle>\n",
		.expect = { .kind = KIND_LINT, .tool = "eslint", .type = "eqeqeq", .file = "x.js",
			    .line = 2, .message = "Expected '===' and instead saw '=='. (eqeqeq)",
			    .error_line = 1 },
	},
	{
		.name = "checkstyle on many lines",
		.files = shop,
		.log = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<checkstyle version=\"4.3\">\n"
		       "<file name=\"y.ts\">\n<error line=\"3\" column=\"1\" severity=\"error\" "
		       "message=\"&#39;namespace&#39; and &#39;module&#39; are disallowed\" "
		       "source=\"failure.tslint.no-namespace\" />\n</file>\n</checkstyle>\n",
		.expect = { .kind = KIND_LINT, .tool = "tslint", .type = "no-namespace",
			    .file = "y.ts", .line = 3, .error_line = 4,
			    .message = "'namespace' and 'module' are disallowed" },
	},
	{
		.name = "a service's answer",
		.log = "{\"path\":\"/v1/cart\",\"line\":3,\"message\":\"not found\",\"code\":\"E404\"}\n"
		       "{\"hint\":\"try again\",\"message\":\"no such row\"}\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_lint_data = {
	.name = "lint_data",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
