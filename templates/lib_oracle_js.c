/*
 * Reads assertions of node:assert, jest, vitest and chai. Evaluates nothing: only a literal that
 * stands in the test counts, and only for the very call that crashed.
 */
#include "templates/lib_oracle_js.h"

#include "git/path.h"
#include "templates/lib_scene.h"

bool js_is_test(const char *path)
{
	struct str whole = str_of(path), name = path_name(whole);

	return str_has(name, ".test.") || str_has(name, ".spec.") || str_has(whole, "__tests__/") ||
	       str_starts(whole, "test/") || str_starts(whole, "tests/") || str_has(whole, "/test/") ||
	       str_has(whole, "/tests/") || str_starts(name, "test.") || str_starts(name, "test-");
}

/* The frame that called the crashing one, when it is a test's. */
static const struct frame *test_frame(const struct scene *scene)
{
	const struct failure *failure = scene->failure;
	const struct frame *caller = NULL;
	unsigned own = 0;

	for (size_t i = failure->frame_count; i-- > 0;) {
		const char *path = scene_path(scene, failure->frames[i].file);

		if (!path)
			continue;
		if (own++ == 1)
			caller = &failure->frames[i];
	}
	return caller && js_is_test(scene_path(scene, caller->file)) ? caller : NULL;
}

/* The last name of a called expression: "total" of total, cart.total and this.total. */
static struct str called(const struct syntax *s, TSNode call)
{
	TSNode function = syntax_field(call, "function");

	if (syntax_type_is(function, "member_expression"))
		function = syntax_field(function, "property");
	return syntax_text(s, function);
}

static bool is_literal(TSNode node)
{
	if (syntax_type_is(node, "number|string|true|false|null|undefined"))
		return true;
	if (syntax_type_is(node, "unary_expression"))
		return syntax_type_is(ts_node_named_child(node, 0), "number");
	if (!syntax_type_is(node, "array|object"))
		return false;
	for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
		TSNode child = ts_node_named_child(node, i);

		if (syntax_type_is(child, "pair"))
			child = syntax_field(child, "value");
		if (!is_literal(child))
			return false;
	}
	return true;
}

static bool is_empty(struct str value)
{
	static const char nothings[] = "0 '' \"\" null undefined false [] {}";

	return word_among(value, nothings);
}

static TSNode argument(TSNode call, uint32_t n)
{
	TSNode none = {{0}, NULL, NULL}, list = syntax_field(call, "arguments");

	if (ts_node_is_null(list) || n >= ts_node_named_child_count(list))
		return none;
	return ts_node_named_child(list, n);
}

/* expect(x).to.be.undefined and its like: the last word is the value. */
static bool chai_word(struct str chain, struct str *value)
{
	static const char *const words[] = { "undefined", "null", "true", "false" };

	if (!str_has(chain, ".to.be.") || str_has(chain, ".not."))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_ends(chain, words[i])) {
			*value = str_of(words[i]);
			return true;
		}
	return false;
}

/* Which value an assertion around `node` (the call, or the variable with its result) states. */
static bool stated_around(const struct syntax *s, TSNode node, struct str *value)
{
	TSNode outer = ts_node_parent(node), call, chain, expected = {{0}, NULL, NULL};
	struct str name;

	if (syntax_type_is(outer, "await_expression")) {
		node = outer;
		outer = ts_node_parent(outer);
	}
	if (!syntax_type_is(outer, "arguments") || !ts_node_eq(ts_node_named_child(outer, 0), node))
		return false;
	call = ts_node_parent(outer);
	name = called(s, call);
	if (word_among(name, "equal strictEqual deepEqual deepStrictEqual is same")) {
		expected = argument(call, 1);
	} else if (str_is(name, "expect")) {
		chain = ts_node_parent(call);
		while (syntax_type_is(ts_node_parent(chain), "member_expression"))
			chain = ts_node_parent(chain);
		if (chai_word(syntax_text(s, chain), value))
			return true;
		call = ts_node_parent(chain);
		name = called(s, call);
		if (str_has(syntax_text(s, chain), ".not."))
			return false;
		if (str_is(name, "toBeUndefined") || str_is(name, "toBeNull")) {
			*value = str_is(name, "toBeNull") ? STR("null") : STR("undefined");
			return true;
		}
		if (word_among(name, "toBe toEqual toStrictEqual equal equals eql"))
			expected = argument(call, 0);
	}
	if (ts_node_is_null(expected) || !is_literal(expected))
		return false;
	*value = syntax_text(s, expected);
	return true;
}

/* const r = f(x); ... assert.equal(r, 0): every assertion on r in the test must state the same. */
static bool stated_of_variable(const struct syntax *s, TSNode call, struct str *value)
{
	TSNode holder = syntax_up(call, "variable_declarator|statement_block|program");
	TSNode block = syntax_up(holder, "statement_block|program");
	struct str name = syntax_text(s, syntax_field(holder, "name"));
	unsigned found = 0;

	if (!syntax_type_is(holder, "variable_declarator") || !str_is_word(name))
		return false;
	for (unsigned n = 0;; n++) {
		TSNode use = syntax_below(block, "identifier", n);
		struct str one;

		if (ts_node_is_null(use))
			return found == 1;
		if (!str_equal(syntax_text(s, use), name) || !stated_around(s, use, &one))
			continue;
		found++;
		*value = one;
	}
}

static void take_arguments(const struct syntax *s, TSNode call, struct stated *stated)
{
	TSNode list = syntax_field(call, "arguments");

	for (uint32_t i = 0; i < ts_node_named_child_count(list) && i < STATED_ARGUMENTS_MAX; i++)
		stated->arguments[stated->argument_count++] =
			syntax_text(s, ts_node_named_child(list, i));
}

bool oracle_js_test(const struct scene *scene, struct str function, struct stated *stated,
		    const char **why)
{
	const struct frame *frame = test_frame(scene);
	const char *path = frame ? scene_path(scene, frame->file) : NULL;
	struct str text, value;
	SYNTAX s = NULL;

	*why = "the crashing function was not called by a test directly";
	if (!path || !scene_read(scene, path, &text))
		return false;
	s = syntax_open(scene->arena, syntax_language(path), text);
	*why = arena_printf(scene->arena, "%s does not call %.*s on line %u", path, STR_ARG(function),
			    frame->line);
	for (unsigned n = 0; s; n++) {
		TSNode call = syntax_below(s->root, "call_expression", n);

		if (ts_node_is_null(call))
			return false;
		if (!str_equal(called(s, call), function) || syntax_line(call) > frame->line ||
		    ts_node_end_point(call).row + 1 < frame->line)
			continue;
		*why = arena_printf(scene->arena, "%s states no literal for this call of %.*s", path,
				    STR_ARG(function));
		if (!stated_around(s, call, &value) && !stated_of_variable(s, call, &value))
			return false;
		*stated = (struct stated){ .value = str_copy(scene->arena, value),
					   .empty = is_empty(value) };
		take_arguments(s, call, stated);
		stated->by = arena_printf(scene->arena, "%s:%u expects %.*s for %.*s", path,
					  syntax_line(call), STR_ARG(value),
					  STR_ARG(syntax_text(s, call)));
		return true;
	}
	return false;
}
