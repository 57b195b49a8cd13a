/*
 * SyntaxError: an f-string has its own quotes inside of its braces, which Python before 3.12 does not
 * read. The inner ones become the other kind, when the text between them has neither.
 */
#include "templates/lib_python_line.h"

struct scanner {
	struct str text;
	struct text out;
	unsigned changed;
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The end of a plain string that starts at the quote `at`; of a line when it is not closed. */
static size_t string_end(struct str text, size_t at)
{
	char quote = text.at[at];
	const char triple[] = { quote, quote, quote, 0 };
	size_t i = at + 1;

	if (str_starts(str_from(text, at), triple)) {
		for (i = at + 3; i < text.size && !str_starts(str_from(text, i), triple); i++)
			i += text.at[i] == '\\';
		return i + 3 < text.size ? i + 3 : text.size;
	}
	for (; i < text.size && text.at[i] != quote && text.at[i] != '\n'; i++)
		i += text.at[i] == '\\';
	return i < text.size ? i + 1 : text.size;
}

/* A string inside of the braces: its end, or 0 when it cannot be said again with other quotes. */
static size_t inner(struct scanner *scan, struct text *out, size_t at, char quote)
{
	char its = scan->text.at[at], other = quote == '"' ? '\'' : '"';
	size_t end = at + 1;

	while (end < scan->text.size && scan->text.at[end] != its && scan->text.at[end] != '\n')
		if (strchr("\\{}\"'", scan->text.at[end++]))
			return 0;
	if (end >= scan->text.size || scan->text.at[end] != its)
		return 0;
	text_addc(out, other);
	text_add(out, str_slice(scan->text, at + 1, end - at - 1));
	text_addc(out, other);
	scan->changed += its == quote;
	return end + 1;
}

/* An f-string that starts at the quote `at`: its end as Python 3.12 reads it, or 0. */
static size_t fstring(struct scanner *scan, size_t at)
{
	struct text out = TEXT(scan->out.arena);
	char quote = scan->text.at[at];
	unsigned depth = 0, changed = scan->changed;
	size_t i = at;

	text_addc(&out, scan->text.at[i++]);
	while (i < scan->text.size && scan->text.at[i] != '\n') {
		char c = scan->text.at[i];

		if (!depth && c == quote) {
			text_addc(&out, c);
			text_add(&scan->out, text_str(&out));
			return i + 1;
		}
		if (depth && (c == '"' || c == '\'')) {
			i = inner(scan, &out, i, quote);
			if (!i)
				break;
			continue;
		}
		if (!depth && (c == '\\' || (c == '{' && str_starts(str_from(scan->text, i), "{{")))) {
			text_add(&out, str_slice(scan->text, i, 2));
			i += 2;
			continue;
		}
		if (c == '{' || (depth && (c == '[' || c == '(')))
			depth++;
		else if (depth && (c == '}' || c == ']' || c == ')'))
			depth--;
		text_addc(&out, c);
		i++;
	}
	scan->changed = changed;
	return 0;
}

/* Is the quote the start of an f-string: a prefix with f and no name before it? */
static bool is_fstring(struct str text, size_t at)
{
	size_t start = at;
	bool has_f = false;

	while (start && is_name_char(text.at[start - 1]))
		has_f = (text.at[--start] | 32) == 'f' || has_f;
	return has_f && at - start <= 2 && !str_starts(str_from(text, at), "\"\"\"") &&
	       !str_starts(str_from(text, at), "'''");
}

static void scan_all(struct scanner *scan)
{
	for (size_t i = 0, end; i < scan->text.size; i = end) {
		char c = scan->text.at[i];

		end = i + 1;
		if (c == '#')
			while (end < scan->text.size && scan->text.at[end] != '\n')
				end++;
		if (c == '"' || c == '\'') {
			end = is_fstring(scan->text, i) ? fstring(scan, i) : 0;
			if (end)
				continue;
			end = string_end(scan->text, i);
		}
		text_add(&scan->out, str_slice(scan->text, i, end - i));
	}
}

static void fix(struct scene *scene)
{
	struct scanner scan = { .out = TEXT(scene->arena) };
	struct broken broken;

	if (!line_broken(scene, &broken))
		return;
	scan.text = broken.text;
	scan_all(&scan);
	if (!scan.changed)
		return template_decline(scene, "no f-string has its own quotes inside");
	line_propose(scene, &broken, text_str(&scan.out), ORACLE_TOOL,
		     "before Python 3.12 an f-string cannot have its own quotes inside");
}

static const char *const types[] = { "SyntaxError", NULL };

static const struct example examples[] = {
	{
		.name = "two keys in one text",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    print(f\"{player[\"name\"]} ({player[\"points\"]:>3}): {'x'} it's \\\""
			" {{}}\")  # f\"{x[\"a\"]}\"\n"
			"                     ^^^^\n"
			"SyntaxError: f-string: unmatched '['\n",
		.file = {
			{ "main.py",
			"player = {\"name\": \"Ada\", \"points\": 7}\n"
			"print(f\"{player[\"name\"]} ({player[\"points\"]:>3}): {'x'} it's \\\" {{}"
			"}\")  # f\"{x[\"a\"]}\"\n", 
			"player = {\"name\": \"Ada\", \"points\": 7}\n"
			"print(f\"{player['name']} ({player['points']:>3}): {'x'} it's \\\" {{}}\")"
			"  # f\"{x[\"a\"]}\"\n" },
		},
	},
	{
		.name = "single ones outside",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    print(f'{\", \".join(row)}: {row['a']}')\n"
			"                                    ^\n"
			"SyntaxError: f-string: unmatched '['\n",
		.file = {
			{ "main.py",
			"row = {\"a\": 1}\n"
			"print(f'{\", \".join(row)}: {row['a']}')\n", 
			"row = {\"a\": 1}\n"
			"print(f'{\", \".join(row)}: {row[\"a\"]}')\n" },
		},
	},
	{
		.name = "a brace that is missing",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    print(f\"{row['a'] of 3\")\n"
			"                           ^\n"
			"SyntaxError: f-string: expecting '}'\n",
		.file = {
			{ "main.py",
			"row = {\"a\": 1}\n"
			"print(f\"{row['a'] of 3\")\n", NULL },
		},
		.declines = "no f-string",
	},
	{0}
};

const struct template template_python_fstring_quotes = {
	.name = "python_fstring_quotes",
	.summary = "SyntaxError: the same quotes inside and outside of an f-string -> the other ones inside",
	.language = "python",
	.class = "syntax",
	.oracles = "tool (the grammar)",
	.keeps_off = "inner texts with quotes, braces or backslashes, tests",
	.danger = DANGER_0,
	.types = types,
	.pattern = "^f-string: |^invalid syntax",
	.fix = fix,
	.examples = examples,
};
