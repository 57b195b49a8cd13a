/*
 * A method, constant or key that the failing commit renamed, and a place that still says the old
 * name -> the new one. Read from the lines that the commit changed in this word only; the
 * suggestion of ruby itself is not asked. Declines when the old name is still defined or a test
 * uses it.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


#include "git/path.h"
#include "templates/lib_old_name.h"

static const char *const types[] = { "NoMethodError", "NameError", "KeyError", NULL };
static const char pattern[] =
	"^(?:undefined (?:local variable or )?method " RUBY_QUOTED("method") " for"
	"|uninitialized constant (?:[\\w:]*::)?(?<constant>\\w+)"
	"|key not found: :?\"?(?<key>\\w+)\"?)";

static const char endings[] = "rb rake erb ru gemspec";

/* Every class has them, or most: not each use of the name is of what was renamed. */
static const char core_names[] = "add all append at begin call chars clear clone close collect compact concat "
	"convert copy count delete detect dig dup each empty end entries fetch filter find first flatten format get "
	"group has id include index insert inspect join key keys last length lines list load lock map match max "
	"merge message min name new next open pop print push put read reduce reject remove replace reset reverse "
	"run save select send set shift size sort split start step stop store strip sub sum swap take tap test "
	"text title to_a to_h to_i to_s to_sym type uniq update value values write year month day hour zip";

static struct str old_name(const struct scene *scene)
{
	static const char *const groups[] = { "method", "constant", "key" };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct str name = scene_group(scene, groups[i]);

		if (name.size)
			return name;
	}
	return STR_NONE;
}

/* `def name`, `class Name`, `attr_reader :name`: it is still there */
static bool is_defined(const struct scene *scene, struct str name)
{
	const char *const forms[] = {
		arena_printf(scene->arena, "def %.*s", STR_ARG(name)),
		arena_printf(scene->arena, "def self.%.*s", STR_ARG(name)),
		arena_printf(scene->arena, "class %.*s", STR_ARG(name)),
		arena_printf(scene->arena, "module %.*s", STR_ARG(name)),
	};

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (!word_among(path_ending(path), endings) || !scene_read(scene, path.at, &text))
			continue;
		for (size_t n = 0; n < sizeof(forms) / sizeof(forms[0]); n++)
			if (text_has_word(text, forms[n]))
				return true;
	}
	return false;
}

/* Who still says the old name: each file is mended, but a test that does has the last word. */
static bool mend_all(struct scene *scene, struct candidate *candidate, struct str from, struct str to,
		     bool key)
{
	unsigned all = 0;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text, code, after;
		unsigned count;

		if (!word_among(path_ending(str_of(path)), endings) || scene_is_aside(path, "") ||
		    !scene_read(scene, path, &text) || !text_has_word(text, str_text(scene->arena, from)))
			continue;
		if (ruby_is_test(path))
			return template_decline(scene, "%s still says %.*s", path, STR_ARG(from)), false;
		code = key ? text : ruby_code(scene->arena, text);
		after = old_name_replace(scene->arena, text, code, from, to, &count);
		if (count && !candidate_put(scene, candidate, path, after))
			return false;
		all += count;
	}
	return all > 0;
}

static void fix(struct scene *scene)
{
	struct str from = old_name(scene);
	bool key = scene_group(scene, "key").size > 0;
	struct new_name seen;
	struct candidate *candidate;
	size_t before = scene->candidate_count;

	(void)str_chop(&from, "?");
	if (!str_is_word(from) || !scene_is_first(scene))
		return;
	if (!key && word_among(from, core_names))
		return template_decline(scene, "%.*s is a method of Ruby's own classes too", STR_ARG(from));
	if (!old_name_became(scene, from, endings, &seen))
		return template_decline(scene, "the failing commit renamed %.*s to no one name", STR_ARG(from));
	if (!key && (is_defined(scene, from) || !is_defined(scene, seen.name)))
		return template_decline(scene, "%.*s is still defined, or %.*s is not", STR_ARG(from),
					STR_ARG(seen.name));
	candidate = propose(scene, ORACLE_HISTORY, "the failing commit renamed %.*s to %.*s in %s.", STR_ARG(from),
			    STR_ARG(seen.name), seen.path);
	if (!mend_all(scene, candidate, from, seen.name, key))
		scene->candidate_count = before;
}

static const struct example examples[] = {
	{
		.name = "a method",
		.log =
		"lib/ledger.rb:3:in `total': undefined method `sum_all' for "
		"#<Account:0x00007f1b> (NoMethodError)\n"
		"Did you mean?  sum_in\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/ledger.rb",
			  "class Ledger\n"
			  "  def total\n"
			  "    accounts.sum(&:sum_all)\n"
			  "  end\n"
			  "end\n",
			  "class Ledger\n"
			  "  def total\n"
			  "    accounts.sum(&:balance)\n"
			  "  end\n"
			  "end\n" },
			{ "lib/account.rb",
			  "class Account\n"
			  "  def balance\n"
			  "  end\n"
			  "\n"
			  "  def sum_in\n"
			  "  end\n"
			  "end\n",
			  NULL, false,
			  "class Account\n"
			  "  def sum_all\n"
			  "  end\n"
			  "\n"
			  "  def sum_in\n"
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
		.name = "a test still says the old name",
		.log =
		"lib/ledger.rb:3:in `total': undefined method `sum_all' for "
		"#<Account:0x00007f1b> (NoMethodError)\n"
		"Did you mean?  sum_in\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/ledger.rb",
			  "class Ledger\n"
			  "  def total\n"
			  "    accounts.sum(&:sum_all)\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "lib/account.rb",
			  "class Account\n"
			  "  def balance\n"
			  "  end\n"
			  "end\n",
			  NULL, false,
			  "class Account\n"
			  "  def sum_all\n"
			  "  end\n"
			  "end\n" },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "account.sum_all\n",
			  NULL },
		},
		.declines = "still says",
	},
	{
		.name = "without the commit before nothing is known",
		.log =
		"lib/ledger.rb:3:in `total': undefined method `sum_all' for "
		"#<Account:0x00007f1b> (NoMethodError)\n"
		"Did you mean?  sum_in\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/ledger.rb",
			  "class Ledger\n"
			  "  def total\n"
			  "    account.sum_all\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "lib/account.rb",
			  "class Account\n"
			  "  def balance\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "to no one name",
	},
	{0}
};

const struct template template_ruby_renamed = {
	.name = "ruby_renamed",
	.summary = "a method, constant or key that the failing commit renamed -> the new name",
	.language = "ruby",
	.class = "rename",
	.oracles = "lines of the failing commit that changed in this word only",
	.keeps_off = "names that are still defined or that tests use; two new names",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
