/*
 * A file is read as ASCII under another locale -> the encoding in the call, as another place of
 * the same code names it for such files. Without that it declines: which encoding a file has is
 * not for us to guess.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


#include "bot/base/regex.h"

static const char *const types[] = { "ArgumentError", "Encoding::CompatibilityError",
	"Encoding::InvalidByteSequenceError", "Encoding::UndefinedConversionError", NULL };
static const char pattern[] = "^invalid byte sequence in US-ASCII|^incompatible character encodings|"
	"from ASCII-8BIT to|on US-ASCII|from US-ASCII";

static const char named[] = "\\b(?:File|IO|CSV|Pathname)\\.\\w+\\([^\\n]*\\bencoding: (?<encoding>[\"'][\\w-]+[\"']|Encoding::\\w+)";
static const char reads[] = "\\b(?:File\\.(?:read|readlines|foreach)|IO\\.(?:read|readlines|foreach)|CSV\\.(?:read|foreach))\\(";

/* The encoding that the code names; empty when it names none, or several. */
static struct str encoding_of(const struct scene *scene, const char *path)
{
	struct str found = STR_NONE, groups[REGEX_GROUPS_MAX], text;
	struct err e = ERR_INIT;
	REGEX regex = regex_open(named, &e);

	for (unsigned all = 0; regex && !found.size && all < 2; all++)
		for (size_t i = 0; i < scene->tree->count; i++) {
			const char *other = scene->tree->entries[i].path;
			size_t at = 0;

			if ((!all && strcmp(other, path) != 0) || !str_ends(str_of(other), ".rb") ||
			    ruby_is_test(other) || !scene_read(scene, other, &text))
				continue;
			while (regex_search(regex, text, at, groups) == REGEX_FOUND) {
				struct str one = groups[regex_group(regex, "encoding")];

				if (found.size && !str_equal(found, one))
					return STR_NONE;
				found = one;
				at = (size_t)(groups[0].at - text.at) + groups[0].size;
			}
		}
	return found;
}

/* Where the call's arguments end; 0 when they go over the line, or name an encoding. */
static size_t end_of_call(const struct ruby *ruby, size_t open)
{
	size_t depth = 1;

	for (size_t i = open; i < ruby->code.size && ruby->code.at[i] != '\n'; i++) {
		if (ruby->code.at[i] == '(')
			depth++;
		else if (ruby->code.at[i] == ')' && !--depth)
			return str_has(str_slice(ruby->text, open, i - open), "encoding") ? 0 : i;
	}
	return 0;
}

/* The one read without an encoding in the method of the crash, else in the file. */
static size_t place_of(const struct ruby *ruby, unsigned line, bool *several)
{
	struct ruby_method method;
	struct str groups[REGEX_GROUPS_MAX];
	struct err e = ERR_INIT;
	REGEX regex = regex_open(reads, &e);
	size_t from = 0, to = ruby->code.size, place = 0;

	if (ruby_method_at(ruby, line, &method)) {
		size_t first = line_start(ruby->code, method.first), last = line_start(ruby->code, method.last);

		if (regex && regex_match(regex, str_slice(ruby->code, first, last - first), NULL))
			from = first, to = last;
	}
	while (regex && from < to &&
	       regex_search(regex, str_slice(ruby->code, 0, to), from, groups) == REGEX_FOUND) {
		size_t end;

		from = (size_t)(groups[0].at - ruby->code.at) + groups[0].size;
		end = end_of_call(ruby, from);
		*several |= end && place;
		place = end ? end : place;
	}
	return place;
}

static void fix(struct scene *scene)
{
	unsigned line;
	const char *path = ruby_crash(scene, &line);
	struct ruby ruby;
	struct str encoding;
	bool several = false;
	size_t place;

	if (!ruby_open(&ruby, scene, path))
		return;
	encoding = encoding_of(scene, path);
	if (!encoding.size)
		return template_decline(scene, "nothing names the encoding of such files, or two are named");
	place = place_of(&ruby, line, &several);
	if (!place || several)
		return template_decline(scene, "%s does not read a file in just one place without an encoding", path);
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "other places of the code name the encoding %.*s; this "
				     "read takes what the locale says.", STR_ARG(encoding)), path,
		      ruby_replace(scene->arena, ruby.text, place, place,
				   str_of(arena_printf(scene->arena, ", encoding: %.*s", STR_ARG(encoding)))));
}

static const struct example examples[] = {
	{
		.name = "the writer names it",
		.log =
		"lib/menu.rb:7:in `split': invalid byte sequence in US-ASCII "
		"(ArgumentError)\n"
		"\tfrom lib/menu.rb:7:in `load'\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/menu.rb",
			  "module Menu\n"
			  "  def self.save(path, text)\n"
			  "    File.write(path, text, encoding: \"UTF-8\")\n"
			  "  end\n"
			  "\n"
			  "  def self.load(path)\n"
			  "    File.read(path).split(\"\\n\")\n"
			  "  end\n"
			  "end\n",
			  "module Menu\n"
			  "  def self.save(path, text)\n"
			  "    File.write(path, text, encoding: \"UTF-8\")\n"
			  "  end\n"
			  "\n"
			  "  def self.load(path)\n"
			  "    File.read(path, encoding: \"UTF-8\").split(\"\\n\")\n"
			  "  end\n"
			  "end\n" },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "nobody names it",
		.log =
		"lib/menu.rb:3:in `load': invalid byte sequence in US-ASCII "
		"(ArgumentError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/menu.rb",
			  "module Menu\n"
			  "  def self.load(path)\n"
			  "    File.read(path).split(\"\\n\")\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "nothing names",
	},
	{
		.name = "two are named",
		.log =
		"lib/menu.rb:3:in `load': invalid byte sequence in US-ASCII "
		"(ArgumentError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/menu.rb",
			  "module Menu\n"
			  "  def self.load(path)\n"
			  "    File.read(path).split(\"\\n\")\n"
			  "  end\n"
			  "\n"
			  "  def self.a(path)\n"
			  "    File.read(path, encoding: \"UTF-8\")\n"
			  "  end\n"
			  "\n"
			  "  def self.b(path)\n"
			  "    File.read(path, encoding: \"ISO-8859-1\")\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "two are named",
	},
	{0}
};

const struct template template_ruby_file_encoding = {
	.name = "ruby_file_encoding",
	.summary = "a file read in the wrong encoding -> the encoding that other places name",
	.language = "ruby",
	.class = "encoding",
	.oracles = "another place of the same code",
	.keeps_off = "encodings that nobody names, or two",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
