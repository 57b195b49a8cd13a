/*
 * SyntaxError: "except A, b" of Python 2. A name that the handler uses is bound by `as`; two classes
 * of exceptions are put in parentheses.
 */
#include "templates/lib_python_line.h"

/* "except ValueError, e:" -> the places of the comma and of what stands behind it. */
static bool parts(struct str line, size_t *comma, struct str *first, struct str *second)
{
	size_t end = line_code_end(line), indent = str_indent(line);
	struct str code = str_slice(line, 0, end), rest = str_from(code, indent);
	ptrdiff_t at;

	if (!str_skip(&rest, "except ") || !str_chop(&rest, ":"))
		return false;
	at = str_char_last(rest, ',');
	if (at <= 0)
		return false;
	*first = str_trim(str_slice(rest, 0, (size_t)at));
	*second = str_trim(str_from(rest, (size_t)at + 1));
	*comma = (size_t)(rest.at - line.at) + (size_t)at;
	return str_is_word(*second);
}

static bool is_class_name(struct str name)
{
	return name.size && name.at[0] >= 'A' && name.at[0] <= 'Z';
}

static void fix(struct scene *scene)
{
	struct broken broken;
	struct str first, second, piece;
	size_t comma, from, to;

	if (!line_broken(scene, &broken))
		return;
	if (!parts(broken.line, &comma, &first, &second))
		return template_decline(scene, "the line is no \"except A, b:\"");
	from = (size_t)(first.at - broken.line.at);
	to = (size_t)(second.at - broken.line.at) + second.size;
	if (is_class_name(second) && str_char(first, ')') < 0)
		piece = str_of(arena_printf(scene->arena, "(%.*s, %.*s)", STR_ARG(first),
					    STR_ARG(second)));
	else if (!is_class_name(second) && (str_starts(first, "(") || str_char(first, ',') < 0))
		piece = str_of(arena_printf(scene->arena, "%.*s as %.*s", STR_ARG(first),
					    STR_ARG(second)));
	else
		return template_decline(scene, "whether %.*s is a name or a class is not clear",
					STR_ARG(second));
	line_propose(scene, &broken, line_replace(scene, &broken, from, to, piece), ORACLE_TOOL,
		     "an exception is bound by `as` since Python 3, and several are a tuple");
}

static const char *const types[] = { "SyntaxError", NULL };

static const struct example examples[] = {
	{
		.name = "the name of the exception",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 3\n"
			"    except ValueError, why:  # not a number\n"
			"           ^^^^^^^^^^^^^^^\n"
			"SyntaxError: multiple exception types must be parenthesized\n",
		.file = {
			{ "main.py",
			"try:\n"
			"    int(\"x\")\n"
			"except ValueError, why:  # not a number\n"
			"    print(why)\n", 
			"try:\n"
			"    int(\"x\")\n"
			"except ValueError as why:  # not a number\n"
			"    print(why)\n" },
		},
	},
	{
		.name = "two classes",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 3\n"
			"    except ValueError, TypeError:\n"
			"           ^^^^^^^^^^^^^^^^^^^^^\n"
			"SyntaxError: multiple exception types must be parenthesized\n",
		.file = {
			{ "main.py",
			"try:\n"
			"    int(\"x\")\n"
			"except ValueError, TypeError:\n"
			"    print(\"no\")\n", 
			"try:\n"
			"    int(\"x\")\n"
			"except (ValueError, TypeError):\n"
			"    print(\"no\")\n" },
		},
	},
	{
		.name = "a tuple and a class",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 3\n"
			"    except (ValueError, KeyError), TypeError:\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"SyntaxError: multiple exception types must be parenthesized\n",
		.file = {
			{ "main.py",
			"try:\n"
			"    int(\"x\")\n"
			"except (ValueError, KeyError), TypeError:\n"
			"    print(\"no\")\n", NULL },
		},
		.declines = "not clear",
	},
	{0}
};

const struct template template_python_except_comma = {
	.name = "python_except_comma",
	.summary = "SyntaxError: except A, b -> except A as b, or except (A, B)",
	.language = "python",
	.class = "syntax",
	.oracles = "tool (the grammar)",
	.keeps_off = "other forms, tests",
	.danger = DANGER_0,
	.types = types,
	.pattern = "^multiple exception types must be parenthesized|^invalid syntax$",
	.fix = fix,
	.examples = examples,
};
