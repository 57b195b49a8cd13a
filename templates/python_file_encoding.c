/*
 * UnicodeDecodeError, UnicodeEncodeError: a file is opened in whatever encoding the machine prefers,
 * while its neighbours say UTF-8. The call says it, too. Where no neighbour says an encoding, or
 * two say different ones, or UTF-8 itself was tried, nothing is known. Errors are never ignored.
 */
#include "templates/lib_definitions.h"
#include "git/path.h"

struct census {
	unsigned utf8, other;
	struct str form;		/* as the neighbours write it: "utf-8" with its quotes */
};

static TSNode keyword(const struct syntax *s, TSNode call, const char *name)
{
	TSNode list = syntax_field(call, "arguments"), none = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);

		if (syntax_type_is(one, "keyword_argument") &&
		    str_is(syntax_text(s, syntax_field(one, "name")), name))
			return syntax_field(one, "value");
	}
	return none;
}

static bool opens_text(const struct syntax *s, TSNode call)
{
	struct str name = python_callee(s, call);
	TSNode mode = python_child(syntax_field(call, "arguments"), 1);
	TSNode callee = syntax_field(call, "function");

	if (str_is(name, "read_text") || str_is(name, "write_text"))
		return syntax_type_is(callee, "attribute");
	if (!str_is(name, "open") || (syntax_type_is(callee, "attribute") &&
	    !str_is(syntax_text(s, syntax_field(callee, "object")), "io")))
		return false;
	if (ts_node_is_null(mode) || syntax_type_is(mode, "keyword_argument"))
		mode = keyword(s, call, "mode");
	return ts_node_is_null(mode) || (syntax_type_is(mode, "string") &&
					 str_char(syntax_text(s, mode), 'b') < 0);
}

static void count_file(struct census *c, const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "call", n), value;
		struct str text;

		if (ts_node_is_null(call))
			return;
		value = opens_text(s, call) ? keyword(s, call, "encoding") : (TSNode){{0}, NULL, NULL};
		if (ts_node_is_null(value))
			continue;
		text = syntax_text(s, value);
		if (text.size > 2 && (str_equal_nocase(str_slice(text, 1, text.size - 2), STR("utf-8")) ||
				      str_equal_nocase(str_slice(text, 1, text.size - 2), STR("utf8")))) {
			c->utf8++;
			c->form = text;
		} else {
			c->other++;
		}
	}
}

/* What the files of the folder, then of the repository, say; tests do not count. */
static struct census ask_neighbours(struct python *python, const struct site *site)
{
	struct census here = {0}, all = {0};
	const struct tree *tree = python->scene->tree;

	count_file(&here, site->syntax);
	if (here.utf8 || here.other)
		return here;
	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		const struct syntax *s;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !scene_read(python->scene, path, &text) || !str_has(text, "encoding="))
			continue;
		s = python_open(python, path);
		if (s)
			count_file(&all, s);
	}
	return all;
}

/* The call that opens the file: on the crashing line, or the nearest before it in the function. */
static TSNode find_open(const struct site *site)
{
	TSNode scope = ts_node_is_null(site->function) ? site->syntax->root : site->function;
	TSNode found = {{0}, NULL, NULL};

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(scope, "call", n);

		if (ts_node_is_null(call) || ts_node_start_point(call).row + 1 > site->line)
			return found;
		if (opens_text(site->syntax, call))
			found = call;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str after, codec = scene_group(scene, "codec");
	struct census census;
	struct site site;
	TSNode call, list;
	size_t at;

	if (str_is(codec, "utf-8") || str_is(codec, "utf8"))
		return template_decline(scene, "it is not UTF-8: what it is nobody says");
	if (!definition_last_own(&python, &site))
		return;
	call = find_open(&site);
	if (ts_node_is_null(call) || !ts_node_is_null(keyword(site.syntax, call, "encoding")))
		return template_decline(scene, "no file is opened there without an encoding");
	list = syntax_field(call, "arguments");
	for (unsigned i = 0; i < python_child_count(list); i++)
		if (syntax_type_is(python_child(list, i), "list_splat|dictionary_splat"))
			return template_decline(scene, "the call passes on what it was given");
	census = ask_neighbours(&python, &site);
	if (!census.utf8 || census.other)
		return template_decline(scene, "the neighbours do not agree on an encoding");
	at = ts_node_end_byte(list) - 1;
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena, "%sencoding=%.*s",
							 python_child_count(list) ? ", " : "",
							 STR_ARG(census.form))));
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "files are opened as UTF-8 in %u other place%s",
				     census.utf8, census.utf8 > 1 ? "s" : ""), site.path, after);
}

