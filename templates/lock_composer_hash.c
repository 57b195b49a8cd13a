/*
 * composer finds composer.lock behind composer.json where only what asks nothing of the registry changed
 * -> the hash of the manifest and the platform, as `composer update --lock` writes them. Keeps off where
 * a package came, went or is asked for otherwise.
 */
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "templates/lib_scene.h"

#include <stdlib.h>

/* What of the manifest goes into the hash, in the order of names, as composer sorts it. */
static const char *const hashed[] = { "conflict", "extra", "minimum-stability", "name", "prefer-stable",
	"provide", "replace", "repositories", "require", "require-dev", "version" };

/* PHP writes the slash with a backslash, and what is no ASCII as \u. */
static void php_text(struct text *out, const char *ascii)
{
	for (; *ascii; ascii++) {
		if (*ascii == '/')
			text_addc(out, '\\');
		text_addc(out, *ascii);
	}
}

static bool php_value(struct text *out, const json_t *value);

static bool php_string(struct text *out, const json_t *value)
{
	char *made = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_COMPACT);

	if (!made)
		return false;
	/* jansson writes \u00E9, PHP \u00e9 */
	for (char *at = made; *at; at++)
		if (at[0] == '\\' && at[1] == 'u')
			for (int i = 2; i < 6; i++)
				at[i] = at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] + 32) : at[i];
	php_text(out, made);
	free(made);
	return true;
}

static bool php_members(struct text *out, json_t *object)
{
	const char *key;
	json_t *value;
	bool first = true;

	text_addc(out, '{');
	json_object_foreach(object, key, value) {
		JSON *name = json_string(key);

		if (!first)
			text_addc(out, ',');
		first = false;
		if (!php_string(out, name))
			return false;
		text_addc(out, ':');
		if (!php_value(out, value))
			return false;
	}
	text_addc(out, '}');
	return true;
}

