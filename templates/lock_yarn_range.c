/*
 * yarn 1: package.json asks for a range that the lock does not answer -> the range joins the head of the
 * entry whose version satisfies it, and leaves where nobody asks for the old one any more; or the entry
 * comes back that the commit before had for it. What no locked version satisfies only the registry knows.
 */
#include "templates/lib_manifest.h"
#include "templates/lib_version.h"
#include "templates/lib_yarn.h"

enum { PATTERNS_MAX = 64, ROUNDS = 64 };

struct work {
	struct scene *scene;
	struct manifests *manifests;
	struct yarn_lock lock, old;	/* old: of the commit before, without blocks when there is none */
	const char *why;
	unsigned joined, restored;
};

static bool is_local(struct str range)
{
	return str_starts(range, "file:") || str_starts(range, "link:") ||
	       str_starts(range, "workspace:") || str_starts(range, "portal:");
}

/* The next pattern that a manifest asks for and the lock does not answer; false when there is none. */
static bool next_missing(struct work *w, struct str *pattern)
{
	for (size_t i = 0; i < w->manifests->count; i++) {
		const struct manifest *one = &w->manifests->list[i];

		if (one->folder[0] && !manifest_is_member(w->manifests, one))
			continue;
		for (const char *const *group = manifest_groups; *group; group++) {
			const char *name;
			json_t *value;

			json_object_foreach(json_object_get(one->json, *group), name, value) {
				struct str range = str_of(json_string_value(value));

				*pattern = str_of(arena_printf(w->scene->arena, "%s@%.*s", name,
							       STR_ARG(range)));
				if (!is_local(range) && !manifest_named(w->manifests, name) &&
				    !yarn_find(&w->lock, *pattern))
					return true;
			}
		}
	}
	return false;
}

/* Does anybody, a manifest or an entry, still ask for the pattern? */
static bool is_wanted(const struct work *w, struct str pattern)
{
	struct str name, range = yarn_range(pattern, &name);
	const char *word = str_text(w->scene->arena, name);

	if (yarn_is_asked(&w->lock, pattern))
		return true;
	for (size_t i = 0; i < w->manifests->count; i++)
		for (const char *const *group = manifest_groups; *group; group++) {
			const json_t *list = json_object_get(w->manifests->list[i].json, *group);
			const char *asked = json_string_value(json_object_get(list, word));

			if (asked && str_is(range, asked))
				return true;
		}
	return false;
}

/* The one entry of this package whose version the range allows. */
static const struct yarn_block *answering(const struct work *w, struct str pattern)
{
	struct str name, range = yarn_range(pattern, &name);
	const struct yarn_block *found = NULL;

	for (size_t i = 0; i < w->lock.count; i++) {
		struct str rest = yarn_head(&w->lock, &w->lock.blocks[i]), one, other;

		if (!yarn_pattern(&rest, &one))
			continue;
		yarn_range(one, &other);
		if (!str_equal(other, name) ||
		    !version_fits_npm(w->lock.blocks[i].version, range))
			continue;
		if (found)
			return NULL;
		found = &w->lock.blocks[i];
	}
	return found;
}

static bool take_text(struct work *w, size_t start, size_t end, struct str by)
{
	struct text out = TEXT(w->scene->arena);

	text_add(&out, str_slice(w->lock.text, 0, start));
	text_add(&out, by);
	text_add(&out, str_from(w->lock.text, end));
	w->why = "yarn.lock cannot be read";
	return yarn_parse(w->scene->arena, text_str(&out), &w->lock);
}

static bool join(struct work *w, const struct yarn_block *block, struct str pattern)
{
	struct str rest = yarn_head(&w->lock, block), one, list[PATTERNS_MAX];
	size_t count = 1;

	list[0] = pattern;
	while (count < PATTERNS_MAX && yarn_pattern(&rest, &one))
		if (is_wanted(w, one))
			list[count++] = one;
	w->joined++;
	return take_text(w, block->start, block->head_end,
			 yarn_make_head(w->scene->arena, list, count));
}

/* The entry of the commit before, where the order of heads wants it. */
static bool restore(struct work *w, const struct yarn_block *block)
{
	struct str all = str_slice(w->old.text, block->start, block->end - block->start);
	struct str head = yarn_head(&w->old, block), first, other;
	size_t at = w->lock.text.size;
	struct text out = TEXT(w->scene->arena);
	bool last = true;

	yarn_pattern(&head, &first);
	for (size_t i = w->lock.count; i-- > 0;) {
		struct str rest = yarn_head(&w->lock, &w->lock.blocks[i]);

		if (yarn_pattern(&rest, &other) && str_compare(other, first) > 0) {
			at = w->lock.blocks[i].start;
			last = false;
		}
	}
	if (last)
		text_adds(&out, "\n");
	text_add(&out, str_trim(all));
	text_adds(&out, last ? "\n" : "\n\n");
	w->restored++;
	return take_text(w, at, at, text_str(&out));
}

/* What entries that came back ask for must be answered as well. */
static bool next_unanswered(struct work *w, struct str *pattern)
{
	struct str rest = w->lock.text;

	while (w->restored && yarn_asks(w->scene->arena, &rest, pattern))
		if (!yarn_find(&w->lock, *pattern) && yarn_find(&w->old, *pattern))
			return true;
	return false;
}

