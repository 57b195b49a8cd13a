/*
 * pnpm: the lock repeats another specifier than package.json has, or lacks a package of the workspace
 * or one that is locked already -> the specifier, or the entry. What no locked version satisfies only
 * the registry knows. Keeps off packages that were taken off: others would have to go with them.
 */
#include "git/path.h"
#include "templates/lib_manifest.h"
#include "templates/lib_pnpm.h"
#include "templates/lib_version.h"

struct work {
	struct scene *scene;
	struct manifests manifests;
	struct pnpm_lock lock;
	const char *why;
	unsigned changed;
};

static bool put(struct work *w, size_t start, size_t end, struct str by)
{
	struct text out = TEXT(w->scene->arena);

	text_add(&out, str_slice(w->lock.text, 0, start));
	text_add(&out, by);
	text_add(&out, str_from(w->lock.text, end));
	w->changed++;
	w->why = "pnpm-lock.yaml cannot be read";
	return pnpm_parse(w->scene->arena, text_str(&out), &w->lock);
}

static struct str without_peers(struct str version)
{
	str_split(version, "(", &version, NULL);
	return version;
}

/* "../ids" from "packages/cli" to "packages/ids" */
static const char *way(struct arena *a, const char *from, const char *to)
{
	struct text out = TEXT(a);
	struct str rest = str_of(from), target = str_of(to), one, other;
	size_t same = 0;

	/* folders that both have */
	while (str_next(&rest, '/', &one)) {
		struct str left = str_from(target, same);

		if (!str_next(&left, '/', &other) || !str_equal(one, other))
			break;
		same = (size_t)(left.size ? left.at - target.at : (ptrdiff_t)target.size);
		one = STR_NONE;
	}
	for (; one.size; one = str_next(&rest, '/', &other) ? other : STR_NONE)
		text_adds(&out, "../");
	text_add(&out, str_from(target, same));
	while (out.size && out.at[out.size - 1] == '/')
		out.size--;
	return text_cstr(&out);
}

/* What the lock is to say of a package that it lacks for this importer; empty when nobody knows. */
static struct str version_of(struct work *w, const struct manifest *one, struct str name,
			     struct str wanted)
{
	const struct manifest *member = manifest_named(&w->manifests, str_text(w->scene->arena, name));
	struct str locked;

	if (str_starts(wanted, "workspace:"))
		return member ? str_of(arena_printf(w->scene->arena, "link:%s",
						    way(w->scene->arena, one->folder, member->folder)))
			      : STR_NONE;
	if (member)
		return STR_NONE;	/* linked or fetched: a setting says which */
	locked = pnpm_locked(&w->lock, name);
	return version_fits_npm(locked, wanted) ? locked : STR_NONE;
}

/* Where an entry of this name belongs in the group, and whether the group is there. */
static bool find_place(const struct work *w, struct str importer, struct str group, struct str name,
		       size_t *at)
{
	bool found = false;

	for (size_t i = 0; i < w->lock.count; i++) {
		const struct pnpm_entry *one = &w->lock.entries[i];

		if (!str_equal(one->importer, importer) || !str_equal(one->group, group))
			continue;
		if (str_compare(name, one->name) < 0) {
			*at = found ? *at : one->start;
			return true;
		}
		*at = one->end + 1;
		found = true;
	}
	return found;
}

static bool add(struct work *w, const struct manifest *one, struct str importer, struct str group,
		struct str name, struct str wanted)
{
	struct arena *a = w->scene->arena;
	struct str version = version_of(w, one, name, wanted);
	const int column = (int)w->lock.step + 2;
	size_t at;

	if (!version.size || !find_place(w, importer, group, name, &at)) {
		w->why = arena_printf(a, "nothing that is locked answers %.*s@%.*s: what to lock only the "
				      "registry knows", STR_ARG(name), STR_ARG(wanted));
		return false;
	}
	return put(w, at, at, str_of(arena_printf(a, "%*s%.*s:\n%*sspecifier: %.*s\n%*sversion: %.*s\n",
		column, "", STR_ARG(pnpm_scalar(a, name)), column + 2, "",
		STR_ARG(pnpm_scalar(a, wanted)), column + 2, "",
		STR_ARG(version.at[0] == 'l' ? version : pnpm_scalar(a, version)))));
}

/* One package of one manifest: is it as the lock says, or can it be made so? */
static bool mend_one(struct work *w, const struct manifest *one, struct str importer,
		     struct str group, struct str name, struct str wanted)
{
	const struct pnpm_entry *entry = pnpm_find(&w->lock, importer, group, name);
	bool linked;

	if (!entry)
		return add(w, one, importer, group, name, wanted);
	if (str_equal(entry->specifier, wanted))
		return true;
	linked = str_starts(entry->version, "link:") && str_starts(wanted, "workspace:");
	if (!linked && !version_fits_npm(without_peers(entry->version), wanted)) {
		w->why = arena_printf(w->scene->arena, "%.*s is locked at %.*s, which %.*s does not allow: "
				      "what to lock only the registry knows", STR_ARG(name),
				      STR_ARG(entry->version), STR_ARG(wanted));
		return false;
	}
	return put(w, entry->specifier_at, entry->specifier_end,
		   pnpm_scalar(w->scene->arena, wanted));
}

