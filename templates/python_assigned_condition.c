/*
 * SyntaxError: a condition with one "=". It is a comparison where what stands on the right is a
 * constant, or what stands on the left can only be compared (a part or an attribute of something). A
 * name that gets the result of a call may be meant to keep it.
 */
#include "templates/lib_python_line.h"

/* The only "=" of the line outside of brackets and texts; false when there is none or several. */
static bool only_equals(struct str line, size_t end, size_t *at)
{
	unsigned depth = 0, count = 0;
	char quote = 0;

	for (size_t i = 0; i < end; i++) {
		char c = line.at[i], before = i ? line.at[i - 1] : ' ';

		if (quote) {
			i += c == '\\';
			quote = c == quote ? 0 : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (strchr("([{", c)) {
			depth++;
		} else if (strchr(")]}", c)) {
			depth -= depth > 0;
		} else if (c == '=' && !depth && i + 1 < end && line.at[i + 1] == '=') {
			i++;
		} else if (c == '=' && !depth && !strchr("!<>:+-*/%&|^=", before)) {
			*at = i;
			count++;
		}
	}
	return count == 1;
}

static bool is_constant(struct str right)
{
	return right.size && (strchr("0123456789\"'-[{", right.at[0]) || str_starts(right, "None") ||
			      str_starts(right, "True") || str_starts(right, "False"));
}

static void fix(struct scene *scene)
{
	struct broken broken;
	struct str left, right;
	size_t at, end;
	ptrdiff_t blank;

	if (!line_broken(scene, &broken))
		return;
	end = line_code_end(broken.line);
	if (!only_equals(broken.line, end, &at) || broken.line.at[end - 1] != ':')
		return template_decline(scene, "the line is no condition with one \"=\"");
	left = str_trim(str_slice(broken.line, 0, at));
	if (!str_starts(left, "if ") && !str_starts(left, "elif ") && !str_starts(left, "while "))
		return template_decline(scene, "the line is no condition with one \"=\"");
	blank = str_char_last(left, ' ');
	left = str_from(left, (size_t)blank + 1);
	right = str_trim(str_slice(broken.line, at + 1, end - at - 2));
	if (!is_constant(right) && (str_is_word(left) || str_char(left, '(') >= 0))
		return template_decline(scene, "the name may be meant to keep the value");
	line_propose(scene, &broken, line_replace(scene, &broken, at, at + 1, STR("==")), ORACLE_TOOL,
		     "a condition compares with \"==\"");
}

static const char *const types[] = { "SyntaxError", NULL };

static const struct example examples[] = {
	{
		.name = "a constant",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    if kind = \"a\":  # the first\n"
			"       ^^^^^^^^^^\n"
			"SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
			"\n",
		.file = {
			{ "main.py",
			"kind = \"a\"\n"
			"if kind = \"a\":  # the first\n"
			"    print(kind)\n", 
			"kind = \"a\"\n"
			"if kind == \"a\":  # the first\n"
			"    print(kind)\n" },
		},
	},
	{
		.name = "an attribute, before Python 3.10",
		.log =
			"  File \"main.py\", line 4\n"
			"    while sys.argv[0] = first:\n"
			"                      ^\n"
			"SyntaxError: invalid syntax\n",
		.file = {
			{ "main.py",
			"import sys\n"
			"\n"
			"first = None\n"
			"while sys.argv[0] = first:\n"
			"    break\n", 
			"import sys\n"
			"\n"
			"first = None\n"
			"while sys.argv[0] == first:\n"
			"    break\n" },
		},
	},
	{
		.name = "a name that may keep the value",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 3\n"
			"    if line = sys.stdin.readline():\n"
			"       ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
			"\n",
		.file = {
			{ "main.py",
			"import sys\n"
			"\n"
			"if line = sys.stdin.readline():\n"
			"    print(line)\n", NULL },
		},
		.declines = "may be meant to keep",
	},
	{0}
};

const struct template template_python_assigned_condition = {
	.name = "python_assigned_condition",
	.summary = "SyntaxError: a condition with one \"=\" -> \"==\"",
	.language = "python",
	.class = "syntax",
	.oracles = "tool (the interpreter names the repair)",
	.keeps_off = "names that may be meant to keep the value, tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^invalid syntax|^cannot assign to .* here",
	.fix = fix,
	.examples = examples,
};
