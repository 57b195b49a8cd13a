/*
 * The table of settings. How a value is read and checked is config.c's; what it does is the
 * reader's of the setting.
 */
#include "bot/base/options.h"

#define CHOICES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct option rows[] = {
	{ "github.app_id", OPTION_INTEGER, OPTION_DAEMON, .least = 1, .most = 1e12,
	  .help = "The number of your GitHub App, from its settings page." },
	{ "github.private_key", OPTION_SECRET, OPTION_DAEMON,
	  .help = "The App's private key, in PEM." },
	{ "github.webhook_secret", OPTION_SECRET, OPTION_DAEMON, "AEGIS_WEBHOOK_SECRET",
	  .help = "The secret that GitHub signs its webhooks with; without it none are taken, and GitHub is "
		  "only asked." },
	{ "github.webhook_secret_previous", OPTION_SECRET, OPTION_DAEMON, "AEGIS_WEBHOOK_SECRET_PREVIOUS",
	  .help = "The secret before that one, which is taken too while you change it." },
	{ "github.token", OPTION_SECRET, OPTION_DAEMON, "GITHUB_TOKEN",
	  .help = "A token to use instead of an App, as in a GitHub Action." },
	{ "github.api_url", OPTION_URL, OPTION_DAEMON, "https://api.github.com",
	  .help = "Where the REST API is; another one for GitHub Enterprise." },
	{ "github.write_gap_ms", OPTION_INTEGER, OPTION_DAEMON, "1000", 1, 60000,
	  .help = "Milliseconds between two changes on GitHub, which asks for a second; a server of "
		  "your own may do with less." },

	{ "github.repositories", OPTION_LIST, OPTION_DAEMON,
	  .help = "Which repositories to watch, as owner/name; without it all that the App is "
		  "installed in." },

	{ "store.url", OPTION_TEXT, OPTION_DAEMON, "sqlite:aegis.db",
	  .help = "Where incidents are kept: sqlite:FILE, or postgresql://HOST/DATABASE for "
		  "several instances, with the password in PGPASSWORD or in PostgreSQL's password file." },
	{ "work.folder", OPTION_TEXT, OPTION_DAEMON, "aegis-work",
	  .help = "A folder for mirrors of the repositories and for the fixes in the making; made when it "
		  "is not there." },
	{ "listen.address", OPTION_TEXT, OPTION_DAEMON, "127.0.0.1",
	  .help = "The address that webhooks and the dashboard are served on." },
	{ "listen.port", OPTION_INTEGER, OPTION_DAEMON, "8080", 0, 65535,
	  .help = "Its port; 0 takes a free one." },
	{ "poll.every_s", OPTION_INTEGER, OPTION_DAEMON, "30", 1, 86400,
	  .help = "Seconds between two looks at GitHub, for what no webhook told; up to ten times as many, and "
		  "10 minutes, for repositories whose webhooks arrive." },

	{ "pulls.hourly", OPTION_INTEGER, OPTION_DAEMON, "2", 1, 1000,
	  .help = "How many pull requests may be opened in a repository in an hour; further fixes wait." },
	{ "pulls.open", OPTION_INTEGER, OPTION_DAEMON, "10", 1, 1000,
	  .help = "How many of ours may be open in a repository at a time." },

	{ "models[].provider", OPTION_CHOICE, OPTION_DAEMON, .required = true,
	  .choices = CHOICES("anthropic", "gemini", "openai"),
	  .help = "Whose API it is; openai is also that of most local servers. The models "
		  "are tried in the order of the list." },
	{ "models[].model", OPTION_TEXT, OPTION_DAEMON, .required = true,
	  .help = "The model's name, as the provider writes it." },
	{ "models[].base_url", OPTION_URL, OPTION_DAEMON,
	  .help = "Where the API is; without it the provider's own address." },
	{ "models[].api_key", OPTION_SECRET, OPTION_DAEMON,
	  .help = "The key of the API." },
	{ "models[].class", OPTION_CHOICE, OPTION_DAEMON, "large",
	  .choices = CHOICES("small", "large"),
	  .help = "What the model is asked for: small is quick and cheap, large is for "
		  "hard cases." },
	{ "models[].input_price", OPTION_REAL, OPTION_DAEMON, .least = 0, .most = 10000,
	  .help = "What a million tokens of questions cost, in US dollars; for the record of costs." },
	{ "models[].output_price", OPTION_REAL, OPTION_DAEMON, .least = 0, .most = 10000,
	  .help = "What a million tokens of answers cost." },
	{ "prompts_dir", OPTION_TEXT, OPTION_DAEMON,
	  .help = "A folder with texts for models, such as fix_system.txt, to use instead of the "
		  "program's own." },
	{ "prometheus.url", OPTION_URL, OPTION_DAEMON,
	  .help = "Where the metrics of your deployments are asked for." },
	{ "prometheus.token", OPTION_SECRET, OPTION_DAEMON,
	  .help = "A token that it wants, sent as a bearer." },
	{ "prometheus.private", OPTION_BOOLEAN, OPTION_DAEMON, "true",
	  .help = "It may be at an address that is not public, as most are." },
	{ "prometheus.timeout_s", OPTION_INTEGER, OPTION_DAEMON, "10", 1, 120,
	  .help = "Seconds that one query may take." },
	{ "watch.private", OPTION_BOOLEAN, OPTION_DAEMON, "false",
	  .help = "Health checks may go to addresses that are not public and over http. Repositories "
		  "name them, so this lets repositories reach into your network." },

	{ "sandbox.enabled", OPTION_BOOLEAN, OPTION_DAEMON, "true",
	  .help = "Run the code of repositories in a sandbox. Without it that code can do all that "
		  "Aegis can." },
	{ "sandbox.binds", OPTION_LIST, OPTION_DAEMON, .item = OPTION_ITEM_FOLDER,
	  .help = "More folders that may be read in the sandbox, such as toolchains." },
	{ "sandbox.environment", OPTION_LIST, OPTION_DAEMON, .item = OPTION_ITEM_VARIABLE,
	  .help = "Variables that commands in the sandbox see, besides those of the toolchains." },

	{ "limits.wall_s", OPTION_INTEGER, OPTION_DAEMON, "600", 1, 86400,
	  .help = "Seconds that one command in the sandbox may take." },
	{ "limits.idle_s", OPTION_INTEGER, OPTION_DAEMON, "120", 1, 86400,
	  .help = "Seconds in which it may wait without using the processor; then it hangs." },
	{ "limits.cpu_s", OPTION_INTEGER, OPTION_DAEMON, "1200", 1, 864000,
	  .help = "Seconds of processor time that all its processes may take together." },
	{ "limits.memory_mb", OPTION_INTEGER, OPTION_DAEMON, "4096", 16, 1048576,
	  .help = "MiB of memory that they may use together." },
	{ "limits.processes", OPTION_INTEGER, OPTION_DAEMON, "512", 1, 65536,
	  .help = "How many of them there may be at a time." },
	{ "limits.file_mb", OPTION_INTEGER, OPTION_DAEMON, "512", 1, 1048576,
	  .help = "MiB of the largest file that they may write." },
	{ "limits.disk_mb", OPTION_INTEGER, OPTION_DAEMON, "2048", 1, 1048576,
	  .help = "MiB of all files that they may write." },
	{ "limits.output_mb", OPTION_INTEGER, OPTION_DAEMON, "2048", 1, 65536,
	  .help = "MiB of output after which the command is stopped." },
	{ "limits.candidates", OPTION_INTEGER, OPTION_DAEMON, "8", 1, 64,
	  .help = "How many fixes are tried for one failure." },
	{ "limits.model_requests", OPTION_INTEGER, OPTION_DAEMON, "4", 0, 100,
	  .help = "How many requests to models one fix may take; 0 asks none." },
	{ "limits.model_tokens", OPTION_INTEGER, OPTION_DAEMON, "100000", 1000, 10000000,
	  .help = "How many tokens of questions and answers one fix may take." },
	{ "limits.model_s", OPTION_INTEGER, OPTION_DAEMON, "120", 1, 3600,
	  .help = "Seconds that one answer of a model may take." },

	{ "run", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The command that shows whether the repository is well, usually its tests; "
		  "without it the failing step of the workflow." },
	{ "autonomy", OPTION_CHOICE, OPTION_REPOSITORY, "guarded",
	  .choices = CHOICES("propose", "guarded", "autopilot"),
	  .help = "What Aegis may merge: propose merges nothing by itself, guarded only fixes of "
		  "high confidence and low risk, autopilot also those of medium confidence." },
	{ "protected", OPTION_LIST, OPTION_REPOSITORY, .item = OPTION_ITEM_GLOB,
	  .help = "More files that are never changed: what would need it is left to a person." },
	{ "tests", OPTION_LIST, OPTION_REPOSITORY, .item = OPTION_ITEM_GLOB,
	  .help = "More files that are tests and are never edited to get green." },
	{ "skip", OPTION_BOOLEAN, OPTION_REPOSITORY, "false",
	  .help = "Aegis does nothing here. For a single pull request there is the label `aegis:skip`." },
	{ "branches", OPTION_LIST, OPTION_REPOSITORY,
	  .help = "Patterns of the branches that are looked after; one with `!` in front leaves out. "
		  "Without them all are." },
	{ "authors", OPTION_LIST, OPTION_REPOSITORY,
	  .help = "Patterns of the logins whose pull requests and pushes are looked after, likewise." },
	{ "paths", OPTION_LIST, OPTION_REPOSITORY, .item = OPTION_ITEM_GLOB,
	  .help = "The only files that may be changed; failures elsewhere are left alone." },
	{ "templates.disable", OPTION_LIST, OPTION_REPOSITORY,
	  .help = "Names of templates that are not used here." },

	{ "deploy.environment", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The GitHub environment whose deployments are watched; without it any." },
	{ "deploy.window_s", OPTION_INTEGER, OPTION_REPOSITORY, "300", 60, 86400,
	  .help = "Seconds that a deployment is watched before it has held." },
	{ "deploy.baseline_s", OPTION_INTEGER, OPTION_REPOSITORY, "600", 60, 86400,
	  .help = "Seconds before it that it is compared with." },
	{ "deploy.step_s", OPTION_INTEGER, OPTION_REPOSITORY, "10", 5, 300,
	  .help = "Seconds between two samples; at least twice the scrape interval." },
	{ "deploy.metrics.requests", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The PromQL query of the requests in a step, such as "
		  "`sum(increase(http_requests_total[$step]))`; `$step` becomes the step." },
	{ "deploy.metrics.errors", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the failed ones of them. Counts are better than rates: a few "
		  "requests then say little." },
	{ "deploy.metrics.error_rate", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the share of requests that fail, 0 to 1, where there are no counts." },
	{ "deploy.metrics.rps", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the requests a second, where there are no counts." },
	{ "deploy.metrics.latency_p95", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the time that 95 of 100 requests stay below, such as "
		  "`histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[$step])))`." },
	{ "deploy.metrics.latency_p99", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The same for 99 of 100." },
	{ "deploy.metrics.cpu", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the processor time, in any unit." },
	{ "deploy.metrics.memory", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the memory, in any unit." },
	{ "deploy.metrics.up", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "The query of the share of instances that answer, such as `avg(up{job=\"shop\"})`." },

	{ "health[].url", OPTION_URL, OPTION_REPOSITORY, .required = true,
	  .help = "An address that must answer; two failures in a row make an incident." },
	{ "health[].status", OPTION_INTEGER, OPTION_REPOSITORY, .least = 100, .most = 599,
	  .help = "The status it must answer with; without it any from 200 to 299." },
	{ "health[].contains", OPTION_TEXT, OPTION_REPOSITORY,
	  .help = "A text that its answer must contain." },
	{ "health[].every_s", OPTION_INTEGER, OPTION_REPOSITORY, "30", 5, 86400,
	  .help = "Seconds between two checks." },
	{ "health[].timeout_s", OPTION_INTEGER, OPTION_REPOSITORY, "5", 1, 60,
	  .help = "Seconds in which it must answer." },
};

const struct option_table options = { rows, sizeof(rows) / sizeof(*rows) };
