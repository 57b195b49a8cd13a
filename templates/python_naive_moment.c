/*
 * A moment without a zone beside one with a zone: now() reads the clock in the zone that the
 * neighbours name. Only for now() and utcnow() without arguments, only where all of the code that
 * names a zone names the same one; what is stored without a zone is never given one.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct zone {
	struct str text;		/* "timezone.utc" */
	const char *by;
	bool quarrel;
};

/* datetime.now(ZONE) in the folder of the crash, or else anywhere that is no test. */
static void find_zone(struct python *python, const char *path, struct zone *zone)
{
	struct near *near;
	size_t count = python_near(python, path, &near);

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(python->scene->arena, near[i].s->root, "call");

		for (size_t k = 0; k < all.count; k++) {
			TSNode list = syntax_field(all.list[k], "arguments");
			TSNode first = python_child(list, 0);
			struct str text, last;

			if (!str_is(python_callee(near[i].s, all.list[k]), "now") ||
			    python_child_count(list) != 1)
				continue;
			if (syntax_type_is(first, "keyword_argument"))
				first = syntax_field(first, "value");
			text = syntax_text(near[i].s, first);
			if (!syntax_type_is(first, "identifier|attribute"))
				zone->quarrel = true;
			if (str_split(text, "datetime.", NULL, &last) && str_is(last, "timezone.utc"))
				text = last;
			zone->quarrel |= zone->text.size && !str_equal(zone->text, text);
			zone->text = text;
			zone->by = arena_printf(python->scene->arena, "%s:%u", near[i].path,
						syntax_line(all.list[k]));
		}
	}
}

/* now() or utcnow() of datetime, without arguments. */
static bool is_naive(const struct syntax *s, TSNode call)
{
	TSNode callee = syntax_field(call, "function");
	struct str object = syntax_text(s, syntax_field(callee, "object"));

	return word_among(python_callee(s, call), "now utcnow") &&
	       !python_child_count(syntax_field(call, "arguments")) &&
	       (str_is(object, "datetime") || str_is(object, "datetime.datetime"));
}

static TSNode only_naive(struct arena *a, const struct syntax *s, TSNode top)
{
	struct nodes all = python_nodes(a, top, "call");
	TSNode found = {{0}, NULL, NULL}, none = found;
	unsigned count = 0;

	for (size_t i = 0; i < all.count; i++) {
		if (!is_naive(s, all.list[i]))
			continue;
		found = all.list[i];
		count++;
	}
	return count == 1 ? found : none;
}

