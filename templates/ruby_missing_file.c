/*
 * "cannot load such file" of a file of the project: its name has other letters (a case that a Mac
 * does not tell), or it was moved -> the one path that is meant. Keeps off libraries and gems.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


#include "git/path.h"

static const char *const types[] = { "LoadError", NULL };
static const char pattern[] = "^cannot load such file -- (?<path>\\S+)$";

/* The files of the tree that the path means but for the case of letters, or for its folder. */
static const char *find(const struct scene *scene, struct str wanted, bool folder_too)
{
	const char *found = NULL;
	struct str name = path_name(wanted);

	(void)str_chop(&wanted, ".rb");
	(void)str_chop(&name, ".rb");
	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), stem = path;

		if (!str_chop(&stem, ".rb") || ruby_is_test(path.at) || scene_is_aside(path.at, ""))
			continue;
		if (folder_too ? stem.size < wanted.size ||
				 !str_equal_nocase(str_from(stem, stem.size - wanted.size), wanted)
			       : !str_equal_nocase(path_name(stem), name))
			continue;
		if (found)
			return NULL;
		found = path.at;
	}
	return found;
}

/* "/home/runner/work/shop/shop/lib/Cart": what is behind the repository's folder, by folders that it has */
static struct str relative(const struct scene *scene, struct str path)
{
	struct str rest = path, part;

	while (str_starts(path, "/") && str_next(&rest, '/', &part)) {
		for (size_t i = 0; part.size && i < scene->tree->count; i++) {
			struct str other = str_of(scene->tree->entries[i].path), folder;

			if (str_split(other, "/", &folder, NULL) && str_equal(folder, part))
				return str_from(path, (size_t)(part.at - path.at));
		}
	}
	return str_starts(path, "/") ? path_name(path) : path;
}

/* The quoted path of the require on the line, whose last part is that of the message. */
static bool quoted_at(const struct ruby *ruby, unsigned number, struct str wanted, size_t *start, struct str *quoted)
{
	struct str line = ruby_line(ruby->text, number), name = path_name(wanted);
	ptrdiff_t open = str_char(line, '"') >= 0 ? str_char(line, '"') : str_char(line, '\'');
	ptrdiff_t close = str_char_last(line, '"') >= 0 ? str_char_last(line, '"') : str_char_last(line, '\'');

	if (!str_starts(str_trim(line), "require") || open < 0 || close <= open)
		return false;
	*quoted = str_slice(line, (size_t)open + 1, (size_t)(close - open) - 1);
	*start = line_start(ruby->text, number) + (size_t)open + 1;
	(void)str_chop(&name, ".rb");
	return str_equal(path_name(*quoted), name) ||
	       str_is(path_name(*quoted), arena_printf(ruby->scene->arena, "%.*s.rb", STR_ARG(name)));
}

/* From the folder of one file to another one: "../shop/cart" */
static const char *way(struct arena *a, struct str from, struct str to)
{
	struct text text = TEXT(a);
	struct str one, other, up = path_folder(from), down = to, rest = up, target = to;

	while (str_next(&rest, '/', &one) && str_next(&target, '/', &other) && target.size &&
	       str_equal(one, other))
		up = rest, down = target;
	while (str_next(&up, '/', &one))
		text_adds(&text, "../");
	text_add(&text, down);
	return text_cstr(&text);
}

static void fix(struct scene *scene)
{
	struct str wanted = relative(scene, scene_group(scene, "path")), quoted, to, stem;
	unsigned line;
	const char *path = ruby_crash(scene, &line), *file;
	struct ruby ruby;
	size_t start;

	if (!ruby_open(&ruby, scene, path))
		return;
	file = find(scene, wanted, true);
	if (!file)
		file = find(scene, wanted, false);
	if (!file || !strcmp(file, path))
		return template_decline(scene, "no one file of the repository is like %.*s", STR_ARG(wanted));
	if (!quoted_at(&ruby, line, wanted, &start, &quoted))
		return template_decline(scene, "line %u does not require it by a text", line);
	stem = str_of(file);
	(void)str_chop(&stem, ".rb");
	if (str_starts(str_trim(ruby_line(ruby.text, line)), "require_relative")) {
		to = str_of(way(scene->arena, str_of(path), stem));
	} else {
		to = stem;
		if (!str_skip(&to, "lib/") && !str_skip(&to, "app/"))
			return template_decline(scene, "%s is not in a folder that is looked through", file);
	}
	if (str_ends(quoted, ".rb"))
		to = str_of(arena_printf(scene->arena, "%.*s.rb", STR_ARG(to)));
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%s is the only file of the repository that \"%.*s\" can "
				     "mean.", file, STR_ARG(quoted)), path,
		      ruby_replace(scene->arena, ruby.text, start, start + quoted.size, to));
}

static const struct example examples[] = {
	{
		.name = "other letters",
		.log =
		"/home/runner/work/shop/shop/lib/shop/cart.rb:1:in `require_relative': "
		"cannot load such file -- /home/runner/work/shop/shop/lib/shop/Money "
		"(LoadError)\n"
		"\tfrom /home/runner/work/shop/shop/lib/shop/cart.rb:1:in `<top "
		"(required)>'\n"
		"\tfrom test/run.rb:1:in `<main>'\n",
		.file = {
			{ "lib/shop/cart.rb",
			  "require_relative \"Money\"\n",
			  "require_relative \"money\"\n" },
			{ "lib/shop/money.rb",
			  "class Money\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "it was moved",
		.log =
		"<internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_require.r"
		"b>:85:in `require': cannot load such file -- shop/basket (LoadError)\n"
		"\tfrom <internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_re"
		"quire.rb>:85:in `require'\n"
		"\tfrom /home/runner/work/shop/shop/lib/a.rb:1:in `<top (required)>'\n"
		"\tfrom test/run.rb:1:in `<main>'\n",
		.file = {
			{ "lib/a.rb",
			  "require \"shop/basket\"\n",
			  "require \"shop/carts/basket\"\n" },
			{ "lib/shop/carts/basket.rb",
			  "class Basket\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a gem",
		.log =
		"<internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_require.r"
		"b>:85:in `require': cannot load such file -- nokogiri (LoadError)\n"
		"\tfrom /home/runner/work/shop/shop/lib/a.rb:1:in `<top (required)>'\n"
		"\tfrom test/run.rb:1:in `<main>'\n",
		.file = {
			{ "lib/a.rb",
			  "require \"nokogiri\"\n",
			  NULL },
			{ "lib/shop/cart.rb",
			  "class Cart\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no one file",
	},
	{
		.name = "two files",
		.log =
		"<internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_require.r"
		"b>:85:in `require': cannot load such file -- shop/basket (LoadError)\n"
		"\tfrom /home/runner/work/shop/shop/lib/a.rb:1:in `<top (required)>'\n"
		"\tfrom test/run.rb:1:in `<main>'\n",
		.file = {
			{ "lib/a.rb",
			  "require \"shop/basket\"\n",
			  NULL },
			{ "lib/x/basket.rb",
			  "\n",
			  NULL },
			{ "lib/y/basket.rb",
			  "\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no one file",
	},
	{0}
};

const struct template template_ruby_missing_file = {
	.name = "ruby_missing_file",
	.summary = "a file of the project that cannot be loaded -> the one path that is meant",
	.language = "ruby",
	.class = "import",
	.oracles = "the only file of that name",
	.keeps_off = "gems; several files",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
