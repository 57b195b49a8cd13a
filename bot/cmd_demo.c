/*
 * aegis demo: a small sample project that somebody broke, its red run, and the main job on it.
 * Needs no account and no network; nothing is left, unless a folder is named. The circle with GitHub
 * is shown by `make demo`.
 */
#include "bot/command.h"
#include "bot/fix.h"
#include "bot/base/file.h"
#include "git/create.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct tree_file sample[] = {
	{ "README.md", "# shop\n\nPrices, ratings and stock of a small shop.\n" },
	{ "shop/__init__.py", "" },
	{ "shop/ratings.py",
	  "\"\"\"What customers think of an article.\"\"\"\n"
	  "\n"
	  "\n"
	  "def best(ratings):\n"
	  "    \"\"\"The highest rating, 0 when nobody rated yet.\"\"\"\n"
	  "    return max(ratings, default=0)\n"
	  "\n"
	  "\n"
	  "def average(ratings):\n"
	  "    \"\"\"The mean rating.\"\"\"\n"
	  "    return sum(ratings) / len(ratings)\n" },
	{ "tests/__init__.py", "" },
	{ "tests/test_ratings.py",
	  "import unittest\n"
	  "\n"
	  "from shop.ratings import average, best\n"
	  "\n"
	  "\n"
	  "class RatingsTest(unittest.TestCase):\n"
	  "    def test_average(self):\n"
	  "        self.assertEqual(average([4, 5, 3]), 4)\n"
	  "\n"
	  "    def test_best(self):\n"
	  "        self.assertEqual(best([4, 5, 3]), 5)\n"
	  "\n"
	  "    def test_average_of_a_new_article(self):\n"
	  "        self.assertEqual(average([]), 0)\n" },
	{ NULL, NULL },
};

static const char command_line[] = "python3 -m unittest";

static void progress(const char *text)
{
	printf("    %s\n", text);
	fflush(stdout);
}

static void show_red_run(const struct answer *answer)
{
	puts("\n== The red run ==");
	if (answer->before)
		fwrite(answer->before->tail.at, 1, answer->before->tail.size, stdout);
}

static const struct flag flags[] = { {0} };

static int demo_in(const char *folder, bool kept)
{
	struct fix_job job = { .folder = folder, .command = command_line, .progress = progress };
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct answer answer;
	struct str text;
	int code;

	if (!repo_create(folder, sample, "A shop whose newest article breaks the ratings", &e))
		return command_fail(&e);
	printf("== A sample project ==\n%s: average([]) divides by zero, and one of its tests says "
	       "so.\n\n== The job ==\n    aegis fix --repo %s --run '%s'\n", folder, folder,
	       command_line);
	fflush(stdout);
	if (!fix_run(&job, &a, &answer, &code, &e))
		return command_fail(&e);
	show_red_run(&answer);
	text = answer_text(&a, &answer);
	puts("\n== The answer ==");
	fwrite(text.at, 1, text.size, stdout);
	printf("\nTook %u ms, %u ms of them in the sandbox.\n", answer.timings.total_ms,
	       answer.timings.sandbox_ms);
	if (kept)
		printf("Look at it yourself:\n    git -C %s show %s\n", folder,
		       answer.branch ? answer.branch : "HEAD");
	return code == DONE && answer.commit ? DONE : FAILED;
}

static int run(int argc, char **argv)
{
	FILE_TEMPORARY temporary = {""};
	struct err e = ERR_INIT;
	struct given given;

	if (!command_parse(&command_demo, argc, argv, &given, &e) || given.rest_count > 1)
		return command_usage(&command_demo, e.text[0] ? e.text : "it takes one folder");
	if (!given.rest_count)
		return file_temporary(&temporary, &e) ? demo_in(temporary.path, false)
						      : command_fail(&e);
	if (mkdir(given.rest[0], 0755)) {
		fail(&e, ERR_INPUT, "making the folder %s: %s", given.rest[0], strerror(errno));
		return command_fail(&e);
	}
	return demo_in(given.rest[0], true);
}

const struct command command_demo = {
	.name = "demo",
	.arguments = "[FOLDER]",
	.summary = "break a small sample project and mend it",
	.help = "Makes a small Python project with a red test, shows the red run, and does the main job on\n"
		"it: the proven fix and its diff. No account, no network. FOLDER, a new one, keeps it;\n"
		"otherwise nothing is left.",
	.flags = flags,
	.run = run,
};
