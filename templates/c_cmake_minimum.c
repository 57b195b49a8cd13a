/*
 * CMake 4 does not know the behaviour of versions before 3.5 any more -> cmake_minimum_required of
 * this project's own file says 3.5, with the rest of the command as it was. Proven by reading where
 * an older CMake runs. Keeps off what is another project's.
 */
#include "templates/lib_build.h"
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

/* Is the version below 3.5? */
static bool is_old(struct str version)
{
	unsigned long major = 0, minor = 0;

	if (!str_take_number(&version, &major) || !str_skip(&version, ".") || !str_take_number(&version, &minor))
		return false;
	return !str_has(version, "...") && (major < 3 || (major == 3 && minor < 5));
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct span all, arguments;
	struct str text, list, version;
	struct text changed = TEXT(scene->arena);
	size_t at, size = 0;

	if (!path || !scene_read(scene, path, &text) || scene_is_aside(path, ""))
		return template_decline(scene, "the file is not this project's own");
	if (!build_command(text, "cmake_minimum_required", 0, &all, &arguments) ||
	    build_command(text, "cmake_minimum_required", 1, &all, &arguments))
		return template_decline(scene, "%s does not say its minimum version once", path);
	build_command(text, "cmake_minimum_required", 0, &all, &arguments);
	list = str_slice(text, arguments.start, arguments.end - arguments.start);
	if (!str_split(list, "VERSION ", NULL, &version))
		return template_decline(scene, "%s names no version", path);
	at = (size_t)(version.at - text.at);
	while (size < version.size && strchr("0123456789.", version.at[size]))
		size++;
	if (!is_old(str_slice(version, 0, size)))
		return template_decline(scene, "%s does not ask for a version below 3.5", path);
	text_add(&changed, str_slice(text, 0, at));
	text_adds(&changed, "3.5");
	text_add(&changed, str_from(text, at + size));
	candidate_put(scene, propose(scene, ORACLE_TOOL, "%s asks for CMake 3.5, the oldest that CMake still "
				     "knows.", path), path, text_str(&changed));
}

static const struct example examples[] = {
	{
		.name = "the project's own file",
		.log =
		"CMake Error at CMakeLists.txt:1 (cmake_minimum_required):\n"
		"  Compatibility with CMake < 3.5 has been removed from CMake.\n\n"
		"  Update the VERSION argument <min> value.  Or, use the <min>...<max> syntax\n"
		"  to tell CMake that the project requires at least <min> but has been updated\n"
		"  to work with policies introduced by <max> or earlier.\n\n"
		"  Or, add -DCMAKE_POLICY_VERSION_MINIMUM=3.5 to try configuring anyway.\n\n\n"
		"-- Configuring incomplete, errors occurred!\n",
		.file = {
			{ "CMakeLists.txt",
			  "cmake_minimum_required(VERSION 2.8.12 FATAL_ERROR)\nproject(shop C)\n",
			  "cmake_minimum_required(VERSION 3.5 FATAL_ERROR)\nproject(shop C)\n" },
		},
	},
	{
		.name = "another project's",
		.log =
		"CMake Error at third_party/zip/CMakeLists.txt:1 (cmake_minimum_required):\n"
		"  Compatibility with CMake < 3.5 has been removed from CMake.\n\n"
		"  Update the VERSION argument <min> value.  Or, use the <min>...<max> syntax\n"
		"  to tell CMake that the project requires at least <min> but has been updated\n"
		"  to work with policies introduced by <max> or earlier.\n\n"
		"  Or, add -DCMAKE_POLICY_VERSION_MINIMUM=3.5 to try configuring anyway.\n\n\n"
		"-- Configuring incomplete, errors occurred!\n",
		.file = {
			{ "third_party/zip/CMakeLists.txt",
			  "cmake_minimum_required(VERSION 3.1)\nproject(zip C)\n",
			  NULL },
			{ "CMakeLists.txt",
			  "cmake_minimum_required(VERSION 3.20)\nadd_subdirectory(third_party/zip)\n",
			  NULL },
		},
		.declines = "not this project's own",
	},
	{
		.name = "it asks for enough",
		.log =
		"CMake Error at CMakeLists.txt:1 (cmake_minimum_required):\n"
		"  Compatibility with CMake < 3.5 has been removed from CMake.\n\n"
		"  Update the VERSION argument <min> value.  Or, use the <min>...<max> syntax\n"
		"  to tell CMake that the project requires at least <min> but has been updated\n"
		"  to work with policies introduced by <max> or earlier.\n\n"
		"  Or, add -DCMAKE_POLICY_VERSION_MINIMUM=3.5 to try configuring anyway.\n\n\n"
		"-- Configuring incomplete, errors occurred!\n",
		.file = {
			{ "CMakeLists.txt",
			  "cmake_minimum_required(VERSION 3.10)\nproject(shop C)\n",
			  NULL },
		},
		.declines = "does not ask for a version below",
	},
	{0}
};

const struct template template_c_cmake_minimum = {
	.name = "c_cmake_minimum",
	.summary = "CMake dropped what was before 3.5 -> cmake_minimum_required says 3.5",
	.class = "build",
	.oracles = "CMake's own message",
	.keeps_off = "the file is another project's, or its version is not below 3.5",
	.danger = DANGER_1,
	.reading = true,
	.tool = "cmake",
	.pattern = "^Compatibility with CMake < 3\\.5 has been removed",
	.fix = fix,
	.examples = examples,
};
