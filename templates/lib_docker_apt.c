/*
 * Tables of Debian's and Ubuntu's releases and of packages whose name follows a library's version.
 * Only successions in which the new package gives the same thing; what needs other code is left out.
 */
#include "templates/lib_docker_apt.h"

#include "templates/lib_scene.h"

static const struct {
	const char *codename, *number;
	unsigned release;
} releases[] = {
	{ "jessie", "8", 8 }, { "stretch", "9", 9 }, { "buster", "10", 10 },
	{ "bullseye", "11", 11 }, { "bookworm", "12", 12 }, { "trixie", "13", 13 },
	{ "xenial", "16.04", 116 }, { "bionic", "18.04", 118 }, { "focal", "20.04", 120 },
	{ "groovy", "20.10", 121 }, { "hirsute", "21.04", 122 }, { "impish", "21.10", 123 },
	{ "jammy", "22.04", 124 }, { "kinetic", "22.10", 125 }, { "lunar", "23.04", 126 },
	{ "mantic", "23.10", 127 }, { "noble", "24.04", 128 },
};

/*
 * In order, for what was renamed twice. First releases of Debian and Ubuntu that have the new name
 * only; 0: not in this distribution.
 */
static const struct {
	const char *old, *new, *soname;
	unsigned debian, ubuntu;
} renamed[] = {
	{ "libssl1.0.2", "libssl1.1", "libssl.so.1.0", 10, 0 },
	{ "libssl1.1", "libssl3", "libssl.so.1.1", 12, 124 },
	{ "libncurses5", "libncurses6", "libncurses.so.5", 13, 128 },
	{ "libncursesw5", "libncursesw6", "libncursesw.so.5", 13, 128 },
	{ "libtinfo5", "libtinfo6", "libtinfo.so.5", 13, 128 },
	{ "libreadline7", "libreadline8", "libreadline.so.7", 11, 120 },
	{ "libffi6", "libffi7", "libffi.so.6", 11, 120 },
	{ "libffi7", "libffi8", "libffi.so.7", 12, 124 },
	{ "libtiff5", "libtiff6", "libtiff.so.5", 12, 128 },
	{ "libwebp6", "libwebp7", "libwebp.so.6", 12, 124 },
	{ "libicu63", "libicu67", "libicuuc.so.63", 11, 0 },
	{ "libicu67", "libicu72", "libicuuc.so.67", 12, 0 },
	{ "libicu72", "libicu76", "libicuuc.so.72", 13, 0 },
	{ "libicu66", "libicu70", "libicuuc.so.66", 0, 124 },
	{ "libicu70", "libicu74", "libicuuc.so.70", 0, 128 },
	{ "libcurl3", "libcurl4", "libcurl.so.3", 10, 118 },
	{ "libgdk-pixbuf2.0-0", "libgdk-pixbuf-2.0-0", NULL, 12, 0 },
	{ "libmysqlclient-dev", "default-libmysqlclient-dev", NULL, 9, 0 },
	{ "libpng12-0", "libpng16-16", "libpng12.so", 9, 118 },
	{ "python", "python-is-python3", NULL, 11, 120 },
};

unsigned docker_release_of(struct str codename)
{
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
		if (str_is(codename, releases[i].codename))
			return releases[i].release;
	return 0;
}

/* "12.5" is 12 of Debian; a number of Ubuntu is whole. */
static unsigned release_of_number(struct str number, bool debian)
{
	if (debian)
		str_split(number, ".", &number, NULL);
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
		if (str_is(number, releases[i].number) && (releases[i].release < 100) == debian)
			return releases[i].release;
	return 0;
}

unsigned docker_release_in(struct str name, struct str tag, struct str *word)
{
	const bool debian = str_is(name, "debian") || str_ends(name, "/debian");
	const bool ubuntu = str_is(name, "ubuntu") || str_ends(name, "/ubuntu");
	struct str rest = tag, one;
	unsigned found = 0;

	while (!found && str_next(&rest, '-', &one)) {
		found = docker_release_of(one);
		if (!found && (debian || ubuntu))
			found = release_of_number(one, debian);
		if (found)
			*word = one;
	}
	return found;
}

struct str docker_base(const struct docker_file *file, unsigned stage, unsigned *base_stage)
{
	struct str image = stage ? file->stages[stage].image : STR_NONE;

	*base_stage = stage;
	for (unsigned i = stage; i-- > 1;) {
		if (!file->stages[i].name.size ||
		    !str_equal_nocase(file->stages[i].name, image))
			continue;
		*base_stage = i;
		image = file->stages[i].image;
	}
	return image;
}

const char *docker_renamed(struct str package, unsigned release, const char **soname)
{
	const char *found = NULL;

	*soname = NULL;
	for (size_t i = 0; release && i < sizeof(renamed) / sizeof(renamed[0]); i++) {
		unsigned first = release < 100 ? renamed[i].debian : renamed[i].ubuntu;

		if (!first || release < first || !str_is(package, renamed[i].old))
			continue;
		*soname = *soname ? *soname : renamed[i].soname;
		found = renamed[i].new;
		package = str_of(found);	/* it may have been renamed again */
	}
	return found;
}

/* The program, any options, then the word of the command. */
static bool runs_apt(struct str words, const char *command)
{
	struct str word;
	bool apt = false;

	while (docker_word(&words, &word)) {
		if (apt && str_is(word, command))
			return true;
		if (str_is(word, "apt-get") || str_is(word, "apt") || str_is(word, "aptitude"))
			apt = true;
		else if (str_is(word, "&&") || str_is(word, ";") || str_ends(word, ";") ||
			 str_is(word, "||"))
			apt = false;
	}
	return false;
}

bool docker_installs(const struct docker_instruction *instruction)
{
	return docker_is(instruction, "RUN") && runs_apt(docker_plain(instruction), "install");
}

bool docker_updates(const struct docker_instruction *instruction)
{
	struct str words = docker_plain(instruction);

	return docker_is(instruction, "RUN") &&
	       (runs_apt(words, "update") || runs_apt(words, "update;"));
}

/* A stage, and those it is built on: is the instruction of one of them? */
static bool in_line(const struct docker_file *file, unsigned stage, unsigned other)
{
	for (unsigned i = stage; i; i--) {
		if (i == other && (i == stage || str_equal_nocase(file->stages[i].name,
								  file->stages[stage].image)))
			return true;
		if (i != stage && file->stages[i].name.size &&
		    str_equal_nocase(file->stages[i].name, file->stages[stage].image))
			return in_line(file, i, other);
	}
	return false;
}

bool docker_stage_names(const struct docker_file *file, unsigned stage, struct str package)
{
	struct str words, word;

	for (size_t i = 0; i < file->count; i++) {
		if (!docker_installs(&file->instructions[i]) ||
		    !in_line(file, stage, file->instructions[i].stage))
			continue;
		words = docker_plain(&file->instructions[i]);
		while (docker_word(&words, &word))
			if (str_equal(word, package))
				return true;
	}
	return false;
}

bool docker_has_lists(const struct docker_file *file, size_t before)
{
	bool lists = false;

	for (size_t i = 0; i < before; i++) {
		const struct docker_instruction *one = &file->instructions[i];

		if (!docker_is(one, "RUN") ||
		    !in_line(file, file->instructions[before].stage, one->stage))
			continue;
		if (docker_updates(one))
			lists = true;
		if (str_has(one->words, "/var/lib/apt/lists"))
			lists = false;
	}
	return lists;
}
