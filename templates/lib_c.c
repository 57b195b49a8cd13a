/*
 * Declarations and definitions of C and C++ by name. A class's members are not looked for, and two
 * functions of one name (overloads) are simply two.
 */
#include "templates/lib_c.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 4000 };

bool c_is_code(const char *path)
{
	return word_among(path_ending(str_of(path)), "c h cc cpp cxx hpp hh hxx");
}

TSNode c_declared(TSNode declarator)
{
	TSNode none = {{0}, NULL, NULL};

	while (!ts_node_is_null(declarator)) {
		TSNode inner;

		if (syntax_type_is(declarator, "identifier|field_identifier|qualified_identifier|"
				   "destructor_name|operator_name|type_identifier"))
			return declarator;
		inner = syntax_field(declarator, "declarator");
		if (ts_node_is_null(inner) &&
		    syntax_type_is(declarator, "parenthesized_declarator|reference_declarator"))
			inner = source_nth(declarator, 0);
		declarator = inner;
	}
	return none;
}

TSNode c_function_declarator(TSNode node)
{
	TSNode at = syntax_field(node, "declarator"), none = {{0}, NULL, NULL};

	while (syntax_type_is(at, "pointer_declarator|reference_declarator|init_declarator")) {
		TSNode inner = syntax_field(at, "declarator");

		at = ts_node_is_null(inner) && syntax_type_is(at, "reference_declarator") ?
		     source_nth(at, 0) : inner;
	}
	return syntax_type_is(at, "function_declarator") ? at : none;
}

struct str c_function_name(const struct syntax *s, TSNode node)
{
	TSNode name = syntax_field(c_function_declarator(node), "declarator");

	if (syntax_type_is(name, "qualified_identifier"))
		name = syntax_field(name, "name");
	return syntax_text(s, name);
}

TSNode c_parameter(const struct syntax *s, TSNode declarator, struct str name)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = c_parameter_at(declarator, n)); n++)
		if (str_equal(syntax_text(s, c_declared(syntax_field(node, "declarator"))), name))
			return node;
	return node;
}

TSNode c_parameter_at(TSNode declarator, unsigned n)
{
	return source_child(syntax_field(declarator, "parameters"),
			  "parameter_declaration|optional_parameter_declaration", n);
}

struct search {
	struct source *code;
	struct str name;
	struct c_function *list;
	size_t count;
};

static bool find_function(TSNode node, void *context)
{
	struct search *search = context;
	const struct syntax *s = search->code->syntax;

	if (!syntax_type_is(node, "function_definition|declaration") ||
	    !str_equal(c_function_name(s, node), search->name))
		return true;
	if (search->count < C_FUNCTIONS_MAX)
		search->list[search->count] = (struct c_function){
			search->code, node, c_function_declarator(node),
			syntax_type_is(node, "function_definition"),
		};
	search->count++;
	return search->count <= C_FUNCTIONS_MAX;
}

size_t c_functions(struct sources *codes, struct str name, struct c_function list[C_FUNCTIONS_MAX])
{
	const struct tree *tree = codes->scene->tree;
	const char *word = str_text(codes->scene->arena, name);
	struct search search = { .name = name, .list = list };
	size_t read = 0;

	for (size_t i = 0; i < tree->count && read < FILES_MAX; i++) {
		const char *path = tree->entries[i].path;
		struct str text;

		if (!c_is_code(path) || !scene_read(codes->scene, path, &text))
			continue;
		read++;
		if (!text_has_word(text, word))
			continue;
		search.code = sources_open(codes, path);
		if (search.code)
			syntax_walk(search.code->syntax->root, find_function, &search);
	}
	return search.count;
}

const char *c_who_else(const struct scene *scene, const char *path, const char *word)
{
	static const char endings[] = "c h cc cpp cxx hpp hh hxx inc inl def S s asm y l py pyx rb lua "
		"map sym ld lds ver exports rs go m mm";
	const struct tree *tree = scene->tree;
	struct str text;

	for (size_t i = 0; i < tree->count && i < FILES_MAX; i++) {
		const char *other = tree->entries[i].path;

		if (strcmp(other, path) != 0 && word_among(path_ending(str_of(other)), endings) &&
		    scene_read(scene, other, &text) && text_has_word(text, word))
			return other;
	}
	return NULL;
}

bool c_includes(const struct syntax *s, const char *header_path)
{
	struct str name = path_name(str_of(header_path));
	TSNode node;

	for (unsigned n = 0;
	     !ts_node_is_null(node = syntax_below(s->root, "preproc_include", n)); n++) {
		struct str spelled = syntax_text(s, syntax_field(node, "path"));

		if (spelled.size > 2 &&
		    str_equal(path_name(str_slice(spelled, 1, spelled.size - 2)), name))
			return true;
	}
	return false;
}

struct str c_comment(const struct syntax *s, TSNode node)
{
	TSNode before = source_before(node), behind = source_behind(node);
	unsigned last = ts_node_end_point(node).row;

	if (syntax_type_is(before, "comment") &&
	    ts_node_end_point(before).row + 1 == ts_node_start_point(node).row)
		return syntax_text(s, before);
	if (syntax_type_is(behind, "comment") && ts_node_start_point(behind).row == last)
		return syntax_text(s, behind);
	return STR_NONE;
}

bool c_has_storage(const struct syntax *s, TSNode node, const char *storage)
{
	TSNode one;

	for (unsigned n = 0;
	     !ts_node_is_null(one = source_child(node, "storage_class_specifier|type_qualifier", n)); n++)
		if (str_is(syntax_text(s, one), storage))
			return true;
	return false;
}

static bool look_for_effect(TSNode node, void *context)
{
	bool *pure = context;

	if (syntax_type_is(node, "call_expression|assignment_expression|update_expression|"
			   "new_expression|delete_expression|co_await_expression|throw_expression|"
			   "lambda_expression|gnu_asm_expression|method_invocation|"
			   "object_creation_expression"))
		*pure = false;
	return *pure;
}

bool c_is_pure(TSNode node)
{
	bool pure = true;

	if (!ts_node_is_null(node))
		syntax_walk(node, look_for_effect, &pure);
	return pure;
}

struct str c_parameter_type(struct arena *a, const struct syntax *s, TSNode parameter)
{
	TSNode name = c_declared(syntax_field(parameter, "declarator"));
	struct str text = syntax_text(s, parameter);
	struct text out = TEXT(a);

	if (ts_node_is_null(name))
		return text;
	text_add(&out, str_slice(text, 0, ts_node_start_byte(name) - ts_node_start_byte(parameter)));
	text_add(&out, str_from(text, source_end(name) - ts_node_start_byte(parameter)));
	return str_trim(text_str(&out));
}
