/*
 * Two places of the code that say the same but for one sign, and a test that fails where they
 * differ: `a < b` here and `a <= b` there, `(a or b) and c` there and the same words without the
 * parentheses here. Only comparisons of the same two things and conditions of the same words, only
 * where all the other places agree.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

/* The words of an expression without blanks and parentheses. */
static struct str bare_words(struct arena *a, const struct syntax *s, TSNode node)
{
	struct str text = syntax_text(s, node);
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++)
		if (!strchr(" \t\r\n()", text.at[i]))
			text_addc(&out, text.at[i]);
	return text_str(&out);
}

/* What is compared: the attribute whatever object it is of, a name as it is. */
static struct str operand(const struct syntax *s, TSNode node)
{
	node = python_bare(node);
	if (syntax_type_is(node, "attribute"))
		return syntax_text(s, syntax_field(node, "attribute"));
	return syntax_text(s, node);
}

struct comparison {
	struct str left, right;
	bool strict, upward;		/* <, <= : upward */
	size_t from, to;		/* the operator */
};

/* Names such as i and n are other things in every function; a field is one thing everywhere. */
static bool is_telling(const struct syntax *s, TSNode node)
{
	node = python_bare(node);
	return syntax_type_is(node, "attribute") || syntax_text(s, node).size > 3;
}

static bool read_comparison(const struct syntax *s, TSNode node, struct comparison *out)
{
	TSNode left = python_child(node, 0), right = python_child(node, 1);
	struct str sign;

	if (!syntax_type_is(node, "comparison_operator") || python_child_count(node) != 2)
		return false;
	out->from = ts_node_end_byte(left), out->to = ts_node_start_byte(right);
	sign = str_trim(str_slice(s->text, out->from, out->to - out->from));
	if (!word_among(sign, "< <= > >="))
		return false;
	out->strict = sign.size == 1;
	out->upward = sign.at[0] == '<';
	out->left = operand(s, left), out->right = operand(s, right);
	return is_telling(s, left) || is_telling(s, right);
}

/* The same two things, from left to right or the other way round. */
static bool same_things(const struct comparison *a, const struct comparison *b)
{
	if (a->upward == b->upward)
		return str_equal(a->left, b->left) && str_equal(a->right, b->right);
	return str_equal(a->left, b->right) && str_equal(a->right, b->left);
}

/* The conditions of the files that were looked at, each file's once. */
struct looked {
	struct python *python;
	struct seen_file {
		const struct syntax *s;
		struct nodes all;
	} *files;
	size_t count;
};

static struct nodes conditions_of(struct looked *looked, const struct syntax *s)
{
	struct arena *a = looked->python->scene->arena;
	struct nodes all;

	for (size_t i = 0; i < looked->count; i++)
		if (looked->files[i].s == s)
			return looked->files[i].all;
	all = python_nodes(a, s->root, "comparison_operator|boolean_operator");
	arena_push(a, looked->files, looked->count) = (struct seen_file){ s, all };
	return all;
}

struct difference {
	unsigned same, different;
	struct str text;		/* of the sibling's condition */
	const char *by;
};

static void compare_signs(struct looked *looked, const struct reached *in, const struct near *near,
			  const struct comparison *own, struct difference *d)
{
	struct nodes all = conditions_of(looked, near->s);

	for (size_t i = 0; i < all.count; i++) {
		TSNode scope = syntax_up(all.list[i], "function_definition");
		struct comparison other;

		if (!read_comparison(near->s, all.list[i], &other) || !same_things(own, &other) ||
		    (near->s == in->s && !ts_node_is_null(scope) && ts_node_eq(scope, in->function)))
			continue;
		if (other.strict == own->strict) {
			d->same++;
			continue;
		}
		d->different++;
		d->by = arena_printf(looked->python->scene->arena, "%s:%u", near->path, syntax_line(all.list[i]));
	}
}

static void propose_sign(struct python *python, const struct reached *in, const struct comparison *own,
			 const struct difference *d)
{
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };

	edit_replace(&edits, own->from, own->to,
		     str_of(arena_printf(a, " %s%s ", own->upward ? "<" : ">", own->strict ? "=" : "")));
	python_put(python, in->path, in->s, &edits, ORACLE_SIBLING,
		   arena_printf(a, "%.*s and %.*s are compared otherwise at %s, and the failing test is about "
				"where the two are equal", STR_ARG(own->left), STR_ARG(own->right), d->by));
}

