/*
 * The rules of layout: what black, prettier, gofmt and rustfmt may change without a change of
 * meaning. For the other languages only white space is layout. Does not know macros: in C nothing
 * but blanks is dropped, and in Rust macros only what rustfmt itself formats.
 */
#include "templates/syntax_layout.h"

#include <errno.h>
#include <stdlib.h>

enum family layout_family(const char *language)
{
	static const struct {
		const char *language;
		enum family family;
	} families[] = {
		{ "python", FAMILY_PYTHON }, { "javascript", FAMILY_SCRIPT },
		{ "typescript", FAMILY_SCRIPT }, { "tsx", FAMILY_SCRIPT },
		{ "go", FAMILY_GO }, { "rust", FAMILY_RUST },
	};

	for (size_t i = 0; language && i < sizeof(families) / sizeof(families[0]); i++)
		if (str_is(str_of(language), families[i].language))
			return families[i].family;
	return FAMILY_OTHER;
}

/* Nodes whose white space is text: never go in. */
static const char atoms[] =
	"string_content|string_fragment|string_literal|raw_string_literal|char_literal|"
	"character_literal|rune_literal|interpreted_string_literal|regex|jsx_text|system_lib_string|"
	"preproc_arg|text_block|heredoc_body|raw_string|ansi_c_string|word";

static bool parent_is(const struct place *parent, const char *types)
{
	return parent && syntax_type_is(parent->node, types);
}

/* Parentheses around one expression that mean something although the tree does not say so. */
static bool wrapper_counts(const struct syntax *s, enum family family, const struct place *parent,
			   TSNode node)
{
	TSNode child = ts_node_named_child(node, 0);

	switch (family) {
	case FAMILY_PYTHON:
		return parent_is(parent, "await") &&
		       !syntax_type_is(child, "identifier|call|attribute|subscript");
	case FAMILY_SCRIPT:
		/* A directive in parentheses is none; (a?.b).c goes on where a?.b.c stops. */
		if (syntax_type_is(child, "string"))
			return parent_is(parent, "expression_statement");
		return parent_is(parent, "member_expression|call_expression|subscript_expression|"
					 "non_null_expression|parenthesized_expression") &&
		       str_has(syntax_text(s, node), "?.");
	case FAMILY_GO:
		return false;
	case FAMILY_RUST:
		return !parent_is(parent, "parenthesized_expression");
	case FAMILY_OTHER:
		return true;
	}
	return true;
}

static enum layout python_node(const struct place *parent, TSNode node)
{
	if (syntax_type_is(node, "line_continuation"))
		return LAYOUT_SKIP;
	if (syntax_type_is(node, "tuple_pattern") && ts_node_child_count(node) == 3)
		return LAYOUT_CLEAR;
	if (syntax_type_is(node, "tuple|expression_list|tuple_pattern|pattern_list") &&
	    parent_is(parent, "return_statement|assignment|yield|delete_statement|for_statement|"
			      "for_in_clause|expression_statement"))
		return LAYOUT_LIST;
	if (syntax_type_is(node, "argument_list") && parent_is(parent, "class_definition") &&
	    !ts_node_named_child_count(node))
		return LAYOUT_SKIP;
	/* A string that is a statement is a docstring or nothing. */
	if (syntax_type_is(node, "string") && parent_is(parent, "expression_statement") &&
	    ts_node_is_null(syntax_below(node, "interpolation", 0)))
		return LAYOUT_ATOM;
	return LAYOUT_NODE;
}

/* (x) => 1 and x => 1 are the same; so is the parameter that TypeScript's grammar wraps. */
static bool one_plain_parameter(TSNode parameters)
{
	TSNode only = ts_node_named_child(parameters, 0);

	if (ts_node_child_count(parameters) != 3)
		return false;
	if (syntax_type_is(only, "required_parameter") && ts_node_child_count(only) == 1)
		only = ts_node_named_child(only, 0);
	return syntax_type_is(only, "identifier");
}

static enum layout script_node(const struct syntax *s, const struct place *parent, TSNode node)
{
	if (syntax_type_is(node, "jsx_text") && str_has(syntax_text(s, node), "\n") &&
	    !str_trim(syntax_text(s, node)).size)
		return LAYOUT_SKIP;
	if (syntax_type_is(node, "formal_parameters") && parent_is(parent, "arrow_function") &&
	    one_plain_parameter(node))
		return LAYOUT_CLEAR;
	if (syntax_type_is(node, "required_parameter") && parent && parent->clear)
		return LAYOUT_CLEAR;
	if (syntax_type_is(node, "arguments") && parent_is(parent, "new_expression") &&
	    !ts_node_named_child_count(node))
		return LAYOUT_SKIP;
	if (syntax_type_is(node, "empty_statement") &&
	    parent_is(parent, "program|statement_block|class_body"))
		return LAYOUT_SKIP;
	return syntax_type_is(node, "string|jsx_text") ? LAYOUT_ATOM : LAYOUT_NODE;
}

