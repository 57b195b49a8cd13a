/*
 * Composite literals, new(T) and zero values of one package, as its text shows them. Other
 * packages may make values too: what is not seen is not counted.
 */
#include "templates/lib_go_maker.h"

bool go_asks_nil(const struct go_package *package, struct str name)
{
	for (size_t i = 0; i < package->count; i++) {
		const struct syntax *s = package->files[i].syntax;

		for (unsigned n = 0;; n++) {
			TSNode binary = syntax_below(s->root, "binary_expression", n);
			struct str left, right;

			if (ts_node_is_null(binary))
				break;
			left = syntax_text(s, syntax_field(binary, "left"));
			right = syntax_text(s, syntax_field(binary, "right"));
			if (str_is(right, "nil") && (str_equal(left, name) ||
			    (str_ends(left, str_text(s->arena, name)) &&
			     str_ends(str_slice(left, 0, left.size - name.size), "."))))
				return true;
		}
	}
	return false;
}

static void look_at_literal(struct go_makers *l, struct go_file *file, TSNode literal)
{
	const struct syntax *s = file->syntax;
	TSNode body = syntax_field(literal, "body");
	bool set = false, keyed = true;

	for (uint32_t i = 0; i < ts_node_named_child_count(body); i++) {
		TSNode element = ts_node_named_child(body, i);

		if (syntax_type_is(element, "comment"))
			continue;
		keyed = keyed && syntax_type_is(element, "keyed_element");
		if (keyed && str_equal(syntax_text(s, ts_node_named_child(element, 0)), l->field))
			set = true;
	}
	if (!keyed || (l->file && l->file != file) || l->first_count == 16)
		l->odd++;
	else if (set)
		l->with++;
	else if (file->test)
		l->zero++;
	else {
		l->without++;
		l->file = file;
		l->first[l->first_count++] = literal;
	}
}

void go_look_at_makers(struct go_package *package, struct go_makers *l)
{
	for (size_t i = 0; i < package->count; i++) {
		struct go_file *file = &package->files[i];
		const struct syntax *s = file->syntax;

		for (unsigned n = 0;; n++) {
			TSNode node = syntax_below(s->root, "composite_literal|var_spec|call_expression", n);
			TSNode call = syntax_field(node, "function");

			if (ts_node_is_null(node))
				break;
			if (syntax_type_is(node, "call_expression")) {
				TSNode only = syntax_below(syntax_field(node, "arguments"),
							   "type_identifier|identifier", 0);

				l->zero += str_is(syntax_text(s, call), "new") &&
					   str_equal(syntax_text(s, only), l->type);
			} else if (!str_equal(syntax_text(s, syntax_field(node, "type")), l->type)) {
				continue;
			} else if (syntax_type_is(node, "var_spec")) {
				l->zero += ts_node_is_null(syntax_field(node, "value"));
			} else {
				look_at_literal(l, file, node);
			}
		}
	}
}

void go_add_element(struct edits *edits, const struct syntax *s, TSNode literal, struct str field,
		    struct str type)
{
	TSNode body = syntax_field(literal, "body");
	uint32_t count = ts_node_named_child_count(body);
	size_t end = ts_node_end_byte(body) - 1, widest = field.size;
	TSNode last;

	if (!count) {
		edit_node(edits, body, str_of(arena_printf(s->arena, "{%.*s: make(%.*s)}",
							   STR_ARG(field), STR_ARG(type))));
		return;
	}
	last = ts_node_named_child(body, count - 1);
	if (syntax_line(body) == syntax_line(last)) {
		edit_replace(edits, ts_node_end_byte(last), ts_node_end_byte(last),
			     str_of(arena_printf(s->arena, ", %.*s: make(%.*s)", STR_ARG(field),
						 STR_ARG(type))));
		return;
	}
	for (uint32_t i = 0; i < count; i++) {	/* as gofmt aligns the values */
		TSNode key = ts_node_named_child(ts_node_named_child(body, i), 0);

		size_t size = syntax_text(s, key).size;

		widest = size > widest ? size : widest;
	}
	for (uint32_t i = 0; i < count; i++) {
		TSNode element = ts_node_named_child(body, i);
		TSNode key = ts_node_named_child(element, 0);
		TSNode value = ts_node_named_child(element, 1);

		if (!ts_node_is_null(value) && syntax_type_is(element, "keyed_element"))
			edit_replace(edits, ts_node_end_byte(key), ts_node_start_byte(value),
				     str_of(arena_printf(s->arena, ":%*s", (int)(widest + 1 -
					(ts_node_end_byte(key) - ts_node_start_byte(key))), "")));
	}
	end -= syntax_indent(s, literal).size;
	edit_replace(edits, end, end,
		     str_of(arena_printf(s->arena, "%.*s%.*s:%*smake(%.*s),\n",
					 STR_ARG(syntax_indent(s, last)), STR_ARG(field),
					 (int)(widest + 1 - field.size), "", STR_ARG(type))));
}