static void compare_conditions(struct looked *looked, const struct reached *in, const struct near *near,
			       TSNode own, struct difference *d)
{
	struct arena *a = looked->python->scene->arena;
	struct nodes all = conditions_of(looked, near->s);
	struct str words = bare_words(a, in->s, own), text = syntax_text(in->s, own);

	for (size_t i = 0; i < all.count; i++) {
		struct str other = syntax_text(near->s, all.list[i]);

		if (!syntax_type_is(all.list[i], "boolean_operator") || other.size > 2 * text.size ||
		    text.size > 2 * other.size || (near->s == in->s && ts_node_eq(all.list[i], own)) ||
		    !str_equal(bare_words(a, near->s, all.list[i]), words))
			continue;
		if (str_equal(other, text)) {
			d->same++;
			continue;
		}
		d->different++;
		d->text = other;
		d->by = arena_printf(a, "%s:%u", near->path, syntax_line(all.list[i]));
	}
}

static void propose_condition(struct python *python, const struct reached *in, TSNode own,
			      const struct difference *d)
{
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };

	edit_node(&edits, own, d->text);
	python_put(python, in->path, in->s, &edits, ORACLE_SIBLING,
		   arena_printf(a, "the same condition has other parentheses at %s: `and` binds before `or`",
				d->by));
}

