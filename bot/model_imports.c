/*
 * The fence about what a model's patch imports. Python and node take any package that lies about
 * on the machine where the proof runs, and a distribution lays hundreds where they look: green does
 * not say that the project has it. Go, Rust and Java refuse by themselves what no manifest names.
 * Does not work out names that are computed: each counts as a package that nobody used.
 */
#include "bot/model_fence.h"

#include "bot/rules.h"
#include "templates/lib_import.h"
#include "templates/lib_module.h"
#include "templates/lib_packages.h"
#include "templates/lib_scene.h"
#include "templates/syntax.h"

enum { FILES_MAX = 2000 };

struct imports {
	const struct syntax *s;
	struct arena *arena;
	struct str *packages;
	size_t count;
};

static void add_module(struct imports *imports, struct str module)
{
	struct str first;

	if (str_starts(module, ".") || !module.size)
		return;
	first = str_split(module, ".", &first, NULL) ? first : module;
	arena_push(imports->arena, imports->packages, imports->count) = first;
}

static bool see_python(TSNode node, void *context)
{
	struct imports *imports = context;

	if (syntax_type_is(node, "import_from_statement"))
		add_module(imports, syntax_text(imports->s, syntax_field(node, "module_name")));
	if (!syntax_type_is(node, "import_statement"))
		return true;
	for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
		TSNode one = ts_node_named_child(node, i);

		if (syntax_type_is(one, "aliased_import"))
			one = syntax_field(one, "name");
		add_module(imports, syntax_text(imports->s, one));
	}
	return true;
}

/* The place of the specifier in an import, an export or a call that loads; else a null node. */
static TSNode specifier_of(const struct syntax *s, TSNode node)
{
	const TSNode none = {{0}, NULL, NULL};
	struct str callee;

	if (syntax_type_is(node, "import_statement|export_statement|import_require_clause"))
		return syntax_field(node, "source");
	if (!syntax_type_is(node, "call_expression"))
		return none;
	callee = syntax_text(s, syntax_field(node, "function"));
	if (!str_is(callee, "require") && !str_is(callee, "import") &&
	    !str_is(callee, "require.resolve"))
		return none;
	node = syntax_field(node, "arguments");
	return ts_node_named_child_count(node) ? ts_node_named_child(node, 0) : none;
}

static bool see_script(TSNode node, void *context)
{
	struct imports *imports = context;
	TSNode string = specifier_of(imports->s, node);
	struct str text;
	const char *package;

	if (ts_node_is_null(string))
		return true;
	text = syntax_text(imports->s, string);
	if (syntax_type_is(string, "string") && text.size >= 2)
		text = str_slice(text, 1, text.size - 2);
	if (str_starts(text, "./") || str_starts(text, "../") || str_starts(text, "node:") ||
	    str_is(text, ".") || str_is(text, ".."))
		return true;
	package = module_package(imports->arena, text);
	arena_push(imports->arena, imports->packages, imports->count) =
		package ? str_of(package) : text;
	return true;
}

static bool python_has(const struct tree *tree, struct str package)
{
	return import_is_stdlib(package) || import_is_local(tree, package);
}

static bool node_has(const struct tree *tree, struct str package)
{
	(void)tree;
	return word_among(package,
		"assert async_hooks buffer child_process cluster console constants crypto "
		"diagnostics_channel dgram dns domain events fs http http2 https inspector module net os "
		"path perf_hooks process punycode querystring readline repl stream string_decoder sys "
		"timers tls trace_events tty url util v8 vm wasi worker_threads zlib");
}

static const struct family {
	const char *languages, *manifest;
	bool (*see)(TSNode node, void *context);
	bool (*has)(const struct tree *tree, struct str package);	/* without a package */
} families[] = {
	{ "python", "requirements.txt", see_python, python_has },
	{ "javascript typescript tsx", "package.json", see_script, node_has },
};

static const struct family *family_of(const char *path)
{
	const char *language = syntax_language(path);

	for (size_t i = 0; language && i < sizeof(families) / sizeof(*families); i++)
		if (word_among(str_of(language), families[i].languages))
			return &families[i];
	return NULL;
}

/* False when the text is too large to be looked through. */
static bool imports_of(const char *path, struct str text, struct arena *a, struct imports *out)
{
	SYNTAX s = syntax_open(a, syntax_language(path), text);

	*out = (struct imports){ .s = s, .arena = a };
	if (s)
		syntax_walk(s->root, family_of(path)->see, out);
	return s != NULL;
}

static bool is_among(const struct imports *imports, struct str package)
{
	for (size_t i = 0; i < imports->count; i++)
		if (str_equal(imports->packages[i], package))
			return true;
	return false;
}

static bool is_imported(const struct tree *tree, const struct family *family, struct str package,
			struct arena *a)
{
	struct imports imports;
	struct str text;

	for (size_t i = 0, read = 0; i < tree->count && read < FILES_MAX; i++) {
		const char *path = tree->entries[i].path;

		if (family_of(path) != family || !tree_read(tree, a, path, &text))
			continue;
		read++;
		if (str_find(text, package) >= 0 && imports_of(path, text, a, &imports) &&
		    is_among(&imports, package))
			return true;
	}
	return false;
}

static bool is_known(const struct tree *tree, const struct family *family, struct str package,
		     struct arena *a)
{
	const char *distribution = family == families ? packages_of_module(package) : NULL;

	return family->has(tree, package) ||
	       rules_names_package(family->manifest, package, tree, a) ||
	       (distribution &&
		rules_names_package(family->manifest, str_of(distribution), tree, a)) ||
	       is_imported(tree, family, package, a);
}

bool model_imports(const struct patch *patch, const struct tree *tree, struct arena *a,
		   struct err *e)
{
	for (size_t i = 0; i < patch->count; i++) {
		const struct change *change = &patch->changes[i];
		const struct family *family = family_of(change->path);
		struct imports before, after;

		if (!family)
			continue;
		if (!imports_of(change->path, change->before, a, &before) ||
		    !imports_of(change->path, change->after, a, &after))
			return fail(e, ERR_DENIED, "%s is too large to see what it imports",
				    change->path);
		for (size_t n = 0; n < after.count; n++)
			if (!is_among(&before, after.packages[n]) &&
			    !is_known(tree, family, after.packages[n], a))
				return fail(e, ERR_DENIED, "it would import the package %.*s in %s, which "
					    "nothing here used before",
					    STR_ARG(str_slice(after.packages[n], 0, 100)), change->path);
	}
	return true;
}
