/*
 * A method, function, property or constant that the failing commit renamed, and a place that
 * still says the old name -> the new one. Read from the lines that the commit changed in this
 * word only. Declines when the old name is still defined or a test uses it.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


#include "git/path.h"
#include "templates/lib_old_name.h"

static const char pattern[] =
	"^(?:Call to (?:undefined|private|protected) (?:method|function) (?:[\\w\\\\]+(?:::|\\\\))?(?<call>\\w+)\\(\\)"
	"|Undefined property: [\\w\\\\]+::\\$(?<property>\\w+)|Undefined constant (?:[\\w\\\\]+::)?\"?(?<constant>\\w+)"
	"|Undefined array key \"(?<key>\\w+)\"|(?:Class|Interface) \"(?:[\\w\\\\]+\\\\)?(?<class>\\w+)\" not found)";

static const char endings[] = "php phtml inc twig";

/* Names that classes of packages and of the language have as well. */
static const char common_names[] = "add all append build call clear close count create current delete each execute "
	"exists fetch filter find first format get getData getId getMessage getName getValue handle has insert invoke "
	"is key last length list load map match merge name next open parse pop process push put query read register "
	"remove render replace reset run save search send set setName setValue size slice sort start stop store "
	"toArray toString update validate value values with write id type data";

static struct str old_name(const struct scene *scene)
{
	static const char *const groups[] = { "call", "property", "constant", "key", "class" };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct str name = scene_group(scene, groups[i]);

		if (name.size)
			return name;
	}
	return STR_NONE;
}

static bool is_defined(const struct scene *scene, struct str name)
{
	static const char *const words[] = { "function %s", "class %s", "interface %s", "const %s", "case %s" };

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (!word_among(path_ending(path), endings) || !scene_read(scene, path.at, &text))
			continue;
		for (size_t n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
			struct str head = str_of(words[n]);

			(void)str_chop(&head, "%s");
			if (text_has_word(text, arena_printf(scene->arena, "%.*s%.*s", STR_ARG(head), STR_ARG(name))))
				return true;
		}
	}
	return false;
}

/* Comments and texts stay, unless a key is meant, which is a text. */
static struct str code_of(const struct scene *scene, struct str text, bool key)
{
	SYNTAX s = key ? NULL : syntax_open(scene->arena, "php", text);
	char *code = str_text(scene->arena, text);

	for (unsigned n = 0; s; n++) {
		TSNode one = syntax_below(s->root, "comment|string_content|heredoc_body|nowdoc_body|text", n);

		if (ts_node_is_null(one))
			break;
		memset(code + ts_node_start_byte(one), ' ', ts_node_end_byte(one) - ts_node_start_byte(one));
	}
	return (struct str){ code, text.size };
}

static bool mend_all(struct scene *scene, struct candidate *candidate, struct str from, struct str to, bool key)
{
	unsigned all = 0;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text, after;
		unsigned count;

		if (!word_among(path_ending(str_of(path)), endings) || scene_is_aside(path, "") ||
		    !scene_read(scene, path, &text) || !text_has_word(text, str_text(scene->arena, from)))
			continue;
		if (php_is_test(path))
			return template_decline(scene, "%s still says %.*s", path, STR_ARG(from)), false;
		after = old_name_replace(scene->arena, text, code_of(scene, text, key), from, to, &count);
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
	struct candidate *candidate;
	struct new_name seen;
	size_t before = scene->candidate_count;

	if (!from.size || !scene_is_first(scene))
		return;
	if (word_among(from, common_names))
		return template_decline(scene, "%.*s is a name that other classes have too", STR_ARG(from));
	if (!old_name_became(scene, from, endings, &seen))
		return template_decline(scene, "the failing commit renamed %.*s to no one name", STR_ARG(from));
	if (is_defined(scene, from))
		return template_decline(scene, "%.*s is still defined somewhere", STR_ARG(from));
	candidate = propose(scene, ORACLE_HISTORY, "the failing commit renamed %.*s to %.*s in %s.", STR_ARG(from),
			    STR_ARG(seen.name), seen.path);
	if (!mend_all(scene, candidate, from, seen.name, key))
		scene->candidate_count = before;
}

static const struct example examples[] = {
	{
		.name = "a method of an interface",
		.log =
		"PHP Fatal error:  Uncaught Error: Call to undefined method "
		"KeptMails::deliver() in /home/runner/work/shop/shop/src/Reminder.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Reminder.php on line 5\n",
		.file = {
			{ "src/Reminder.php",
			  "<?php\n"
			  "// to deliver\n"
			  "class Reminder\n"
			  "{\n"
			  "    public function remind() { $this->mailer->deliver('x', "
			  "'deliver'); }\n"
			  "}\n",
			  "<?php\n"
			  "// to deliver\n"
			  "class Reminder\n"
			  "{\n"
			  "    public function remind() { $this->mailer->transmit('x', "
			  "'deliver'); }\n"
			  "}\n" },
			{ "src/Mailer.php",
			  "<?php\n"
			  "interface Mailer\n"
			  "{\n"
			  "    public function transmit(string $to): void;\n"
			  "}\n",
			  NULL, false,
			  "<?php\n"
			  "interface Mailer\n"
			  "{\n"
			  "    public function deliver(string $to): void;\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a test still says the old name",
		.log =
		"PHP Fatal error:  Uncaught Error: Call to undefined method "
		"KeptMails::deliver() in /home/runner/work/shop/shop/src/Reminder.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Reminder.php on line 4\n",
		.file = {
			{ "src/Reminder.php",
			  "<?php\n"
			  "class Reminder\n"
			  "{\n"
			  "    public function remind() { $this->mailer->deliver('x'); }\n"
			  "}\n",
			  NULL },
			{ "src/Mailer.php",
			  "<?php\n"
			  "interface Mailer\n"
			  "{\n"
			  "    public function transmit(string $to): void;\n"
			  "}\n",
			  NULL, false,
			  "<?php\n"
			  "interface Mailer\n"
			  "{\n"
			  "    public function deliver(string $to): void;\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "$mailer->deliver('y');\n",
			  NULL },
		},
		.declines = "still says",
	},
	{
		.name = "nothing was renamed",
		.log =
		"PHP Fatal error:  Uncaught Error: Call to undefined method "
		"KeptMails::deliver() in /home/runner/work/shop/shop/src/Reminder.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Reminder.php on line 4\n",
		.file = {
			{ "src/Reminder.php",
			  "<?php\n"
			  "class Reminder\n"
			  "{\n"
			  "    public function remind() { $this->mailer->deliver('x'); }\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "to no one name",
	},
	{0}
};

const struct template template_php_renamed = {
	.name = "php_renamed",
	.summary = "a method, function, property or constant that the failing commit "
		"renamed -> the new name",
	.language = "php",
	.class = "rename",
	.oracles = "lines of the failing commit that changed in this word only",
	.keeps_off = "names that are still defined or that tests use; two new names",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
