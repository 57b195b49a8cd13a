/* bot/base/config and its table: good files, bad files with the exact place, defaults, secrets. */
#include "bot/base/config.h"
#include "bot/base/file.h"
#include "tests/unit.h"

#include <stdio.h>

static const char daemon_file[] =
	"# everything\n"
	"github:   { app_id: 1234, private_key_file: key.pem, webhook_secret_env: HOOK,\n"
	"            api_url: https://ghe.example.com/api/v3, token: ghp_x }\n"
	"store:    { url: \"sqlite:aegis.db\" }\n"
	"listen:   { address: 0.0.0.0, port: 0 }\n"
	"poll:     { every_s: 5 }\n"
	"models:\n"
	"  - { provider: anthropic, model: one, api_key_env: KEY, class: small }\n"
	"  - provider: openai\n"
	"    model: 'two: three'\n"
	"    base_url: http://127.0.0.1:8000/v1\n"
	"prometheus: { url: \"http://[::1]:9090\" }\n"
	"sandbox:\n"
	"  enabled: false\n"
	"  binds: [/opt/tool, /usr/local]\n"
	"  environment:\n"
	"    - LANG=C\n"
	"    - EMPTY=\n"
	"limits:\n"
	"  wall_s: 60\n";

static const char repository_file[] =
	"run: |\n  make\n  make test\nautonomy: autopilot\nprotected: ['db/**']\ntests: []\n"
	"templates:\n  disable: [tpl_one]\n";

static const struct config *parse(struct arena *a, const char *text, enum option_file file)
{
	const struct config *config = NULL;
	struct err e = ERR_INIT;

	if (!config_parse(&options, "f.yml", str_of(text), file, a, &config, &e))
		fail_msg("%s", e.text);
	return config;
}

static void reads_daemon(void **state)
{
	ARENA a = {0};
	const struct config *config = parse(&a, daemon_file, OPTION_DAEMON);
	const char *const *list;
	size_t count = 0;

	(void)state;
	assert_int_equal(config_integer(config, "github.app_id"), 1234);
	assert_string_equal(config_text(config, "github.api_url"),
			    "https://ghe.example.com/api/v3");
	assert_int_equal(config_integer(config, "listen.port"), 0);
	assert_true(config_has(config, "listen.port"));
	assert_int_equal(config_count(config, "models"), 2);
	assert_string_equal(config_text(config, "models[0].provider"), "anthropic");
	assert_string_equal(config_text(config, "models[1].model"), "two: three");
	assert_string_equal(config_text(config, "models[0].class"), "small");
	assert_string_equal(config_text(config, "models[1].class"), "large");
	assert_null(config_text(config, "models[0].base_url"));
	assert_false(config_boolean(config, "sandbox.enabled"));
	list = config_list(config, "sandbox.binds", &a, &count);
	assert_int_equal(count, 2);
	assert_string_equal(list[1], "/usr/local");
	assert_null(list[2]);
	assert_string_equal(config_list(config, "sandbox.environment", &a, NULL)[1], "EMPTY=");
	assert_int_equal(config_integer(config, "limits.wall_s"), 60);
	assert_int_equal(config_integer(config, "limits.memory_mb"), 4096);
	assert_false(config_has(config, "limits.memory_mb"));
}

static void reads_repository(void **state)
{
	ARENA a = {0};
	const struct config *config = parse(&a, repository_file, OPTION_REPOSITORY);

	(void)state;
	assert_string_equal(config_text(config, "run"), "make\nmake test\n");
	assert_string_equal(config_text(config, "autonomy"), "autopilot");
	assert_string_equal(config_list(config, "protected", &a, NULL)[0], "db/**");
	assert_null(config_list(config, "tests", &a, NULL)[0]);
	assert_string_equal(config_list(config, "templates.disable", &a, NULL)[0], "tpl_one");
}