static const char *const types[] = { "UnicodeDecodeError", "UnicodeEncodeError", NULL };

static const struct example examples[] = {
	{
		.name = "read as it was written",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/store.py\", line 15, in <module>\n"
			"    print(len(load(\"x.json\")))\n"
			"              ^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/store.py\", line 11, in load\n"
			"    return json.load(text)\n"
			"           ^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/json/__init__.py\", line 293, in load\n"
			"    return loads(fp.read(),\n"
			"                 ^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/encodings/ascii.py\", line 26, in decode\n"
			"    return codecs.ascii_decode(input, self.errors)[0]\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 7: or"
			"dinal not in range(128)\n",
		.file = {
			{ "store.py",
			"import json\n"
			"\n"
			"\n"
			"def save(path, value):\n"
			"    with open(path, \"w\", encoding=\"utf-8\") as out:\n"
			"        json.dump(value, out, ensure_ascii=False)\n"
			"\n"
			"\n"
			"def load(path):\n"
			"    with open(path) as text:\n"
			"        return json.load(text)\n"
			"\n"
			"\n"
			"save(\"x.json\", {\"a\": \"\\u00e4\"})\n"
			"print(len(load(\"x.json\")))\n", 
			"import json\n"
			"\n"
			"\n"
			"def save(path, value):\n"
			"    with open(path, \"w\", encoding=\"utf-8\") as out:\n"
			"        json.dump(value, out, ensure_ascii=False)\n"
			"\n"
			"\n"
			"def load(path):\n"
			"    with open(path, encoding=\"utf-8\") as text:\n"
			"        return json.load(text)\n"
			"\n"
			"\n"
			"save(\"x.json\", {\"a\": \"\\u00e4\"})\n"
			"print(len(load(\"x.json\")))\n" },
		},
	},
	{
		.name = "a path, and a neighbour in another file",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(len(path.read_text()))\n"
			"              ^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/pathlib.py\", line 1060, in read_text\n"
			"    return f.read()\n"
			"           ^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/encodings/ascii.py\", line 26, in decode\n"
			"    return codecs.ascii_decode(input, self.errors)[0]\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 0: or"
			"dinal not in range(128)\n",
		.file = {
			{ "names.py",
			"def names(path):\n"
			"    with open(path, encoding=\"UTF-8\") as text:\n"
			"        return text.readlines()\n", NULL },
			{ "main.py",
			"import pathlib\n"
			"\n"
			"path = pathlib.Path(\"x.txt\")\n"
			"path.write_bytes(b\"\\xc3\\xa4\")\n"
			"print(len(path.read_text()))\n", 
			"import pathlib\n"
			"\n"
			"path = pathlib.Path(\"x.txt\")\n"
			"path.write_bytes(b\"\\xc3\\xa4\")\n"
			"print(len(path.read_text(encoding=\"UTF-8\")))\n" },
		},
	},
	{
		.name = "no neighbour says anything",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(len(path.read_text()))\n"
			"              ^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/pathlib.py\", line 1060, in read_text\n"
			"    return f.read()\n"
			"           ^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/encodings/ascii.py\", line 26, in decode\n"
			"    return codecs.ascii_decode(input, self.errors)[0]\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 0: or"
			"dinal not in range(128)\n",
		.file = {
			{ "main.py",
			"import pathlib\n"
			"\n"
			"path = pathlib.Path(\"x.txt\")\n"
			"path.write_bytes(b\"\\xc3\\xa4\")\n"
			"print(len(path.read_text()))\n", NULL },
		},
		.declines = "do not agree",
	},
	{
		.name = "not UTF-8",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(path.read_text())\n"
			"          ^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/pathlib.py\", line 1060, in read_text\n"
			"    return f.read()\n"
			"           ^^^^^^^^\n"
			"  File \"<frozen codecs>\", line 322, in decode\n"
			"UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe4 in position 0: in"
			"valid continuation byte\n",
		.file = {
			{ "main.py",
			"import pathlib\n"
			"\n"
			"path = pathlib.Path(\"x.txt\")\n"
			"path.write_bytes(b\"\\xe4 \")\n"
			"print(path.read_text())\n", NULL },
		},
		.declines = "not UTF-8",
	},
	{0}
};

const struct template template_python_file_encoding = {
	.name = "python_file_encoding",
	.summary = "UnicodeDecodeError, UnicodeEncodeError of a file opened without an encoding -> that of "
		   "its neighbours",
	.language = "python",
	.class = "encoding",
	.oracles = "sibling",
	.keeps_off = "neighbours that say nothing or differ, files that are not UTF-8",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'(?<codec>[\\w-]+)' codec can't (?:de|en)code",
	.fix = fix,
	.examples = examples,
};
