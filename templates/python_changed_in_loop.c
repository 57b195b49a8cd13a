/*
 * A dict or set that loses what its loop has just looked at: the loop goes over a copy. Only where
 * the loop takes out the very item it looks at, itself or in the one method it calls for it; what
 * is put in during a loop, or taken out elsewhere, may be meant to count at once.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct loop {
	const struct syntax *s;
	struct str container;		/* "self.until" of `for user in self.until.items()` */
	struct str key;			/* "user" */
	unsigned own, other;		/* removals of the key; any other change */
};

/* `D`, `D.items()`, `D.keys()`, `D.values()` -> D */
static TSNode container_of(const struct syntax *s, TSNode right)
{
	TSNode callee = syntax_field(right, "function"), none = {{0}, NULL, NULL};

	if (syntax_type_is(right, "identifier|attribute"))
		return right;
	if (syntax_type_is(callee, "attribute") &&
	    word_among(syntax_text(s, syntax_field(callee, "attribute")), "items keys values"))
		return syntax_field(callee, "object");
	return none;
}

static void note(struct loop *l, TSNode key)
{
	if (str_equal(syntax_text(l->s, key), l->key))
		l->own++;
	else
		l->other++;
}

static bool see_change(TSNode node, void *context)
{
	struct loop *l = context;
	TSNode callee = syntax_field(node, "function"), left = syntax_field(node, "left");
	TSNode target = python_child(node, 0);
	struct str method = syntax_text(l->s, syntax_field(callee, "attribute"));

	if (syntax_type_is(node, "delete_statement") && syntax_type_is(target, "subscript") &&
	    str_equal(syntax_text(l->s, syntax_field(target, "value")), l->container))
		note(l, syntax_field(target, "subscript"));
	if (syntax_type_is(node, "assignment") && syntax_type_is(left, "subscript") &&
	    str_equal(syntax_text(l->s, syntax_field(left, "value")), l->container) &&
	    !str_equal(syntax_text(l->s, syntax_field(left, "subscript")), l->key))
		l->other++;
	if (!syntax_type_is(callee, "attribute") ||
	    !str_equal(syntax_text(l->s, syntax_field(callee, "object")), l->container))
		return true;
	if (word_among(method, "pop remove discard"))
		note(l, python_child(syntax_field(node, "arguments"), 0));
	else if (word_among(method, "add update clear setdefault popitem append"))
		l->other++;
	return true;
}

/* self.forget(user): the method's own parameter takes the place of the key. */
static void look_into_calls(struct python *python, const struct site *crash, TSNode body,
			    const struct loop *l, struct loop *inner)
{
	struct nodes calls = python_nodes(python->scene->arena, body, "call");
	TSNode class = syntax_up(crash->function, "class_definition");

	for (size_t i = 0; i < calls.count && str_starts(l->container, "self."); i++) {
		TSNode list = syntax_field(calls.list[i], "arguments");
		TSNode method = python_method(l->s, class, python_callee(l->s, calls.list[i]));
		TSNode parameter = python_child(syntax_field(method, "parameters"), 1);

		if (ts_node_is_null(method) || !str_equal(syntax_text(l->s, python_child(list, 0)), l->key))
			continue;
		inner->key = syntax_text(l->s, parameter);
		syntax_walk(syntax_field(method, "body"), see_change, inner);
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	struct loop l = {0}, inner;
	TSNode loop, right, left, body;

	if (!python_crash(&python, &crash))
		return;
	loop = crash.statement;
	right = syntax_field(loop, "right"), left = syntax_field(loop, "left");
	body = syntax_field(loop, "body");
	l.s = crash.syntax;
	l.container = syntax_text(l.s, container_of(l.s, right));
	if (!syntax_type_is(loop, "for_statement") || ts_node_is_null(body) || !l.container.size)
		return template_decline(scene, "the container is not walked over by a plain loop");
	if (syntax_type_is(left, "pattern_list|tuple_pattern"))
		left = python_child(left, 0);
	l.key = syntax_text(l.s, left);
	if (str_has(syntax_text(l.s, right), ".values("))
		return template_decline(scene, "the loop does not know the key of what it looks at");
	inner = l;
	syntax_walk(body, see_change, &l);
	look_into_calls(&python, &crash, body, &l, &inner);
	if (l.own + inner.own != 1 || l.other + inner.other ||
	    python_assigned(l.s, crash.function, l.key, ts_node_start_byte(body), ts_node_end_byte(body)))
		return template_decline(scene, "what the loop changes is not just the item it looks at; the "
					"change may be meant to count at once");
	edit_replace(&edits, ts_node_start_byte(right), ts_node_start_byte(right), STR("list("));
	edit_replace(&edits, ts_node_end_byte(right), ts_node_end_byte(right), STR(")"));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "the loop takes the item it looks at out of %.*s, so it goes "
				   "over a copy", STR_ARG(l.container)));
}

static const char *const types[] = { "RuntimeError", NULL };

