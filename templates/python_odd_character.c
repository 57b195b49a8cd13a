/*
 * SyntaxError: a character from a word processor or a web page stands in code. Blanks that look like
 * blanks become blanks, invisible ones go, curly quotes become straight ones where the line has no
 * straight ones. Texts inside of quotes are not touched.
 */
#include "templates/lib_python_line.h"

static const struct odd {
	const char *bytes, *plain;
} odds[] = {
	{ "\xc2\xa0", " " }, { "\xe2\x80\xaf", " " }, { "\xe3\x80\x80", " " }, { "\xe2\x80\x87", " " },
	{ "\xe2\x80\x8b", "" }, { "\xe2\x80\x8c", "" }, { "\xe2\x80\x8d", "" }, { "\xef\xbb\xbf", "" },
	{ "\xe2\x81\xa0", "" }, { "\xe2\x80\x8e", "" }, { "\xe2\x80\x8f", "" },
	{ "\xe2\x80\x9c", "\"" }, { "\xe2\x80\x9d", "\"" }, { "\xe2\x80\x98", "'" },
	{ "\xe2\x80\x99", "'" },
};

static const struct odd *odd_at(struct str line, size_t at)
{
	for (size_t i = 0; i < sizeof(odds) / sizeof(odds[0]); i++)
		if (str_starts(str_from(line, at), odds[i].bytes))
			return &odds[i];
	return NULL;
}

/* The line as it should be; empty when a curly quote stands beside straight ones. */
static struct str plain(struct scene *scene, struct str line)
{
	struct text out = TEXT(scene->arena);
	bool straight = str_char(line, '"') >= 0 || str_char(line, '\'') >= 0;
	char quote = 0;

	for (size_t i = 0; i < line.size;) {
		const struct odd *odd = odd_at(line, i);
		char c = line.at[i];

		if (odd && !quote) {
			if (odd->plain[0] == '"' || odd->plain[0] == '\'') {
				if (straight)
					return STR_NONE;
			}
			text_adds(&out, odd->plain);
			i += strlen(odd->bytes);
			continue;
		}
		if (quote && c == '\\' && i + 1 < line.size)
			text_addc(&out, line.at[i++]);
		else if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? 0 : c;
		text_addc(&out, line.at[i++]);
	}
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	struct broken broken;
	struct str line;

	if (!line_broken(scene, &broken))
		return;
	line = plain(scene, broken.line);
	if (!line.size || str_equal(line, broken.line))
		return template_decline(scene, "what the line should be is not clear");
	line_propose(scene, &broken, line_replace(scene, &broken, 0, broken.line.size, line), ORACLE_TOOL,
		     "the character only looks like one of Python's");
}

static const char *const types[] = { "SyntaxError", NULL };

static const struct example examples[] = {
	{
		.name = "curly quotes",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 1\n"
			"    name = “Ada”\n"
			"           ^\n"
			"SyntaxError: invalid character '“' (U+201C)\n",
		.file = {
			{ "main.py",
			"name = “Ada”\n"
			"print(name)\n", 
			"name = \"Ada\"\n"
			"print(name)\n" },
		},
	},
	{
		.name = "a blank that does not break",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 1\n"
			"    total = 3 + 4\n"
			"           ^\n"
			"SyntaxError: invalid non-printable character U+00A0\n",
		.file = {
			{ "main.py",
			"total = 3 + 4\n"
			"print(total, \"a b\")\n", 
			"total = 3 + 4\n"
			"print(total, \"a b\")\n" },
		},
	},
	{
		.name = "beside straight quotes",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 1\n"
			"    print(\"a\", “b\")\n"
			"               ^\n"
			"SyntaxError: invalid character '“' (U+201C)\n",
		.file = {
			{ "main.py",
			"print(\"a\", “b\")\n", NULL },
		},
		.declines = "not clear",
	},
	{0}
};

const struct template template_python_odd_character = {
	.name = "python_odd_character",
	.summary = "SyntaxError: a curly quote or an odd blank in code -> the plain one",
	.language = "python",
	.class = "syntax",
	.oracles = "tool (the grammar)",
	.keeps_off = "curly quotes beside straight ones, other characters, tests",
	.danger = DANGER_0,
	.types = types,
	.pattern = "^invalid (?:non-printable )?character",
	.fix = fix,
	.examples = examples,
};
