/*
 * A line that should have ended with `;`: "expected `;`", or the errors that come when the next
 * line begins with `*`, `&`, `(`, `[` or `-` and so goes on with it. Only at the end of a line,
 * and only a semicolon.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

/* The end of the code on the line before this one, without a comment; 0 when it is no end. */
static size_t end_above(struct str text, unsigned line)
{
	size_t end = line_start(text, line), start;
	struct str above;

	while (end) {
		start = code_line_start(text, end - 1);
		above = str_slice(text, start, end - start);
		if (str_has(above, "//"))
			return 0;
		above = str_trim_right(above);
		if (str_trim(above).size)
			return start + above.size;
		end = start;
	}
	return 0;
}

static bool goes_on(struct str text, unsigned line)
{
	size_t at = line_start(text, line);
	struct str code = str_trim(str_slice(text, at, line_end(text, at) - at));

	return code.size > 1 && (strchr("(-[", code.at[0]) || (strchr("*&", code.at[0]) &&
								 code.at[1] != ' '));
}

/* Is the byte the end of a `let` or of a call that is left open? */
static bool is_open_end(struct str text, size_t at)
{
	struct str line = str_slice(text, code_line_start(text, at), at - code_line_start(text, at));

	line = str_trim(line);
	if (!line.size || strchr(";{}(,[=+-*/&|<>.:", line.at[line.size - 1]))
		return false;
	return str_starts(line, "let ") || str_ends(line, ")");
}

static void fix(struct scene *scene)
{
	const struct failure *failure = scene->failure;
	struct edits edits = { .arena = scene->arena };
	bool said = str_starts(str_of(failure->message), "expected `;`");
	struct str text;
	size_t at;
	CODE code;

	if (!code_open(scene, &code))
		return;
	text = code.syntax->text;
	at = line_start(text, failure->line);
	if (said) {
		at += failure->column ? failure->column - 1 : 0;
		if (at > text.size || str_trim(str_slice(text, at, line_end(text, at) - at)).size)
			return template_decline(scene, "the place is not the end of a line");
	} else {
		at = goes_on(text, failure->line) ? end_above(text, failure->line) : 0;
		if (!at || !is_open_end(text, at))
			return template_decline(scene, "the line above does not end like a statement");
	}
	edit_replace(&edits, at, at, STR(";"));
	if (!code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_1,
			  "Ends the line with a semicolon: without it the next line goes on with it."))
		template_decline(scene, "a semicolon there does not parse");
}

#define COUNT(semicolon) \
	"pub fn count(words: &mut Vec<usize>, word: &str) {\n    let key = word.len()" semicolon "\n" \
	"    *words.last_mut().unwrap() += key;\n}\n"

static const struct example examples[] = {
	{
		.name = "the next line begins with a star",
		.log =
		"error[E0067]: invalid left-hand side of assignment\n --> src/lib.rs:3:35\n  |\n"
		"2 |       let key = word.len()\n  |  _______________-\n"
		"3 | |     *words.last_mut().unwrap() += key;\n  | |                              - ^^\n"
		"  | |______________________________|\n  |                                cannot assign to this expression\n\n",
		.file = { { "src/lib.rs", COUNT(""), COUNT(";") } },
	},
	{
		.name = "rustc says where",
		.log =
		"error: expected `;`, found keyword `let`\n --> src/lib.rs:2:14\n  |\n2 |     let x = 1\n"
		"  |              ^ help: add `;` here\n3 |     let y = 2;\n  |     --- unexpected token\n\n",
		.file = { { "src/lib.rs", "pub fn a() -> u8 {\n    let x = 1\n    let y = 2;\n    x + y\n}\n",
			    "pub fn a() -> u8 {\n    let x = 1;\n    let y = 2;\n    x + y\n}\n" } },
	},
	{
		.name = "the line above is a part of it",
		.log =
		"error[E0067]: invalid left-hand side of assignment\n --> src/lib.rs:3:12\n  |\n"
		"3 |     *words += key;\n  |            ^^\n\n",
		.file = { { "src/lib.rs", "pub fn a(words: u8) {\n    let key =\n    *words += key;\n}\n", NULL } },
		.declines = "does not end like a statement",
	},
	{
		.name = "in the middle of a line",
		.log =
		"error: expected `;`, found `y`\n --> src/lib.rs:1:29\n  |\n1 | pub fn a() -> u8 { let x = 1 y }\n"
		"  |                             ^ -\n  |                             |\n"
		"  |                             help: add `;` here\n\n",
		.file = { { "src/lib.rs", "pub fn a() -> u8 { let x = 1 y }\n", NULL } },
		.declines = "not the end of a line",
	},
	{0}
};

const struct template template_rust_missing_semicolon = {
	.name = "rust_missing_semicolon",
	.summary = "a statement without its semicolon -> the semicolon",
	.language = "rust",
	.class = "syntax",
	.oracles = "rustc",
	.keeps_off = "places inside a line; lines that do not end like a statement",
	.danger = DANGER_1,
	.pattern = "^(?:expected `;`, found|invalid left-hand side of assignment|mismatched types|"
		   "cannot multiply|cannot subtract|no implementation for|"
		   "expected function, found|cannot find value)",
	.fix = fix,
	.examples = examples,
};
