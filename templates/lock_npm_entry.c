/*
 * npm ci finds package-lock.json behind package.json -> what package.json says, where all that it asks
 * for is in the repository: its own packages, versions that are locked already, or an entry that the
 * commit before had. Anything else only the registry knows.
 */
#include "templates/lib_manifest.h"
#include "templates/lib_npm.h"
#include "templates/lib_version.h"

enum { DEPTH_MAX = 20 };

struct work {
	struct scene *scene;
	struct manifests manifests;
	struct npm_lock lock, old;	/* old.json NULL: no commit before */
	const char *why;
	bool restored;
};

static bool give_up(struct work *w, const char *name, const char *what)
{
	w->why = arena_printf(w->scene->arena, "%s %s", name, what);
	return false;
}

static const char *place_of(struct work *w, const char *name)
{
	return arena_printf(w->scene->arena, "node_modules/%s", name);
}

static const char *version_in(const json_t *packages, const char *place)
{
	return json_string_value(json_object_get(json_object_get(packages, place), "version"));
}

static bool answers(const json_t *packages, const char *place, const char *range)
{
	const char *version = version_in(packages, place);

	return version && range && version_fits_npm(str_of(version), str_of(range));
}

static bool require(struct work *w, const char *name, const char *range, unsigned depth);

/* The entry of the commit before, and what it asks for itself. */
static bool restore(struct work *w, const char *name, unsigned depth)
{
	const char *place = place_of(w, name), *inner, *one;
	const json_t *entry = json_object_get(w->old.packages, place);
	json_t *value;

	inner = arena_printf(w->scene->arena, "%s/", place);
	json_object_foreach(w->old.packages, one, value)
		if ((!strcmp(one, place) || !strncmp(one, inner, strlen(inner))) &&
		    !npm_put(w->lock.packages, one, json_incref(value)))
			return give_up(w, name, "cannot be put into the lock");
	value = json_object_get(json_object_get(w->old.json, "dependencies"), name);
	if (value && json_is_object(json_object_get(w->lock.json, "dependencies")) &&
	    !npm_put(json_object_get(w->lock.json, "dependencies"), name, json_incref(value)))
		return give_up(w, name, "cannot be put into the lock");
	w->restored = true;
	json_object_foreach(json_object_get(entry, "dependencies"), one, value)
		if (!json_object_get(w->lock.packages, arena_printf(w->scene->arena, "%s/node_modules/%s",
								    place, one)) &&
		    !require(w, one, json_string_value(value), depth + 1))
			return false;
	return true;
}

/* Is the package locked in the root's folder, at a version that the range allows? */
static bool require(struct work *w, const char *name, const char *range, unsigned depth)
{
	const char *place = place_of(w, name);

	if (depth > DEPTH_MAX || !range)
		return give_up(w, name, "needs what is not plain");
	if (answers(w->lock.packages, place, range))
		return true;
	if (json_object_get(w->lock.packages, place))
		return give_up(w, name, "is locked at a version that package.json does not allow: "
			       "what to lock only the registry knows");
	if (w->old.json && answers(w->old.packages, place, range))
		return restore(w, name, depth);
	return give_up(w, name, "is locked nowhere, not in the commit before either: what to lock "
		       "only the registry knows");
}

/* What npm repeats of a package.json of the repository, in its order. */
static const char *const repeated[] = { "version", "license", "workspaces", "dependencies", "bin",
	"devDependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta",
	"engines" };

/* The last part of the path is the name, or the last two: then npm leaves the name out. */
static bool wants_name(const char *folder, const char *name)
{
	struct str path = str_of(folder);

	return !str_equal(path, str_of(name)) && !str_ends(path, name);
}

/* The entry as npm would write it of the package.json. False where that takes more than copying. */
static bool copy_member(const struct manifest *one, const json_t *entry, json_t *made)
{
	if (one->name && (entry ? json_object_get(entry, "name") != NULL
				: wants_name(one->folder, one->name)) &&
	    json_object_set_new(made, "name", json_string(one->name)))
		return false;
	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++) {
		const json_t *value = json_object_get(one->json, repeated[i]);
		const json_t *old = json_object_get(entry, repeated[i]);

		/* npm writes "bin" in a form of its own */
		if (value && !strcmp(repeated[i], "bin"))
			value = old;
		if (!value || (entry && !old && !json_object_size(value) && json_is_object(value)))
			continue;
		if (json_object_set_new(made, repeated[i], json_deep_copy(value)))
			return false;
	}
	return entry || !(json_object_get(one->json, "bin") || json_object_get(one->json, "os") ||
			  json_object_get(one->json, "cpu"));
}

