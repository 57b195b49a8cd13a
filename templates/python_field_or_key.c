/*
 * A dict that is asked as an object, or an object that is asked as a dict: `config.port` where the
 * neighbours say config["port"], and the other way round. Only for the name on the crashing line,
 * and only where the file asks the same name in the other way for other fields.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct asking {
	struct str object, field;
	TSNode place;
	unsigned count, siblings;
};

static bool is_called(TSNode node)
{
	TSNode parent = ts_node_parent(node);

	return syntax_type_is(parent, "call") && ts_node_eq(syntax_field(parent, "function"), node);
}

/* NAME.field on the crashing line. */
static void find_attribute(struct arena *a, const struct site *crash, struct asking *ask)
{
	struct nodes all = python_nodes(a, crash->statement, "attribute");

	for (size_t i = 0; i < all.count; i++) {
		if (!str_equal(syntax_text(crash->syntax, syntax_field(all.list[i], "attribute")), ask->field) ||
		    is_called(all.list[i]))
			continue;
		ask->place = all.list[i];
		ask->object = syntax_text(crash->syntax, syntax_field(all.list[i], "object"));
		ask->count++;
	}
}

/* NAME["field"] on the crashing line. */
static void find_subscript(struct arena *a, const struct site *crash, struct asking *ask)
{
	struct nodes all = python_nodes(a, crash->statement, "subscript");

	for (size_t i = 0; i < all.count; i++) {
		struct str key = syntax_text(crash->syntax, syntax_field(all.list[i], "subscript"));

		if (syntax_line(all.list[i]) != crash->line)
			continue;
		ask->count++;
		if (key.size < 3 || !strchr("\"'", key.at[0]) || !str_is_word(str_slice(key, 1, key.size - 2)))
			continue;
		ask->place = all.list[i];
		ask->field = str_slice(key, 1, key.size - 2);
		ask->object = syntax_text(crash->syntax, syntax_field(all.list[i], "value"));
	}
}

/* How often the file asks the object in the way that is right; the other way elsewhere is against. */
static bool siblings_ask(struct arena *a, const struct site *crash, struct asking *ask, bool subscript)
{
	struct nodes all = python_nodes(a, crash->syntax->root, "subscript|attribute");

	for (size_t i = 0; i < all.count; i++) {
		bool is_subscript = syntax_type_is(all.list[i], "subscript");
		struct str object = syntax_text(crash->syntax, syntax_field(all.list[i],
						is_subscript ? "value" : "object"));

		if (!str_equal(object, ask->object) || ts_node_eq(all.list[i], ask->place) ||
		    (is_subscript && !syntax_type_is(syntax_field(all.list[i], "subscript"), "string")))
			continue;
		if (!is_subscript && is_called(all.list[i]))
			continue;
		if (is_subscript != subscript)
			return false;
		ask->siblings++;
	}
	return ask->siblings > 0;
}

static char quote_of(const struct syntax *s)
{
	return str_char(s->text, '"') >= 0 || str_char(s->text, '\'') < 0 ? '"' : '\'';
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct asking ask = { .field = scene_group(scene, "field") };
	bool subscript = ask.field.size > 0;
	struct site crash;
	char quote;

	if (!python_crash(&python, &crash))
		return;
	if (subscript)
		find_attribute(scene->arena, &crash, &ask);
	else
		find_subscript(scene->arena, &crash, &ask);
	if (ask.count != 1 || ts_node_is_null(ask.place))
		return template_decline(scene, "there is not one such question on the line");
	if (!siblings_ask(scene->arena, &crash, &ask, subscript))
		return template_decline(scene, "no oracle: the file does not ask %.*s in one other way",
					STR_ARG(ask.object));
	quote = quote_of(crash.syntax);
	edit_node(&edits, ask.place, str_of(subscript ?
		  arena_printf(scene->arena, "%.*s[%c%.*s%c]", STR_ARG(ask.object), quote, STR_ARG(ask.field), quote) :
		  arena_printf(scene->arena, "%.*s.%.*s", STR_ARG(ask.object), STR_ARG(ask.field))));
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "%.*s is %s, as the %u other places of the file know",
				   STR_ARG(ask.object), subscript ? "a dict" : "an object", ask.siblings));
}