static const struct example examples[] = {
	{
		.name = "keys are deleted in the loop",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_expire ___________________\n"
			"test_sessions.py:5: in test_expire\n"
			"    assert expire({\"a\": 1, \"b\": 3}, 2) == {\"b\": 3}\n"
			"sessions.py:2: in expire\n    for user, end in until.items():\n"
			"E   RuntimeError: dictionary changed size during iteration\n"
			"============ short test summary info =============\n"
			"FAILED test_sessions.py::test_expire - RuntimeE...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "sessions.py",
			  "def expire(until, now):\n"
			  "    for user, end in until.items():\n"
			  "        if end <= now:\n"
			  "            del until[user]\n"
			  "    return until\n",
			  "def expire(until, now):\n"
			  "    for user, end in list(until.items()):\n"
			  "        if end <= now:\n"
			  "            del until[user]\n"
			  "    return until\n" },
			{ "test_sessions.py",
			  "from sessions import expire\n"
			  "\n"
			  "\n"
			  "def test_expire():\n"
			  "    assert expire({\"a\": 1, \"b\": 3}, 2) == {\"b\": 3}\n", NULL },
		},
	},
	{
		.name = "a set, in a method that the loop calls",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_close ___________________\n"
			"test_room.py:6: in test_close\n    room.close()\nroom.py:9: in close\n"
			"    for person in self.people:\n"
			"E   RuntimeError: Set changed size during iteration\n"
			"============ short test summary info =============\n"
			"FAILED test_room.py::test_close - RuntimeError:...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "room.py",
			  "class Room:\n"
			  "    def __init__(self, people):\n"
			  "        self.people = set(people)\n"
			  "\n"
			  "    def leave(self, person):\n"
			  "        self.people.discard(person)\n"
			  "\n"
			  "    def close(self):\n"
			  "        for person in self.people:\n"
			  "            self.leave(person)\n",
			  "class Room:\n"
			  "    def __init__(self, people):\n"
			  "        self.people = set(people)\n"
			  "\n"
			  "    def leave(self, person):\n"
			  "        self.people.discard(person)\n"
			  "\n"
			  "    def close(self):\n"
			  "        for person in list(self.people):\n"
			  "            self.leave(person)\n" },
			{ "test_room.py",
			  "from room import Room\n"
			  "\n"
			  "\n"
			  "def test_close():\n"
			  "    room = Room([\"ada\", \"bob\"])\n"
			  "    room.close()\n"
			  "    assert room.people == set()\n", NULL },
		},
	},
	{
		.name = "something is put in",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_spread ___________________\n"
			"test_spread.py:5: in test_spread\n"
			"    assert spread({1}, {1: [2], 2: [3]}) == {1, 2, 3}\n"
			"spread.py:2: in spread\n    for node in seen:\n"
			"E   RuntimeError: Set changed size during iteration\n"
			"============ short test summary info =============\n"
			"FAILED test_spread.py::test_spread - RuntimeErr...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "spread.py",
			  "def spread(seen, links):\n"
			  "    for node in seen:\n"
			  "        seen.update(links.get(node, ()))\n"
			  "    return seen\n", NULL },
			{ "test_spread.py",
			  "from spread import spread\n"
			  "\n"
			  "\n"
			  "def test_spread():\n"
			  "    assert spread({1}, {1: [2], 2: [3]}) == {1, 2, 3}\n", NULL },
		},
		.declines = "meant to count at once",
	},
	{
		.name = "another key is taken out",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_single ___________________\n"
			"test_pairs.py:5: in test_single\n"
			"    assert single({\"a\": \"b\", \"b\": \"a\"}) == {\"a\": \"b\"}\n"
			"pairs.py:2: in single\n    for left in pairs:\n"
			"E   RuntimeError: dictionary changed size during iteration\n"
			"============ short test summary info =============\n"
			"FAILED test_pairs.py::test_single - RuntimeErro...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "pairs.py",
			  "def single(pairs):\n"
			  "    for left in pairs:\n"
			  "        if pairs[left] in pairs:\n"
			  "            del pairs[pairs[left]]\n"
			  "    return pairs\n", NULL },
			{ "test_pairs.py",
			  "from pairs import single\n"
			  "\n"
			  "\n"
			  "def test_single():\n"
			  "    assert single({\"a\": \"b\", \"b\": \"a\"}) == {\"a\": \"b\"}\n", NULL },
		},
		.declines = "not just the item",
	},
	{0}
};

const struct template template_python_changed_in_loop = {
	.name = "python_changed_in_loop",
	.summary = "a dict or set that its own loop makes smaller -> the loop goes over a copy",
	.language = "python",
	.class = "iteration",
	.oracles = "contract",
	.keeps_off = "something is put in, or other items are taken out; the removal is not seen",
	.danger = DANGER_1,
	.types = types,
	.pattern = "(?i)(changed size|keys changed) during iteration",
	.fix = fix,
	.examples = examples,
};
