/*
 * A Go package: the files of one folder as trees, and the types its text declares.
 */
#ifndef TEMPLATES_LIB_GO_H
#define TEMPLATES_LIB_GO_H

#include "git/tree.h"
#include "templates/syntax.h"

enum { GO_FILES_MAX = 64 };

struct go_package {
	struct go_file {
		const char *path;
		struct syntax *syntax;
		bool test;			/* ..._test.go */
	} files[GO_FILES_MAX];
	size_t count;
};

/* Opens the package of a file; files that do not parse or are too many are left out. */
void go_open(struct go_package *package, struct arena *a, const struct tree *tree,
	     const char *path);
void go_close(struct go_package *package);
#define GO_PACKAGE __attribute__((cleanup(go_close))) struct go_package

struct go_file *go_file(struct go_package *package, const char *path);

/* The type_spec that declares a name, and its file; null node when there is none in the package. */
TSNode go_type(struct go_package *package, struct str name, struct go_file **file);

/* A type as written, followed through names of the package, when it is a map; else a null node. */
TSNode go_map_type(struct go_package *package, TSNode type, struct go_file **file);

/* The type of a field of a struct type, and the file that declares it; null node when unknown. */
TSNode go_field_type(struct go_package *package, struct str type, struct str field,
		     struct go_file **file);

/* The named type of a receiver, parameter or result, and whether it is behind a pointer; empty when it
 * is none of the function's. */
struct str go_parameter_type(const struct syntax *s, TSNode function, struct str name, bool *pointer);

#endif
