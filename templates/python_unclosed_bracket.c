/*
 * SyntaxError: a bracket was never closed. The history says where it was closed, in a line that is
 * else the same. Without it the bracket is only put at the end of a line on which it could stand
 * nowhere else.
 */
#include "templates/lib_python_line.h"

/* Is `old` the line with just one `bracket` more? Where it stands. */
static bool has_one_more(struct str old, struct str line, char bracket, size_t *at)
{
	size_t same = 0;

	if (old.size != line.size + 1)
		return false;
	while (same < line.size && old.at[same] == line.at[same])
		same++;
	if (old.at[same] != bracket || !str_equal(str_from(old, same + 1), str_from(line, same)))
		return false;
	*at = same;
	return true;
}

static bool from_history(struct scene *scene, const struct broken *broken, char bracket, size_t *at)
{
	struct str old, line;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, broken->path, &old))
		return false;
	while (str_next_line(&old, &line))
		if (has_one_more(line, broken->line, bracket, at))
			return true;
	return false;
}

/* Nothing behind the bracket that could stand outside of it: names, literals, commas, dots. */
static bool only_at_the_end(struct str line, size_t end, char open)
{
	ptrdiff_t at = str_char(line, open);
	char quote = 0;

	if (at <= 0 || str_char(str_from(line, (size_t)at + 1), open) >= 0)
		return false;
	if (open == '(' ? !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
				  line.at[at - 1]) :
	    !str_ends(str_trim_right(str_slice(line, 0, (size_t)at)), "="))
		return false;
	for (size_t i = (size_t)at + 1; i < end; i++) {
		char c = line.at[i];

		if (quote && c == '\\')
			i++;
		else if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (strchr("+-*/%<>!&|^@[]{}():;", c))
			return false;
	}
	return !quote && line.at[end - 1] != ',' && line.at[end - 1] != '.' &&
	       !str_has(str_slice(line, (size_t)at, end), " if ") &&
	       !str_has(str_slice(line, (size_t)at, end), " for ");
}

static void fix(struct scene *scene)
{
	static const char opens[] = "([{", closes[] = ")]}";
	struct str message = str_of(scene->failure->message);
	const char *open = message.size > 1 ? strchr(opens, message.at[1]) : NULL;
	struct broken broken;
	enum oracle oracle = ORACLE_HISTORY;
	size_t at = 0, end;
	char bracket;

	if (!open || !line_broken(scene, &broken))
		return;
	bracket = closes[open - opens];
	end = line_code_end(broken.line);
	if (!from_history(scene, &broken, bracket, &at)) {
		if (!end || !only_at_the_end(broken.line, end, *open))
			return template_decline(scene, "the bracket could be closed in several places");
		at = end;
		oracle = ORACLE_TOOL;
	}
	line_propose(scene, &broken, line_replace(scene, &broken, at, at, (struct str){ &bracket, 1 }),
		     oracle, oracle == ORACLE_HISTORY ? "the bracket was closed there before" :
		     "the bracket can only be closed at the end of the line");
}

static const char *const types[] = { "SyntaxError", NULL };

static const struct example examples[] = {
	{
		.name = "as it was",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    return round(sum(values / len(values), 2)\n"
			"                ^\n"
			"SyntaxError: '(' was never closed\n",
		.file = {
			{ "main.py",
			"def mean(values):\n"
			"    return round(sum(values / len(values), 2)\n"
			"\n"
			"\n"
			"print(mean([1, 2]))\n", 
			"def mean(values):\n"
			"    return round(sum(values) / len(values), 2)\n"
			"\n"
			"\n"
			"print(mean([1, 2]))\n", .was =
			"def mean(values):\n"
			"    return round(sum(values) / len(values), 2)\n"
			"\n"
			"\n"
			"print(mean([1]))\n" },
		},
	},
	{
		.name = "nowhere but at the end",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    print(\"Hello\", name, end=\"!\"  # greets\n"
			"         ^\n"
			"SyntaxError: '(' was never closed\n",
		.file = {
			{ "main.py",
			"def show(name):\n"
			"    print(\"Hello\", name, end=\"!\"  # greets\n"
			"\n"
			"\n"
			"show(\"Ada\")\n", 
			"def show(name):\n"
			"    print(\"Hello\", name, end=\"!\")  # greets\n"
			"\n"
			"\n"
			"show(\"Ada\")\n" },
		},
	},
	{
		.name = "in several places",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    return int(value * 2\n"
			"              ^\n"
			"SyntaxError: '(' was never closed\n",
		.file = {
			{ "main.py",
			"def double(value):\n"
			"    return int(value * 2\n"
			"\n"
			"\n"
			"print(double(3))\n", NULL },
		},
		.declines = "several places",
	},
	{
		.name = "a list",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 1\n"
			"    names = [\"ada\", \"bob\"\n"
			"            ^\n"
			"SyntaxError: '[' was never closed\n",
		.file = {
			{ "main.py",
			"names = [\"ada\", \"bob\"\n"
			"print(names)\n", 
			"names = [\"ada\", \"bob\"]\n"
			"print(names)\n" },
		},
	},
	{0}
};

const struct template template_python_unclosed_bracket = {
	.name = "python_unclosed_bracket",
	.summary = "SyntaxError: a bracket was never closed -> closed as it was, or at the end of its line",
	.language = "python",
	.class = "syntax",
	.oracles = "history, tool",
	.keeps_off = "lines on which it could be closed in several places, tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'[\\[({]' was never closed",
	.fix = fix,
	.examples = examples,
};
