/*
 * Bundler, RubyGems and Composer: why the packages could not be installed. One line says it, or the
 * first of a list below it; the solver's long explanations stay in the log.
 */
#include "ci/trace.h"

enum { LIST_LINES_MAX = 8 };

struct state {
	struct failure *failure;	/* waits for the first item of the list below it, or for its rest */
	unsigned long first;
	bool listed;			/* "    - Root composer.json requires ..." */
};

enum form { FORM_LINE, FORM_WRAPPED, FORM_LIST };

/* Starts of lines; none of them ends a log that went well. */
static const struct {
	const char *start, *tool;
	enum kind kind;
	unsigned weight;
	enum form form;
	bool transient;
} says[] = {
	{ "Could not find gem '", "bundler", KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_WRAPPED, false },
	{ "Could not find compatible versions", "bundler", KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LINE,
	  false },
	{ "Bundler could not find compatible versions for gem ", "bundler", KIND_DEPENDENCY,
	  WEIGHT_CERTAIN, FORM_LINE, false },
	{ "Could not reach host ", "bundler", KIND_INFRA, WEIGHT_CERTAIN, FORM_WRAPPED, true },
	{ "Your Ruby version is ", "bundler", KIND_CONFIG, WEIGHT_CERTAIN, FORM_LINE, false },
	{ "Your bundle only supports platforms ", "bundler", KIND_CONFIG, WEIGHT_CERTAIN, FORM_WRAPPED,
	  false },
	{ "You are trying to install in deployment mode after changing", "bundler", KIND_CONFIG,
	  WEIGHT_CERTAIN, FORM_WRAPPED, false },
	{ "The dependencies in your gemfile changed", "bundler", KIND_CONFIG, WEIGHT_HINT, FORM_WRAPPED,
	  false },
	{ "The gemspecs for path gems changed", "bundler", KIND_CONFIG, WEIGHT_HINT, FORM_WRAPPED,
	  false },
	{ "The deployment setting requires a ", "bundler", KIND_CONFIG, WEIGHT_CERTAIN, FORM_WRAPPED,
	  false },
	{ "bundler: command not found: ", "bundler", KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LINE, false },
	{ "[!] There was an error parsing `", "bundler", KIND_CONFIG, WEIGHT_CERTAIN, FORM_LINE, false },
	{ "Gem::Ext::BuildError: ", "bundler", KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LINE, false },
	{ "ERROR:  Error installing ", "gem", KIND_DEPENDENCY, WEIGHT_TRACE, FORM_LINE, false },
	{ "ERROR:  Could not find a valid gem '", "gem", KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LINE,
	  false },
	{ "Your requirements could not be resolved to an installable set of packages.", "composer",
	  KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LIST, false },
	{ "Your lock file does not contain a compatible set of packages.", "composer", KIND_DEPENDENCY,
	  WEIGHT_CERTAIN, FORM_LIST, false },
	{ "- Required package \"", "composer", KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LINE, false },
	{ "- Required (in require-dev) package \"", "composer", KIND_DEPENDENCY, WEIGHT_CERTAIN,
	  FORM_LINE, false },
	{ "- The lock file is not up to date with the latest changes in composer.json", "composer",
	  KIND_DEPENDENCY, WEIGHT_CERTAIN, FORM_LINE, false },
	{ "Script ", "composer", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, FORM_LINE, false },
	{ "An error occurred while installing ", "bundler", KIND_DEPENDENCY, WEIGHT_DIAGNOSTIC,
	  FORM_WRAPPED, false },
};

enum { SAYS = sizeof(says) / sizeof(says[0]) };

static bool is_meant(size_t which, struct str text)
{
	if (str_is(STR("Script "), says[which].start))
		return str_has(text, " handling the ") &&
		       str_has(text, " event returned with error code ");
	if (str_is(STR("An error occurred while installing "), says[which].start))
		return str_has(text, "Bundler") || str_ends(text, "and") || str_ends(text, ",");
	if (str_starts(text, "Your Ruby version is "))
		return str_has(text, "but your Gemfile specified ");
	return true;
}

/* "[!] There was an error parsing `Gemfile`: ... #  from /x/Gemfile:1" comes on a later line. */
static void find_place(struct state *s, struct str text)
{
	struct place place;

	if (str_skip(&text, "#  from ") && place_take(&text, &place) && !text.size) {
		place_set(s->failure, &place);
		s->failure = NULL;
	}
}

/* What was wrapped at the width of a terminal goes on in the next line. */
static void join(struct state *s, struct str text)
{
	struct kept joined = {0};
	struct str head = str_of(s->failure->message);

	keep(&joined, head);
	if (joined.size + text.size + 1 < sizeof(joined.at)) {
		joined.at[joined.size++] = ' ';
		memcpy(joined.at + joined.size, text.at, text.size);
		joined.size = (unsigned short)(joined.size + text.size);
	}
	s->failure->message = findings_text(s->failure, kept_str(&joined));
	s->failure = NULL;
}

static void below(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);

	if (s->listed && str_skip(&text, "- ")) {
		s->failure->message = findings_text(s->failure, text);
		s->failure->error_line = s->failure->last_line = line->number;
		s->failure = NULL;
	} else if (!s->listed && s->failure->kind != KIND_CONFIG && text.size &&
		   line->number == s->first + 1) {
		join(s, text);
	} else if (!s->listed && text.size && line->number == s->first + 1 &&
		   !str_starts(str_of(s->failure->message), "[!]")) {
		join(s, text);
	} else {
		find_place(s, text);
	}
	if (line->number - s->first > LIST_LINES_MAX || line->mark == MARK_GROUP)
		s->failure = NULL;
}

