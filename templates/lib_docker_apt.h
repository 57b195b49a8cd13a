/*
 * What apt finds in an image: the release an image is built on, the package lists a stage has, and
 * packages that carry another name in a newer release.
 */
#ifndef TEMPLATES_LIB_DOCKER_APT_H
#define TEMPLATES_LIB_DOCKER_APT_H

#include "templates/lib_docker.h"

/* The place of a release in its distribution's row; 0 when the name is none. Debian below 100. */
unsigned docker_release_of(struct str codename);

/*
 * The release that a tag names, by its codename or number ("3.11-slim-buster", debian "12.5-slim").
 * The word of the tag goes to *word. 0 when it names none.
 */
unsigned docker_release_in(struct str name, struct str tag, struct str *word);

/* The image from outside that a stage is built on, through other stages; its stage goes to *stage. */
struct str docker_base(const struct docker_file *file, unsigned stage, unsigned *base_stage);

/*
 * What a package is called in a release that does not have it by its old name, or NULL. *soname is
 * the library's old name, which a program may be linked with, or NULL.
 */
const char *docker_renamed(struct str package, unsigned release, const char **soname);

/* Does the instruction install with apt? */
bool docker_installs(const struct docker_instruction *instruction);
/* Does it get the package lists? */
bool docker_updates(const struct docker_instruction *instruction);

/* Is the package among the words of an install in this stage, or of one it is built on? */
bool docker_stage_names(const struct docker_file *file, unsigned stage, struct str package);

/* Are there package lists in the stage before this instruction, of it or of what it is built on? */
bool docker_has_lists(const struct docker_file *file, size_t before);

#endif
