/*
 * Asks the other sources of the repository first, then node's own modules. A name that two sources
 * export belongs to neither unless two others agree on one. Names of packages are taken from other
 * imports only, never made up.
 */
#include "templates/lib_js_home.h"

#include "templates/lib_scene.h"

enum { SOURCES_MAX = 600 };

struct form {
	const char *path;		/* of the tree; NULL for a package */
	struct str module, name;
	bool require, type, several;
	unsigned count;
	const char *importer;
};

struct survey {
	const struct js_file *file;
	struct str name;
	struct form form;
	const char *exporter;
	unsigned exporters;
	bool by_default;
};

static const struct {
	const char *module, *functions;
} builtins[] = {
	{ "path", "join resolve basename dirname extname relative normalize isAbsolute" },
	{ "fs", "readFileSync writeFileSync existsSync mkdirSync readdirSync statSync rmSync "
		"createReadStream createWriteStream appendFileSync copyFileSync unlinkSync" },
	{ "os", "tmpdir homedir cpus hostname EOL" },
	{ "url", "fileURLToPath pathToFileURL" },
	{ "util", "promisify inspect isDeepStrictEqual parseArgs" },
	{ "crypto", "createHash createHmac randomBytes randomUUID timingSafeEqual" },
	{ "child_process", "spawn spawnSync execFileSync execSync execFile" },
	{ "events", "EventEmitter once" },
	{ "stream", "Readable Writable Transform PassThrough" },
	{ "zlib", "gzipSync gunzipSync createGzip createGunzip" },
	{ "readline", "createInterface" },
	{ "perf_hooks", "PerformanceObserver" },
};

static struct str plain(struct str module)
{
	str_skip(&module, "node:");
	return module;
}

static void count_form(struct survey *v, const char *importer, const struct js_binding *b)
{
	struct scene *scene = v->file->scene;
	const char *path = js_resolve(scene, importer, b->module);
	struct form *form = &v->form;

	if (str_starts(b->module, ".") && !path)
		return;
	if (!form->count) {
		*form = (struct form){ path, str_copy(scene->arena, b->module),
				       str_copy(scene->arena, b->name), b->require, b->type, false, 1,
				       importer };
		return;
	}
	form->count++;
	form->type &= b->type;
	/* "fs" and "node:fs", require's whole and import's default are the same thing. */
	if ((path || form->path) ? !path || !form->path || !str_is(str_of(path), form->path) :
	    !str_equal(plain(b->module), plain(form->module)))
		form->several = true;
	if (!str_equal(b->name, form->name) &&
	    !(word_among(b->name, "* default") && word_among(form->name, "* default")))
		form->several = true;
}

static void look_into(struct survey *v, const char *path)
{
	struct scene *scene = v->file->scene;
	struct js_binding binding;
	struct str text;
	SYNTAX s = NULL;
	TSNode own;

	if (!scene_read(scene, path, &text) || !text_has_word(text, str_text(scene->arena, v->name)))
		return;
	s = syntax_open(scene->arena, syntax_language(path), text);
	if (!s)
		return;
	if (js_binding_of(s, v->name, &binding))
		return count_form(v, path, &binding);
	own = js_top_level(s, v->name);
	if (js_exports(s, v->name) && !scene_is_aside(path, v->file->path)) {
		v->exporters++;
		v->exporter = path;
	} else if (!ts_node_is_null(own) && js_exports(s, STR("default")) &&
		   str_has(syntax_text(s, ts_node_parent(own)), "export default")) {
		v->exporters++;
		v->exporter = path;
		v->by_default = true;
	}
}

static bool of_siblings(const struct survey *v, bool esm, struct js_home *out, const char **why)
{
	const struct form *form = &v->form;
	struct scene *scene = v->file->scene;

	*why = arena_printf(scene->arena, "the other files do not agree on where %.*s comes from",
			    STR_ARG(v->name));
	if (form->several || (v->exporters > 1 && form->count < 2))
		return false;
	*why = "the other files are of the other kind of module";
	if (form->path && form->require == esm)
		return false;
	out->binding = (struct js_binding){ .module = form->module, .name = form->name,
					    .local = v->name, .type = form->type };
	if (form->path)
		out->binding.module = str_of(js_spell(scene, v->file->path, v->file->s, form->path));
	else if (word_among(form->name, "* default") && form->require == esm)
		out->binding.name = esm ? STR("default") : STR("*");
	out->oracle = ORACLE_SIBLING;
	out->by = arena_printf(scene->arena, "%s gets it from there", form->importer);
	return true;
}