/* json_encode of what json_decode made of it: an empty object has become a list. */
static bool php_value(struct text *out, const json_t *value)
{
	size_t i;
	json_t *one;

	if (json_is_object(value) && json_object_size(value))
		return php_members(out, (json_t *)value);
	if (json_is_string(value))
		return php_string(out, value);
	if (json_is_real(value))
		return false;	/* PHP prints it in its own way */
	if (json_is_integer(value))
		text_addf(out, "%lld", (long long)json_integer_value(value));
	else if (!json_is_array(value) && !json_is_object(value))
		text_adds(out, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
	if (json_is_array(value) || json_is_object(value)) {
		text_addc(out, '[');
		for (i = 0; i < json_array_size(value); i++) {
			one = json_array_get(value, i);
			if (i)
				text_addc(out, ',');
			if (!php_value(out, one))
				return false;
		}
		text_addc(out, ']');
	}
	return true;
}

/* The content-hash; NULL where it cannot be made for certain. */
static const char *hash_of(struct arena *a, const json_t *manifest)
{
	const json_t *platform = json_at(manifest, "config.platform");
	uint8_t digest[CRYPTO_MD5_BYTES];
	struct text out = TEXT(a);

	text_addc(&out, '{');
	for (size_t i = 0; i < sizeof(hashed) / sizeof(hashed[0]); i++) {
		const json_t *value = json_object_get(manifest, hashed[i]);

		/* config stands between "config" < "conflict" in the order: before all others */
		if (!i && platform) {
			text_adds(&out, "\"config\":{\"platform\":");
			if (!php_value(&out, platform))
				return NULL;
			text_addc(&out, '}');
		}
		if (!value)
			continue;
		text_addf(&out, "%s\"%s\":", out.size > 1 ? "," : "", hashed[i]);
		if (!php_value(&out, value))
			return NULL;
	}
	text_addc(&out, '}');
	if (!crypto_md5(text_str(&out), digest))
		return NULL;
	return crypto_hex(a, (struct str){ (const char *)digest, sizeof(digest) });
}

static bool is_platform(const char *name)
{
	struct str one = str_of(name);

	return str_is(one, "php") || str_starts(one, "php-") || str_starts(one, "ext-") ||
	       str_starts(one, "lib-") || str_is(one, "hhvm");
}

/* The packages two manifests ask for, platform left out, are the same. */
static bool same_packages(const json_t *one, const json_t *other, const char *group)
{
	json_t *list = json_object_get(one, group);
	const char *name;
	json_t *value;

	json_object_foreach(list, name, value)
		if (!is_platform(name) &&
		    !json_equal(value, json_object_get(json_object_get(other, group), name)))
			return false;
	return true;
}

/* Nothing that is resolved may differ from the commit before; without one, nothing may be asked for. */
static bool nothing_to_resolve(const json_t *now, const json_t *before)
{
	static const char *const groups[] = { "require", "require-dev" };
	static const char *const kept[] = { "repositories", "minimum-stability", "prefer-stable",
					    "conflict", "replace", "provide" };
	JSON *none = before ? NULL : json_object();
	const json_t *old = before ? before : none;

	for (size_t i = 0; i < 2; i++)
		if (!same_packages(now, old, groups[i]) || !same_packages(old, now, groups[i]))
			return false;
	for (size_t i = 0; before && i < sizeof(kept) / sizeof(kept[0]); i++) {
		const json_t *a = json_object_get(now, kept[i]), *b = json_object_get(old, kept[i]);

		if ((a || b) && !json_equal(a, b))
			return false;
	}
	return true;
}

/* `"platform": {...}` of the lock as it must be; its old text when nothing is in it. */
static struct str with_platform(struct arena *a, struct str lock, const char *key, json_t *wanted)
{
	const char *head = arena_printf(a, "\n    \"%s\": ", key), *name;
	struct text out = TEXT(a);
	struct str before, rest, value;
	json_t *one;
	bool any = false;

	if (!str_split(lock, head, &before, &rest) || !rest.size)
		return lock;
	if (!str_split(rest, rest.at[0] == '{' ? "}" : "]", &value, &rest))
		return lock;
	text_add(&out, before);
	text_adds(&out, head);
	json_object_foreach(wanted, name, one) {
		if (!is_platform(name) || !json_is_string(one))
			continue;
		text_addf(&out, "%s        \"%s\": \"%s\"", any ? ",\n" : "{\n", name,
			  json_string_value(one));
		any = true;
	}
	if (any)
		text_adds(&out, "\n    }");
	else
		text_addf(&out, "%s", value.at[0] == '{' && value.size == 1 ? "{}" : "[]");
	text_add(&out, rest);
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	JSON *now = NULL, *before = NULL, *locked = NULL;
	struct err ignored = ERR_INIT;
	struct str manifest, old, lock, text, had;
	const char *hash;

	if (!scene_read(scene, "composer.json", &manifest) || !scene_read(scene, "composer.lock", &lock) ||
	    !json_parse(manifest, TREE_FILE_MAX, &now, &ignored) ||
	    !json_parse(lock, TREE_FILE_MAX, &locked, &ignored))
		return template_decline(scene, "composer.json or composer.lock cannot be read");
	if (scene->parent && tree_read(scene->parent, scene->arena, "composer.json", &old) &&
	    !json_parse(old, TREE_FILE_MAX, &before, &ignored))
		before = NULL;
	hash = hash_of(scene->arena, now);
	had = json_text_or(locked, "content-hash", STR_NONE);
	if (!hash || had.size != 32)
		return template_decline(scene, "the hash of composer.json cannot be made for certain");
	if (str_is(had, hash))
		return template_decline(scene, "composer.lock has the hash of composer.json");
	if (!nothing_to_resolve(now, before))
		return template_decline(scene, "a package came, went or is asked for otherwise: what to lock "
					"only the registry knows");
	text = with_platform(scene->arena, lock, "platform", json_object_get(now, "require"));
	text = with_platform(scene->arena, text, "platform-dev", json_object_get(now, "require-dev"));
	if (str_split(text, str_text(scene->arena, had), &old, &manifest))
		text = str_of(arena_printf(scene->arena, "%.*s%s%.*s", STR_ARG(old), hash,
					   STR_ARG(manifest)));
	candidate_put(scene, propose(scene, ORACLE_TOOL, "Writes the hash and the platform of composer.json "
				     "into composer.lock, as composer update --lock does; no package changes."),
		      "composer.lock", text);
}

#define LOG \
	"./composer.json is valid but your composer.lock has some errors\n# Lock file errors\n" \
	"- The lock file is not up to date with the latest changes in composer.json, it is recommended that " \
	"you run `composer update` or `composer update <package name>`.\n"
#define MANIFEST(php, more) \
	"{\n    \"name\": \"quay-street/ledger\",\n    \"require\": {\n        \"php\": \"" php "\"" more \
	"\n    }\n}\n"
#define LOCK(hash, php) \
	"{\n    \"content-hash\": \"" hash "\",\n    \"packages\": [],\n    \"packages-dev\": [],\n" \
	"    \"platform\": {\n        \"php\": \"" php "\"\n    },\n    \"platform-dev\": []\n}\n"

static const struct example examples[] = {
	{
		.name = "another PHP",
		.log = LOG,
		.file = { { "composer.json", MANIFEST(">=8.2", ""), NULL, .was = MANIFEST(">=8.1", "") },
			  { "composer.lock", LOCK("00000000000000000000000000000000", ">=8.1"),
			    LOCK("5921f7776a4e84be776bb8e0f7c0d3c2", ">=8.2") } },
	},
	{
		.name = "a package came",
		.log = LOG,
		.file = { { "composer.json", MANIFEST(">=8.2", ",\n        \"monolog/monolog\": \"^3\""), NULL,
			    .was = MANIFEST(">=8.2", "") },
			  { "composer.lock", LOCK("00000000000000000000000000000000", ">=8.1"), NULL } },
		.declines = "only the registry knows",
	},
	{
		.name = "the hash is right",
		.log = LOG,
		.file = { { "composer.json", MANIFEST(">=8.2", ""), NULL },
			  { "composer.lock", LOCK("5921f7776a4e84be776bb8e0f7c0d3c2", ">=8.2"), NULL } },
		.declines = "has the hash",
	},
	{0}
};

const struct template template_lock_composer_hash = {
	.name = "lock_composer_hash",
	.summary = "composer.lock is behind composer.json by its platform alone -> hash and platform",
	.language = "php",
	.oracles = "composer's own rule of the hash",
	.keeps_off = "packages that came, went or are asked for otherwise",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "composer",
	.pattern = "lock file is not up to date with the latest changes in composer\\.json",
	.fix = fix,
	.examples = examples,
};