static void defaults(void **state)
{
	static const char *const empty[] = {
		"", "\n", "# only words\n", "---\n", "models:\nsandbox:\nstore: ~\n", "{}",
		"sandbox: { binds: }\n", "null",
	};
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		const struct config *config = parse(&a, empty[i], OPTION_DAEMON);
		struct err e = ERR_INIT;
		struct str secret = STR("kept");

		assert_string_equal(config_text(config, "store.url"), "sqlite:aegis.db");
		assert_int_equal(config_integer(config, "poll.every_s"), 30);
		assert_int_equal(config_integer(config, "github.app_id"), 0);
		assert_true(config_boolean(config, "sandbox.enabled"));
		assert_int_equal(config_count(config, "models"), 0);
		assert_null(config_list(config, "sandbox.binds", &a, NULL)[0]);
		assert_true(config_secret(config, "github.private_key", &a, &secret, &e));
		assert_int_equal(secret.size, 0);
	}
	assert_string_equal(config_text(parse(&a, "", OPTION_REPOSITORY), "autonomy"), "guarded");
}

/* Every default is a value that its own row takes. */
static void defaults_are_valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < options.count; i++) {
		const struct option *row = &options.rows[i];
		ARENA a = {0};
		struct str section, name;
		const char *text;

		assert_true(row->help[strlen(row->help) - 1] == '.');
		if (!row->initial || row->type == OPTION_SECRET)
			continue;
		if (strstr(row->key, "[]")) {
			text = "models: [{ provider: gemini, model: m, class: large }]";
			if (*row->key == 'h')
				text = "health: [{ url: 'https://a.b', every_s: 30, timeout_s: 5 }]";
		} else if (str_split(str_of(row->key), ".", &section, &name)) {
			text = arena_printf(&a, "%.*s: { %.*s: %s }", STR_ARG(section),
					    STR_ARG(name), row->initial);
		} else {
			text = arena_printf(&a, "%s: %s", row->key, row->initial);
		}
		parse(&a, text, row->files & OPTION_DAEMON ? OPTION_DAEMON : OPTION_REPOSITORY);
	}
}

struct bad {
	const char *text, *error;
};

static void refused(const struct bad *list, size_t count, enum option_file file,
		    const struct option_table *table)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < count; i++) {
		ARENA a = {0};
		const struct config *config = NULL;
		struct err e = ERR_INIT;

		if (config_parse(table, "f.yml", str_of(list[i].text), file, &a, &config, &e))
			fail_msg("taken: %s", list[i].text);
		if (strcmp(e.text, list[i].error)) {
			print_error("%s  is:     %s\n  wanted: %s\n", list[i].text, e.text,
				    list[i].error);
			wrong++;
		}
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_null(config);
	}
	assert_int_equal(wrong, 0);
}
#define REFUSED(list, file, table) refused((list), sizeof(list) / sizeof(*(list)), (file), (table))

/* YAML itself. */
static void bad_yaml(void **state)
{
	static const struct bad list[] = {
		{ "a: &x 1\n", "f.yml:1:4: anchors are not allowed" },
		{ "models: &m\n  - {}\n", "f.yml:1:9: anchors are not allowed" },
		{ "store: { url: *x }\n", "f.yml:1:15: aliases are not allowed" },
		{ "*x : 1\n", "f.yml:1:1: aliases are not allowed" },
		{ "<<: { a: 1 }\n", "f.yml:1:1: merge keys are not allowed" },
		{ "store: !!str x\n", "f.yml:1:8: tags are not allowed" },
		{ "poll: !x { every_s: 3 }\n", "f.yml:1:7: tags are not allowed" },
		{ "poll: { every_s: 3 }\nlisten: {}\npoll: {}\n",
		  "f.yml:3:1: duplicate key \"poll\", first in line 1" },
		{ "poll:\n  every_s: 3\n  \"every_s\": 4\n",
		  "f.yml:3:3: duplicate key \"every_s\", first in line 2" },
		{ "? [a]\n: 1\n", "f.yml:1:3: a key must be a word" },
		{ "poll: {}\n---\nlisten: {}\n", "f.yml:2:1: more than one document" },
		{ "poll:\n\tevery_s: 3\n",
		  "f.yml:2:1: tab character may not be used as indentation" },
		{ "store: { url: x\n", "f.yml:2:1: missing comma in flow mapping" },
		{ "store: \"x\n", "f.yml:1:9: double-quoted scalar without closing quote" },
		{ "a: b: c\n", "f.yml:1:5: invalid nested block mapping on the same line" },
		{ "poll: {}\nstore: { url: \"a\x1b[31m\" }\n",
		  "f.yml:2:17: a character that does not show" },
		{ "store: { url: \"a\\e[31m\" }\n", "f.yml:1:15: a character that does not show" },
		{ "store: { url: \"a\\0\" }\n", "f.yml:1:15: a character that does not show" },
		{ "store: { url: a\xe2\x80\xae }\n", "f.yml:1:16: a character that does not show" },
		{ "# \xc3\xa9\n# \xc3(\n", "f.yml:2:3: not UTF-8" },
		{ "store: { url: 'a''''b' }\n",
		  "f.yml:1:20: more than 3 quotes in a row; put the text in double quotes" },
		{ "[[[[[[[[[[[[[[[[[[[[\n", "f.yml:1:17: nested more than 16 levels deep" },
	};

	(void)state;
	REFUSED(list, OPTION_DAEMON, &options);
}