/* The entry of a folder of the repository; it stays as it was where nothing of it changed. */
static bool write_member(struct work *w, const struct manifest *one)
{
	const json_t *entry = json_object_get(w->lock.packages, one->folder);
	JSON *made = json_object();

	if (!copy_member(one, entry, made))
		return give_up(w, one->path, "is not repeated plainly in the lock");
	if (entry && json_equal(entry, made))
		return true;
	if (!one->folder[0] && one->version && json_object_get(w->lock.json, "version") &&
	    json_object_set_new(w->lock.json, "version", json_string(one->version)))
		return false;
	return npm_put(w->lock.packages, one->folder, json_incref(made));
}

/* The folder that "file:packages/ids" names, seen from a package's own folder. */
static const struct manifest *local_package(struct work *w, const struct manifest *from,
					    const char *name, const char *range)
{
	struct str folder = str_of(range);
	const struct manifest *one;

	if (str_skip(&folder, "file:")) {
		str_skip(&folder, "./");
		str_chop(&folder, "/");
		return from->folder[0] ? NULL : manifest_in(&w->manifests,
							    str_text(w->scene->arena, folder));
	}
	one = manifest_named(&w->manifests, name);
	return one && manifest_is_member(&w->manifests, one) ? one : NULL;
}

static bool mend_member(struct work *w, const struct manifest *one, unsigned depth);

/* node_modules/@loom/ids links to the folder, and the folder has its own entry. */
static bool link_package(struct work *w, const char *name, const struct manifest *one, unsigned depth)
{
	json_t *link = json_pack("{s:s, s:b}", "resolved", one->folder, "link", 1);
	const char *place = place_of(w, name);

	if (!link || json_object_get(w->lock.json, "dependencies")) {
		json_decref(link);
		return give_up(w, name, "is missing in a lock of version 2, which says everything twice");
	}
	if (!npm_put(w->lock.packages, place, link))
		return give_up(w, name, "cannot be put into the lock");
	return mend_member(w, one, depth + 1);
}

static bool mend_dependency(struct work *w, const struct manifest *from, const char *name,
			    const char *range, unsigned depth)
{
	const struct manifest *local = range ? local_package(w, from, name, range) : NULL;
	const char *nested;

	if (local && json_object_get(w->lock.packages, place_of(w, name)))
		return mend_member(w, local, depth + 1);
	if (local)
		return link_package(w, name, local, depth);
	nested = arena_printf(w->scene->arena, "%s/node_modules/%s", from->folder, name);
	if (from->folder[0] && answers(w->lock.packages, nested, range))
		return true;
	return require(w, name, range, depth);
}

/* The entry of a package of the repository, and all it asks for. */
static bool mend_member(struct work *w, const struct manifest *one, unsigned depth)
{
	const json_t *entry = json_object_get(w->lock.packages, one->folder);

	if (depth > DEPTH_MAX)
		return give_up(w, one->path, "needs itself");
	for (const char *const *group = manifest_groups; *group; group++) {
		json_t *known = json_object_get(entry, *group), *value;
		const char *name;

		json_object_foreach(known, name, value)
			if (!json_object_get(json_object_get(one->json, *group), name))
				return give_up(w, name, "was taken off: what goes with it only npm can say");
		json_object_foreach(json_object_get(one->json, *group), name, value) {
			const json_t *old = json_object_get(known, name);

			if (old && json_equal(old, value) &&
			    json_object_get(w->lock.packages, place_of(w, name)) &&
			    !local_package(w, one, name, json_string_value(value)))
				continue;
			if (!mend_dependency(w, one, name, json_string_value(value), depth))
				return false;
		}
	}
	return write_member(w, one);
}

static bool mend(struct work *w)
{
	const struct manifest *root = manifest_in(&w->manifests, "");

	if (!root)
		return give_up(w, "package.json", "cannot be read");
	if (json_object_get(root->json, "overrides"))
		return give_up(w, "package.json", "has overrides");
	if (!mend_member(w, root, 0))
		return false;
	for (size_t i = 0; i < w->manifests.count; i++) {
		const struct manifest *one = &w->manifests.list[i];

		if (one->folder[0] && one->name && manifest_is_member(&w->manifests, one) &&
		    !mend_dependency(w, root, one->name, "*", 0))
			return false;
	}
	return true;
}

static void propose_text(struct work *w, struct str before)
{
	struct str text;

	if (!npm_text(w->scene->arena, &w->lock, &text))
		return template_decline(w->scene, "the lock cannot be written");
	if (str_equal(text, before))
		return template_decline(w->scene, "package-lock.json says what package.json says");
	candidate_put(w->scene, propose(w->scene, w->restored ? ORACLE_HISTORY : ORACLE_CONTRACT, "%s",
					w->restored
					? "Brings back into package-lock.json what the commit before had locked "
					  "and package.json asks for."
					: "Says in package-lock.json what the package.json files of the "
					  "repository say; nothing of the registry is locked anew."),
		      "package-lock.json", text);
}