static void start(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim_right(line->text);
	size_t i = 0;
	struct failure *failure;

	while (i < SAYS && !(str_starts(text, says[i].start) && is_meant(i, text)))
		i++;
	if (i == SAYS)
		return;
	failure = findings_failure(f, says[i].kind, says[i].weight, line->number);
	failure->language = str_is(STR("composer"), says[i].tool) ? "php" : "ruby";
	failure->tool = says[i].tool;
	failure->message = findings_text(failure, text);
	failure->transient = says[i].transient;
	s->first = line->number;
	s->listed = says[i].form == FORM_LIST;
	s->failure = says[i].form == FORM_LIST || str_starts(text, "[!]") ||
		     (says[i].form == FORM_WRAPPED && !str_ends(text, ".")) ? failure : NULL;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->failure)
		below(s, line);
	else
		start(s, line, f);
	return s->failure ? AWAKE : ASLEEP;
}

static const char *const wake[] = { "Could not find gem '", "Could not find compatible versions",
	"undler could not find compatible", "Could not reach host ", "your Gemfile specified ",
	"You are trying to install in deployment mode", "The dependencies in your gemfile changed",
	"The gemspecs for path gems changed", "The deployment setting requires a ",
	"bundler: command not found: ", "[!] There was an error parsing `", "Gem::Ext::BuildError: ",
	"ERROR:  Error installing ", "ERROR:  Could not find a valid gem '",
	"an installable set of packages.", "a compatible set of packages.", "- Required package \"",
	"- Required (in require-dev) package \"", "- The lock file is not up to date with",
	"Your bundle only supports platforms ", " event returned with error code ",
	"An error occurred while installing ", NULL };

static const struct reading examples[] = {
	{
		.name = "a gem that nobody has",
		.log =
		"Resolving dependencies...\n"
		"Could not find gem 'rspec-support (~> 3.11.0)' in cached gems or installed\n"
		"locally.\n\nThe source contains the following gems matching 'rspec-support':\n"
		"  * rspec-support-3.12.0\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "ruby", .tool = "bundler",
			    .message = "Could not find gem 'rspec-support (~> 3.11.0)' in cached "
				       "gems or installed locally.", .error_line = 2 },
	},
	{
		.name = "another version of Ruby",
		.log = "Your Ruby version is 3.1.2, but your Gemfile specified 3.3.0\n",
		.expect = { .kind = KIND_CONFIG, .tool = "bundler", .error_line = 1,
			    .message = "Your Ruby version is 3.1.2, but your Gemfile specified "
				       "3.3.0" },
	},
	{
		.name = "another platform than the lock's",
		.log = "Your bundle only supports platforms [\"arm64-darwin-23\"] but your local platform "
			"is\nx86_64-linux. Add the current platform to the lockfile with\n"
			"`bundle lock --add-platform x86_64-linux` and try again.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "bundler", .error_line = 1,
			    .message = "Your bundle only supports platforms [\"arm64-darwin-23\"] but "
				       "your local platform is x86_64-linux. Add the current platform "
				       "to the lockfile with" },
	},
	{
		.name = "composer.json changed",
		.log = "./composer.json is valid but your composer.lock has some errors\n"
			"# Lock file errors\n- The lock file is not up to date with the latest changes "
			"in composer.json, it is recommended that you run `composer update` or "
			"`composer update <package name>`.\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "php", .tool = "composer",
			    .error_line = 3 },
	},
	{
		.name = "no network",
		.log = "Could not reach host index.rubygems.org. Check your network connection and "
			"try\nagain.\n",
		.expect = { .kind = KIND_INFRA, .tool = "bundler", .transient = true,
			    .message = "Could not reach host index.rubygems.org. Check your network "
				       "connection and try again.", .error_line = 1 },
	},
	{
		.name = "an old lock",
		.log =
		"You are trying to install in deployment mode after changing\n"
		"your Gemfile. Run `bundle install` elsewhere and add the\n"
		"updated Gemfile.lock to version control.\n\n"
		"The dependencies in your gemfile changed\n\n"
		"You have added to the Gemfile:\n* rspec\n",
		.expect = { .kind = KIND_CONFIG, .tool = "bundler", .error_line = 1 },
	},
	{
		.name = "a Gemfile that cannot be read",
		.files = (const char *const[]){ "Gemfile", NULL },
		.log =
		"[!] There was an error parsing `Gemfile`: unterminated string meets end of file - "
		"gem \"rake\n         ^\n. Bundler cannot continue.\n\n"
		" #  from /home/runner/work/shop/shop/Gemfile:1\n"
		" #  -------------------------------------------\n >  gem \"rake\n",
		.expect = { .kind = KIND_CONFIG, .tool = "bundler", .file = "Gemfile", .line = 1,
			    .error_line = 1 },
	},
	{
		.name = "Composer, a version of PHP",
		.log =
		"Updating dependencies\n"
		"Your requirements could not be resolved to an installable set of packages.\n\n"
		"  Problem 1\n"
		"    - Root composer.json requires php >=9.0 but your php version (8.2.35) does not "
		"satisfy that requirement.\n\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "php", .tool = "composer",
			    .message = "Root composer.json requires php >=9.0 but your php version "
				       "(8.2.35) does not satisfy that requirement.",
			    .error_line = 5 },
	},
	{
		.name = "Composer, a package that the lock does not have",
		.log = "- Required package \"a/b\" is not present in the lock file.\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "composer", .error_line = 1 },
	},
	{
		.name = "Bundler went well",
		.log = "Using rake 13.0.6\nBundle complete! 2 Gemfile dependencies, 3 gems now "
			"installed.\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_packages = {
	.name = "packages",
	.language = "ruby",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
