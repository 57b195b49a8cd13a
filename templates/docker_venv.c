/*
 * Debian's Python refuses pip in an image (PEP 668) -> a virtual environment, made where the packages
 * of Python come in and first in PATH, as pip itself advises and, where there is one, as another image
 * of the repository does it. Keeps off images that need the system's own Python packages.
 */
#include "templates/lib_docker_apt.h"

#include "git/path.h"

/* Packages of apt that a virtual environment does not hide. */
static const char *const tools[] = { "python3", "python3-pip", "python3-venv", "python3-dev",
	"python3-full", "python3-setuptools", "python3-wheel", "python3-minimal", "python3-distutils" };

static bool is_tool(struct str word)
{
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (str_is(word, tools[i]))
			return true;
	return false;
}

/* Something that the environment would hide, or go round it; NULL when nothing does. */
static const char *in_the_way(const struct docker_file *file, unsigned stage)
{
	struct str words, word;

	for (size_t i = 0; i < file->count; i++) {
		const struct docker_instruction *one = &file->instructions[i];

		if (str_has(one->words, "site-packages") || str_has(one->words, "dist-packages"))
			return "something takes Python's packages from their folder";
		if (one->stage != stage)
			continue;
		if (docker_is(one, "USER"))
			return "the stage changes its user";
		if (str_has(one->words, "/usr/bin/python") || str_has(one->words, "/usr/bin/pip") ||
		    str_has(one->words, "pipx") || str_has(one->words, "--user"))
			return "the stage names the system's own Python";
		words = docker_installs(one) ? one->words : STR_NONE;
		while (docker_word(&words, &word))
			if (str_starts(word, "python3-") && !is_tool(word))
				return "the image uses Python packages of apt";
	}
	return NULL;
}

/* The folder of a sibling image's environment, with its PATH; "/opt/venv" when none has one. */
static struct str folder_of(struct scene *scene, const char **seen_in)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files);
	struct str rest, folder;

	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < files[f].count; i++) {
			if (!docker_is(&files[f].instructions[i], "RUN") ||
			    !str_split(files[f].instructions[i].words, "-m venv ", NULL, &rest) ||
			    !docker_word(&rest, &folder) || !str_starts(folder, "/") ||
			    !str_has(files[f].text, arena_printf(scene->arena, "%.*s/bin:$",
								 STR_ARG(folder))))
				continue;
			*seen_in = files[f].path;
			return folder;
		}
	return STR("/opt/venv");
}

/* The instruction behind which the environment is made: the one that installs pip, in this stage. */
static bool find_pip(const struct docker_file *file, size_t run, size_t *install)
{
	for (size_t i = 0; i < run; i++) {
		if (file->instructions[i].stage != file->instructions[run].stage ||
		    !docker_installs(&file->instructions[i]) ||
		    docker_place(file, &file->instructions[i], STR("python3-pip")) < 0)
			continue;
		*install = i;
		return true;
	}
	return false;
}

static struct str mended(struct scene *scene, const struct docker_file *file, size_t install,
			 struct str folder)
{
	const struct docker_instruction *one = &file->instructions[install];
	const char *lines = arena_printf(scene->arena, "RUN python3 -m venv %.*s\n"
					 "ENV PATH=%.*s/bin:$PATH\n", STR_ARG(folder), STR_ARG(folder));
	struct str text = docker_replace(scene->arena, file->text, one->end, one->end, str_of(lines));
	ptrdiff_t at = docker_place(file, one, STR("python3-pip"));

	/* Debian parts the module from the interpreter. */
	if (docker_stage_names(file, one->stage, STR("python3-venv")) ||
	    docker_stage_names(file, one->stage, STR("python3-full")))
		return text;
	return docker_replace(scene->arena, text, (size_t)at + 11, (size_t)at + 11,
			      STR(" python3-venv"));
}

static bool has_no_environment(const struct docker_file *file, size_t run)
{
	for (size_t i = 0; i < run; i++)
		if (file->instructions[i].stage == file->instructions[run].stage &&
		    str_has(file->instructions[i].words, "-m venv"))
			return false;
	return true;
}

