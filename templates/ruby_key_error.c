/*
 * "key not found" of fetch: the key that was meant, where this one is a slip and stands nowhere else;
 * the default that the same key has in the same file; or the one that the failing test expects of a
 * method that is nothing but this fetch. Keeps off the environment, and a KeyError that is meant.
 */
#include "templates/lib_ruby_test.h"

#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

static const char *const types[] = { "KeyError", NULL };
static const char pattern[] = "^key not found: (?<key>:\\w+|\"\\w+\")";

struct key_error {
	struct scene *scene;
	struct ruby ruby;
	unsigned line;
	struct str name;		/* "port" of :port and of "port" */
	bool symbol;
	size_t start, end;		/* bytes of the name within ".fetch(:port)" */
};

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next word from *at on; false at the end. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
	size_t start = *at, end;

	while (start < text.size && !word_byte(text.at[start]))
		start++;
	for (end = start; end < text.size && word_byte(text.at[end]); end++)
		;
	*at = end;
	*word = str_slice(text, start, end - start);
	return word->size > 0;
}

/* ":port" and "port: 1", or "\"port\"" */
static bool is_key(struct str text, size_t end, size_t size, bool symbol)
{
	const size_t start = end - size;
	const char before = start ? text.at[start - 1] : ' ', behind = end < text.size ? text.at[end] : ' ';

	if (!symbol)
		return (before == '"' || before == '\'') && behind == before;
	if (before == ':')
		return start < 2 || text.at[start - 2] != ':';
	return behind == ':' && (end + 1 >= text.size || text.at[end + 1] != ':') && before != '"' && before != '?';
}

/* The one ".fetch(KEY)" of the line, without a default. */
static bool find_fetch(struct key_error *k)
{
	struct str text = ruby_line(k->ruby.text, k->line), rest;
	const size_t base = line_start(k->ruby.text, k->line);
	bool found = false;

	for (size_t at = 0;;) {
		ptrdiff_t next = str_find(str_from(text, at), STR(".fetch("));
		struct str word;

		if (next < 0)
			return found;
		at += (size_t)next + strlen(".fetch(");
		next = (ptrdiff_t)at + 1;
		rest = str_from(text, (size_t)next);
		if (rest.size < k->name.size || !str_equal(str_slice(rest, 0, k->name.size), k->name))
			continue;
		word = str_from(rest, k->name.size);
		if (!is_key(text, (size_t)next + k->name.size, k->name.size, k->symbol) ||
		    (!str_skip(&word, ")") && !str_skip(&word, "\")") && !str_skip(&word, "')")) ||
		    str_starts(str_trim(word), "{") || str_starts(word, " do"))
			continue;
		if (found)
			return false;
		found = true;
		k->start = base + (size_t)next;
		k->end = k->start + k->name.size;
	}
}

struct meant {
	struct str name;
	struct str near;		/* may be another word, too */
	unsigned slips;			/* how often the wrong key stands in the repository */
	bool several;
};

static void look_into(const struct key_error *k, struct str text, struct meant *meant)
{
	struct str word;

	for (size_t at = 0; next_word(text, &at, &word);) {
		meant->slips += str_equal(word, k->name);
		if (str_equal(word, k->name) || !is_key(text, at, word.size, k->symbol) ||
		    similar_distance(k->name, word) > 2)
			continue;
		meant->several |= meant->near.size && !str_equal(meant->near, word);
		meant->near = word;
		if (similar_slip(k->name, word))
			meant->name = word;
	}
}

static bool holds_keys(const char *path)
{
	static const char *const endings[] = { ".rb", ".yml", ".yaml", ".json", ".erb", ".rake", ".ru", ".md" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(str_of(path), endings[i]))
			return !str_has(str_of(path), "vendor/");
	return false;
}

/* True when this template has said its word. */
static bool try_slip(const struct key_error *k)
{
	struct scene *scene = k->scene;
	struct meant meant = {0};
	struct str text;

	for (size_t i = 0; i < scene->tree->count; i++)
		if (holds_keys(scene->tree->entries[i].path) &&
		    scene_read(scene, scene->tree->entries[i].path, &text))
			look_into(k, text, &meant);
	if (meant.slips != 1 || !meant.name.size)
		return false;
	if (meant.several)
		return template_decline(scene, "several keys are near %.*s", STR_ARG(k->name)), true;
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "%.*s stands nowhere else; the key is %.*s.",
				     STR_ARG(k->name), STR_ARG(meant.name)), k->ruby.path,
		      ruby_replace(scene->arena, k->ruby.text, k->start, k->end, meant.name));
	return true;
}

