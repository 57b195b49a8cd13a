/*
 * Scopes of Go by its blocks, and the project's own way to hand an error on. Looks at one package;
 * names of types and of other packages are not resolved.
 */
#include "templates/lib_go_error.h"

#include "templates/lib_scene.h"

static const char functions[] = "function_declaration|method_declaration|func_literal";
static const char blocks[] = "block expression_case default_case communication_case type_case";

bool go_place(struct scene *scene, struct go_package *package, struct code *code)
{
	const struct failure *failure = scene->failure;
	const char *path = scene_path(scene, failure->file);
	struct go_file *file;

	*package = (struct go_package){ .count = 0 };
	*code = (struct code){ .scene = scene, .path = path };
	if (!path || !failure->line || !str_ends(str_of(path), ".go")) {
		template_decline(scene, "the place is not in the repository");
		return false;
	}
	if (str_ends(str_of(path), "_test.go")) {
		template_decline(scene, "%s is a test", path);
		return false;
	}
	go_open(package, scene->arena, scene->tree, path);
	file = go_file(package, path);
	if (file)
		code->node = code_node_at(file->syntax, failure->line, failure->column);
	if (!file || ts_node_is_null(code->node)) {
		template_decline(scene, "%s is not as the log says", path);
		return false;
	}
	code->syntax = file->syntax;
	return true;
}

TSNode go_function(TSNode node)
{
	return syntax_up(node, functions);
}

TSNode go_statement(TSNode node)
{
	while (!ts_node_is_null(node)) {
		TSNode parent = ts_node_parent(node);

		if (ts_node_is_null(parent) || word_among(str_of(ts_node_type(parent)), blocks))
			return node;
		node = parent;
	}
	return node;
}

/* The identifier of this name among what a statement, clause or parameter declares. */
static TSNode declared_by(const struct syntax *s, TSNode node, struct str name)
{
	TSNode none = {{0}, NULL, NULL}, left = node;

	if (syntax_type_is(node, "short_var_declaration") || syntax_type_is(node, "range_clause"))
		left = syntax_field(node, "left");
	else if (!word_among(str_of(ts_node_type(node)), "var_declaration const_declaration var_spec "
			     "const_spec parameter_declaration variadic_parameter_declaration var_spec_list"))
		return none;
	for (uint32_t i = 0; i < ts_node_named_child_count(left); i++) {
		TSNode child = ts_node_named_child(left, i), found;

		if (syntax_type_is(child, "identifier") && str_equal(syntax_text(s, child), name))
			return child;
		if (word_among(str_of(ts_node_type(child)), "var_spec const_spec var_spec_list")) {
			found = declared_by(s, child, name);
			if (!ts_node_is_null(found))
				return found;
		}
	}
	return none;
}

/* Among the parameters, results and the receiver. */
static TSNode declared_by_function(const struct syntax *s, TSNode function, struct str name)
{
	static const char *const fields[] = { "receiver", "parameters", "result" };
	TSNode found = {{0}, NULL, NULL};

	for (size_t i = 0; i < 3 && ts_node_is_null(found); i++) {
		TSNode list = syntax_field(function, fields[i]);

		for (uint32_t n = 0; syntax_type_is(list, "parameter_list") &&
		     n < ts_node_named_child_count(list) && ts_node_is_null(found); n++)
			found = declared_by(s, ts_node_named_child(list, n), name);
	}
	return found;
}

TSNode go_declaration(const struct syntax *s, TSNode at, struct str name)
{
	TSNode found = {{0}, NULL, NULL}, before, clause;

	for (TSNode node = at; !ts_node_is_null(node); node = ts_node_parent(node)) {
		if (syntax_type_is(node, "function_declaration") ||
		    syntax_type_is(node, "method_declaration"))
			return declared_by_function(s, node, name);
		if (syntax_type_is(node, "func_literal"))
			found = declared_by_function(s, node, name);
		if (!ts_node_is_null(found))
			return found;
		for (before = ts_node_prev_named_sibling(node); !ts_node_is_null(before);
		     before = ts_node_prev_named_sibling(before)) {
			found = declared_by(s, before, name);
			clause = syntax_field(before, "initializer");
			if (ts_node_is_null(found) && syntax_type_is(before, "for_clause"))
				found = declared_by(s, clause, name);
			if (!ts_node_is_null(found))
				return found;
		}
	}
	return found;
}

struct str go_result(const struct syntax *s, TSNode function, unsigned n)
{
	TSNode list = syntax_field(function, "result");

	if (ts_node_is_null(list))
		return STR_NONE;
	if (!syntax_type_is(list, "parameter_list"))
		return n ? STR_NONE : syntax_text(s, list);
	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
		TSNode one = ts_node_named_child(list, i);
		unsigned names = 0;

		if (!syntax_type_is(one, "parameter_declaration"))
			continue;
		for (uint32_t k = 0; k < ts_node_named_child_count(one); k++)
			names += syntax_type_is(ts_node_named_child(one, k), "identifier");
		names += !names;
		if (n < names)
			return syntax_text(s, syntax_field(one, "type"));
		n -= names;
	}
	return STR_NONE;
}

struct str go_zero(struct go_package *package, struct arena *a, struct str type)
{
	struct go_file *file = NULL;
	TSNode spec;

	if (str_starts(type, "*") || str_starts(type, "[]") || str_starts(type, "map[") ||
	    str_starts(type, "func(") || str_starts(type, "chan ") || str_starts(type, "interface{") ||
	    word_among(type, "error any"))
		return STR("nil");
	if (word_among(type, "int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 byte rune "
		       "float32 float64 uintptr"))
		return STR("0");
	if (str_is(type, "string"))
		return STR("\"\"");
	if (str_is(type, "bool"))
		return STR("false");
	spec = go_type(package, type, &file);
	if (syntax_type_is(syntax_field(spec, "type"), "struct_type"))
		return str_of(arena_printf(a, "%.*s{}", STR_ARG(type)));
	return STR_NONE;
}

