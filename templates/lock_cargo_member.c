/*
 * cargo --locked finds Cargo.lock behind a package of the workspace -> its version and its dependencies
 * as its Cargo.toml says, where all of them are packages of the workspace or locked already at a version
 * that is allowed. Anything else only the registry knows.
 */
#include "git/path.h"
#include "templates/lib_cargo.h"
#include "templates/lib_toml.h"
#include "templates/lib_version.h"

#include <stdlib.h>

enum { BLOCKS_MAX = 2000 };

struct lock_block {
	struct str name, version, dependencies;	/* the list as written */
	bool foreign;				/* it has a source */
	struct str text;			/* all of it, without the blank line behind */
};

struct work {
	struct scene *scene;
	struct crate *crates;
	size_t crate_count;
	struct str head;			/* above the first block */
	struct lock_block *blocks;
	size_t count;
	const char *why;
	unsigned changed;
};

static bool give_up(struct work *w, struct str name, const char *what)
{
	w->why = arena_printf(w->scene->arena, "%.*s %s", STR_ARG(name), what);
	return false;
}

/* Takes the lock apart; false when it is not as cargo writes it. */
static bool take_apart(struct work *w, struct str text)
{
	static const char mark[] = "[[package]]\n";
	ptrdiff_t at = str_find(text, str_of(mark)), next;

	if (at < 0 || str_has(text, "<<<<<<<") || str_has(text, "\r"))
		return false;
	w->head = str_slice(text, 0, (size_t)at);
	for (text = str_from(text, (size_t)at); text.size;) {
		struct lock_block *one = &arena_push(w->scene->arena, w->blocks, w->count);
		struct toml_line line = {0};
		size_t offset = 0;

		next = str_find(str_from(text, 1), str_of(mark));
		*one = (struct lock_block){ .text = next < 0 ? text : str_slice(text, 0, (size_t)next + 1) };
		text = next < 0 ? STR_NONE : str_from(text, (size_t)next + 1);
		if (str_has(one->text, "\n[") || w->count > BLOCKS_MAX)
			return false;	/* [metadata], [[patch.unused]] */
		while (toml_next(one->text, &line, &offset)) {
			if (str_is(line.key, "name"))
				one->name = toml_string(line.value);
			else if (str_is(line.key, "version"))
				one->version = toml_string(line.value);
			else if (str_is(line.key, "source"))
				one->foreign = true;
			else if (str_is(line.key, "dependencies"))
				one->dependencies = line.value;
		}
		one->text = str_trim(one->text);
	}
	return true;
}

/* The only block of this name; NULL for none or several. */
static struct lock_block *find_block(const struct work *w, struct str name, unsigned *found)
{
	struct lock_block *block = NULL;

	*found = 0;
	for (size_t i = 0; i < w->count; i++)
		if (str_equal(w->blocks[i].name, name)) {
			block = &w->blocks[i];
			(*found)++;
		}
	return *found == 1 ? block : NULL;
}

static const struct crate *find_crate(const struct work *w, struct str name)
{
	for (size_t i = 0; i < w->crate_count; i++)
		if (str_equal(w->crates[i].name, name))
			return &w->crates[i];
	return NULL;
}

static bool lists(struct str list, struct str name)
{
	struct str item;

	while (toml_item(&list, &item)) {
		str_split(item, " ", &item, NULL);
		if (str_equal(item, name))
			return true;
	}
	return false;
}

/* May the crate depend on it without asking the registry? */
static bool is_answered(struct work *w, const struct lock_block *block,
			const struct crate_dependency *wanted)
{
	const struct crate *local = find_crate(w, wanted->name);
	unsigned found;
	const struct lock_block *locked = find_block(w, wanted->name, &found);

	if (wanted->local && local)
		return !wanted->range.size || version_fits_cargo(local->version, wanted->range) ||
		       give_up(w, local->name, "has a version that another package does not allow");
	if (found > 1 && lists(block->dependencies, wanted->name))
		return true;
	if (!locked)
		return give_up(w, wanted->name, "is not locked, or in several versions: what to lock only "
			       "the registry knows");
	if (!lists(block->dependencies, wanted->name) && !wanted->plain)
		return give_up(w, wanted->name, "is asked for with features: what they bring only the "
			       "registry knows");
	if (wanted->range.size && !version_fits_cargo(locked->version, wanted->range))
		return give_up(w, wanted->name, "is locked at a version that is not allowed: what to lock "
			       "only the registry knows");
	return true;
}

