/*
 * COPY and ADD: what they take from the build's context, and which of them did not find it.
 */
#ifndef TEMPLATES_LIB_DOCKER_COPY_H
#define TEMPLATES_LIB_DOCKER_COPY_H

#include "templates/lib_docker.h"

enum { COPY_SOURCES_MAX = 32 };

struct docker_copy {
	struct str sources[COPY_SOURCES_MAX];	/* as written */
	size_t count;
	struct str target;
};

/* False for a COPY of another stage, one with wildcards' brackets or variables, a heredoc, a list. */
bool docker_copy_of(const struct docker_instruction *instruction, struct docker_copy *copy);

/* A source as a path of the context: without "./", "/" before and behind. */
struct str docker_source(struct str source);

/*
 * The one COPY whose source the failure names: its file, instruction, the source as written and as a
 * path. False with a reason when there is none, or several.
 */
bool docker_failed_copy(struct scene *scene, struct docker_file *file, size_t *index,
			struct str *source, const char **path, const char **why);

#endif