static void bad_keys(void **state)
{
	static const struct bad list[] = {
		{ "- a\n", "f.yml:1:1: the file must be a map of keys, not a list" },
		{ "word\n", "f.yml:1:1: the file must be a map of keys, not a text" },
		{ "modles: []\n", "f.yml:1:1: unknown key \"modles\", did you mean \"models\"?" },
		{ "poll:\n  evry_s: 3\n",
		  "f.yml:2:3: unknown key \"poll.evry_s\", did you mean \"every_s\"?" },
		{ "github: { privat_key_file: x }\n",
		  "f.yml:1:11: unknown key \"github.privat_key_file\", did you mean "
		  "\"private_key_file\"?" },
		{ "models:\n  - provider: openai\n    modle: x\n",
		  "f.yml:3:5: unknown key \"models[0].modle\", did you mean \"model\"?" },
		{ "completely: 1\n", "f.yml:1:1: unknown key \"completely\"" },
		{ "Store: {}\n", "f.yml:1:1: unknown key \"Store\", did you mean \"store\"?" },
		{ "store.url: x\n",
		  "f.yml:1:1: unknown key \"store.url\", did you mean \"store\"?" },
		{ "\"models[0]\": x\n",
		  "f.yml:1:1: unknown key \"models[0]\", did you mean \"models\"?" },
		{ "\"\": x\n", "f.yml:1:1: unknown key \"\"" },
		{ "store_env: x\n",
		  "f.yml:1:1: unknown key \"store_env\", did you mean \"store\"?" },
		{ "store: { url_env: x }\n",
		  "f.yml:1:10: unknown key \"store.url_env\"" },
		{ "\n\nrun: make\n", "f.yml:3:1: run belongs in .github/aegis.yml" },
		{ "templates: { disable: [x] }\n",
		  "f.yml:1:1: templates belongs in .github/aegis.yml" },
		{ "models:\n  - model: x\n", "f.yml:2:5: models[0].provider is missing" },
		{ "models: [{ provider: gemini, model: m }, { provider: gemini }]\n",
		  "f.yml:1:42: models[1].model is missing" },
		{ "github:\n  token: a\n  token_env: B\n",
		  "f.yml:3:3: github.token and github.token_env: only one of them" },
	};
	static const struct bad other[] = {
		{ "models: []\n", "f.yml:1:1: models belongs in the daemon's file" },
		{ "sandbox:\n  enabled: false\n",
		  "f.yml:1:1: sandbox belongs in the daemon's file" },
		{ "autonmy: guarded\n",
		  "f.yml:1:1: unknown key \"autonmy\", did you mean \"autonomy\"?" },
	};

	(void)state;
	REFUSED(list, OPTION_DAEMON, &options);
	REFUSED(other, OPTION_REPOSITORY, &options);
}

