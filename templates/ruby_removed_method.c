/*
 * A method or constant that Ruby took away -> what its notes name in its place, by a table:
 * File.exist?, Integer, URI::DEFAULT_PARSER.escape and the like. Only where the new one means the
 * same.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "NoMethodError", "NameError", NULL };
static const char pattern[] =
	"^(?:uninitialized constant (?:[\\w:]*::)?(?<constant>\\w+)"
	"|undefined method " RUBY_QUOTED("method") " for (?:class |module |an instance of )?(?<receiver>.*))";

static const struct removed {
	const char *receiver, *name;	/* "File", "exists?"; receiver NULL: any object, "": a constant */
	const char *from, *to;		/* as the code has them */
} table[] = {
	{ "File", "exists?", "File.exists?", "File.exist?" },
	{ "Dir", "exists?", "Dir.exists?", "Dir.exist?" },
	{ "FileTest", "exists?", "FileTest.exists?", "FileTest.exist?" },
	{ "URI", "escape", "URI.escape(", "URI::DEFAULT_PARSER.escape(" },
	{ "URI", "encode", "URI.encode(", "URI::DEFAULT_PARSER.escape(" },
	{ "URI", "unescape", "URI.unescape(", "URI::DEFAULT_PARSER.unescape(" },
	{ "URI", "decode", "URI.decode(", "URI::DEFAULT_PARSER.unescape(" },
	{ "BigDecimal", "new", "BigDecimal.new(", "BigDecimal(" },
	{ "Digest", "hexencode", "Digest.hexencode(", "Digest.hexencode(" },
	{ NULL, "untaint", ".untaint", "" }, { NULL, "taint", ".taint", "" }, { NULL, "trust", ".trust", "" },
	{ NULL, "untrust", ".untrust", "" },
	{ "", "Fixnum", "Fixnum", "Integer" }, { "", "Bignum", "Bignum", "Integer" },
	{ "", "TRUE", "TRUE", "true" }, { "", "FALSE", "FALSE", "false" }, { "", "NIL", "NIL", "nil" },
	{ "", "TimeoutError", "TimeoutError", "Timeout::Error" },
};

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const struct removed *find(const struct scene *scene)
{
	struct str constant = scene_group(scene, "constant"), method = scene_group(scene, "method");
	struct str receiver = scene_group(scene, "receiver");

	(void)str_split(receiver, ":", &receiver, NULL);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct removed *one = &table[i];

		if (one->receiver && !one->receiver[0] ? str_is(constant, one->name) :
		    method.size && str_is(method, one->name) &&
		    (!one->receiver || str_is(receiver, one->receiver)))
			return one;
	}
	return NULL;
}

/* Every place in the code; strings and comments stay. */
static struct str mend(const struct ruby *ruby, const struct removed *one, unsigned *count)
{
	struct text out = TEXT(ruby->scene->arena);
	struct str from = str_of(one->from);
	size_t at = 0;

	for (;;) {
		ptrdiff_t found = str_find(str_from(ruby->code, at), from);
		size_t start, end;

		if (found < 0)
			break;
		start = at + (size_t)found, end = start + from.size;
		text_add(&out, str_slice(ruby->text, at, start - at));
		at = end;
		/* "MyFile.exists?" and "FixnumError" are other names */
		if ((start && word_byte(from.at[0]) &&
		     (word_byte(ruby->code.at[start - 1]) || ruby->code.at[start - 1] == ':')) ||
		    (end < ruby->code.size && word_byte(from.at[from.size - 1]) && word_byte(ruby->code.at[end]))) {
			text_add(&out, from);
			continue;
		}
		text_adds(&out, one->to);
		++*count;
	}
	text_add(&out, str_from(ruby->text, at));
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	const struct removed *one = find(scene);
	unsigned line, count = 0;
	const char *path = ruby_crash(scene, &line);
	struct ruby ruby;
	struct str after;

	if (!one)
		return template_decline(scene, "it is not known as one that Ruby took away");
	if (!ruby_open(&ruby, scene, path))
		return;
	after = mend(&ruby, one, &count);
	if (!count)
		return template_decline(scene, "%s does not say \"%s\"", path, one->from);
	candidate_put(scene, propose(scene, ORACLE_TOOL, "Ruby took \"%s\" away; \"%s\" is the same.", one->from,
				     one->to[0] ? one->to : "nothing"), path, after);
}

static const struct example examples[] = {
	{
		.name = "a file that exists",
		.log =
		"lib/b.rb:3:in `there': undefined method `exists?' for class File "
		"(NoMethodError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "class B\n"
			  "  def there(path)\n"
			  "    File.exists?(path) && !MyFile.exists?(path) # File.exists?\n"
			  "  end\n"
			  "end\n",
			  "class B\n"
			  "  def there(path)\n"
			  "    File.exist?(path) && !MyFile.exists?(path) # File.exists?\n"
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
		.name = "a constant",
		.log =
		"lib/b.rb:3:in `whole': uninitialized constant B::Fixnum (NameError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "class B\n"
			  "  def whole(x)\n"
			  "    x.is_a?(Fixnum)\n"
			  "  end\n"
			  "end\n",
			  "class B\n"
			  "  def whole(x)\n"
			  "    x.is_a?(Integer)\n"
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
		.name = "one of our own",
		.log =
		"lib/b.rb:3:in `there': undefined method `exists?' for #<Shop:0x0001> "
		"(NoMethodError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "class B\n"
			  "  def there(shop)\n"
			  "    shop.exists?\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "not known as one",
	},
	{0}
};

const struct template template_ruby_removed_method = {
	.name = "ruby_removed_method",
	.summary = "a method or constant that Ruby took away -> its successor",
	.language = "ruby",
	.class = "removed",
	.oracles = "a table of Ruby's own notes",
	.keeps_off = "successors that mean something else",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
