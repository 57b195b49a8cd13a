/*
 * bot/base/jail_toolchains: real tools of this machine run in the sandbox as they do outside; what
 * is secret in HOME stays out, whatever PATH and symlinks say. A tool that is not installed is
 * skipped.
 */
#include "tests/jail_unit.h"

/* Go makes its own library first, and that on a machine that may be busy. */
enum { TOOL_MS = 5 * 60 * 1000, ALL_S = 20 * 60 };

static char real_home[PATH_MAX], real_path[1 << 14];

static struct jail_job job_with_tools(const char *script)
{
	struct jail_job job = job_of(script);

	jail_toolchains(&job, &arena, NULL);
	return job;
}

static void as_outside(void)
{
	setenv("HOME", real_home, 1);
	setenv("PATH", real_path, 1);
}

static bool installed(const char *name)
{
	struct str rest = str_of(real_path), folder;

	while (str_next(&rest, ':', &folder))
		if (!access(arena_printf(&arena, "%.*s/%s", STR_ARG(folder), name), X_OK))
			return true;
	print_message("skipped: no %s here\n", name);
	return false;
}

/* A proxy of rustup may be in PATH and have no toolchain behind it, for this HOME. */
static bool works_outside(const char *script)
{
	pid_t child = fork();
	int status;

	if (!child) {
		close(1);
		close(2);
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static void tool_runs(const char *name, const char *script, const char *expected)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_result result;
	struct jail_job job;

	as_outside();
	if (!installed(name))
		skip();
	job = job_with_tools(script);
	job.limits.wall_ms = TOOL_MS;
	result = run(&job, seen);
	if (result.end != JAIL_EXITED || result.code || !strstr(seen->text, expected))
		fail_msg("%s: %s %d after %u ms: %s", script, jail_end_text(result.end), result.code,
			 result.wall_ms, seen->text);
}

static void runs_python(void **state)
{
	(void)state;
	tool_runs("python3", "which python3; "
		  "python3 -c 'import json, ssl, sys, multiprocessing as m\n"
		  "print(sys.prefix); q = m.Queue(); q.put(1); print(\"got\", q.get())'", "got 1");
}

static void runs_rust(void **state)
{
	(void)state;
	as_outside();
	if (installed("rustc") && !works_outside("rustc --version && cargo --version")) {
		print_message("skipped: rustc and cargo do not run here\n");
		skip();
	}
	tool_runs("rustc", "cargo --version && "
		  "echo 'fn main() { println!(\"six {}\", 2 * 3); }' > m.rs "
		  "&& rustc m.rs && ./m", "six 6");
}

static void runs_node(void **state)
{
	(void)state;
	tool_runs("node", "node -e 'console.log(\"six\", 2 * 3)' && npm --version", "six 6");
}

static void runs_go(void **state)
{
	(void)state;
	tool_runs("go", "printf 'module m\\ngo 1.19\\n' > go.mod; printf 'package main\\n"
		  "import \"fmt\"\\nfunc main() { fmt.Println(\"six\", 2*3) }\\n' > m.go; "
		  "go build -o m . && ./m", "six 6");
}

static void runs_java(void **state)
{
	(void)state;
	tool_runs("javac", "echo 'class M { public static void main(String[] a) { "
		  "System.out.println(\"six \" + 2 * 3); } }' > M.java && javac M.java && java M",
		  "six 6");
}

static const char *const secrets[] = {
	".ssh/id", ".netrc", ".aws/credentials", ".config/gh/hosts.yml", ".npmrc",
	".docker/config.json",
	".gnupg/key", ".git-credentials", ".kube/config", ".pypirc", ".cargo/credentials.toml",
	".cargo/credentials", ".cargo/config.toml", ".m2/settings.xml", ".gem/credentials",
	"notes.txt",
	".gradle/gradle.properties", ".bash_history",
};

/* A HOME with secrets and tools, and a PATH that tries to show more than tools. */
static void make_home(void)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		put(arena_printf(&arena, "home/%s", secrets[i]), "canary-secret\n");
	put("home/.cargo/bin/tool", "#!/bin/sh\necho tool ran\n");
	put("home/.cargo/registry/cached", "registry\n");
	put("home/.m2/repository/jar", "jar\n");
	put("home/apps/thing/bin/real", "#!/bin/sh\n"
	    "cat $(dirname $(readlink -f $0))/../lib/part\n");
	put("home/apps/thing/lib/part", "part of it\n");
	put("home/links/.keep", "");
	chmod(place("home/.cargo/bin/tool"), 0755);
	chmod(place("home/apps/thing/bin/real"), 0755);
	chmod(place("home/.ssh/id"), 0755);
	assert_int_equal(symlink(place("home/apps/thing/bin/real"), place("home/links/linked")), 0);
	assert_int_equal(symlink(place("home/.ssh/id"), place("home/links/key")), 0);
	assert_int_equal(symlink(place("home/.ssh"), place("home/innocent")), 0);
	assert_int_equal(symlink(place("home"), place("house")), 0);
	assert_int_equal(symlink("/etc", place("home/etc")), 0);
	setenv("HOME", place("home"), 1);
	setenv("PATH", arena_printf(&arena, "%1$s/home/.cargo/bin:%1$s/home/innocent:%1$s/home:"
				    "%1$s:/:"
				    "%1$s/house:%1$s/home/.ssh:%1$s/home/.config/gh:"
				    "%1$s/home/links:"
				    "relative:%1$s/home/etc:%1$s/home/.cargo:"
				    "/usr/bin:/bin", base), 1);
	setenv("GOPATH", place("home/.aws"), 1);
	setenv("JAVA_HOME", place("home"), 1);
	setenv("VIRTUAL_ENV", place("house"), 1);
	setenv("CARGO_HOME", place("home/.cargo"), 1);
}

