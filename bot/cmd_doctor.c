/*
 * aegis doctor: does this machine have what the work needs? Each finding says how to mend it.
 */
#include "bot/command.h"

#include "bot/base/jail.h"
#include "templates/template.h"

#include <stdio.h>

struct tool {
	const char *name, *for_what;
};

static const struct tool tools[] = {
	{ "python3", "Python projects" },	{ "node", "JavaScript projects" },
	{ "go", "Go projects" },		{ "gcc", "C projects" },
	{ "cargo", "Rust projects" },		{ "java", "Java projects" },
	{ "black", "formatting fixes" },	{ "ruff", "lint fixes" },
	{ "prettier", "formatting fixes" },	{ "gofmt", "formatting fixes" },
	{ "rustfmt", "formatting fixes" },	{ "clang-format", "formatting fixes" },
};

static void say(bool good, const char *what, const char *detail)
{
	printf("%s  %-22s %s\n", good ? "ok     " : "MISSING", what, detail);
}

static bool check_sandbox(void)
{
	struct err e = ERR_INIT;

	if (jail_probe(&e)) {
		say(true, "sandbox", "repository code can be run");
		return true;
	}
	say(false, "sandbox", e.text);
	return false;
}

/* A tool counts where the sandbox sees it, which is where it would be run. */
static void check_tools(void)
{
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		ARENA a = {0};
		struct jail_job job = { .folder = "/usr/share", .limits = jail_defaults() };
		const char *const argv[] = { "/bin/sh", "-c",
			arena_printf(&a, "command -v %s", tools[i].name), NULL };
		struct jail_result result = {0};
		struct err e = ERR_INIT;
		bool found;

		job.argv = argv;
		jail_toolchains(&job, &a, NULL);
		found = jail_run(&job, &a, &result, &e) && result.end == JAIL_EXITED &&
			result.code == 0;
		printf("%s  %-22s %s\n", found ? "ok     " : "-      ", tools[i].name,
		       tools[i].for_what);
	}
}

static const struct flag flags[] = { {0} };

static int run(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct given given;

	if (!command_parse(&command_doctor, argc, argv, &given, &e) || given.rest_count)
		return command_usage(&command_doctor, e.text[0] ? e.text : "it takes no arguments");
	if (!check_sandbox())
		return FAILED;
	check_tools();
	printf("ok       %zu templates\n", template_count);
	return DONE;
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "check that this machine has what the work needs",
	.help = "Starts the sandbox once, looks for the tools it can see, and says how to mend what is\n"
		"missing.",
	.flags = flags,
	.run = run,
};
