/*
 * A Dockerfile as instructions with their places, so that an edit keeps the layout: continuation
 * lines, comments between them, heredocs, the escape directive, stages.
 */
#ifndef TEMPLATES_LIB_DOCKER_H
#define TEMPLATES_LIB_DOCKER_H

#include "templates/template.h"

enum { DOCKER_FILES_MAX = 32, DOCKER_STAGES_MAX = 64 };

struct docker_instruction {
	struct str keyword;		/* as it is written */
	size_t start, end;		/* all of it: from its line's start, with the last new line and heredocs */
	size_t arguments;		/* the byte where they start */
	size_t arguments_end;		/* the byte after the last one that is no blank, heredocs not counted */
	struct str words;		/* the arguments without continuations and comments, on one line */
	unsigned line, last_line;	/* from 1 */
	unsigned stage;			/* 0: above the first FROM, then from 1 */
	bool heredoc;
};

struct docker_stage {
	struct str image;		/* as FROM names it */
	struct str name;		/* empty when it has none */
	size_t from;			/* its FROM among the instructions */
};

struct docker_file {
	const char *path;
	struct str text;
	struct docker_instruction *instructions;
	size_t count;
	struct docker_stage stages[DOCKER_STAGES_MAX];	/* [0] is what is above the first FROM */
	unsigned stage_count;				/* without [0] */
};

/* Is this a Dockerfile by its name? */
bool docker_is_path(const char *path);

/*
 * False when it cannot be read for certain: a heredoc without its end, more stages than fit, a NUL.
 * What an instruction means is not checked. The text must outlive it.
 */
bool docker_parse(struct arena *a, const char *path, struct str text, struct docker_file *file);

/* All Dockerfiles of the tree that can be read. Returns how many. */
size_t docker_files(const struct scene *scene, const struct tree *tree,
		    struct docker_file files[DOCKER_FILES_MAX]);

bool docker_is(const struct docker_instruction *instruction, const char *keyword);

/* The next word of an instruction's words; quotes stay. False at the end. */
bool docker_word(struct str *rest, struct str *word);
/* The value of "--name=" among the flags before the arguments; empty when there is none. */
struct str docker_flag(const struct docker_instruction *instruction, const char *name);
/* Takes the flags off the words. */
struct str docker_plain(const struct docker_instruction *instruction);

/* Where a word as a whole stands in the arguments' bytes; -1 when nowhere or more than once. */
ptrdiff_t docker_place(const struct docker_file *file, const struct docker_instruction *instruction,
		       struct str word);

/*
 * The RUN of the tree's Dockerfiles whose command failed, by what the report's Docker failures say. Of
 * several equal ones those count that `suits` (may be NULL) takes for able to fail so. False, with a
 * reason, when no image was built, or the place is not certain.
 */
bool docker_failed_run(struct scene *scene, bool (*suits)(const struct docker_file *file, size_t index),
		       struct docker_file *file, size_t *index, const char **why);

/* The text with [start, end) replaced. */
struct str docker_replace(struct arena *a, struct str text, size_t start, size_t end,
			  struct str by);

/* "registry/name:tag@digest" in its parts; what is not there is empty. */
void docker_image(struct str image, struct str *name, struct str *tag, struct str *digest);

#endif
