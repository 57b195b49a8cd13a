/*
 * A value that JSON does not know, under a key that a neighbour writes: the same conversion. Only a
 * conversion that the code has for the same key, in a literal dict; a general `default=` would let
 * through more than anybody asked for, unless the neighbours have it.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct conversion {
	struct str before, after;	/* "" and ".isoformat()", or "str(" and ")" */
	const char *by;
	unsigned count;
	bool quarrel;
};

/* x.method() or f(x): what is put around x. */
static bool read_conversion(const struct syntax *s, TSNode value, struct conversion *out)
{
	TSNode callee = syntax_field(value, "function"), list = syntax_field(value, "arguments");
	TSNode inner = python_child(list, 0);

	if (!syntax_type_is(value, "call"))
		return false;
	if (syntax_type_is(callee, "attribute") && !python_child_count(list) &&
	    word_among(syntax_text(s, syntax_field(callee, "attribute")), "isoformat hex decode timestamp "
		       "total_seconds as_posix")) {
		out->before = STR_NONE;
		out->after = str_from(syntax_text(s, value), syntax_text(s, syntax_field(callee, "object")).size);
		return true;
	}
	if (!word_among(syntax_text(s, callee), "str float int sorted list") || python_child_count(list) != 1)
		return false;
	out->before = str_slice(s->text, ts_node_start_byte(value),
				ts_node_start_byte(inner) - ts_node_start_byte(value));
	out->after = str_slice(s->text, ts_node_end_byte(inner),
			       ts_node_end_byte(value) - ts_node_end_byte(inner));
	return true;
}

/* What the other dicts of the folder do under this key. */
static void ask_neighbours(struct python *python, const char *path, const struct syntax *s, TSNode pair,
			   struct conversion *out)
{
	struct arena *a = python->scene->arena;
	struct str key = syntax_text(s, syntax_field(pair, "key"));
	struct near *near;
	size_t count = python_near(python, path, &near);

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(a, near[i].s->root, "pair");

		for (size_t k = 0; k < all.count; k++) {
			struct conversion c = {0};

			if (!str_equal(syntax_text(near[i].s, syntax_field(all.list[k], "key")), key) ||
			    (near[i].s == s && ts_node_eq(all.list[k], pair)) ||
			    !read_conversion(near[i].s, syntax_field(all.list[k], "value"), &c))
				continue;
			out->quarrel |= out->count && (!str_equal(out->before, c.before) ||
						       !str_equal(out->after, c.after));
			out->before = c.before, out->after = c.after;
			out->by = arena_printf(a, "%s:%u", near[i].path, syntax_line(all.list[k]));
			out->count++;
		}
	}
}

