/*
 * Looking into YAML. Knows no schema; aliases are not followed.
 */
#include "templates/lib_yaml.h"

static const TSNode none;

/* block_node and flow_node hold anchors and tags beside what they are about. */
static TSNode bare(TSNode node)
{
	while (syntax_type_is(node, "block_node|flow_node|document|stream")) {
		TSNode inner = none;

		for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
			TSNode child = ts_node_named_child(node, i);

			if (!syntax_type_is(child, "anchor|tag|comment")) {
				inner = child;
				break;
			}
		}
		node = inner;
	}
	return node;
}

TSNode yaml_root(const struct syntax *s)
{
	return s ? bare(syntax_below(s->root, "document", 0)) : none;
}

/* The n-th named child of these types. */
static TSNode child_of(TSNode node, const char *types, unsigned n)
{
	if (ts_node_is_null(node))
		return none;
	for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
		TSNode child = ts_node_named_child(node, i);

		if (syntax_type_is(child, types) && !n--)
			return child;
	}
	return none;
}

TSNode yaml_pair(TSNode mapping, unsigned n)
{
	return syntax_type_is(mapping, YAML_MAPPING)
		? child_of(mapping, "block_mapping_pair|flow_pair", n) : none;
}

TSNode yaml_key(TSNode pair)
{
	return bare(syntax_field(pair, "key"));
}

TSNode yaml_value(TSNode pair)
{
	return bare(syntax_field(pair, "value"));
}

TSNode yaml_find(const struct syntax *s, TSNode mapping, const char *key)
{
	for (unsigned n = 0;; n++) {
		TSNode pair = yaml_pair(mapping, n);

		if (ts_node_is_null(pair) || str_is(yaml_text(s, yaml_key(pair)), key))
			return pair;
	}
}

TSNode yaml_get(const struct syntax *s, TSNode mapping, const char *path)
{
	struct str rest = str_of(path), key;

	while (str_next(&rest, '/', &key))
		mapping = yaml_value(yaml_find(s, mapping, str_text(s->arena, key)));
	return mapping;
}

TSNode yaml_item(TSNode sequence, unsigned n)
{
	TSNode item = none;

	if (syntax_type_is(sequence, "flow_sequence"))
		item = child_of(sequence, "flow_node|flow_pair", n);
	else if (syntax_type_is(sequence, "block_sequence"))
		item = bare(child_of(child_of(sequence, "block_sequence_item", n),
				     "block_node|flow_node", 0));
	return bare(item);
}

/* "a ''b''" between single quotes; "\"" and "\\" between double ones. Other escapes stay. */
static struct str unquoted(struct arena *a, struct str text)
{
	char quote = text.at[0];
	struct text out = TEXT(a);

	if (text.size < 2)
		return STR_NONE;
	text = str_slice(text, 1, text.size - 2);
	if (str_char(text, quote == '"' ? '\\' : '\'') < 0)
		return text;
	for (size_t i = 0; i < text.size; i++) {
		bool escape = i + 1 < text.size &&
			      (quote == '"' ? text.at[i] == '\\' && strchr("\"\\/", text.at[i + 1])
					    : text.at[i] == '\'' && text.at[i + 1] == '\'');

		i += escape;
		text_addc(&out, text.at[i]);
	}
	return text_str(&out);
}

/* "|" or ">-", then lines; what all of them are indented by goes. Folding is not done. */
static struct str block_text(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	struct str line, rest;
	size_t indent = SIZE_MAX;

	if (!str_next_line(&text, &line))
		return STR_NONE;
	for (rest = text; str_next_line(&rest, &line);)
		if (str_trim(line).size && str_indent(line) < indent)
			indent = str_indent(line);
	while (str_next_line(&text, &line))
		text_addf(&out, "%.*s\n", STR_ARG(str_from(line, indent)));
	return str_trim_right(text_str(&out));
}

struct str yaml_text(const struct syntax *s, TSNode scalar)
{
	struct str text;

	if (!syntax_type_is(scalar, YAML_SCALAR))
		return STR_NONE;
	text = syntax_text(s, scalar);
	if (!text.size || syntax_type_is(scalar, "plain_scalar"))
		return text;
	if (syntax_type_is(scalar, "block_scalar"))
		return block_text(s->arena, text);
	return unquoted(s->arena, text);
}

struct str yaml_get_text(const struct syntax *s, TSNode mapping, const char *path)
{
	return yaml_text(s, yaml_get(s, mapping, path));
}

bool yaml_has_alias(const struct syntax *s)
{
	return !ts_node_is_null(syntax_below(s->root, "alias|anchor", 0)) || str_has(s->text, "<<:");
}

char yaml_quote(const struct syntax *s)
{
	unsigned single = 0, two = 0;

	for (unsigned n = 0; n < 1000; n++) {
		TSNode node = syntax_below(s->root, "single_quote_scalar|double_quote_scalar", n);

		if (ts_node_is_null(node))
			break;
		if (syntax_type_is(node, "single_quote_scalar"))
			single++;
		else
			two++;
	}
	return single > two ? '\'' : '"';
}

const char *yaml_step(const struct syntax *s)
{
	TSNode pair;

	for (unsigned n = 0; pair = yaml_pair(yaml_root(s), n), !ts_node_is_null(pair); n++) {
		TSNode value = yaml_value(pair);
		uint32_t column = ts_node_start_point(yaml_pair(value, 0)).column;

		if (syntax_type_is(value, "block_mapping") && column && column <= 8)
			return arena_printf(s->arena, "%*s", (int)column, "");
	}
	return "  ";
}

size_t yaml_end(const struct syntax *s, TSNode node)
{
	size_t start = ts_node_start_byte(node);

	return start + str_trim_right(syntax_text(s, node)).size;
}