static void fix(struct scene *scene)
{
	const char *why, *seen_in = NULL;
	const struct docker_instruction *run;
	struct docker_file file;
	size_t index, install;
	struct str folder;

	if (!docker_failed_run(scene, has_no_environment, &file, &index, &why))
		return template_decline(scene, "%s", why);
	run = &file.instructions[index];
	why = in_the_way(&file, run->stage);
	if (why)
		return template_decline(scene, "%s", why);
	if (!find_pip(&file, index, &install))
		return template_decline(scene, "no RUN of the stage installs python3-pip with apt");
	if (!has_no_environment(&file, index))
		return template_decline(scene, "the stage makes an environment already");
	if (str_has(run->words, "sudo ") || install == index)
		return template_decline(scene, "the RUN is no plain pip install");
	folder = folder_of(scene, &seen_in);
	candidate_put(scene, propose(scene, seen_in ? ORACLE_SIBLING : ORACLE_CONTRACT,
				     "Makes a virtual environment in %.*s and puts it first in PATH (%s)%s%s.",
				     STR_ARG(folder), file.path, seen_in ? ", as " : ", as pip advises",
				     seen_in ? seen_in : ""),
		      file.path, mended(scene, &file, install, folder));
}

#define FAILED(command) \
	"#8 [5/6] RUN " command "\n" \
	"#8 0.655 error: externally-managed-environment\n#8 0.655\n" \
	"#8 0.655 \xc3\x97 This environment is externally managed\n" \
	"#8 0.655 hint: See PEP 668 for the detailed specification.\n" \
	"ERROR: failed to solve: process \"/bin/sh -c " command "\" did not complete successfully: exit " \
	"code: 1\n"
#define APT "RUN apt-get update && apt-get install -y python3 python3-pip"

static const struct example examples[] = {
	{
		.name = "as the sibling does it",
		.log = FAILED("pip install -r requirements.txt"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:12\n" APT " python3-venv\nCOPY requirements.txt .\n"
			  "RUN pip install -r requirements.txt\n",
			  "FROM debian:12\n" APT " python3-venv\nRUN python3 -m venv /srv/env\n"
			  "ENV PATH=/srv/env/bin:$PATH\nCOPY requirements.txt .\n"
			  "RUN pip install -r requirements.txt\n" },
			{ "Dockerfile.report",
			  "FROM debian:12\nRUN python3 -m venv /srv/env\nENV PATH=/srv/env/bin:$PATH\n", NULL },
		},
	},
	{
		.name = "the module is missing too",
		.log = FAILED("pip3 install flask"),
		.file = {
			{ "Dockerfile", "FROM debian:12\n" APT "\nRUN pip3 install flask\n",
			  "FROM debian:12\n" APT " python3-venv\nRUN python3 -m venv /opt/venv\n"
			  "ENV PATH=/opt/venv/bin:$PATH\nRUN pip3 install flask\n" },
		},
	},
	{
		.name = "packages of apt would be hidden",
		.log = FAILED("pip3 install flask"),
		.file = { { "Dockerfile",
			    "FROM debian:12\n" APT " python3-numpy\nRUN pip3 install flask\n", NULL } },
		.declines = "uses Python packages of apt",
	},
	{
		.name = "a user without rights",
		.log = FAILED("pip3 install flask"),
		.file = { { "Dockerfile",
			    "FROM debian:12\n" APT "\nUSER app\nRUN pip3 install flask\n", NULL } },
		.declines = "changes its user",
	},
	{
		.name = "pip comes from elsewhere",
		.log = FAILED("pip3 install flask"),
		.file = { { "Dockerfile", "FROM shop/base:1\nRUN pip3 install flask\n", NULL } },
		.declines = "no RUN of the stage installs python3-pip",
	},
	{
		.name = "on the runner",
		.log = "error: externally-managed-environment\n##[error]Process completed with exit code 1.\n",
		.file = { { "Dockerfile", "FROM debian:12\n", NULL } },
		.declines = "does not say that it failed while an image was built",
	},
	{0}
};

static const char *const types[] = { "managed environment", NULL };

const struct template template_docker_venv = {
	.name = "docker_venv",
	.summary = "Debian's Python refuses pip in an image -> a virtual environment, first in PATH",
	.oracles = "another image of the repository; pip's own advice (PEP 668)",
	.keeps_off = "images that use Python packages of apt or the system's Python; other users",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.tool = "pip",
	.types = types,
	.fix = fix,
	.examples = examples,
};