/* Does the conversion fit what JSON did not know? */
static bool fits(struct str type, const struct conversion *c)
{
	static const char *const fitting[][2] = {
		{ "datetime", ".isoformat() .timestamp() str(" }, { "date", ".isoformat() str(" },
		{ "time", ".isoformat() str(" }, { "timedelta", ".total_seconds() str(" },
		{ "Decimal", "str( float(" }, { "set", "sorted( list(" }, { "frozenset", "sorted( list(" },
		{ "bytes", ".hex() .decode()" }, { "UUID", "str(" }, { "PosixPath", "str( .as_posix()" },
	};

	for (size_t i = 0; i < sizeof(fitting) / sizeof(fitting[0]); i++)
		if (str_is(type, fitting[i][0]))
			return word_among(c->before.size ? c->before : c->after, fitting[i][1]);
	return false;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str type = scene_group(scene, "type");
	struct conversion chosen = {0};
	struct site crash;
	struct nodes pairs;
	TSNode place = {{0}, NULL, NULL};
	unsigned count = 0;

	if (!python_own_crash(&python, &crash))
		return;
	pairs = python_nodes(scene->arena, ts_node_is_null(crash.function) ? crash.statement : crash.function,
			     "pair");
	for (size_t i = 0; i < pairs.count; i++) {
		TSNode value = syntax_field(pairs.list[i], "value");
		struct conversion c = {0};

		if (!syntax_type_is(value, "identifier|attribute|subscript"))
			continue;
		ask_neighbours(&python, crash.path, crash.syntax, pairs.list[i], &c);
		if (!c.count || c.quarrel || !fits(type, &c))
			continue;
		chosen = c, place = value;
		count++;
	}
	if (count != 1)
		return template_decline(scene, count ? "several values can be the %.*s" :
					"no oracle: nowhere else is such a key written as JSON knows it (%.*s)",
					STR_ARG(type));
	edit_replace(&edits, ts_node_start_byte(place), ts_node_start_byte(place), chosen.before);
	edit_replace(&edits, ts_node_end_byte(place), ts_node_end_byte(place), chosen.after);
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "JSON does not know %.*s; the same key is written so at %s",
				   STR_ARG(type), chosen.by));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a moment, as the neighbour writes it",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_logout ___________________\n"
			"test_events.py:7: in test_logout\n"
			"    assert \"2024-05-06\" in logout(\"ada\", date(2024, 5, 6))\n"
			"events.py:9: in logout\n"
			"    return json.dumps({\"user\": user, \"at\": at})\n"
			"/usr/lib/python3.11/json/__init__.py:231: in dumps\n"
			"    return _default_encoder.encode(obj)\n"
			"/usr/lib/python3.11/json/encoder.py:200: in encode\n"
			"    chunks = self.iterencode(o, _one_shot=True)\n"
			"/usr/lib/python3.11/json/encoder.py:258: in iterencode\n"
			"    return _iterencode(o, 0)\n"
			"/usr/lib/python3.11/json/encoder.py:180: in default\n"
			"    raise TypeError(f'Object of type {o.__class__.__name__} '\n"
			"E   TypeError: Object of type date is not JSON serializable\n"
			"============ short test summary info =============\n"
			"FAILED test_events.py::test_logout - TypeError:...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "events.py",
			  "import json\n"
			  "\n"
			  "\n"
			  "def login(user, at):\n"
			  "    return json.dumps({\"user\": user, \"at\": at.isoformat()})\n"
			  "\n"
			  "\n"
			  "def logout(user, at):\n"
			  "    return json.dumps({\"user\": user, \"at\": at})\n",
			  "import json\n"
			  "\n"
			  "\n"
			  "def login(user, at):\n"
			  "    return json.dumps({\"user\": user, \"at\": at.isoformat()})\n"
			  "\n"
			  "\n"
			  "def logout(user, at):\n"
			  "    return json.dumps({\"user\": user, \"at\": at.isoformat()})\n" },
			{ "test_events.py",
			  "from datetime import date\n"
			  "\n"
			  "from events import logout\n"
			  "\n"
			  "\n"
			  "def test_logout():\n"
			  "    assert \"2024-05-06\" in logout(\"ada\", date(2024, 5, 6))\n", NULL },
		},
	},
	{
		.name = "a set, in a dict that is written later",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_save ____________________\n"
			"test_groups.py:5: in test_save\n"
			"    assert save(\"a\", {\"x\"}) == '{\"title\": \"a\", \"names\": [\"x"
			"\"]}'\ngroups.py:10: in save\n    return json.dumps(group)\n"
			"/usr/lib/python3.11/json/__init__.py:231: in dumps\n"
			"    return _default_encoder.encode(obj)\n"
			"/usr/lib/python3.11/json/encoder.py:200: in encode\n"
			"    chunks = self.iterencode(o, _one_shot=True)\n"
			"/usr/lib/python3.11/json/encoder.py:258: in iterencode\n"
			"    return _iterencode(o, 0)\n"
			"/usr/lib/python3.11/json/encoder.py:180: in default\n"
			"    raise TypeError(f'Object of type {o.__class__.__name__} '\n"
			"E   TypeError: Object of type set is not JSON serializable\n"
			"============ short test summary info =============\n"
			"FAILED test_groups.py::test_save - TypeError: O...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "groups.py",
			  "import json\n"
			  "\n"
			  "\n"
			  "def members(names):\n"
			  "    return {\"names\": sorted(names)}\n"
			  "\n"
			  "\n"
			  "def save(title, names):\n"
			  "    group = {\"title\": title, \"names\": names}\n"
			  "    return json.dumps(group)\n",
			  "import json\n"
			  "\n"
			  "\n"
			  "def members(names):\n"
			  "    return {\"names\": sorted(names)}\n"
			  "\n"
			  "\n"
			  "def save(title, names):\n"
			  "    group = {\"title\": title, \"names\": sorted(names)}\n"
			  "    return json.dumps(group)\n" },
			{ "test_groups.py",
			  "from groups import save\n"
			  "\n"
			  "\n"
			  "def test_save():\n"
			  "    assert save(\"a\", {\"x\"}) == '{\"title\": \"a\", \"names\": [\"x\"]}'\n", NULL },
		},
	},
	{
		.name = "nobody else writes such a key",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_logout ___________________\n"
			"test_events.py:7: in test_logout\n"
			"    assert \"2024\" in logout(\"ada\", date(2024, 5, 6))\n"
			"events.py:5: in logout\n"
			"    return json.dumps({\"user\": user, \"at\": at})\n"
			"/usr/lib/python3.11/json/__init__.py:231: in dumps\n"
			"    return _default_encoder.encode(obj)\n"
			"/usr/lib/python3.11/json/encoder.py:200: in encode\n"
			"    chunks = self.iterencode(o, _one_shot=True)\n"
			"/usr/lib/python3.11/json/encoder.py:258: in iterencode\n"
			"    return _iterencode(o, 0)\n"
			"/usr/lib/python3.11/json/encoder.py:180: in default\n"
			"    raise TypeError(f'Object of type {o.__class__.__name__} '\n"
			"E   TypeError: Object of type date is not JSON serializable\n"
			"============ short test summary info =============\n"
			"FAILED test_events.py::test_logout - TypeError:...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "events.py",
			  "import json\n"
			  "\n"
			  "\n"
			  "def logout(user, at):\n"
			  "    return json.dumps({\"user\": user, \"at\": at})\n", NULL },
			{ "test_events.py",
			  "from datetime import date\n"
			  "\n"
			  "from events import logout\n"
			  "\n"
			  "\n"
			  "def test_logout():\n"
			  "    assert \"2024\" in logout(\"ada\", date(2024, 5, 6))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "two neighbours differ",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_logout ___________________\n"
			"test_events.py:7: in test_logout\n"
			"    assert \"2024\" in logout(date(2024, 5, 6))\n"
			"events.py:13: in logout\n    return json.dumps({\"at\": at})\n"
			"/usr/lib/python3.11/json/__init__.py:231: in dumps\n"
			"    return _default_encoder.encode(obj)\n"
			"/usr/lib/python3.11/json/encoder.py:200: in encode\n"
			"    chunks = self.iterencode(o, _one_shot=True)\n"
			"/usr/lib/python3.11/json/encoder.py:258: in iterencode\n"
			"    return _iterencode(o, 0)\n"
			"/usr/lib/python3.11/json/encoder.py:180: in default\n"
			"    raise TypeError(f'Object of type {o.__class__.__name__} '\n"
			"E   TypeError: Object of type date is not JSON serializable\n"
			"============ short test summary info =============\n"
			"FAILED test_events.py::test_logout - TypeError:...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "events.py",
			  "import json\n"
			  "\n"
			  "\n"
			  "def login(at):\n"
			  "    return json.dumps({\"at\": at.isoformat()})\n"
			  "\n"
			  "\n"
			  "def read(at):\n"
			  "    return json.dumps({\"at\": str(at)})\n"
			  "\n"
			  "\n"
			  "def logout(at):\n"
			  "    return json.dumps({\"at\": at})\n", NULL },
			{ "test_events.py",
			  "from datetime import date\n"
			  "\n"
			  "from events import logout\n"
			  "\n"
			  "\n"
			  "def test_logout():\n"
			  "    assert \"2024\" in logout(date(2024, 5, 6))\n", NULL },
		},
		.declines = "no oracle",
	},
	{0}
};

const struct template template_python_json_value = {
	.name = "python_json_value",
	.summary = "a value that JSON does not know -> the conversion that a neighbour has for the same key",
	.language = "python",
	.class = "type",
	.oracles = "sibling",
	.keeps_off = "no neighbour writes the key, or they differ; several values can be meant",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^Object of type (?<type>\\w+) is not JSON serializable$",
	.fix = fix,
	.examples = examples,
};
