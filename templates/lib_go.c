/*
 * A Go package as far as its text shows it. Resolves names of the same package only: no imports, no
 * embedded fields, no generics.
 */
#include "templates/lib_go.h"

#include "git/path.h"

enum { NAMES_MAX = 8 };

void go_open(struct go_package *package, struct arena *a, const struct tree *tree, const char *path)
{
	struct str folder = path_folder(str_of(path));

	*package = (struct go_package){ .count = 0 };
	for (size_t i = 0; i < tree->count && package->count < GO_FILES_MAX; i++) {
		const char *other = tree->entries[i].path;
		struct go_file file = { .path = other, .test = str_ends(str_of(other), "_test.go") };
		struct str text;

		if (!str_ends(str_of(other), ".go") ||
		    !str_equal(path_folder(str_of(other)), folder) ||
		    !tree_read(tree, a, other, &text))
			continue;
		file.syntax = syntax_open(a, "go", text);
		if (file.syntax)
			package->files[package->count++] = file;
	}
}

void go_close(struct go_package *package)
{
	for (size_t i = 0; i < package->count; i++)
		syntax_close(&package->files[i].syntax);
	package->count = 0;
}

struct go_file *go_file(struct go_package *package, const char *path)
{
	for (size_t i = 0; i < package->count; i++)
		if (str_is(str_of(path), package->files[i].path))
			return &package->files[i];
	return NULL;
}

TSNode go_type(struct go_package *package, struct str name, struct go_file **file)
{
	TSNode none = {{0}, NULL, NULL};

	for (size_t i = 0; i < package->count; i++) {
		struct syntax *s = package->files[i].syntax;

		for (unsigned n = 0;; n++) {
			TSNode spec = syntax_below(s->root, "type_spec", n);

			if (ts_node_is_null(spec))
				break;
			if (!str_equal(syntax_text(s, syntax_field(spec, "name")), name))
				continue;
			*file = &package->files[i];
			return spec;
		}
	}
	return none;
}

TSNode go_map_type(struct go_package *package, TSNode type, struct go_file **file)
{
	TSNode none = {{0}, NULL, NULL};

	for (unsigned n = 0; n < NAMES_MAX && syntax_type_is(type, "type_identifier"); n++)
		type = syntax_field(go_type(package, syntax_text((*file)->syntax, type), file), "type");
	return syntax_type_is(type, "map_type") ? type : none;
}

TSNode go_field_type(struct go_package *package, struct str type, struct str field,
		     struct go_file **file)
{
	TSNode none = {{0}, NULL, NULL}, spec = go_type(package, type, file), body, list;

	body = syntax_field(spec, "type");
	if (!syntax_type_is(body, "struct_type"))
		return none;
	list = syntax_below(body, "field_declaration_list", 0);
	for (uint32_t i = 0; !ts_node_is_null(list) && i < ts_node_named_child_count(list); i++) {
		TSNode line = ts_node_named_child(list, i);

		for (uint32_t n = 0; n < ts_node_named_child_count(line); n++) {
			TSNode name = ts_node_named_child(line, n);

			if (syntax_type_is(name, "field_identifier") &&
			    str_equal(syntax_text((*file)->syntax, name), field))
				return syntax_field(line, "type");
		}
	}
	return none;
}

struct str go_parameter_type(const struct syntax *s, TSNode function, struct str name, bool *pointer)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "parameter_declaration", n);
		TSNode type = syntax_field(one, "type");

		if (ts_node_is_null(one))
			return STR_NONE;
		if (!str_equal(syntax_text(s, syntax_field(one, "name")), name))
			continue;
		*pointer = syntax_type_is(type, "pointer_type");
		if (*pointer)
			type = ts_node_named_child(type, 0);
		return syntax_type_is(type, "type_identifier") ? syntax_text(s, type) : STR_NONE;
	}
}