static void bad_numbers_and_words(void **state)
{
	static const struct bad list[] = {
		{ "poll: { every_s: soon }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not soon" },
		{ "poll: { every_s: \"30\" }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not \"30\"" },
		{ "poll: { every_s: 0 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not 0" },
		{ "poll: { every_s: -5 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not -5" },
		{ "poll: { every_s: 86401 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not 86401" },
		{ "poll: { every_s: 010 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not 010" },
		{ "poll: { every_s: 0x10 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not 0x10" },
		{ "poll: { every_s: 1_000 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not 1_000" },
		{ "poll: { every_s: 3.0 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, not 3.0" },
		{ "poll: { every_s: 99999999999999999999 }\n",
		  "f.yml:1:18: poll.every_s must be a whole number from 1 to 86400, "
		  "not 99999999999999999999" },
		{ "poll: { every_s: }\n",
		  "f.yml:1:9: poll.every_s must be a whole number from 1 to 86400, not nothing" },
		{ "poll:\n  every_s: [3]\n",
		  "f.yml:2:12: poll.every_s must be a whole number from 1 to 86400, not a list" },
		{ "listen:\n  port: 65536\n",
		  "f.yml:2:9: listen.port must be a whole number from 0 to 65535, not 65536" },
		{ "sandbox: { enabled: yes }\n",
		  "f.yml:1:21: sandbox.enabled must be true or false, not yes" },
		{ "sandbox: { enabled: \"true\" }\n",
		  "f.yml:1:21: sandbox.enabled must be true or false, not \"true\"" },
		{ "sandbox: { enabled: True }\n",
		  "f.yml:1:21: sandbox.enabled must be true or false, not True" },
		{ "sandbox: { enabled: {} }\n",
		  "f.yml:1:21: sandbox.enabled must be true or false, not a map of keys" },
		{ "models: [{ provider: claude }]\n",
		  "f.yml:1:22: models[0].provider must be anthropic, gemini or openai, "
		  "not claude" },
	};

	(void)state;
	REFUSED(list, OPTION_DAEMON, &options);
}

static void bad_values(void **state)
{
	static const struct bad list[] = {
		{ "models: {}\n", "f.yml:1:9: models must be a list of maps, not a map of keys" },
		{ "models: openai\n", "f.yml:1:9: models must be a list of maps, not a text" },
		{ "models:\n  - openai\n",
		  "f.yml:2:5: models[0] must be a map of keys, not a text" },
		{ "store: sqlite\n", "f.yml:1:8: store must be a map of keys, not a text" },
		{ "store: [a]\n", "f.yml:1:8: store must be a map of keys, not a list" },
		{ "store: { url: \"\" }\n", "f.yml:1:15: store.url must be a text" },
		{ "store: { url: ~ }\n", "f.yml:1:15: store.url must be a text, not nothing" },
		{ "store: { url: [x] }\n", "f.yml:1:15: store.url must be a text, not a list" },
		{ "prometheus: { url: localhost }\n",
		  "f.yml:1:20: prometheus.url must be a URL such as "
		  "https://example.com/path, without a user in it" },
		{ "prometheus: { url: \"https://u:s3cret@h/\" }\n",
		  "f.yml:1:20: prometheus.url must be a "
		  "URL such as https://example.com/path, without a user in it" },
		{ "prometheus: { url: \"https:///x\" }\n", "f.yml:1:20: prometheus.url must be a "
		  "URL such as https://example.com/path, without a user in it" },
		{ "prometheus: { url: \"https://h/a b\" }\n",
		  "f.yml:1:20: prometheus.url must be a "
		  "URL such as https://example.com/path, without a user in it" },
		{ "github: { token_env: ghp_s3cret-x }\n",
		  "f.yml:1:22: github.token_env must be the name of an environment variable" },
		{ "github:\n  token: ~\n", "f.yml:2:10: github.token must be a text, not nothing" },
		{ "github:\n  private_key_file: [s3cret]\n",
		  "f.yml:2:21: github.private_key_file must be the path of a file, not a list" },
		{ "sandbox:\n  binds: /opt\n",
		  "f.yml:2:10: sandbox.binds must be a list of folders, each "
		  "from / on, not a text" },
		{ "sandbox:\n  binds:\n    - /opt\n    - opt\n",
		  "f.yml:4:7: sandbox.binds must be a list of folders, each from / on" },
		{ "sandbox:\n  binds: [/opt/../root]\n",
		  "f.yml:2:11: sandbox.binds must be a list of folders, each from / on" },
		{ "sandbox:\n  binds: [[/opt]]\n",
		  "f.yml:2:11: sandbox.binds must be a list of folders, each from / on, "
		  "not a list" },
		{ "sandbox:\n  environment: [A]\n",
		  "f.yml:2:17: sandbox.environment must be a list of NAME=value" },
		{ "sandbox:\n  environment: [\"A B=c\"]\n",
		  "f.yml:2:17: sandbox.environment must be a list of NAME=value" },
	};
	static const struct bad other[] = {
		{ "autonomy: yolo\n",
		  "f.yml:1:11: autonomy must be propose, guarded or autopilot, not yolo" },
		{ "protected: [/etc/**]\n",
		  "f.yml:1:13: protected must be a list of patterns of files, such "
		  "as db/**/*.sql" },
		{ "tests: ['../**']\n",
		  "f.yml:1:9: tests must be a list of patterns of files, such "
		  "as db/**/*.sql" },
		{ "tests: [~]\n", "f.yml:1:9: tests must be a list of patterns of files, such "
		  "as db/**/*.sql, not nothing" },
	};

	(void)state;
	REFUSED(list, OPTION_DAEMON, &options);
	REFUSED(other, OPTION_REPOSITORY, &options);
}

