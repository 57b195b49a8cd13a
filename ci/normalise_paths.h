/*
 * Folders in a text that are another one in each run. Only for ci/normalise.c.
 */
#ifndef CI_NORMALISE_PATHS_H
#define CI_NORMALISE_PATHS_H

#include "bot/base/str.h"

/*
 * Takes a path off the front of *rest when it starts with a workspace folder (which goes: the rest is
 * a path of the repository), a temporary one ("<tmp>/" and the file's name stay) or a person's ("~/"
 * and the rest), or goes through a library's ("<library>/" and the rest), or is a temporary name. What
 * stands for the folder is written to out; the rest, with '/' between its parts, to names, for it may
 * hold more that changes. False, and nothing written, otherwise.
 */
bool normalise_path(struct text *out, struct text *names, struct str before, struct str *rest);

#endif