static void put_default(const struct key_error *k, enum oracle oracle, const char *who, struct str value)
{
	const size_t place = k->end + !k->symbol;

	candidate_put(k->scene, propose(k->scene, oracle, "Where %.*s is not given it is %.*s: %s.", STR_ARG(k->name),
					STR_ARG(value), who), k->ruby.path,
		      ruby_replace(k->scene->arena, k->ruby.text, place, place,
				   str_of(arena_printf(k->scene->arena, ", %.*s", STR_ARG(value)))));
}

/* "@given" of "@given.fetch(", which ends at `end` */
static struct str receiver(struct str text, size_t end)
{
	size_t start = end;

	while (start && (word_byte(text.at[start - 1]) || strchr("@.", text.at[start - 1])))
		start--;
	return str_slice(text, start, end - start);
}

/* "@given.fetch(:port, 80)" of the same key of the same hash in the same file. */
static bool try_sibling(const struct key_error *k)
{
	const char *form = arena_printf(k->scene->arena, k->symbol ? ".fetch(:%.*s, " : ".fetch(\"%.*s\", ",
					STR_ARG(k->name));
	const struct str text = k->ruby.text, own = receiver(text, k->start - strlen(".fetch(:"));
	struct str rest = text, found = STR_NONE, value, before;

	while (str_split(rest, form, &before, &rest)) {
		if (!own.size || !str_equal(own, receiver(text, (size_t)(before.at - text.at) + before.size)))
			continue;
		if (!str_split(rest, ")", &value, NULL) || !ruby_is_literal(value) ||
		    (found.size && !str_equal(found, value)))
			return template_decline(k->scene, "the other defaults of %.*s differ", STR_ARG(k->name)),
			       true;
		found = value;
	}
	if (found.size)
		put_default(k, ORACLE_SIBLING, "as elsewhere in this file", found);
	return found.size > 0;
}

/* Is the method nothing but the fetch? */
static bool is_whole(const struct key_error *k, const struct ruby_method *method)
{
	struct str line = str_trim(ruby_line(k->ruby.text, k->line)), before;
	struct str rest = str_slice(k->ruby.text, k->end, line_end(k->ruby.text, k->end) - k->end);
	size_t lines = 0;

	for (unsigned n = method->first + 1; n < method->last; n++)
		lines += str_trim(ruby_line(k->ruby.code, n)).size > 0;
	if (lines != 1 || !str_is(str_trim(rest), k->symbol ? ")" : "\")") || !str_split(line, ".fetch(", &before, NULL))
		return false;
	(void)str_skip(&before, "return ");
	(void)str_skip(&before, "@");
	return str_is_word(before);
}

static unsigned count_of(struct str text, struct str part)
{
	unsigned count = 0;

	for (ptrdiff_t at; part.size && (at = str_find(text, part)) >= 0; count++)
		text = str_from(text, (size_t)at + part.size);
	return count;
}

/* Does the value stand in a test but once? Else it may be what the test itself put in. */
static bool stands_once(const struct key_error *k, struct str value)
{
	struct str text;
	unsigned count = 0;

	if (word_among(value, "0 nil true false [] {} \"\" ''"))
		return true;
	for (size_t i = 0; i < k->scene->tree->count; i++)
		if (ruby_is_test(k->scene->tree->entries[i].path) &&
		    scene_read(k->scene, k->scene->tree->entries[i].path, &text))
			count += count_of(text, value);
	return count == 1;
}

static void fix(struct scene *scene)
{
	struct key_error k = { .scene = scene, .name = scene_group(scene, "key") };
	const char *path = ruby_crash(scene, &k.line);
	struct ruby_method method;
	struct str value;

	k.symbol = str_skip(&k.name, ":");
	if (!k.symbol) {
		(void)str_skip(&k.name, "\"");
		(void)str_chop(&k.name, "\"");
	}
	if (!ruby_open(&k.ruby, scene, path))
		return;
	if (str_has(ruby_line(k.ruby.text, k.line), "ENV"))
		return template_decline(scene, "the environment is not the repository's to fill");
	if (!find_fetch(&k))
		return template_decline(scene, "line %u has not one fetch of %.*s", k.line, STR_ARG(k.name));
	if (try_slip(&k) || try_sibling(&k))
		return;
	if (!ruby_method_at(&k.ruby, k.line, &method) || !is_whole(&k, &method))
		return template_decline(scene, "no oracle: nobody says what %.*s is where it is not given",
					STR_ARG(k.name));
	if (!ruby_test_value(scene, method.name, "KeyError", &value))
		return;
	if (!stands_once(&k, value))
		return template_decline(scene, "%.*s may be the answer to the test's own input only",
					STR_ARG(value));
	put_default(&k, ORACLE_TEST, "the failing test expects it", value);
}

