/*
 * A part of the standard library, or a file of the project, that is used and not required:
 * "uninitialized constant", or a method that such a part adds -> the require line, in the form
 * that other files have. The names of the standard library are a table; of the project only the
 * one file that defines the constant counts.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


#include "git/path.h"

static const char *const types[] = { "NameError", "NoMethodError", NULL };
static const char pattern[] =
	"^(?:uninitialized constant (?<constant>[\\w:]+)"
	"|undefined method " RUBY_QUOTED("method") " for (?:class |module |an instance of )?(?<receiver>.*))";

static const struct part {
	const char *constant, *method, *library;	/* one of the first two */
} parts[] = {
	{ "Abbrev", NULL, "abbrev" }, { "Base64", NULL, "base64" }, { "Benchmark", NULL, "benchmark" },
	{ "BigDecimal", NULL, "bigdecimal" }, { "CGI", NULL, "cgi" }, { "CSV", NULL, "csv" },
	{ "Coverage", NULL, "coverage" }, { "DRb", NULL, "drb" }, { "Date", NULL, "date" },
	{ "DateTime", NULL, "date" }, { "DelegateClass", NULL, "delegate" }, { "Digest", NULL, "digest" },
	{ "ERB", NULL, "erb" }, { "Etc", NULL, "etc" }, { "FileUtils", NULL, "fileutils" },
	{ "Find", NULL, "find" }, { "Forwardable", NULL, "forwardable" },
	{ "SingleForwardable", NULL, "forwardable" }, { "GetoptLong", NULL, "getoptlong" },
	{ "IPAddr", NULL, "ipaddr" }, { "JSON", NULL, "json" }, { "Logger", NULL, "logger" },
	{ "Matrix", NULL, "matrix" }, { "Monitor", NULL, "monitor" }, { "MonitorMixin", NULL, "monitor" },
	{ "Net", NULL, "net/http" }, { "Observable", NULL, "observer" }, { "Open3", NULL, "open3" },
	{ "OpenSSL", NULL, "openssl" }, { "OpenStruct", NULL, "ostruct" },
	{ "OptionParser", NULL, "optparse" }, { "PStore", NULL, "pstore" }, { "Pathname", NULL, "pathname" },
	{ "Prime", NULL, "prime" }, { "Psych", NULL, "psych" }, { "Resolv", NULL, "resolv" },
	{ "Ripper", NULL, "ripper" }, { "SecureRandom", NULL, "securerandom" }, { "Set", NULL, "set" },
	{ "Shellwords", NULL, "shellwords" }, { "SimpleDelegator", NULL, "delegate" },
	{ "Singleton", NULL, "singleton" }, { "Socket", NULL, "socket" }, { "StringIO", NULL, "stringio" },
	{ "StringScanner", NULL, "strscan" }, { "TCPServer", NULL, "socket" }, { "TCPSocket", NULL, "socket" },
	{ "TSort", NULL, "tsort" }, { "Tempfile", NULL, "tempfile" }, { "Timeout", NULL, "timeout" },
	{ "UDPSocket", NULL, "socket" }, { "URI", NULL, "uri" }, { "UNIXSocket", NULL, "socket" },
	{ "Vector", NULL, "matrix" }, { "WeakRef", NULL, "weakref" }, { "YAML", NULL, "yaml" },
	{ "Zlib", NULL, "zlib" },
	{ NULL, "Time.parse", "time" }, { NULL, "Time.strptime", "time" }, { NULL, "Time.iso8601", "time" },
	{ NULL, "Time.rfc2822", "time" }, { NULL, "Time.httpdate", "time" }, { NULL, "Time.xmlschema", "time" },
	{ NULL, "Dir.mktmpdir", "tmpdir" }, { NULL, "Dir.tmpdir", "tmpdir" },
	{ NULL, "IO.console", "io/console" }, { NULL, "URI.open", "open-uri" }, { NULL, ".BigDecimal", "bigdecimal" },
	{ NULL, ".to_json", "json" }, { NULL, ".to_yaml", "yaml" }, { NULL, ".to_set", "set" },
	{ NULL, ".shellsplit", "shellwords" }, { NULL, ".shellescape", "shellwords" },
	{ NULL, ".to_d", "bigdecimal/util" }, { NULL, ".winsize", "io/console" }, { NULL, ".prime?", "prime" },
	{ NULL, ".iso8601", "time" }, { NULL, ".httpdate", "time" }, { NULL, ".rfc2822", "time" },
};

/* "Time" of "Time:Class", "Time" of "class Time"; empty for an object */
static struct str class_of(struct str receiver)
{
	if (str_chop(&receiver, ":Class") || str_chop(&receiver, ":Module") || str_is_word(receiver))
		return receiver;
	return STR_NONE;
}