/* Makes the first name of the zone known: behind the names of `from datetime import ...`. */
static bool import_zone(struct arena *a, const struct syntax *s, struct str zone, struct edits *edits)
{
	struct nodes all = python_nodes(a, s->root, "import_from_statement");
	struct str first = zone;

	str_split(zone, ".", &first, NULL);
	if (python_binds(s, first))
		return true;
	if (!str_is(zone, "timezone.utc"))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		TSNode last = python_child(all.list[i], python_child_count(all.list[i]) - 1);

		if (!str_is(syntax_text(s, syntax_field(all.list[i], "module_name")), "datetime"))
			continue;
		edit_replace(edits, ts_node_end_byte(last), ts_node_end_byte(last), STR(", timezone"));
		return true;
	}
	return false;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct zone zone = {0};
	struct site crash;
	TSNode call, callee;
	struct str object;

	if (!python_own_crash(&python, &crash))
		return;
	call = only_naive(scene->arena, crash.syntax, crash.statement);
	if (ts_node_is_null(call) && !ts_node_is_null(crash.function))
		call = only_naive(scene->arena, crash.syntax, crash.function);
	if (ts_node_is_null(call))
		return template_decline(scene, "the moment without a zone is not read from the clock here");
	find_zone(&python, crash.path, &zone);
	if (!zone.text.size || zone.quarrel)
		return template_decline(scene, "no oracle: the code around it does not name one zone");
	callee = syntax_field(call, "function");
	object = syntax_text(crash.syntax, syntax_field(callee, "object"));
	if (str_is(object, "datetime.datetime") && str_is(zone.text, "timezone.utc"))
		zone.text = STR("datetime.timezone.utc");
	else if (!import_zone(scene->arena, crash.syntax, zone.text, &edits))
		return template_decline(scene, "the file does not know %.*s", STR_ARG(zone.text));
	edit_node(&edits, call, str_of(arena_printf(scene->arena, "%.*s.now(%.*s)", STR_ARG(object),
						    STR_ARG(zone.text))));
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "the clock is read with a zone, as at %s", zone.by));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "the neighbour reads the clock in UTC",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_age ____________________\n"
			"test_posts.py:5: in test_age\n    assert age(stamp()) == 0\n"
			"posts.py:9: in age\n    return (datetime.now() - at).days\n"
			"E   TypeError: can't subtract offset-naive and offset-aware datetimes"
			"\n============ short test summary info =============\n"
			"FAILED test_posts.py::test_age - TypeError: can...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "posts.py",
			  "from datetime import datetime, timezone\n"
			  "\n"
			  "\n"
			  "def stamp():\n"
			  "    return datetime.now(timezone.utc)\n"
			  "\n"
			  "\n"
			  "def age(at):\n"
			  "    return (datetime.now() - at).days\n",
			  "from datetime import datetime, timezone\n"
			  "\n"
			  "\n"
			  "def stamp():\n"
			  "    return datetime.now(timezone.utc)\n"
			  "\n"
			  "\n"
			  "def age(at):\n"
			  "    return (datetime.now(timezone.utc) - at).days\n" },
			{ "test_posts.py",
			  "from posts import age, stamp\n"
			  "\n"
			  "\n"
			  "def test_age():\n"
			  "    assert age(stamp()) == 0\n", NULL },
		},
	},
	{
		.name = "the file does not know the zone yet",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_old ____________________\n"
			"test_posts.py:6: in test_old\n    assert is_old(stamp())\n"
			"posts.py:6: in is_old\n    return at < now\n"
			"E   TypeError: can't compare offset-naive and offset-aware datetimes\n"
			"============ short test summary info =============\n"
			"FAILED test_posts.py::test_old - TypeError: can...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "clock.py",
			  "from datetime import datetime, timezone\n"
			  "\n"
			  "\n"
			  "def stamp():\n"
			  "    return datetime.now(tz=timezone.utc)\n", NULL },
			{ "posts.py",
			  "from datetime import datetime\n"
			  "\n"
			  "\n"
			  "def is_old(at):\n"
			  "    now = datetime.utcnow()\n"
			  "    return at < now\n",
			  "from datetime import datetime, timezone\n"
			  "\n"
			  "\n"
			  "def is_old(at):\n"
			  "    now = datetime.now(timezone.utc)\n"
			  "    return at < now\n" },
			{ "test_posts.py",
			  "from clock import stamp\n"
			  "from posts import is_old\n"
			  "\n"
			  "\n"
			  "def test_old():\n"
			  "    assert is_old(stamp())\n", NULL },
		},
	},
	{
		.name = "nobody names a zone",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_age ____________________\n"
			"test_posts.py:7: in test_age\n"
			"    assert age(datetime.now(timezone.utc)) == 0\nposts.py:5: in age\n"
			"    return (datetime.now() - at).days\n"
			"E   TypeError: can't subtract offset-naive and offset-aware datetimes"
			"\n============ short test summary info =============\n"
			"FAILED test_posts.py::test_age - TypeError: can...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "posts.py",
			  "from datetime import datetime\n"
			  "\n"
			  "\n"
			  "def age(at):\n"
			  "    return (datetime.now() - at).days\n", NULL },
			{ "test_posts.py",
			  "from datetime import datetime, timezone\n"
			  "\n"
			  "from posts import age\n"
			  "\n"
			  "\n"
			  "def test_age():\n"
			  "    assert age(datetime.now(timezone.utc)) == 0\n", NULL },
		},
		.declines = "does not name one zone",
	},
	{
		.name = "the moment is stored without a zone",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_age ____________________\n"
			"test_posts.py:5: in test_age\n    assert age() > 1\n"
			"posts.py:7: in age\n"
			"    return (datetime.now(timezone.utc) - BEGIN).days\n"
			"E   TypeError: can't subtract offset-naive and offset-aware datetimes"
			"\n============ short test summary info =============\n"
			"FAILED test_posts.py::test_age - TypeError: can...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "posts.py",
			  "from datetime import datetime, timezone\n"
			  "\n"
			  "BEGIN = datetime(2024, 1, 1)\n"
			  "\n"
			  "\n"
			  "def age():\n"
			  "    return (datetime.now(timezone.utc) - BEGIN).days\n", NULL },
			{ "test_posts.py",
			  "from posts import age\n"
			  "\n"
			  "\n"
			  "def test_age():\n"
			  "    assert age() > 1\n", NULL },
		},
		.declines = "not read from the clock",
	},
	{0}
};

const struct template template_python_naive_moment = {
	.name = "python_naive_moment",
	.summary = "a moment with and one without a zone -> the clock is read in the zone of the neighbours",
	.language = "python",
	.class = "type",
	.oracles = "sibling",
	.keeps_off = "the code around it names no zone, or several; the moment is not read from the clock",
	.danger = DANGER_1,
	.types = types,
	.pattern = "offset-naive and offset-aware datetimes",
	.fix = fix,
	.examples = examples,
};