#define LOG(key) \
	"  1) Error:\nTestSite#test_it:\nKeyError: key not found: " key "\n" \
	"    /home/runner/work/app/app/lib/site.rb:3:in `fetch'\n" \
	"    /home/runner/work/app/app/lib/site.rb:3:in `port'\n" \
	"    test/test_site.rb:6:in `test_it'\n\n" \
	"1 runs, 0 assertions, 0 failures, 1 errors, 0 skips\n"
#define SITE(fetch, more) \
	"class Site\n  def port\n    " fetch "\n  end\n" more "end\n"
#define TEST(assertion) \
	"require \"minitest/autorun\"\nrequire_relative \"../lib/site\"\n\n" \
	"class TestSite < Minitest::Test\n  def test_it\n    " assertion "\n  end\nend\n"

static const struct example examples[] = {
	{
		.name = "a slip of the key that the test gives",
		.log = LOG(":prot"),
		.file = {
			{ "lib/site.rb", SITE("Integer(@given.fetch(:prot))", ""),
			  SITE("Integer(@given.fetch(:port))", "") },
			{ "test/test_site.rb", TEST("assert_equal 8080, Site.new(port: 8080).port"), NULL },
		},
	},
	{
		.name = "the default that the other method takes",
		.log = LOG("\"port\""),
		.file = {
			{ "lib/site.rb",
			  SITE("@given.fetch(\"port\").to_s", "\n  def url\n    \":#{@given.fetch(\"port\", 80)}\"\n  end\n"),
			  SITE("@given.fetch(\"port\", 80).to_s",
			       "\n  def url\n    \":#{@given.fetch(\"port\", 80)}\"\n  end\n") },
			{ "test/test_site.rb", TEST("assert_equal \"80\", Site.new({}).port"), NULL },
		},
	},
	{
		.name = "the default of another hash",
		.log = LOG(":port"),
		.file = {
			{ "lib/site.rb",
			  SITE("@proxy.fetch(:port).to_s", "\n  def own\n    @given.fetch(:port, 80)\n  end\n"), NULL },
			{ "test/test_site.rb", TEST("assert_equal \"80\", Site.new({}).port"), NULL },
		},
		.declines = "nobody says",
	},
	{
		.name = "the test says what it is",
		.log = LOG(":port"),
		.file = {
			{ "lib/site.rb", SITE("@given.fetch(:port)", ""), SITE("@given.fetch(:port, 80)", "") },
			{ "test/test_site.rb", TEST("assert_equal 80, Site.new({}).port"), NULL },
		},
	},
	{
		.name = "the value is what the test put in",
		.log = LOG(":port"),
		.file = {
			{ "lib/site.rb", SITE("@given.fetch(:port)", ""), NULL },
			{ "test/test_site.rb", TEST("assert_equal 90, Site.new(base: 90).port"), NULL },
		},
		.declines = "own input only",
	},
	{
		.name = "two keys are near",
		.log = LOG(":colour_naem"),
		.file = {
			{ "lib/site.rb", SITE("@given.fetch(:colour_naem).to_s", ""), NULL },
			{ "test/test_site.rb",
			  TEST("assert_equal 1, Site.new(colour_name: 1, colour_nam: 2).port"), NULL },
		},
		.declines = "several keys",
	},
	{
		.name = "defaults that differ",
		.log = LOG(":port"),
		.file = {
			{ "lib/site.rb",
			  SITE("@given.fetch(:port).to_s", "\n  def a\n    @given.fetch(:port, 80)\n  end\n"
			       "\n  def b\n    @given.fetch(:port, 443)\n  end\n"), NULL },
			{ "test/test_site.rb", TEST("assert_equal \"80\", Site.new({}).port"), NULL },
		},
		.declines = "differ",
	},
	{
		.name = "the environment",
		.log = LOG("\"PORT\""),
		.file = {
			{ "lib/site.rb", SITE("ENV.fetch(\"PORT\")", ""), NULL },
			{ "test/test_site.rb", TEST("assert_equal \"80\", Site.new.port"), NULL },
		},
		.declines = "environment",
	},
	{
		.name = "more is done with it",
		.log = LOG(":port"),
		.file = {
			{ "lib/site.rb", SITE("@given.fetch(:port) + @given.fetch(:offset)", ""), NULL },
			{ "test/test_site.rb", TEST("assert_equal 80, Site.new(offset: 1).port"), NULL },
		},
		.declines = "nobody says",
	},
	{0}
};

const struct template template_ruby_key_error = {
	.name = "ruby_key_error",
	.summary = "fetch finds no key -> the key it was a slip of, or the default of its siblings or the test",
	.language = "ruby",
	.class = "crash guard",
	.oracles = "the repository's own keys; another default in the file; the failing test",
	.keeps_off = "the environment; several near keys; defaults that differ; a KeyError that is meant",
	.danger = DANGER_2,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