/* Nothing of the lock may be left that the manifest no longer asks for. */
static bool none_taken_off(struct work *w, const struct manifest *one, struct str importer)
{
	for (size_t i = 0; i < w->lock.count; i++) {
		const struct pnpm_entry *entry = &w->lock.entries[i];
		const json_t *group = json_object_get(one->json, str_text(w->scene->arena,
									  entry->group));

		if (!str_equal(entry->importer, importer) ||
		    json_object_get(group, str_text(w->scene->arena, entry->name)))
			continue;
		w->why = arena_printf(w->scene->arena, "%.*s was taken off or moved in %s: what goes with it "
				      "only pnpm can say", STR_ARG(entry->name), one->path);
		return false;
	}
	return true;
}

static bool mend_importer(struct work *w, struct str importer)
{
	const char *folder = str_is(importer, ".") ? "" : str_text(w->scene->arena, importer);
	const struct manifest *one = manifest_in(&w->manifests, folder);

	w->why = arena_printf(w->scene->arena, "there is no package.json of the importer %.*s",
			      STR_ARG(importer));
	if (!one || !none_taken_off(w, one, importer))
		return false;
	for (const char *const *group = manifest_groups; *group; group++) {
		const char *name;
		json_t *value;

		json_object_foreach(json_object_get(one->json, *group), name, value)
			if (!mend_one(w, one, importer, str_of(*group), str_of(name),
				      str_of(json_string_value(value))))
				return false;
	}
	return true;
}

static bool mend(struct work *w)
{
	struct pnpm_lock before = w->lock;

	for (size_t i = 0; i < before.importer_count; i++)
		if (!mend_importer(w, before.importers[i]))
			return false;
	return true;
}

static void fix(struct scene *scene)
{
	struct work w = { .scene = scene };
	struct str text;

	if (!scene_read(scene, "pnpm-lock.yaml", &text) || !pnpm_parse(scene->arena, text, &w.lock))
		return template_decline(scene, "there is no pnpm-lock.yaml that can be read");
	manifests_open(scene, scene->tree, &w.manifests);
	if (!mend(&w))
		template_decline(scene, "%s", w.why);
	else if (!w.changed)
		template_decline(scene, "pnpm-lock.yaml says what the package.json files say");
	else
		candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Repeats in pnpm-lock.yaml what the "
					     "package.json files ask for; nothing else is locked anew."),
			      "pnpm-lock.yaml", w.lock.text);
	manifests_close(&w.manifests);
}

#define LOG \
	" ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\" because pnpm-lock.yaml is " \
	"not up to date with <ROOT>/package.json\n\nNote that in CI environments this setting is true by " \
	"default. If you still need to run install in such cases, use \"pnpm install --no-frozen-lockfile\"\n"
#define LOCK(specifier) \
	"lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      kleur:\n" \
	"        specifier: " specifier "\n        version: 4.1.5\n"
#define REST \
	"\npackages:\n\n  kleur@4.1.5:\n    resolution: {integrity: sha512-abc==}\n\n" \
	"snapshots:\n\n  kleur@4.1.5: {}\n"

static const struct example examples[] = {
	{
		.name = "the locked version satisfies the new range",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \">=4.1.5\"}}\n", NULL },
			{ "pnpm-lock.yaml", LOCK("^4.1.4") REST, LOCK("'>=4.1.5'") REST },
		},
	},
	{
		.name = "a package of the workspace",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^4.1.4\"}}\n", NULL },
			{ "packages/ids/package.json", "{\"name\": \"@loom/ids\"}\n", NULL },
			{ "packages/cli/package.json",
			  "{\"name\": \"cli\", \"dependencies\": {\"@loom/ids\": \"workspace:*\", "
			  "\"kleur\": \"^4.1.4\"}}\n", NULL },
			{ "pnpm-lock.yaml",
			  LOCK("^4.1.4") "\n  packages/cli:\n    dependencies:\n      kleur:\n"
			  "        specifier: ^4.1.4\n        version: 4.1.5\n\n  packages/ids: {}\n" REST,
			  LOCK("^4.1.4") "\n  packages/cli:\n    dependencies:\n      '@loom/ids':\n"
			  "        specifier: workspace:*\n        version: link:../ids\n      kleur:\n"
			  "        specifier: ^4.1.4\n        version: 4.1.5\n\n  packages/ids: {}\n" REST },
		},
	},
	{
		.name = "a new major",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^5.0.0\"}}\n", NULL },
			{ "pnpm-lock.yaml", LOCK("^4.1.4") REST, NULL },
		},
		.declines = "only the registry knows",
	},
	{
		.name = "a new package",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^4.1.4\", \"mri\": \"1.2.0\"}}\n", NULL },
			{ "pnpm-lock.yaml", LOCK("^4.1.4") REST, NULL },
		},
		.declines = "nothing that is locked answers mri@1.2.0",
	},
	{
		.name = "a package was taken off",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {}}\n", NULL },
			{ "pnpm-lock.yaml", LOCK("^4.1.4") REST, NULL },
		},
		.declines = "was taken off or moved",
	},
	{0}
};

static const char *const types[] = { "ERR_PNPM_OUTDATED_LOCKFILE", NULL };

const struct template template_lock_pnpm_specifier = {
	.name = "lock_pnpm_specifier",
	.summary = "pnpm-lock.yaml repeats an older specifier, or lacks a package of the workspace -> say it",
	.language = "node",
	.oracles = "the locked version, which satisfies the range; the workspace itself",
	.keeps_off = "ranges that nothing locked satisfies; packages taken off; peers",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "pnpm",
	.types = types,
	.fix = fix,
	.examples = examples,
};
