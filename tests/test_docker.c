/*
 * Dockerfiles as instructions: where each stands, what it says, which stage it is in.
 */
#include "tests/unit.h"

#include "templates/lib_docker_apt.h"

static const char example[] =
	"# syntax=docker/dockerfile:1\n"
	"ARG BASE=bookworm\n"
	"FROM --platform=linux/amd64 python:3.12-slim-bookworm AS Build\n"
	"run apt-get update && \\\n"
	"    # what the build needs\n"
	"\n"
	"    apt-get install -y gcc \\\n"
	"    make\n"
	"RUN <<EOF\n"
	"FROM inside\n"
	"EOF\n"
	"\n"
	"FROM build\n"
	"  COPY --from=0 --chown=1 /a /b\n"
	"CMD [\"x\"]";

static void instructions(void **state)
{
	static const struct { const char *keyword, *words; unsigned line, last_line, stage; } wanted[] = {
		{ "ARG", "BASE=bookworm", 2, 2, 0 },
		{ "FROM", "--platform=linux/amd64 python:3.12-slim-bookworm AS Build", 3, 3, 1 },
		{ "run", "apt-get update &&     apt-get install -y gcc     make", 4, 8, 1 },
		{ "RUN", "<<EOF", 9, 11, 1 },
		{ "FROM", "build", 13, 13, 2 },
		{ "COPY", "--from=0 --chown=1 /a /b", 14, 14, 2 },
		{ "CMD", "[\"x\"]", 15, 15, 2 },
	};
	struct docker_file file;
	ARENA a = {0};

	(void)state;
	assert_true(docker_parse(&a, "Dockerfile", str_of(example), &file));
	assert_int_equal(file.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < file.count; i++) {
		const struct docker_instruction *one = &file.instructions[i];

		assert_true(str_is(one->keyword, wanted[i].keyword));
		assert_string_equal(str_text(&a, one->words), wanted[i].words);
		assert_int_equal(one->line, wanted[i].line);
		assert_int_equal(one->last_line, wanted[i].last_line);
		assert_int_equal(one->stage, wanted[i].stage);
	}
	assert_true(file.instructions[3].heredoc);
	assert_true(str_is(docker_flag(&file.instructions[5], "from"), "0"));
	assert_true(str_is(str_trim(docker_plain(&file.instructions[5])), "/a /b"));
	assert_true(docker_place(&file, &file.instructions[2], STR("make")) > 0);
	assert_int_equal(docker_place(&file, &file.instructions[2], STR("build")), -1);
}

static void stages(void **state)
{
	struct docker_file file;
	struct str name, tag, digest, word;
	unsigned base;
	ARENA a = {0};

	(void)state;
	assert_true(docker_parse(&a, "Dockerfile", str_of(example), &file));
	assert_int_equal(file.stage_count, 2);
	assert_true(str_is(docker_base(&file, 2, &base), "python:3.12-slim-bookworm"));
	assert_int_equal(base, 1);
	docker_image(file.stages[1].image, &name, &tag, &digest);
	assert_true(str_is(name, "python"));
	assert_int_equal(docker_release_in(name, tag, &word), 12);
	assert_true(str_is(word, "bookworm"));
	docker_image(STR("localhost:5000/a/b@sha256:1"), &name, &tag, &digest);
	assert_true(str_is(name, "localhost:5000/a/b"));
	assert_int_equal(tag.size, 0);
	assert_true(str_is(digest, "sha256:1"));
	assert_true(docker_stage_names(&file, 2, STR("gcc")));
	assert_true(docker_has_lists(&file, 5));
}

static void odd(void **state)
{
	struct docker_file file;
	ARENA a = {0};

	(void)state;
	assert_false(docker_parse(&a, "Dockerfile", STR("FROM a\nRUN <<EOF\nx\n"), &file));
	assert_false(docker_parse(&a, "Dockerfile", (struct str){ "FROM\0a", 6 }, &file));
	assert_true(docker_parse(&a, "Dockerfile", STR("# escape=`\nFROM a\nRUN one `\n  two\\\nCMD x"),
				 &file));
	assert_int_equal(file.count, 3);
	assert_true(str_is(file.instructions[1].words, "one   two\\"));
	assert_true(docker_parse(&a, "Dockerfile", STR("FROM a\r\nRUN x \\\r\n y\r\n"), &file));
	assert_true(str_is(file.instructions[1].words, "x  y"));
	assert_true(docker_parse(&a, "Dockerfile", STR(""), &file));
	assert_int_equal(file.count, 0);
	assert_true(docker_is_path("a/Dockerfile.worker") && docker_is_path("b.Dockerfile"));
	assert_false(docker_is_path("docs/Dockerfiles.md"));
}

static void renamed(void **state)
{
	const char *soname;

	(void)state;
	assert_string_equal(docker_renamed(STR("libssl1.1"), 12, &soname), "libssl3");
	assert_string_equal(soname, "libssl.so.1.1");
	assert_null(docker_renamed(STR("libssl1.1"), 11, &soname));
	assert_string_equal(docker_renamed(STR("libffi6"), 12, &soname), "libffi8");
	assert_null(docker_renamed(STR("curl"), 12, &soname));
	assert_null(docker_renamed(STR("libssl1.1"), 0, &soname));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(instructions), cmocka_unit_test(stages), cmocka_unit_test(odd),
		cmocka_unit_test(renamed),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
