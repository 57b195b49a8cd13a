/*
 * "field is private" or "attempted to take value of method" -> the method of the same name is
 * called, as rustc suggests. Never opens the field.
 */
#include "templates/lib_rust.h"

static const char *const messages[] = { "a method `", "use parentheses to call the method", NULL };

/* Does rustc suggest the call, and nothing else? */
static bool is_suggested(const struct code *code, const struct failure *failure)
{
	struct rust_help helps[RUST_HELPS_MAX];
	size_t count = rust_helps(failure, code->syntax->text, helps);

	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; messages[n]; n++)
			if (str_starts(helps[i].message, messages[n]) && helps[i].count == 1 && !helps[i].odd &&
			    str_is(helps[i].edits[0].text, "()"))
				return true;
	return false;
}

static bool is_part(char c)
{
	return c == '_' || c == '.' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* "scale.grams" around a byte: in a macro's arguments there is no tree to ask. */
static struct str chain_at(struct str text, size_t end)
{
	size_t start = end;

	while (start && is_part(text.at[start - 1]))
		start--;
	return str_slice(text, start, end - start);
}

/* Calls the field wherever this value's is read; a log says the same thing of one line only once. */
static void call_all(struct edits *edits, const struct syntax *s, TSNode function, struct str chain)
{
	struct str rest = syntax_text(s, function);
	size_t at = ts_node_start_byte(function);
	ptrdiff_t found;

	while ((found = str_find(rest, chain)) >= 0) {
		size_t start = at + (size_t)found, end = start + chain.size;

		if (!is_part(s->text.at[start - 1]) && s->text.at[end] != '(' &&
		    (s->text.at[end] == '.' || !is_part(s->text.at[end])) &&
		    ts_node_is_null(syntax_up(syntax_at(s, end - 1, end),
					      "string_literal|line_comment|block_comment|raw_string_literal")))
			edit_replace(edits, end, end, STR("()"));
		rest = str_from(rest, (size_t)found + chain.size);
		at = end;
	}
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	TSNode function;
	struct str chain;
	CODE code;

	if (!code_open(scene, &code))
		return;
	if (!is_suggested(&code, scene->failure) || rust_in_test(code.syntax, code.node))
		return template_decline(scene, "rustc suggests nothing that is surely right");
	function = syntax_up(code.node, "function_item");
	chain = chain_at(code.syntax->text, ts_node_end_byte(code.node));
	if (ts_node_is_null(function) || str_char(chain, '.') <= 0)
		return template_decline(scene, "the field is not read from a name");
	call_all(&edits, code.syntax, function, chain);
	if (edits.count)
		code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_1,
			     "Calls the method of the same name, as rustc suggests: the field is private.");
}

static const struct example examples[] = {
	{
		.name = "twice in one line",
		.log =
		"error[E0616]: field `grams` of struct `Scale` is private\n"
		" --> src/lib.rs:4:34\n"
		"  |\n"
		"4 |     format!(\"{}.{:03} kg\", scale.grams / 1000, scale.grams % 1000)\n"
		"  |                                  ^^^^^ private field\n"
		"  |\n"
		"help: a method `grams` also exists, call it with parentheses\n"
		"  |\n"
		"4 |     format!(\"{}.{:03} kg\", scale.grams() / 1000, scale.grams % 1000)\n"
		"  |                                       ++\n"
		"\n"
		"error[E0616]: field `grams` of struct `Scale` is private\n"
		" --> src/lib.rs:4:54\n"
		"  |\n"
		"4 |     format!(\"{}.{:03} kg\", scale.grams / 1000, scale.grams % 1000)\n"
		"  |                                                      ^^^^^ private field\n"
		"  |\n"
		"help: a method `grams` also exists, call it with parentheses\n"
		"  |\n"
		"4 |     format!(\"{}.{:03} kg\", scale.grams / 1000, scale.grams() % 1000)\n"
		"  |                                                           ++\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "use scale::Scale;\n"
			  "\n"
			  "pub fn label(scale: &Scale) -> String {\n"
			  "    format!(\"{}.{:03} kg\", scale.grams / 1000, scale.grams % 1000)\n"
			  "}\n",
			  "use scale::Scale;\n"
			  "\n"
			  "pub fn label(scale: &Scale) -> String {\n"
			  "    format!(\"{}.{:03} kg\", scale.grams() / 1000, scale.grams() % 1000)\n"
			  "}\n" },
		},
	},
	{
		.name = "no getter",
		.log =
		"error[E0616]: field `a` of struct `S` is private\n"
		" --> src/lib.rs:1:30\n"
		"  |\n"
		"1 | pub fn a(s: &m::S) -> u8 { s.a }\n"
		"  |                              ^ private field\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn a(s: &m::S) -> u8 { s.a }\n",
			  NULL },
		},
		.declines = "nothing that is surely right",
	},
	{0}
};

const struct template template_rust_private_field = {
	.name = "rust_private_field",
	.summary = "a private field is read that has a getter -> the getter is called",
	.language = "rust",
	.class = "compile",
	.oracles = "rustc's own suggestion",
	.keeps_off = "fields without a method of their name; never makes a field public",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0616", "E0615", NULL },
	.fix = fix,
	.examples = examples,
};