static bool mend(struct work *w)
{
	struct str pattern;

	for (unsigned round = 0; round < ROUNDS; round++) {
		const struct yarn_block *block;

		if (!next_missing(w, &pattern) && !next_unanswered(w, &pattern))
			return true;
		block = answering(w, pattern);
		if (block ? !join(w, block, pattern)
			  : !yarn_find(&w->old, pattern) ||
			    !restore(w, yarn_find(&w->old, pattern))) {
			w->why = arena_printf(w->scene->arena, "no locked version answers %.*s: what to lock "
					      "only the registry knows", STR_ARG(pattern));
			return false;
		}
	}
	w->why = "too much has changed";
	return false;
}

static void fix(struct scene *scene)
{
	MANIFESTS manifests;
	struct work w = { .scene = scene, .manifests = &manifests };
	struct str text, old, pattern;

	manifests_open(scene, scene->tree, &manifests);
	if (!scene_read(scene, "yarn.lock", &text) || !yarn_parse(scene->arena, text, &w.lock))
		return template_decline(scene, "there is no yarn.lock of yarn 1 that can be read");
	if (!manifest_in(&manifests, "") ||
	    json_object_get(manifest_in(&manifests, "")->json, "resolutions"))
		return template_decline(scene, "package.json cannot be read, or has resolutions of its own");
	if (!scene->parent || !tree_read(scene->parent, scene->arena, "yarn.lock", &old) ||
	    !yarn_parse(scene->arena, old, &w.old))
		w.old = (struct yarn_lock){ .arena = scene->arena };
	if (!next_missing(&w, &pattern))
		return template_decline(scene, "yarn.lock answers all that package.json asks for");
	if (!mend(&w))
		return template_decline(scene, "%s", w.why);
	candidate_put(scene, propose(scene, w.restored ? ORACLE_HISTORY : ORACLE_CONTRACT, "%s", w.restored
				     ? "Brings back into yarn.lock what the commit before had locked and "
				       "package.json still asks for."
				     : "Names the new range in yarn.lock at the entry whose version satisfies "
				       "it; nothing else is locked anew."),
		      "yarn.lock", w.lock.text);
}

#define LOG \
	"yarn install v1.22.22\n[1/4] Resolving packages...\n" \
	"error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.\n" \
	"info Visit https://yarnpkg.com/en/docs/cli/install for documentation about this command.\n"
#define HEAD "# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\n# yarn lockfile v1\n\n\n"
#define KLEUR(head) \
	head ":\n  version \"4.1.5\"\n" \
	"  resolved \"https://registry.yarnpkg.com/kleur/-/kleur-4.1.5.tgz#9510\"\n  integrity sha512-abc==\n"
#define UVU \
	"\nuvu@^0.5.3:\n  version \"0.5.6\"\n  integrity sha512-def==\n  dependencies:\n" \
	"    kleur \"^4.0.3\"\n"

static const struct example examples[] = {
	{
		.name = "a range that joins, and an old one that stays",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^4.1.5\", \"uvu\": \"^0.5.3\"}}\n", NULL },
			{ "yarn.lock", HEAD KLEUR("kleur@^4.0.3") UVU,
			  HEAD KLEUR("kleur@^4.0.3, kleur@^4.1.5") UVU },
		},
	},
	{
		.name = "nobody asks for the old one any more",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \">=4 <5\"}}\n", NULL },
			{ "yarn.lock", HEAD KLEUR("kleur@^4.0.3"), HEAD KLEUR("\"kleur@>=4 <5\"") },
		},
	},
	{
		.name = "an entry that a merge lost",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^4.0.3\", \"uvu\": \"^0.5.3\"}}\n", NULL },
			{ "yarn.lock", HEAD KLEUR("kleur@^4.0.3"), HEAD KLEUR("kleur@^4.0.3") UVU,
			  .was = HEAD KLEUR("kleur@^4.0.3") UVU },
		},
	},
	{
		.name = "a new major",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^5.0.0\"}}\n", NULL },
			{ "yarn.lock", HEAD KLEUR("kleur@^4.0.3"), NULL },
		},
		.declines = "only the registry knows",
	},
	{
		.name = "a new package",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^4.0.3\", \"mri\": \"^1.2.0\"}}\n", NULL },
			{ "yarn.lock", HEAD KLEUR("kleur@^4.0.3"), NULL },
		},
		.declines = "no locked version answers mri@^1.2.0",
	},
	{
		.name = "nothing is missing",
		.log = LOG,
		.file = {
			{ "package.json", "{\"dependencies\": {\"kleur\": \"^4.0.3\"}}\n", NULL },
			{ "yarn.lock", HEAD KLEUR("kleur@^4.0.3"), NULL },
		},
		.declines = "answers all",
	},
	{0}
};

static const char *const types[] = { "lock file", NULL };

const struct template template_lock_yarn_range = {
	.name = "lock_yarn_range",
	.summary = "yarn.lock lacks a range that a locked version satisfies, or an entry it had -> add it",
	.language = "node",
	.oracles = "the locked version itself; the commit before",
	.keeps_off = "ranges no locked version satisfies; several that do; resolutions; yarn 2 and later",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "yarn",
	.types = types,
	.pattern = "frozen-lockfile",
	.fix = fix,
	.examples = examples,
};