static const struct part *part_of(const struct scene *scene)
{
	struct str constant = scene_group(scene, "constant"), method = scene_group(scene, "method");
	struct str class = class_of(scene_group(scene, "receiver")), one, rest = constant;
	const char *called = arena_printf(scene->arena, "%.*s.%.*s", STR_ARG(class), STR_ARG(method));
	const char *on_any = arena_printf(scene->arena, ".%.*s", STR_ARG(method));

	/* "Tram::Schedule::Set": looked for in the module that it was used in */
	while (str_split(rest, "::", &one, &rest))
		;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].constant ? constant.size && str_is(rest, parts[i].constant) :
		    method.size && (!strcmp(parts[i].method, called) ||
				    (!class.size && !strcmp(parts[i].method, on_any))))
			return &parts[i];
	return NULL;
}

/* The one file, tests aside, that defines the constant with `class` or `module`. */
static const char *definer(const struct scene *scene, struct str constant)
{
	const char *found = NULL;
	struct str last = constant, line;

	while (str_split(last, "::", NULL, &last))
		;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (!str_ends(str_of(path), ".rb") || ruby_is_test(path) || !scene_read(scene, path, &text))
			continue;
		while (str_next_line(&text, &line)) {
			line = str_trim(line);
			if (!str_skip(&line, "class ") && !str_skip(&line, "module "))
				continue;
			(void)str_split(line, " ", &line, NULL);
			while (str_split(line, "::", NULL, &line))
				;
			if (!str_equal(line, last))
				continue;
			if (found && strcmp(found, path) != 0)
				return NULL;
			found = path;
		}
	}
	return found;
}

/* The line by which other files require that file: `require "account"`; empty: none, or two forms */
static struct str form_of(const struct scene *scene, const char *user, const char *file)
{
	struct str stem = str_of(file), name = path_name(stem), found = STR_NONE, text, line;

	(void)str_chop(&name, ".rb");
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!str_ends(str_of(path), ".rb") || !strcmp(path, user) || ruby_is_test(path) ||
		    !scene_read(scene, path, &text))
			continue;
		while (str_next_line(&text, &line)) {
			struct str quoted;

			if (!str_starts(line, "require") || !str_split(line, name.at ? " " : "", NULL, &quoted))
				continue;
			quoted = str_trim(quoted);
			if (quoted.size < 3 || !str_equal(path_name(str_slice(quoted, 1, quoted.size - 2)), name))
				continue;
			/* a relative path is another one from another folder */
			if (str_starts(line, "require_relative") &&
			    !str_equal(path_folder(str_of(path)), path_folder(str_of(user))))
				continue;
			if (found.size && !str_equal(found, str_trim(line)))
				return STR_NONE;
			found = str_trim(line);
		}
	}
	return found;
}

/* Behind the last require of the file's head; else above the code, below the magic comments. */
static struct str with_line(const struct ruby *ruby, struct str added)
{
	struct arena *a = ruby->scene->arena;
	struct str line;
	size_t place = 0, magic = 0;
	bool any = false;

	for (unsigned n = 1; line_start(ruby->text, n) < ruby->text.size; n++) {
		size_t end = line_end(ruby->text, line_start(ruby->text, n));

		line = ruby_line(ruby->text, n);
		if (str_starts(line, "require ") || str_starts(line, "require_relative ")) {
			place = end;
			any = true;
		} else if (!any && magic == line_start(ruby->text, n) &&
			   (str_starts(line, "#!") || (str_starts(line, "# ") && str_has(line, "coding")) ||
			    str_starts(line, "# frozen_string_literal") || (magic && !line.size))) {
			magic = end;
		} else if (line.size && !str_starts(line, "#")) {
			break;
		}
	}
	if (any)
		return ruby_replace(a, ruby->text, place, place, str_of(arena_printf(a, "%.*s\n", STR_ARG(added))));
	return ruby_replace(a, ruby->text, magic, magic, str_of(arena_printf(a, "%.*s\n\n", STR_ARG(added))));
}

/* The quotes of the project's other require lines. */
static char quotes(const struct ruby *ruby)
{
	for (size_t i = 0; i < ruby->scene->tree->count; i++) {
		struct str path = str_of(ruby->scene->tree->entries[i].path), text;
		ptrdiff_t at;

		if (!str_ends(path, ".rb") || !scene_read(ruby->scene, path.at, &text))
			continue;
		at = str_find(text, STR("require "));
		if (at >= 0 && (size_t)at + 8 < text.size && strchr("'\"", text.at[at + 8]))
			return text.at[at + 8];
	}
	return '"';
}