static int compare(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The names a crate depends on, sorted, each once, as the lock writes them. */
static size_t names_of(const struct crate *crate, const struct lock_block *block,
		       struct str *names)
{
	struct str item, list;
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < crate->count; i++) {
		names[count] = crate->dependencies[i].name;
		for (list = block->dependencies; toml_item(&list, &item);) {
			struct str name = item;

			str_split(item, " ", &name, NULL);
			if (str_equal(name, names[count]))
				names[count] = item;	/* "rand 0.8.5" */
		}
		count++;
	}
	if (count)
		qsort(names, count, sizeof(*names), compare);
	for (size_t i = 0; i < count; i++)
		if (!kept || !str_equal(names[kept - 1], names[i]))
			names[kept++] = names[i];
	return kept;
}

static bool none_orphaned(struct work *w, const struct lock_block *block, const struct crate *crate)
{
	struct str list = block->dependencies, item;

	while (toml_item(&list, &item)) {
		bool wanted = false;

		str_split(item, " ", &item, NULL);
		for (size_t i = 0; i < crate->count; i++)
			wanted |= str_equal(crate->dependencies[i].name, item);
		if (!wanted && !find_crate(w, item))
			return give_up(w, item, "was taken off: what goes with it only cargo can say");
	}
	return true;
}

static bool write_block(struct work *w, struct lock_block *block, const struct crate *crate)
{
	struct str *names = arena_array(w->scene->arena, struct str, CRATE_DEPENDENCIES_MAX);
	struct text out = TEXT(w->scene->arena);
	size_t count;

	for (size_t i = 0; i < crate->count; i++)
		if (!is_answered(w, block, &crate->dependencies[i]))
			return false;
	if (!none_orphaned(w, block, crate))
		return false;
	count = names_of(crate, block, names);
	text_addf(&out, "[[package]]\nname = \"%.*s\"\nversion = \"%.*s\"", STR_ARG(crate->name),
		  STR_ARG(crate->version));
	for (size_t i = 0; i < count; i++)
		text_addf(&out, "%s \"%.*s\",\n%s", i ? "" : "\ndependencies = [\n", STR_ARG(names[i]),
			  i + 1 < count ? "" : "]");
	if (str_equal(text_str(&out), block->text))
		return true;
	block->text = text_str(&out);
	block->version = crate->version;
	w->changed++;
	return true;
}

/* A block for a package of the workspace that has none, in its place. */
static struct lock_block *new_block(struct work *w, const struct crate *crate)
{
	size_t at = w->count;

	arena_push(w->scene->arena, w->blocks, w->count) = (struct lock_block){ .name = crate->name };
	for (; at && str_compare(w->blocks[at - 1].name, crate->name) > 0; at--)
		w->blocks[at] = w->blocks[at - 1];
	w->blocks[at] = (struct lock_block){ .name = crate->name, .version = crate->version };
	return &w->blocks[at];
}

static bool mend(struct work *w)
{
	for (size_t i = 0; i < w->crate_count; i++) {
		unsigned found;

		if (!w->crates[i].name.size || !w->crates[i].version.size)
			return give_up(w, str_of(w->crates[i].path), "does not say its name and version "
				       "plainly");
		find_block(w, w->crates[i].name, &found);
		if (!found && crate_is_member(w->scene, &w->crates[i]))
			new_block(w, &w->crates[i]);
	}
	for (size_t i = 0; i < w->crate_count; i++) {
		unsigned found;
		struct lock_block *block = find_block(w, w->crates[i].name, &found);

		if (block && !block->foreign && !write_block(w, block, &w->crates[i]))
			return false;
	}
	for (size_t i = 0; i < w->count; i++)
		if (!w->blocks[i].foreign && !find_crate(w, w->blocks[i].name))
			return give_up(w, w->blocks[i].name, "is locked and no longer here");
	return true;
}

