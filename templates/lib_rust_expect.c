/*
 * Reads assert_eq! and assert! of the failed test by their text, and follows names to the `let` that
 * binds them. Messages, loops over tables and other macros are not read.
 */
#include "templates/lib_rust_expect.h"

#include "templates/lib_scene.h"

struct reading {
	struct scene *scene;
	const struct syntax *s;
	TSNode test;			/* the function */
	struct str function;
	int subject;
	unsigned calls;			/* of the function, in assertions that are read */
	unsigned fitting;
	bool differ;
	struct rust_expected *out;
};

bool rust_is_nothing(struct str value)
{
	while (str_skip(&value, "&") || str_skip(&value, "mut "))
		value = str_trim(value);
	return word_among(value, "0 0.0 false None [] vec![] Vec::new() String::new() \"\" [][..]") ||
	       str_is(value, "Vec::<_>::new()");
}

/* What a name is bound to, once and for all; else the text itself. */
static struct str followed(const struct reading *r, struct str text)
{
	struct str bare = text, value = STR_NONE;

	(void)str_skip(&bare, "&");
	if (!str_is_word(bare))
		return text;
	for (unsigned n = 0;; n++) {
		TSNode let = syntax_below(r->test, "let_declaration", n);

		if (ts_node_is_null(let))
			return value.size ? value : text;
		if (!str_equal(syntax_text(r->s, syntax_field(let, "pattern")), bare))
			continue;
		if (value.size || str_has(syntax_text(r->s, let), "let mut "))
			return text;
		value = syntax_text(r->s, syntax_field(let, "value"));
	}
}

/* "f(a, &[])": is argument `subject` nothing? */
static bool fits(struct reading *r, struct str call)
{
	struct str rest = call;
	bool fitting = r->subject < 0;
	ptrdiff_t at = str_find_last(call, str_of(arena_printf(r->s->arena, "%.*s(", STR_ARG(r->function))));

	rest = str_from(rest, (size_t)at + r->function.size + 1);
	rest.size -= rest.size > 0;
	for (int i = 0; str_trim(rest).size; i++) {
		size_t size = rust_side_size(rest);
		struct str one = followed(r, str_trim(str_slice(rest, 0, size)));

		if (rust_is_nothing(one)) {
			r->out->nothing = true;
			fitting |= i == r->subject;
		}
		rest = str_from(rest, size + 1);
	}
	return fitting;
}

static void state(struct reading *r, struct str call, struct str value, bool any_error)
{
	struct rust_expected *out = r->out;

	call = followed(r, call);
	if (!rust_is_call_of(call, r->function))
		return;
	r->calls++;
	if (!fits(r, call))
		return;
	value = any_error ? STR_NONE : followed(r, value);
	if (r->fitting++ && (any_error != out->any_error || !str_equal(out->value, value)))
		r->differ = true;
	out->value = str_copy(r->scene->arena, value);
	out->any_error = any_error;
}

static void read_assert(struct reading *r, struct str text)
{
	struct str value = STR("true");

	text = str_trim(str_slice(text, 0, rust_side_size(text)));
	if (str_chop(&text, ".is_err()")) {
		state(r, text, STR_NONE, true);
		return;
	}
	if (str_chop(&text, ".is_none()"))
		value = STR("None");
	else if (str_skip(&text, "!"))
		value = STR("false");
	state(r, text, value, false);
}

static void read_test(struct reading *r)
{
	for (unsigned n = 0;; n++) {
		TSNode macro = syntax_below(r->test, "macro_invocation", n);
		struct str text = syntax_text(r->s, macro), left, right;
		size_t size;

		if (ts_node_is_null(macro))
			return;
		if (!str_chop(&text, ")"))
			continue;
		if (str_skip(&text, "assert!(")) {
			read_assert(r, text);
		} else if (str_skip(&text, "assert_eq!(")) {
			size = rust_side_size(text);
			left = str_trim(str_slice(text, 0, size));
			right = str_from(text, size + 1);
			right = str_trim(str_slice(right, 0, rust_side_size(right)));
			state(r, left, right, false);
			state(r, right, left, false);
		}
	}
}

/* The functions that are the failed test by name and attribute; returns how many were read. */
static unsigned read_file(struct reading *r, struct str name)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode function = syntax_below(r->s->root, "function_item", n), before;

		if (ts_node_is_null(function))
			return count;
		before = ts_node_prev_named_sibling(function);
		if (!str_equal(syntax_text(r->s, syntax_field(function, "name")), name) ||
		    !syntax_type_is(before, "attribute_item") || !str_has(syntax_text(r->s, before), "test"))
			continue;
		r->test = function;
		read_test(r);
		count++;
	}
}

bool rust_expects(struct scene *scene, struct str function, int subject, struct rust_expected *out)
{
	struct reading r = { .scene = scene, .function = function, .subject = subject, .out = out };
	struct str name = str_of(scene->failure->test);
	unsigned count = 0;

	*out = (struct rust_expected){ .any_error = false };
	(void)str_split_last(name, "::", NULL, &name);
	out->test = name;
	for (size_t i = 0; name.size && i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (!str_ends(path, ".rs") || !scene_read(scene, path.at, &text) ||
		    !str_has(text, str_text(scene->arena, name)))
			continue;
		SYNTAX s = syntax_open(scene->arena, "rust", text);

		r.s = s;
		count += s ? read_file(&r, name) : 0;
	}
	if (count != 1 || !r.fitting || (subject < 0 && r.calls != 1))
		return template_decline(scene, "no oracle: the test does not say what %.*s gives then",
					STR_ARG(function)), false;
	if (r.differ)
		return template_decline(scene, "the test says two things of %.*s", STR_ARG(function)), false;
	out->failing = out->any_error || str_is(out->value, "None") || str_starts(out->value, "Err(");
	return true;
}