static void look(struct looked *looked, const struct reached *in)
{
	struct python *python = looked->python;
	struct arena *a = python->scene->arena;
	struct nodes all = python_nodes(a, in->function, "comparison_operator|boolean_operator");
	struct near *near;
	size_t count = python_near(python, in->path, &near);

	for (size_t i = 0; i < all.count; i++) {
		struct difference d = {0};
		struct comparison own;
		bool sign = read_comparison(in->s, all.list[i], &own);

		if (!sign && (!syntax_type_is(all.list[i], "boolean_operator") ||
			      syntax_type_is(ts_node_parent(all.list[i]), "boolean_operator")))
			continue;
		if (sign && python_is_literal(in->s, python_child(all.list[i], 0)))
			continue;
		for (size_t k = 0; k < count; k++) {
			if (sign)
				compare_signs(looked, in, &near[k], &own, &d);
			else
				compare_conditions(looked, in, &near[k], all.list[i], &d);
		}
		if (!d.different || d.same)
			continue;
		if (sign)
			propose_sign(python, in, &own, &d);
		else
			propose_condition(python, in, all.list[i], &d);
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct looked looked = { .python = &python };
	struct reached *reached;
	size_t count;

	if (scene->failure->kind != KIND_ASSERTION)
		return;
	count = python_reached(&python, &reached);
	for (size_t i = 0; i < count; i++)
		if (reached[i].depth < 2)
			look(&looked, &reached[i]);
	if (!scene->candidate_count)
		template_decline(scene, "no place that the test runs differs from its siblings by one sign");
}

static const struct example examples[] = {
	{
		.name = "the moment of the end",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_end ____________________\n"
			"test_tokens.py:7: in test_end\n"
			"    assert is_over(SimpleNamespace(ends=3), 3)\nE   assert False\n"
			"E    +  where False = is_over(namespace(ends=3), 3)\n"
			"E    +    where namespace(ends=3) = SimpleNamespace(ends=3)\n"
			"============ short test summary info =============\n"
			"FAILED test_tokens.py::test_end - assert False\n1 failed in 0.19s\n",
		.file = {
			{ "tokens.py",
			  "def is_over(token, now):\n"
			  "    return token.ends < now\n"
			  "\n"
			  "\n"
			  "def alive(tokens, now):\n"
			  "    return [one for one in tokens if not one.ends <= now]\n",
			  "def is_over(token, now):\n"
			  "    return token.ends <= now\n"
			  "\n"
			  "\n"
			  "def alive(tokens, now):\n"
			  "    return [one for one in tokens if not one.ends <= now]\n" },
			{ "test_tokens.py",
			  "from types import SimpleNamespace\n"
			  "\n"
			  "from tokens import is_over\n"
			  "\n"
			  "\n"
			  "def test_end():\n"
			  "    assert is_over(SimpleNamespace(ends=3), 3)\n", NULL },
		},
	},
	{
		.name = "parentheses around an or",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_locked ___________________\n"
			"test_rights.py:8: in test_locked\n"
			"    assert not may_edit(user, SimpleNamespace(locked=True))\n"
			"E   assert not True\n"
			"E    +  where True = may_edit(namespace(owner=True, editor=False), nam"
			"espace(locked=True))\n"
			"E    +    where namespace(locked=True) = SimpleNamespace(locked=True)"
			"\n============ short test summary info =============\n"
			"FAILED test_rights.py::test_locked - assert not...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "rights.py",
			  "def may_rename(user, page):\n"
			  "    return (user.owner or user.editor) and not page.locked\n"
			  "\n"
			  "\n"
			  "def may_edit(user, page):\n"
			  "    return user.owner or user.editor and not page.locked\n",
			  "def may_rename(user, page):\n"
			  "    return (user.owner or user.editor) and not page.locked\n"
			  "\n"
			  "\n"
			  "def may_edit(user, page):\n"
			  "    return (user.owner or user.editor) and not page.locked\n" },
			{ "test_rights.py",
			  "from types import SimpleNamespace\n"
			  "\n"
			  "from rights import may_edit\n"
			  "\n"
			  "\n"
			  "def test_locked():\n"
			  "    user = SimpleNamespace(owner=True, editor=False)\n"
			  "    assert not may_edit(user, SimpleNamespace(locked=True))\n", NULL },
		},
	},
	{
		.name = "the siblings do not agree",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_end ____________________\n"
			"test_tokens.py:7: in test_end\n"
			"    assert is_over(SimpleNamespace(ends=3), 3)\nE   assert False\n"
			"E    +  where False = is_over(namespace(ends=3), 3)\n"
			"E    +    where namespace(ends=3) = SimpleNamespace(ends=3)\n"
			"============ short test summary info =============\n"
			"FAILED test_tokens.py::test_end - assert False\n1 failed in 0.19s\n",
		.file = {
			{ "tokens.py",
			  "def is_over(token, now):\n"
			  "    return token.ends < now\n"
			  "\n"
			  "\n"
			  "def alive(tokens, now):\n"
			  "    return [one for one in tokens if not one.ends <= now]\n"
			  "\n"
			  "\n"
			  "def dead(tokens, now):\n"
			  "    return [one for one in tokens if one.ends < now]\n", NULL },
			{ "test_tokens.py",
			  "from types import SimpleNamespace\n"
			  "\n"
			  "from tokens import is_over\n"
			  "\n"
			  "\n"
			  "def test_end():\n"
			  "    assert is_over(SimpleNamespace(ends=3), 3)\n", NULL },
		},
		.declines = "differs from its siblings",
	},
	{
		.name = "no sibling",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_limit ___________________\n"
			"test_fee.py:5: in test_limit\n    assert fee(50) == 0\n"
			"E   assert 5 == 0\nE    +  where 5 = fee(50)\n"
			"============ short test summary info =============\n"
			"FAILED test_fee.py::test_limit - assert 5 == 0\n1 failed in 0.13s\n",
		.file = {
			{ "fee.py",
			  "def fee(total):\n"
			  "    return 0 if total > 50 else 5\n", NULL },
			{ "test_fee.py",
			  "from fee import fee\n"
			  "\n"
			  "\n"
			  "def test_limit():\n"
			  "    assert fee(50) == 0\n", NULL },
		},
		.declines = "differs from its siblings",
	},
	{0}
};

const struct template template_python_unlike_sibling = {
	.name = "python_unlike_sibling",
	.summary = "a condition that differs from its siblings by one sign or by parentheses, where a test fails -> as the siblings",
	.language = "python",
	.class = "condition",
	.oracles = "sibling",
	.keeps_off = "the siblings do not agree; the test fails for another reason; two such places",
	.danger = DANGER_2,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};