static void too_much(void **state)
{
	ARENA a = {0};
	struct text big = TEXT(&a), many = TEXT(&a);
	const struct config *config = NULL;
	struct err e = ERR_INIT;

	(void)state;
	while (big.size <= 256 * 1024)
		text_adds(&big, "# words\n");
	assert_false(config_parse(&options, "f", text_str(&big), OPTION_DAEMON, &a, &config, &e));
	assert_string_equal(e.text, "f:1:1: larger than 256 KiB");
	text_adds(&many, "tests:\n");
	for (int i = 0; i < 1001; i++)
		text_adds(&many, "- a\n");
	assert_false(config_parse(&options, "f", text_str(&many), OPTION_REPOSITORY, &a, &config,
				  &e));
	assert_string_equal(e.text, "f:1002:3: more than 1000 items");
	assert_null(config);
}

static void secrets(void **state)
{
	ARENA a = {0};
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	const struct config *config = NULL;
	struct str secret = STR("kept");
	const char *path;

	(void)state;
	assert_true(file_temporary(&folder, &e));
	path = arena_printf(&a, "%s/aegis.yml", folder.path);
	assert_true(file_write(path, str_of(daemon_file), 0600, &e));
	assert_true(config_read(path, OPTION_DAEMON, &a, &config, &e));
	unsetenv("HOOK");
	assert_false(config_secret(config, "github.webhook_secret", &a, &secret, &e));
	assert_string_equal(e.text, arena_printf(&a,
						 "%s:2:74: github.webhook_secret_env: the variable "
						 "HOOK is not set", path));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_false(config_secret(config, "github.private_key", &a, &secret, &e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_non_null(strstr(e.text, "key.pem: No such file"));
	assert_str(secret, "kept");
	setenv("HOOK", "hush", 1);
	assert_true(config_secret(config, "github.webhook_secret", &a, &secret, &e));
	assert_str(secret, "hush");
	assert_true(file_write(arena_printf(&a, "%s/key.pem", folder.path), STR("PEM\n\n"), 0600,
			       &e));
	assert_true(config_secret(config, "github.private_key", &a, &secret, &e));
	assert_str(secret, "PEM");
	assert_true(config_secret(config, "github.token", &a, &secret, &e));
	assert_str(secret, "ghp_x");
	setenv("KEY", "k", 1);
	assert_true(config_secret(config, "models[0].api_key", &a, &secret, &e));
	assert_str(secret, "k");
	assert_true(config_secret(config, "models[1].api_key", &a, &secret, &e));
	assert_int_equal(secret.size, 0);
	setenv("GITHUB_TOKEN", "from-variable", 1);
	config = parse(&a, "", OPTION_DAEMON);
	assert_true(config_secret(config, "github.token", &a, &secret, &e));
	assert_str(secret, "from-variable");
	assert_false(config_read("/nowhere/aegis.yml", OPTION_DAEMON, &a, &config, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_false(config_fail(config, "store.url", &e, "bad %d", 3));
	assert_string_equal(e.text, "f.yml: store.url: bad 3");
}

/* Types and places that the program's own table does not use. */
static void another_table(void **state)
{
	static const struct option rows[] = {
		{ "rate", OPTION_REAL, OPTION_DAEMON, "0.5", -1, 1, .help = "A - \\rate." },
		{ "in.both", OPTION_INTEGER, OPTION_DAEMON | OPTION_REPOSITORY, .least = -9,
		  .most = 9,
		  .help = ".Dot." },
	};
	static const struct option_table table = { rows, 2 };
	static const struct bad list[] = {
		{ "rate: 1.5\n", "f.yml:1:7: rate must be a number from -1 to 1, not 1.5" },
		{ "rate: 1e-1\n", "f.yml:1:7: rate must be a number from -1 to 1, not 1e-1" },
		{ "rate: .5\n", "f.yml:1:7: rate must be a number from -1 to 1, not .5" },
		{ "rate: nan\n", "f.yml:1:7: rate must be a number from -1 to 1, not nan" },
		{ "rate: 1.\n", "f.yml:1:7: rate must be a number from -1 to 1, not 1." },
		{ "in: { both: -10 }\n",
		  "f.yml:1:13: in.both must be a whole number from -9 to 9, not -10" },
	};
	ARENA a = {0};
	struct text out = TEXT(&a);
	const struct config *config = NULL;
	struct err e = ERR_INIT;

	(void)state;
	REFUSED(list, OPTION_DAEMON, &table);
	assert_true(config_parse(&table, "f", STR("rate: -0.25\nin: {both: -9}\n"), OPTION_DAEMON,
				 &a,
				 &config, &e));
	assert_true(config_real(config, "rate") < -0.24 && config_real(config, "rate") > -0.26);
	assert_int_equal(config_integer(config, "in.both"), -9);
	assert_true(config_parse(&table, "f", STR(""), OPTION_DAEMON, &a, &config, &e));
	assert_true(config_real(config, "rate") > 0.49);
	options_roff(&table, OPTION_DAEMON, &out);
	assert_str(text_str(&out), ".TP\n.B rate\nA \\- \\erate.\nIt is a number from \\-1 to 1.\n"
		   "Default: 0.5\n.TP\n.B in.both\n\\&.Dot.\nIt is a whole number from \\-9 to 9.\n");
}

static void documents(void **state)
{
	ARENA a = {0};
	struct text out = TEXT(&a);
	struct str page;

	(void)state;
	options_markdown(&options, OPTION_DAEMON, &out);
	page = text_str(&out);
	assert_true(str_has(page,
			    "| `listen.port` | a whole number from 0 to 65535 | `8080` | Its port"));
	assert_true(str_has(page,
			    "| `models[].provider` | anthropic, gemini or openai | required |"));
	assert_true(str_has(page, "| `github.token`, `github.token_env`, `github.token_file` |"));
	assert_false(str_has(page, "autonomy"));
	out = TEXT(&a);
	options_markdown(&options, OPTION_REPOSITORY, &out);
	assert_true(str_has(text_str(&out), "| `autonomy` |"));
	out = TEXT(&a);
	options_roff(&options, OPTION_DAEMON, &out);
	assert_true(str_has(text_str(&out), ".TP\n.B github.token, github.token_env"));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(reads_daemon), cmocka_unit_test(reads_repository),
		cmocka_unit_test(defaults), cmocka_unit_test(defaults_are_valid),
		cmocka_unit_test(bad_yaml), cmocka_unit_test(bad_keys),
		cmocka_unit_test(bad_numbers_and_words), cmocka_unit_test(bad_values),
		cmocka_unit_test(too_much), cmocka_unit_test(secrets),
		cmocka_unit_test(another_table), cmocka_unit_test(documents),
	};
	return cmocka_run_group_tests(list, NULL, NULL);
}