static const char *const types[] = { "AttributeError", "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a dict asked as an object",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_address __________________\n"
			"test_config.py:5: in test_address\n"
			"    assert address({\"host\": \"a\", \"port\": 1}) == \"a:1\"\n"
			"config.py:2: in address\n"
			"    return config[\"host\"] + \":\" + str(config.port)\n"
			"E   AttributeError: 'dict' object has no attribute 'port'\n"
			"============ short test summary info =============\n"
			"FAILED test_config.py::test_address - Attribute...\n"
			"1 failed in 0.11s\n",
		.file = {
			{ "config.py",
			  "def address(config):\n"
			  "    return config[\"host\"] + \":\" + str(config.port)\n",
			  "def address(config):\n"
			  "    return config[\"host\"] + \":\" + str(config[\"port\"])\n" },
			{ "test_config.py",
			  "from config import address\n"
			  "\n"
			  "\n"
			  "def test_address():\n"
			  "    assert address({\"host\": \"a\", \"port\": 1}) == \"a:1\"\n", NULL },
		},
	},
	{
		.name = "an object asked as a dict",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_age ____________________\n"
			"test_people.py:5: in test_age\n    assert age(Person(\"a\", 3)) == 3\n"
			"people.py:15: in age\n    return person[\"age\"]\n"
			"E   TypeError: 'Person' object is not subscriptable\n"
			"============ short test summary info =============\n"
			"FAILED test_people.py::test_age - TypeError: 'P...\n"
			"1 failed in 0.18s\n",
		.file = {
			{ "people.py",
			  "from dataclasses import dataclass\n"
			  "\n"
			  "\n"
			  "@dataclass\n"
			  "class Person:\n"
			  "    name: str\n"
			  "    age: int\n"
			  "\n"
			  "\n"
			  "def name(person):\n"
			  "    return person.name\n"
			  "\n"
			  "\n"
			  "def age(person):\n"
			  "    return person[\"age\"]\n",
			  "from dataclasses import dataclass\n"
			  "\n"
			  "\n"
			  "@dataclass\n"
			  "class Person:\n"
			  "    name: str\n"
			  "    age: int\n"
			  "\n"
			  "\n"
			  "def name(person):\n"
			  "    return person.name\n"
			  "\n"
			  "\n"
			  "def age(person):\n"
			  "    return person.age\n" },
			{ "test_people.py",
			  "from people import Person, age\n"
			  "\n"
			  "\n"
			  "def test_age():\n"
			  "    assert age(Person(\"a\", 3)) == 3\n", NULL },
		},
	},
	{
		.name = "nobody else asks it",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_port ____________________\n"
			"test_config.py:5: in test_port\n    assert port({\"port\": 1}) == 1\n"
			"config.py:2: in port\n    return config.port\n"
			"E   AttributeError: 'dict' object has no attribute 'port'\n"
			"============ short test summary info =============\n"
			"FAILED test_config.py::test_port - AttributeErr...\n"
			"1 failed in 0.14s\n",
		.file = {
			{ "config.py",
			  "def port(config):\n"
			  "    return config.port\n", NULL },
			{ "test_config.py",
			  "from config import port\n"
			  "\n"
			  "\n"
			  "def test_port():\n"
			  "    assert port({\"port\": 1}) == 1\n", NULL },
		},
		.declines = "no oracle",
	},
	{0}
};

const struct template template_python_field_or_key = {
	.name = "python_field_or_key",
	.summary = "a dict asked as an object, or an object as a dict -> as its neighbours ask it",
	.language = "python",
	.class = "type",
	.oracles = "sibling",
	.keeps_off = "the file asks it in both ways, or nowhere else; several on the line",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(.dict. object has no attribute .(?<field>\\w+).|.\\w+. object is not subscriptable)$",
	.fix = fix,
	.examples = examples,
};