static void require_library(const struct ruby *ruby, const char *library)
{
	struct scene *scene = ruby->scene;
	const char quote = quotes(ruby);
	struct str line = str_of(arena_printf(scene->arena, "require %c%s%c", quote, library, quote));

	if (str_has(ruby->text, line.at))
		return template_decline(scene, "%s requires it already", ruby->path);
	candidate_put(scene, propose(scene, ORACLE_TOOL, "%s uses a part of the standard library that \"%s\" "
				     "brings.", ruby->path, library), ruby->path, with_line(ruby, line));
}

static void fix(struct scene *scene)
{
	const struct part *part = part_of(scene);
	struct str constant = scene_group(scene, "constant"), line;
	const char *path, *file;
	unsigned at;
	struct ruby ruby;

	path = ruby_crash(scene, &at);
	if (!ruby_open(&ruby, scene, path))
		return;
	file = constant.size ? definer(scene, constant) : NULL;
	if (file && strcmp(file, path) != 0) {
		line = form_of(scene, path, file);
		if (!line.size)
			return template_decline(scene, "no other file shows how %s is required", file);
		if (str_has(ruby.text, str_text(scene->arena, line)))
			return template_decline(scene, "%s requires it already", path);
		candidate_put(scene, propose(scene, ORACLE_SIBLING, "%s defines %.*s, and other files require it "
					     "so.", file, STR_ARG(constant)), path, with_line(&ruby, line));
		return;
	}
	if (!part)
		return template_decline(scene, "nothing in the standard library or the project is known to bring "
					"it");
	require_library(&ruby, part->library);
}

static const struct example examples[] = {
	{
		.name = "a method that a part adds",
		.log =
		"/home/runner/work/tram/tram/lib/schedule.rb:3:in `first': undefined "
		"method `parse' for Time:Class (NoMethodError)\n"
		"\n"
		"    Time.parse(text)\n"
		"        ^^^^^^\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/schedule.rb",
			  "module Schedule\n"
			  "  def self.first(text)\n"
			  "    Time.parse(text)\n"
			  "  end\n"
			  "end\n",
			  "require \"time\"\n"
			  "\n"
			  "module Schedule\n"
			  "  def self.first(text)\n"
			  "    Time.parse(text)\n"
			  "  end\n"
			  "end\n" },
			{ "test/run.rb",
			  "require \"schedule\"\n"
			  "\n"
			  "Schedule.first(\"07:00\")\n",
			  NULL },
		},
	},
	{
		.name = "a constant, looked for in a module",
		.log =
		"lib/b.rb:5:in `set': uninitialized constant Tram::S::Set (NameError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "# frozen_string_literal: true\n"
			  "\n"
			  "require 'json'\n"
			  "\n"
			  "module Tram\n"
			  "  X = 1\n"
			  "end\n",
			  "# frozen_string_literal: true\n"
			  "\n"
			  "require 'json'\n"
			  "require 'set'\n"
			  "\n"
			  "module Tram\n"
			  "  X = 1\n"
			  "end\n" },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a file of the project",
		.log =
		"lib/ledger.rb:3:in `first': uninitialized constant Ledger::Account "
		"(NameError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/ledger.rb",
			  "class Ledger\n"
			  "  def first\n"
			  "    Account.new\n"
			  "  end\n"
			  "end\n",
			  "require \"account\"\n"
			  "\n"
			  "class Ledger\n"
			  "  def first\n"
			  "    Account.new\n"
			  "  end\n"
			  "end\n" },
			{ "lib/account.rb",
			  "class Account\n"
			  "end\n",
			  NULL },
			{ "lib/bank.rb",
			  "require \"account\"\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "nobody knows the constant",
		.log =
		"lib/ledger.rb:3:in `first': uninitialized constant Ledger::Gearman "
		"(NameError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/ledger.rb",
			  "class Ledger\n"
			  "  def first\n"
			  "    Gearman.new\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "is known to bring",
	},
	{
		.name = "two files define it",
		.log =
		"lib/ledger.rb:3:in `first': uninitialized constant Ledger::Account "
		"(NameError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/ledger.rb",
			  "class Ledger\n"
			  "  def first\n"
			  "    Account.new\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "lib/account.rb",
			  "class Account\n"
			  "end\n",
			  NULL },
			{ "lib/old.rb",
			  "module Old\n"
			  "  class Account\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "lib/bank.rb",
			  "require \"account\"\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "is known to bring",
	},
	{0}
};

const struct template template_ruby_missing_require = {
	.name = "ruby_missing_require",
	.summary = "uninitialized constant, or a method that a library adds -> the require line",
	.language = "ruby",
	.class = "import",
	.oracles = "a table of the standard library; the one file that defines it and how "
		"others require it",
	.keeps_off = "constants that two files define or nobody requires; gems",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