static enum layout rust_node(TSNode node)
{
	if (syntax_type_is(node, "expression_statement") &&
	    syntax_type_is(ts_node_named_child(node, 0),
			   "return_expression|break_expression|continue_expression"))
		return LAYOUT_CLEAR;
	return LAYOUT_NODE;
}

enum layout layout_of(const struct syntax *s, enum family family, const struct place *parent,
		      TSNode node)
{
	if (syntax_type_is(node, "comment|line_comment|block_comment|html_comment"))
		return LAYOUT_COMMENT;
	if (!ts_node_is_named(node))
		return LAYOUT_NODE;
	if (syntax_type_is(node, "parenthesized_expression"))
		return wrapper_counts(s, family, parent, node) ? LAYOUT_NODE : LAYOUT_CLEAR;
	if (family == FAMILY_PYTHON && !syntax_type_is(node, atoms))
		return python_node(parent, node);
	if (family == FAMILY_SCRIPT && script_node(s, parent, node) != LAYOUT_NODE)
		return script_node(s, parent, node);
	if (syntax_type_is(node, atoms))
		return LAYOUT_ATOM;
	return family == FAMILY_RUST ? rust_node(node) : LAYOUT_NODE;
}

bool layout_token(enum family family, const struct place *parent, struct str token)
{
	bool bracket = str_is(token, "(") || str_is(token, ")");

	if ((parent->clear || parent->list) && bracket)
		return true;
	switch (family) {
	case FAMILY_PYTHON:
		return str_is(token, ";") ||
		       (bracket && parent_is(parent, "import_from_statement|future_import_statement|"
						     "with_clause"));
	case FAMILY_SCRIPT:
		if (parent_is(parent, "interface_body|object_type"))
			return str_is(token, ";") || str_is(token, ",");
		return str_is(token, ";") && !parent_is(parent, "for_statement|empty_statement");
	case FAMILY_GO:
		return str_is(token, ";") && !parent_is(parent, "for_clause");
	case FAMILY_RUST:
		return (str_is(token, ",") && parent_is(parent, "match_arm")) ||
		       (str_is(token, ";") && parent->clear);
	case FAMILY_OTHER:
		return false;
	}
	return false;
}

bool layout_last_comma(enum family family, const struct place *place)
{
	if (place->hole)
		return false;
	switch (family) {
	case FAMILY_PYTHON:		/* (1,) and x[1,] are tuples */
		if (parent_is(place, "subscript"))
			return place->elements > 2;
		return place->elements > 1 ||
		       parent_is(place, "argument_list|parameters|list|set|dictionary|"
					"import_from_statement|future_import_statement");
	case FAMILY_RUST:		/* so is (1,); a macro may tell the difference */
		if (parent_is(place, "token_tree|macro_rule|token_tree_pattern"))
			return false;
		return place->elements > 1 ||
		       !parent_is(place, "tuple_expression|tuple_type|tuple_pattern");
	case FAMILY_SCRIPT:
	case FAMILY_GO:
		return true;
	case FAMILY_OTHER:
		return false;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Runs of blanks become `blank`. */
static struct str squeeze(struct arena *a, struct str text, const char *blank)
{
	struct text out = TEXT(a);

	text = str_trim(text);
	for (size_t i = 0; i < text.size; i++) {
		if (!is_blank(text.at[i]))
			text_addc(&out, text.at[i]);
		else if (!is_blank(text.at[i - 1]))
			text_adds(&out, blank);
	}
	return text_str(&out);
}

/* 1 for letters and digits, 2 for operators, 0 for brackets, commas and the like. */
static unsigned sort_of_char(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')
		return 1;
	return c && strchr("+-*/<>=&|!%^:#.?~\"'", c) ? 2 : 0;
}

/* A macro's text: blanks and continued lines stay only where they keep two tokens apart. */
static struct str macro_text(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	char quote = 0;
	bool blank = false;

	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i], last = out.size ? out.at[out.size - 1] : 0;

		if (!quote && (is_blank(c) || (c == '\\' && i + 1 < text.size &&
					       is_blank(text.at[i + 1])))) {
			blank = true;
			continue;
		}
		if (blank && !quote && sort_of_char(c) && sort_of_char(c) == sort_of_char(last))
			text_addc(&out, ' ');
		blank = false;
		if (quote && c == '\\' && i + 1 < text.size) {
			text_addc(&out, c);
			c = text.at[++i];
		} else if (quote == c) {
			quote = 0;
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		}
		text_addc(&out, c);
	}
	return text_str(&out);
}

/* A string's inside without the escapes that only its kind of quote needs. */
static struct str unescape_quotes(struct arena *a, struct str inside)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < inside.size; i++) {
		char next = i + 1 < inside.size ? inside.at[i + 1] : 0;

		if (inside.at[i] == '\\' && next) {
			if (next != '"' && next != '\'')
				text_addc(&out, '\\');
			text_addc(&out, next);
			i++;
		} else {
			text_addc(&out, inside.at[i]);
		}
	}
	return text_str(&out);
}

