/*
 * What several templates need of a scene: all failures of one kind in a report, paths, lines.
 */
#ifndef TEMPLATES_LIB_SCENE_H
#define TEMPLATES_LIB_SCENE_H

#include "templates/template.h"

/*
 * The next failure of the report, from *index on, for which the asked template is: its own scene,
 * with groups. Templates that mend all failures of a kind in one candidate walk so. False at the
 * end.
 */
bool scene_next_alike(const struct scene *scene, size_t *index, struct scene *alike);

/* Is the asked failure the first of its kind? The others are mended with it. */
bool scene_is_first(const struct scene *scene);

/* The path in the tree that a failure's file means, or NULL. */
const char *scene_path(const struct scene *scene, const char *file);

/*
 * Is the file another project's, an example, or laid aside, while `from` is not in the same folder?
 * What is defined there is not what the project's own code means.
 */
bool scene_is_aside(const char *path, const char *from);

/* Is `word` one of the words, parted by blanks? */
bool word_among(struct str word, const char *words);

/* Does a word (no letter, digit or _ beside it) stand in the text? */
bool text_has_word(struct str text, const char *word);

/* The byte where a line (from 1) starts; the text's size when it has fewer lines. */
size_t line_start(struct str text, unsigned line);
/* The byte after the line's LF (or the end) in which `at` lies. */
size_t line_end(struct str text, size_t at);

#endif