/* A type is used as a type, a function as a value; a class and an enum are both. */
static bool fits(TSNode declaration, TSNode at)
{
	if (ts_node_is_null(declaration))
		return true;
	if (syntax_type_is(at, "type_identifier"))
		return !syntax_type_is(declaration, "function_declaration|lexical_declaration|"
				       "variable_declaration|generator_function_declaration");
	return !syntax_type_is(declaration, "interface_declaration|type_alias_declaration");
}

static bool of_exporter(const struct survey *v, TSNode at, bool esm, struct js_home *out, const char **why)
{
	struct scene *scene = v->file->scene;
	struct str text;
	SYNTAX s = NULL;

	*why = arena_printf(scene->arena, "%u files export %.*s", v->exporters, STR_ARG(v->name));
	if (v->exporters != 1 || !scene_read(scene, v->exporter, &text))
		return false;
	s = syntax_open(scene->arena, syntax_language(v->exporter), text);
	*why = arena_printf(scene->arena, "%s is of the other kind of module", v->exporter);
	if (!s || js_is_esm(scene, v->exporter, s) != esm)
		return false;
	*why = arena_printf(scene->arena, "what %s exports is of another kind", v->exporter);
	if (!fits(js_top_level(s, v->name), at))
		return false;
	out->binding = (struct js_binding){
		.module = str_of(js_spell(scene, v->file->path, v->file->s, v->exporter)),
		.name = v->by_default ? STR("default") : v->name, .local = v->name,
		.type = syntax_type_is(js_top_level(s, v->name),
				       "interface_declaration|type_alias_declaration"),
	};
	out->oracle = ORACLE_CONTRACT;
	out->by = arena_printf(scene->arena, "%s is the only source that exports it", v->exporter);
	return true;
}

/* "node:fs" where the file, or the first other one, writes it so. */
static const char *builtin_module(const struct js_file *file, const char *module)
{
	const struct tree *tree = file->scene->tree;
	struct str text = file->s->text;

	for (size_t i = 0; i < tree->count && i < SOURCES_MAX; i++) {
		if (str_has(text, "'node:") || str_has(text, "\"node:"))
			return arena_printf(file->scene->arena, "node:%s", module);
		if (!js_is_source(tree->entries[i].path) ||
		    !scene_read(file->scene, tree->entries[i].path, &text))
			text = STR_NONE;
	}
	return module;
}

static bool of_node(const struct js_file *file, struct str name, TSNode at, bool esm,
		    struct js_home *out)
{
	struct js_binding *list = arena_array(file->scene->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(file->s, list);
	TSNode outer = ts_node_parent(at);
	bool object = syntax_type_is(outer, "member_expression") &&
		      ts_node_eq(syntax_field(outer, "object"), at);

	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
		struct js_binding want = { .local = name, .name = name };
		bool sister = false;

		for (size_t n = 0; n < count; n++)
			if (str_is(plain(list[n].module), builtins[i].module)) {
				sister = true;
				want.module = list[n].module;
			}
		if (object) {
			if (!str_is(name, builtins[i].module) ||
			    !word_among(syntax_text(file->s, syntax_field(outer, "property")),
					builtins[i].functions))
				continue;
			want.name = esm ? STR("default") : STR("*");
			want.module = str_of(builtin_module(file, builtins[i].module));
		} else if (!sister || !word_among(name, builtins[i].functions)) {
			continue;
		}
		*out = (struct js_home){ want, object ? "it is node's own module" :
			"it is of node's own module that the file imports already", ORACLE_CONTRACT };
		return true;
	}
	return false;
}

bool js_home_of(const struct js_file *file, struct str name, TSNode at, struct js_home *out,
		const char **why)
{
	struct survey v = { .file = file, .name = name };
	const struct tree *tree = file->scene->tree;
	bool esm = js_is_esm(file->scene, file->path, file->s);
	size_t sources = 0;

	*why = arena_printf(file->scene->arena, "%.*s is assigned there: its declaration is what is missing",
			    STR_ARG(name));
	if (syntax_type_is(ts_node_parent(at), "update_expression") ||
	    ts_node_eq(syntax_field(ts_node_parent(at), "left"), at))
		return false;
	for (size_t i = 0; i < tree->count && sources < SOURCES_MAX; i++) {
		const char *path = tree->entries[i].path;

		if (!js_is_source(path) || str_is(str_of(path), file->path))
			continue;
		sources++;
		look_into(&v, path);
	}
	if (v.form.count)
		return of_siblings(&v, esm, out, why);
	if (v.exporters)
		return of_exporter(&v, at, esm, out, why);
	*why = arena_printf(file->scene->arena, "no source exports or imports %.*s", STR_ARG(name));
	return of_node(file, name, at, esm, out);
}
