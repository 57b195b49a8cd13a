/*
 * Expressions inside workflows: what stands between ${{ and }}, and all of an `if`. Not evaluated.
 */
#include "templates/lib_workflow.h"

struct pieces {
	const struct syntax *s;
	void (*piece)(struct str text, size_t start, void *context);
	void *context;
};

static bool piece_step(TSNode node, void *opaque)
{
	struct pieces *p = opaque;
	struct str text, inside;
	size_t at = 0;
	TSNode pair;

	if (!syntax_type_is(node, YAML_SCALAR))
		return true;
	text = syntax_text(p->s, node);
	pair = syntax_up(node, "block_mapping_pair|flow_pair");
	if (str_is(yaml_text(p->s, yaml_key(pair)), "if") && !str_has(text, "${{")) {
		p->piece(text, ts_node_start_byte(node), p->context);
		return true;
	}
	for (ptrdiff_t open; (open = str_find(str_from(text, at), STR("${{"))) >= 0;) {
		size_t start = at + (size_t)open + 3;

		if (!str_split(str_from(text, start), "}}", &inside, NULL))
			break;
		p->piece(inside, ts_node_start_byte(node) + start, p->context);
		at = start + inside.size;
	}
	return true;
}

static void each_piece(const struct workflow *workflow, TSNode below,
		       void (*piece)(struct str, size_t, void *), void *context)
{
	struct pieces pieces = { workflow->syntax, piece, context };

	if (!ts_node_is_null(below))
		syntax_walk(below, piece_step, &pieces);
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

struct renaming {
	struct edits *edits;
	struct str from, to;
};

static void rename_piece(struct str text, size_t start, void *context)
{
	struct renaming *r = context;

	for (size_t at = 0; at + r->from.size <= text.size; at++) {
		size_t end = at + r->from.size;

		if (!str_equal(str_slice(text, at, r->from.size), r->from) ||
		    (at && (in_name(text.at[at - 1]) || text.at[at - 1] == '.')) ||
		    (end < text.size && in_name(text.at[end])))
			continue;
		edit_replace(r->edits, start + at, start + end, r->to);
		at = end - 1;
	}
}

void workflow_rename(struct edits *edits, const struct workflow *workflow, TSNode below,
		     const char *from, const char *to)
{
	struct renaming r = { edits, str_of(from), str_of(to) };

	if (r.from.size)
		each_piece(workflow, below, rename_piece, &r);
}

struct output {
	unsigned left;
	bool found;
	struct str id, name;
};

static struct str take_name(struct str *text)
{
	struct str name;
	size_t n = 0;

	while (n < text->size && in_name(text->at[n]))
		n++;
	name = str_slice(*text, 0, n);
	*text = str_from(*text, n);
	return name;
}

static void output_piece(struct str text, size_t start, void *context)
{
	struct output *o = context;
	struct str id, name;

	(void)start;
	while (!o->found && str_split(text, "steps.", NULL, &text)) {
		id = take_name(&text);
		if (!str_skip(&text, ".outputs."))
			continue;
		name = take_name(&text);
		if (!id.size || !name.size || o->left--)
			continue;
		*o = (struct output){ 0, true, id, name };
	}
}

bool workflow_output(const struct workflow *workflow, TSNode below, unsigned n, struct str *id,
		     struct str *name)
{
	struct output output = { .left = n };

	each_piece(workflow, below, output_piece, &output);
	if (output.found) {
		*id = output.id;
		*name = output.name;
	}
	return output.found;
}
