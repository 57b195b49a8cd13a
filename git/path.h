/*
 * Which paths may stand in a tree that Aegis makes. Stricter than libgit2, which lets through
 * "/abs", "a//b", "C:\\x", ".git<U+200C>/config" and more.
 */
#ifndef GIT_PATH_H
#define GIT_PATH_H

#include "bot/base/err.h"
#include "bot/base/str.h"

/*
 * Valid UTF-8, 1 to 512 bytes, at most 32 components of 1 to 255 bytes; no empty, "." or ".."
 * component, no leading '/', no '\\' or ':', no control, zero-width or bidi character, no trailing
 * dot or blank in a component, no component that any file system may take for ".git" (case, HFS
 * ignorables, "git~1"). ERR_INPUT with the reason otherwise.
 */
bool path_check(struct str path, struct err *e);

/* The part after the last '/', the part before it ("" if none), the ending without dot ("" if none;
 * ".profile" has none). */
struct str path_name(struct str path);
struct str path_folder(struct str path);
struct str path_ending(struct str path);

/*
 * Does a shell-like pattern match the whole path? '*' and '?' stop at '/', "**" does not; as a
 * whole component it may also stand for no folder at all ("x", "**", "y" joined by '/' match
 * "x/y"). Case matters.
 */
bool path_matches(const char *pattern, struct str path);

#endif