static struct str lower_case(struct arena *a, struct str text, const char *without)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!strchr(without, c))
			text_addc(&out, c);
	}
	return text_str(&out);
}

/* Runs of blanks as one, those at the ends too, as a page shows them. */
static struct str collapse(struct arena *a, struct str text)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++)
		if (!is_blank(text.at[i]) || !i || !is_blank(text.at[i - 1]))
			text_addc(&out, is_blank(text.at[i]) ? ' ' : text.at[i]);
	return text_str(&out);
}

/* Each line trimmed, empty ones dropped, joined: JSX's own rule, and black's for docstrings. */
static struct str join_lines(struct arena *a, struct str text, bool jsx)
{
	struct text out = TEXT(a);
	struct str line, rest = text;
	bool first = true;

	while (str_next(&rest, '\n', &line)) {
		bool last = !rest.size && !str_ends(text, "\n");

		while (line.size && is_blank(line.at[0]) && !(jsx && first))
			line = str_from(line, 1);
		if (!(jsx && last))
			line = str_trim_right(line);
		first = false;
		if (jsx && !line.size)
			continue;
		text_addf(&out, "%s%.*s", out.size ? (jsx ? " " : "\n") : "", STR_ARG(line));
	}
	return jsx ? collapse(a, text_str(&out)) : str_trim(text_str(&out));
}

/* What stands before the opening quote of a Python string. */
static struct str python_prefix(struct str text)
{
	size_t size = 0;

	while (size < text.size && text.at[size] != '"' && text.at[size] != '\'')
		size++;
	return str_slice(text, 0, size);
}

static struct str python_docstring(struct arena *a, struct str text)
{
	struct str prefix = python_prefix(text), inside = str_from(text, prefix.size);

	for (unsigned i = 0; i < 3 && inside.size > 1; i++)
		if (inside.at[0] == inside.at[inside.size - 1] && strchr("\"'", inside.at[0]))
			inside = str_slice(inside, 1, inside.size - 2);
	return str_of(arena_printf(a, "%.*s:%.*s", STR_ARG(lower_case(a, prefix, "u")),
				   STR_ARG(join_lines(a, inside, false))));
}

static struct str python_text(const struct syntax *s, const struct place *parent, TSNode node,
			      struct str text)
{
	struct str prefix = python_prefix(syntax_text(s, parent->node));

	if (syntax_type_is(node, "string"))
		return python_docstring(s->arena, text);
	if (syntax_type_is(node, "integer|float"))
		return lower_case(s->arena, text, "");
	if (syntax_type_is(node, "string_start"))
		return lower_case(s->arena, text, "u\"'");
	if (syntax_type_is(node, "string_end"))
		return STR("\"");
	if (!syntax_type_is(node, "string_content"))
		return text;
	if (str_char(prefix, 'r') < 0 && str_char(prefix, 'R') < 0)
		text = unescape_quotes(s->arena, text);
	return text;
}

/* 1.50 is 1.5; what is not plainly decimal keeps its text. */
static struct str script_number(struct arena *a, struct str text)
{
	char *number = str_text(a, text), *end;
	double value;

	if (strspn(number, "0123456789.eE+-") != text.size ||
	    (text.size > 1 && number[0] == '0' && number[1] >= '0' && number[1] <= '9'))
		return lower_case(a, text, "");
	errno = 0;
	value = strtod(number, &end);
	if (*end || errno)
		return text;
	return str_of(arena_printf(a, "%.17g", value));
}

static struct str script_text(const struct syntax *s, const struct place *parent, TSNode node,
			      struct str text)
{
	if (syntax_type_is(node, "number"))
		return script_number(s->arena, text);
	if (syntax_type_is(node, "jsx_text"))
		return join_lines(s->arena, text, true);
	if (!syntax_type_is(node, "string") || text.size < 2)
		return text;
	text = str_slice(text, 1, text.size - 2);
	if (parent_is(parent, "jsx_attribute|expression_statement"))
		return text;
	return unescape_quotes(s->arena, text);
}

struct str layout_text(const struct syntax *s, enum family family, const struct place *parent,
		       TSNode node)
{
	struct str text = syntax_text(s, node);

	if (syntax_type_is(node, "comment|line_comment|block_comment|html_comment"))
		return squeeze(s->arena, text, family == FAMILY_GO ? " " : "");
	if (!ts_node_is_named(node))
		return str_trim(text);
	if (syntax_type_is(node, "preproc_arg"))
		return macro_text(s->arena, text);
	if (family == FAMILY_PYTHON && parent)
		return python_text(s, parent, node, text);
	if (family == FAMILY_SCRIPT)
		return script_text(s, parent, node, text);
	if (family == FAMILY_GO && syntax_type_is(node, "int_literal|float_literal"))
		return lower_case(s->arena, text, "");
	return text;
}