static void fix(struct scene *scene)
{
	struct work w = { .scene = scene };
	struct text out = TEXT(scene->arena);
	struct str text;

	w.crates = arena_array(scene->arena, struct crate, CRATES_MAX);
	if (!scene_read(scene, "Cargo.lock", &text) || !take_apart(&w, text))
		return template_decline(scene, "there is no Cargo.lock as cargo writes it");
	if (!crates_read(scene, w.crates, &w.crate_count))
		return template_decline(scene, "a Cargo.toml cannot be read for certain");
	if (!mend(&w))
		return template_decline(scene, "%s", w.why);
	if (!w.changed)
		return template_decline(scene, "Cargo.lock says what the Cargo.toml files say");
	text_add(&out, w.head);
	for (size_t i = 0; i < w.count; i++)
		text_addf(&out, "%s%.*s\n", i ? "\n" : "", STR_ARG(w.blocks[i].text));
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Says in Cargo.lock what the Cargo.toml files of "
				     "the workspace say; nothing of the registry is locked anew."),
		      "Cargo.lock", text_str(&out));
}

#define LOG \
	"error: the lock file /srv/loom/Cargo.lock needs to be updated but --locked was passed to prevent " \
	"this\nIf you want to try to generate the lock file without accessing the network, remove the " \
	"--locked flag and use --offline instead.\n"
#define ROOT { "Cargo.toml", "[workspace]\nmembers = [\"core\", \"cli\"]\n", NULL }
#define CORE(version) \
	{ "core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"" version "\"\n", NULL }
#define CLI(more) \
	{ "cli/Cargo.toml", "[package]\nname = \"cli\"\nversion = \"0.3.0\"\n\n[dependencies]\n" \
	  "core = { path = \"../core\", version = \"0.4\" }\n" more, NULL }
#define LOCK(cli, core) \
	"# This file is automatically @generated by Cargo.\n# It is not intended for manual editing.\n" \
	"version = 3\n\n[[package]]\nname = \"cli\"\nversion = \"0.3.0\"\ndependencies = [\n \"core\",\n" \
	cli "]\n" core "\n[[package]]\nname = \"itoa\"\nversion = \"1.0.11\"\n" \
	"source = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"49f1\"\n"
#define CORE_BLOCK(version) "\n[[package]]\nname = \"core\"\nversion = \"" version "\"\n"

static const struct example examples[] = {
	{
		.name = "a version was raised",
		.log = LOG,
		.file = { ROOT, CORE("0.4.0"), CLI("itoa = \"1\"\n"),
			  { "Cargo.lock", LOCK(" \"itoa\",\n", CORE_BLOCK("0.3.0")),
			    LOCK(" \"itoa\",\n", CORE_BLOCK("0.4.0")) } },
	},
	{
		.name = "a new member, and what is locked already",
		.log = LOG,
		.file = { ROOT, CORE("0.4.0"), CLI("itoa = \"1.0\"\n"),
			  { "Cargo.lock", LOCK("", ""), LOCK(" \"itoa\",\n", CORE_BLOCK("0.4.0")) } },
	},
	{
		.name = "a crate that is not locked",
		.log = LOG,
		.file = { ROOT, CORE("0.4.0"), CLI("ryu = \"1.0\"\n"),
			  { "Cargo.lock", LOCK("", CORE_BLOCK("0.4.0")), NULL } },
		.declines = "ryu is not locked",
	},
	{
		.name = "a new major",
		.log = LOG,
		.file = { ROOT, CORE("0.4.0"), CLI("itoa = \"2\"\n"),
			  { "Cargo.lock", LOCK(" \"itoa\",\n", CORE_BLOCK("0.4.0")), NULL } },
		.declines = "itoa is locked at a version",
	},
	{
		.name = "nothing differs",
		.log = LOG,
		.file = { ROOT, CORE("0.4.0"), CLI("itoa = \"1\"\n"),
			  { "Cargo.lock", LOCK(" \"itoa\",\n", CORE_BLOCK("0.4.0")), NULL } },
		.declines = "says what the Cargo.toml files say",
	},
	{0}
};

static const char *const types[] = { "lock file", NULL };

const struct template template_lock_cargo_member = {
	.name = "lock_cargo_member",
	.summary = "Cargo.lock is behind a package of the workspace -> its version and dependencies",
	.oracles = "the Cargo.toml files; the locked versions",
	.keeps_off = "crates that are not locked, or not at such a version; new features; crates taken off",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "cargo",
	.types = types,
	.pattern = "--locked was passed",
	.fix = fix,
	.examples = examples,
};