static void forget_home(void)
{
	unsetenv("GOPATH");
	unsetenv("JAVA_HOME");
	unsetenv("VIRTUAL_ENV");
	unsetenv("CARGO_HOME");
	as_outside();
}

static void hides_secrets(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job;

	(void)state;
	make_home();
	job = job_with_tools(arena_printf(&arena,
		"grep -rs canary %s /house; find %s -type f; ls -la $HOME; "
		"cat $HOME/links/key; exit 0",
		base, base));
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	forget_home();
	assert_null(strstr(seen->text, "canary"));
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_null(strstr(seen->text, arena_printf(&arena, "/%s\n", secrets[i])));
	for (size_t i = 0; i < job.bind_count; i++)
		assert_true(strcmp(job.binds[i].path, place("home")) &&
			    strcmp(job.binds[i].path, base));
}

static void shows_tools(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job;

	(void)state;
	make_home();
	job = job_with_tools("tool; linked; cat $HOME/.m2/repository/jar; cd $CARGO_HOME && "
			     "echo spoiled > registry/cached && cat registry/cached && "
			     "echo new > fresh && echo $CARGO_NET_OFFLINE $GOPROXY; "
			     "(echo x > bin/tool) 2>/dev/null || echo protected");
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	forget_home();
	assert_string_equal(seen->text, "tool ran\n"
			    "part of it\njar\nspoiled\ntrue off\nprotected\n");
	assert_int_equal(access(place("home/.cargo/fresh"), F_OK), -1);
	job = job_of("true");
	job.folder = place("home/.cargo/registry");
	job.argv = shell("cat cached");
	seen->kept = 0;
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	assert_string_equal(seen->text, "registry\n");
}

static void passes_more(void **state)
{
	static const char *const more[] = { "PLANET=mars", NULL };
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job = job_of("echo $PLANET");

	(void)state;
	as_outside();
	jail_toolchains(&job, &arena, more);
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	assert_string_equal(seen->text, "mars\n");
}

int main(int count, char **words)
{
	const struct CMUnitTest list[] = {
		TEST(runs_python), TEST(runs_rust), TEST(runs_node), TEST(runs_go), TEST(runs_java),
		TEST(hides_secrets), TEST(shows_tools), TEST(passes_more),
	};
	struct err e = ERR_INIT;
	int failed = 0;

	alarm(ALL_S);
	snprintf(real_home, sizeof(real_home), "%s", getenv("HOME") ? getenv("HOME") : "");
	snprintf(real_path, sizeof(real_path), "%s", getenv("PATH") ? getenv("PATH") : "/usr/bin");
	if (jail_probe(&e))
		failed = cmocka_run_group_tests(list, NULL, NULL);
	else
		print_message("skipped: %s\n", e.text);
	if (!geteuid() && count == 1)
		failed += again_as_nobody(words[0]);
	return failed != 0;
}