static void fix(struct scene *scene)
{
	struct work w = { .scene = scene };
	struct str text, old;

	if (!scene_read(scene, "package-lock.json", &text) ||
	    !npm_open(scene->arena, text, &w.lock))
		return template_decline(scene, "there is no package-lock.json of npm 7 or later, as npm "
					"lays it out");
	if (!scene->parent || !tree_read(scene->parent, scene->arena, "package-lock.json", &old) ||
	    !npm_open(scene->arena, old, &w.old))
		w.old = (struct npm_lock){0};
	manifests_open(scene, scene->tree, &w.manifests);
	if (mend(&w))
		propose_text(&w, text);
	else
		template_decline(scene, "%s", w.why ? w.why : "the lock cannot be written");
	manifests_close(&w.manifests);
	npm_close(&w.lock);
	npm_close(&w.old);
}

#define LOG(missing) \
	"npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your " \
	"package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock " \
	"file with `npm install` before continuing.\nnpm error\nnpm error " missing "\nnpm error\n"

#define PACKAGE(kleur) \
	"{\n  \"name\": \"loom\",\n  \"version\": \"1.2.0\",\n  \"dependencies\": {\n" \
	"    \"@loom/ids\": \"file:packages/ids\",\n    \"kleur\": \"" kleur "\"\n  }\n}\n"
#define HEAD(dependencies) \
	"{\n  \"name\": \"loom\",\n  \"version\": \"1.2.0\",\n  \"lockfileVersion\": 3,\n" \
	"  \"requires\": true,\n  \"packages\": {\n    \"\": {\n      \"name\": \"loom\",\n" \
	"      \"version\": \"1.2.0\",\n      \"dependencies\": {\n" dependencies "      }\n    }"
#define ASKS_IDS "        \"@loom/ids\": \"file:packages/ids\""
#define ASKS_KLEUR "        \"kleur\": \"^4.1.5\"\n"
#define IDS_LINK \
	",\n    \"node_modules/@loom/ids\": {\n      \"resolved\": \"packages/ids\",\n" \
	"      \"link\": true\n    }"
#define KLEUR \
	",\n    \"node_modules/kleur\": {\n      \"version\": \"4.1.5\",\n" \
	"      \"resolved\": \"https://registry.npmjs.org/kleur/-/kleur-4.1.5.tgz\",\n" \
	"      \"integrity\": \"sha512-abc==\"\n    }"
#define IDS \
	",\n    \"packages/ids\": {\n      \"name\": \"@loom/ids\",\n" \
	"      \"version\": \"0.1.0\"\n    }"
#define END "\n  }\n}\n"
#define FULL HEAD(ASKS_IDS ",\n" ASKS_KLEUR) IDS_LINK KLEUR IDS END
#define IDS_FILE \
	{ "packages/ids/package.json", "{\"name\": \"@loom/ids\", \"version\": \"0.1.0\"}\n", NULL }

static const struct example examples[] = {
	{
		.name = "a package of the repository",
		.log = LOG("Missing: @loom/ids@0.1.0 from lock file"),
		.file = { { "package.json", PACKAGE("^4.1.5"), NULL }, IDS_FILE,
			  { "package-lock.json", HEAD(ASKS_KLEUR) KLEUR END, FULL } },
	},
	{
		.name = "an entry that a merge lost",
		.log = LOG("Missing: kleur@4.1.5 from lock file"),
		.file = { { "package.json", PACKAGE("^4.1.5"), NULL }, IDS_FILE,
			  { "package-lock.json", HEAD(ASKS_IDS "\n") IDS_LINK IDS END, FULL,
			    .was = FULL } },
	},
	{
		.name = "a package of somebody else",
		.log = LOG("Missing: kleur@4.1.5 from lock file"),
		.file = { { "package.json", PACKAGE("^4.1.5"), NULL }, IDS_FILE,
			  { "package-lock.json", HEAD(ASKS_IDS "\n") IDS_LINK IDS END, NULL } },
		.declines = "kleur is locked nowhere",
	},
	{
		.name = "a new major",
		.log = LOG("Invalid: lock file's kleur@4.1.5 does not satisfy kleur@5.0.0"),
		.file = { { "package.json", PACKAGE("^5.0.0"), NULL }, IDS_FILE,
			  { "package-lock.json", FULL, NULL } },
		.declines = "at a version that package.json does not allow",
	},
	{
		.name = "nothing differs",
		.log = LOG("Missing: deep@1.0.0 from lock file"),
		.file = { { "package.json", PACKAGE("^4.1.5"), NULL }, IDS_FILE,
			  { "package-lock.json", FULL, NULL } },
		.declines = "says what package.json says",
	},
	{0}
};

static const char *const types[] = { "EUSAGE", NULL };

const struct template template_lock_npm_entry = {
	.name = "lock_npm_entry",
	.summary = "package-lock.json is behind package.json by what the repository has itself -> say it",
	.language = "node",
	.oracles = "the package.json files; the locked version; the commit before",
	.keeps_off = "anything only the registry knows; packages taken off; overrides; locks of npm 6",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "npm",
	.types = types,
	.pattern = "can only install packages when your package\\.json and package-lock\\.json",
	.fix = fix,
	.examples = examples,
};