/* The return in `if err != nil { return ... }`; null node when it is anything else. */
static TSNode guard_return(const struct syntax *s, TSNode statement)
{
	TSNode none = {{0}, NULL, NULL}, condition = syntax_field(statement, "condition");
	TSNode body = syntax_field(statement, "consequence");

	if (!str_is(syntax_text(s, syntax_field(condition, "right")), "nil") ||
	    !str_is(syntax_text(s, syntax_field(condition, "left")), "err") ||
	    !str_has(syntax_text(s, condition), "!=") || ts_node_named_child_count(body) != 1 ||
	    !ts_node_is_null(syntax_field(statement, "alternative")))
		return none;
	return syntax_type_is(ts_node_named_child(body, 0), "return_statement") ?
	       ts_node_named_child(body, 0) : none;
}

static bool is_zero(const struct syntax *s, TSNode value)
{
	struct str text = syntax_text(s, value);

	return word_among(text, "nil 0 \"\" false ``") ||
	       (syntax_type_is(value, "composite_literal") && str_ends(text, "{}"));
}

/* Do the words in the strings of the return say nothing but the package's name? */
static bool says_only(const struct syntax *s, TSNode node, struct str package)
{
	for (unsigned n = 0;; n++) {
		TSNode string = syntax_below(node, "interpreted_string_literal", n);
		struct str text = syntax_text(s, string);
		size_t at = 1, word;

		if (ts_node_is_null(string))
			return true;
		while (at < text.size) {
			if (text.at[at] == '%') {
				at += 2;
				continue;
			}
			for (word = at; word < text.size && ((text.at[word] | 32) >= 'a' &&
			     (text.at[word] | 32) <= 'z'); word++)
				;
			if (word > at && !str_equal(str_slice(text, at, word - at), package))
				return false;
			at = word > at ? word : at + 1;
		}
	}
}

/* Are the names that the sibling's return takes from its function there at our place too? */
static bool names_fit(const struct syntax *from, TSNode node, const struct syntax *s, TSNode at)
{
	for (unsigned n = 0;; n++) {
		TSNode name = syntax_below(node, "identifier", n);
		struct str text = syntax_text(from, name);

		if (ts_node_is_null(name))
			return true;
		if (str_is(text, "err"))
			continue;
		if (ts_node_is_null(go_declaration(from, node, text)) !=
		    ts_node_is_null(go_declaration(s, at, text)))
			return false;
	}
}

struct says {
	struct go_package *package;
	const struct syntax *s;
	TSNode at, function;
	struct str same;		/* the return of a sibling with the same results */
	unsigned bare, wrapped;		/* how many hand err on as it is, or with something about it */
	bool differ;
};

static void look_at(struct says *says, const struct syntax *s, TSNode found)
{
	TSNode function = go_function(found), values = ts_node_named_child(found, 0), last;
	uint32_t count = ts_node_is_null(values) ? 0 : ts_node_named_child_count(values);
	struct str name = syntax_text(s, syntax_below(s->root, "package_identifier", 0));
	bool bare, same;

	if (!count || (s == says->s && ts_node_eq(function, says->function)))
		return;
	last = ts_node_named_child(values, count - 1);
	bare = str_is(syntax_text(s, last), "err");
	says->bare += bare;
	says->wrapped += !bare;
	same = str_equal(syntax_text(s, syntax_field(function, "result")),
			 syntax_text(says->s, syntax_field(says->function, "result")));
	for (uint32_t i = 0; i + 1 < count && same; i++)
		same = is_zero(s, ts_node_named_child(values, i));
	if (!same || (!bare && (!says_only(s, last, name) ||
				!text_has_word(syntax_text(s, last), "err") ||
				!names_fit(s, found, says->s, says->at))))
		return;
	if (says->same.size && !str_equal(says->same, syntax_text(s, found)))
		says->differ = true;
	says->same = syntax_text(s, found);
}

static struct str bare_return(struct says *says)
{
	struct arena *a = says->s->arena;
	struct text out = TEXT(a);

	text_adds(&out, "return ");
	for (unsigned n = 0; go_result(says->s, says->function, n + 1).size; n++) {
		struct str zero = go_zero(says->package, a, go_result(says->s, says->function, n));

		if (!zero.size)
			return STR_NONE;
		text_addf(&out, "%.*s, ", STR_ARG(zero));
	}
	text_adds(&out, "err");
	return text_str(&out);
}

struct str go_error_return(struct go_package *package, const struct syntax *s, TSNode at,
			   const char **why)
{
	struct says says = { .package = package, .s = s, .at = at, .function = go_function(at) };
	struct str last = STR_NONE;

	for (unsigned n = 0; go_result(s, says.function, n).size; n++)
		last = go_result(s, says.function, n);
	*why = "the function returns no error";
	if (!str_is(last, "error"))
		return STR_NONE;
	for (size_t i = 0; i < package->count; i++) {
		const struct go_file *file = &package->files[i];

		for (unsigned n = 0; !file->test; n++) {
			TSNode statement = syntax_below(file->syntax->root, "if_statement", n), found;

			if (ts_node_is_null(statement))
				break;
			found = guard_return(file->syntax, statement);
			if (!ts_node_is_null(found))
				look_at(&says, file->syntax, found);
		}
	}
	*why = "no sibling says what to return with the error";
	if (says.same.size && !says.differ)
		return says.same;
	return says.bare > says.wrapped ? bare_return(&says) : STR_NONE;
}
