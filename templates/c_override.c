/*
 * A member marked `override` overrides nothing, because its base says it with other qualifiers or
 * parameter types, or under the name the failing commit gave it -> the base's spelling, in the class
 * and where the member is defined. Never takes the `override` away.
 */
#include "templates/lib_c.h"
#include "templates/lib_renamed.h"
#include "templates/lib_scene.h"

enum { BASES_MAX = 8 };

static TSNode class_named(struct sources *codes, struct str name, struct source **code)
{
	const struct tree *tree = codes->scene->tree;
	const char *word = str_text(codes->scene->arena, name);
	TSNode found = {{0}, NULL, NULL}, none = found, node;
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct source *one;

		if (!c_is_code(path) || !scene_read(codes->scene, path, &text) || !text_has_word(text, word))
			continue;
		one = sources_open(codes, path);
		for (unsigned n = 0; one && !ts_node_is_null(node = syntax_below(one->syntax->root,
			"class_specifier|struct_specifier", n)); n++) {
			if (!str_equal(syntax_text(one->syntax, syntax_field(node, "name")), name) ||
			    ts_node_is_null(syntax_field(node, "body")))
				continue;
			if (!ts_node_is_null(found))
				return none;
			found = node;
			*code = one;
		}
	}
	return found;
}

static bool is_virtual(const struct syntax *s, TSNode member)
{
	struct str head = str_slice(s->text, ts_node_start_byte(member),
				    ts_node_start_byte(c_function_declarator(member)) -
				    ts_node_start_byte(member));

	return text_has_word(head, "virtual") ||
	       text_has_word(syntax_text(s, c_function_declarator(member)), "override");
}

/* The only virtual member of that name in the class's bases; *count says how many there are. */
static TSNode base_member(struct sources *codes, const struct source *code, TSNode class, struct str name,
			  struct source **where, unsigned *count)
{
	TSNode list = source_child(class, "base_class_clause", 0), found = {{0}, NULL, NULL}, base, member;

	for (unsigned n = 0; n < BASES_MAX &&
	     !ts_node_is_null(base = source_child(list, "type_identifier|qualified_identifier", n)); n++) {
		struct str base_name = syntax_text(code->syntax, base);
		struct source *other = NULL;
		TSNode body;

		if (syntax_type_is(base, "qualified_identifier"))
			base_name = syntax_text(code->syntax, syntax_field(base, "name"));
		body = syntax_field(class_named(codes, base_name, &other), "body");
		for (unsigned m = 0; !ts_node_is_null(member = source_child(body,
			"field_declaration|function_definition|declaration", m)); m++) {
			if (!is_virtual(other->syntax, member) ||
			    !str_equal(c_function_name(other->syntax, member), name))
				continue;
			found = member;
			*where = other;
			++*count;
		}
	}
	return found;
}

/* What stands behind the parameters, without override, final and a pure "= 0": " const noexcept". */
static struct str qualifiers(struct arena *a, const struct syntax *s, TSNode declarator)
{
	struct text out = TEXT(a);

	for (uint32_t i = 0; i < source_count(declarator); i++) {
		TSNode node = source_nth(declarator, i);
		struct str text = syntax_text(s, node);

		if (syntax_type_is(node, "type_qualifier|ref_qualifier|noexcept"))
			text_addf(&out, " %.*s", STR_ARG(text));
	}
	return text_str(&out);
}

/* Makes one declarator of the member say what the base says; false when they cannot be matched. */
static bool adapt(struct source *code, TSNode declarator, const struct syntax *base_syntax, TSNode base)
{
	struct arena *a = code->edits.arena;
	const struct syntax *s = code->syntax;
	struct str wanted = qualifiers(a, base_syntax, base);
	TSNode list = syntax_field(declarator, "parameters"), own, other, node;
	size_t end = source_end(list), last = end;
	unsigned n = 0;

	for (;; n++) {
		own = c_parameter_at(declarator, n);
		other = c_parameter_at(base, n);
		if (ts_node_is_null(own) || ts_node_is_null(other))
			break;
		if (!str_equal(c_parameter_type(a, s, own), c_parameter_type(a, base_syntax, other))) {
			struct str name = syntax_text(s, c_declared(syntax_field(own, "declarator")));
			struct str type = c_parameter_type(a, base_syntax, other);
			bool tight = type.size && strchr("*&", type.at[type.size - 1]);

			edit_node(&code->edits, own, str_of(arena_printf(a, "%.*s%s%.*s", STR_ARG(type),
				  tight || !name.size ? "" : " ", STR_ARG(name))));
		}
	}
	if (ts_node_is_null(own) != ts_node_is_null(other))
		return false;
	for (unsigned i = 0; !ts_node_is_null(node = source_child(declarator,
		"type_qualifier|ref_qualifier|noexcept", i)); i++)
		last = source_end(node);
	if (!str_equal(qualifiers(a, s, declarator), wanted))
		edit_replace(&code->edits, end, last, wanted);
	return true;
}

/* "Circle::name" where it is defined outside of the class. */
static bool adapt_outside(struct sources *codes, struct str class, struct str name,
			  const struct syntax *base_syntax, TSNode base, struct str new_name)
{
	const struct tree *tree = codes->scene->tree;
	struct str wanted = str_of(arena_printf(codes->scene->arena, "%.*s::%.*s", STR_ARG(class), STR_ARG(name)));
	TSNode node;

	for (size_t i = 0; i < tree->count; i++) {
		struct str text;
		struct source *code;

		if (!c_is_code(tree->entries[i].path) || !scene_read(codes->scene, tree->entries[i].path, &text) ||
		    str_find(text, wanted) < 0)
			continue;
		code = sources_open(codes, tree->entries[i].path);
		for (unsigned n = 0; code && !ts_node_is_null(node = syntax_below(code->syntax->root,
			"function_declarator", n)); n++) {
			TSNode at = syntax_field(node, "declarator");

			if (!str_equal(syntax_text(code->syntax, at), wanted))
				continue;
			if (new_name.size)
				edit_node(&code->edits, syntax_field(at, "name"), new_name);
			else if (!adapt(code, node, base_syntax, base))
				return false;
		}
	}
	return true;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str name = scene_group(scene, "name"), new_name = STR_NONE;
	struct source *code = sources_open(codes, failure->file), *where = NULL;
	TSNode class, declarator, base;
	unsigned count = 0;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "the class is no code of this project"), false;
	declarator = source_node(code, name.size ? source_word(code, failure->line, failure->column, name) :
			       source_place(code, failure), "function_declarator");
	name = syntax_text(code->syntax, syntax_field(declarator, "declarator"));
	class = syntax_up(declarator, "class_specifier|struct_specifier");
	if (ts_node_is_null(class))
		return template_decline(scene, "the member is not in a class there"), false;
	base = base_member(codes, code, class, name, &where, &count);
	if (!count && renamed_to(scene, name, "h cc cpp cxx hpp hh hxx", &new_name))
		base = base_member(codes, code, class, new_name, &where, &count);
	if (count != 1)
		return template_decline(scene, "%u virtual members of the bases are called %.*s", count,
					STR_ARG(name)), false;
	base = c_function_declarator(base);
	if (new_name.size)
		edit_node(&code->edits, syntax_field(declarator, "declarator"), new_name);
	else if (!adapt(code, declarator, where->syntax, base))
		return template_decline(scene, "%.*s takes another number of parameters than its base",
					STR_ARG(name)), false;
	if (!adapt_outside(codes, syntax_text(code->syntax, syntax_field(class, "name")), name, where->syntax,
			   base, new_name))
		return template_decline(scene, "the definition of %.*s differs from its class", STR_ARG(name)),
		       false;
	text_addf(why, "%.*s is declared as its base in %s declares it.", STR_ARG(name), where->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "qualifiers and a parameter, in the class and outside",
		.log =
		"In file included from a.cpp:1:\n"
		"a.hpp:9:9: error: ‘int Square::size(int)’ marked ‘override’, but does "
		"not override\n    9 |     int size(int scale) override;\n"
		"      |         ^~~~\n",
		.file = {
			{ "a.hpp",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int size(long scale) const noexcept = 0;\n};\n\n"
			  "class Square : public Shape {\npublic:\n    int size(int scale) override;\n"
			  "};\n",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int size(long scale) const noexcept = 0;\n};\n\n"
			  "class Square : public Shape {\npublic:\n"
			  "    int size(long scale) const noexcept override;\n};\n" },
			{ "a.cpp",
			  "#include \"a.hpp\"\n\nint Square::size(int scale)\n{\n    return 4 * scale;\n"
			  "}\n",
			  "#include \"a.hpp\"\n\nint Square::size(long scale) const noexcept\n{\n"
			  "    return 4 * scale;\n}\n" },
		},
	},
	{
		.name = "clang",
		.log =
		"In file included from a.cpp:1:\n"
		"./a.hpp:9:25: error: non-virtual member function marked 'override' hid"
		"es virtual member function\n    int size(int scale) override;\n"
		"                        ^\n"
		"./a.hpp:4:17: note: hidden overloaded virtual function 'Shape::size' d"
		"eclared here: type mismatch at 1st parameter ('long' vs 'int')\n"
		"    virtual int size(long scale) const noexcept = 0;\n                ^\n"
		"1 error generated.\n",
		.file = {
			{ "a.hpp",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int size(long scale) const noexcept = 0;\n};\n\n"
			  "class Square : public Shape {\npublic:\n    int size(int scale) override;\n"
			  "};\n",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int size(long scale) const noexcept = 0;\n};\n\n"
			  "class Square : public Shape {\npublic:\n"
			  "    int size(long scale) const noexcept override;\n};\n" },
			{ "a.cpp",
			  "#include \"a.hpp\"\n\nint Square::size(int scale)\n{\n    return 4 * scale;\n"
			  "}\n",
			  "#include \"a.hpp\"\n\nint Square::size(long scale) const noexcept\n{\n"
			  "    return 4 * scale;\n}\n" },
		},
	},
	{
		.name = "the base has another name since this commit",
		.log =
		"In file included from a.cpp:1:\n"
		"a.hpp:9:9: error: ‘int Square::size(int)’ marked ‘override’, but does "
		"not override\n    9 |     int size(int scale) override;\n"
		"      |         ^~~~\n",
		.file = {
			{ "a.hpp",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int area(int scale) = 0;\n};\n\nclass Square : public Shape {\n"
			  "public:\n    int size(int scale) override;\n};\n",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int area(int scale) = 0;\n};\n\nclass Square : public Shape {\n"
			  "public:\n    int area(int scale) override;\n};\n",
			  .was = "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int size(int scale) = 0;\n};\n\nclass Square : public Shape {\n"
			  "public:\n    int size(int scale) override;\n};\n" },
			{ "a.cpp",
			  "#include \"a.hpp\"\n\nint Square::size(int scale)\n{\n    return 4 * scale;\n"
			  "}\n",
			  "#include \"a.hpp\"\n\nint Square::area(int scale)\n{\n    return 4 * scale;\n"
			  "}\n" },
		},
	},
	{
		.name = "the base has two of that name",
		.log =
		"In file included from a.cpp:1:\n"
		"a.hpp:10:9: error: ‘int Square::size(int)’ marked ‘override’, but does"
		" not override\n   10 |     int size(int scale) override;\n"
		"      |         ^~~~\n",
		.file = {
			{ "a.hpp",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int size(long scale) const noexcept = 0;\n"
			  "    virtual int size(char scale) const;\n};\n\nclass Square : public Shape {\n"
			  "public:\n    int size(int scale) override;\n};\n",
			  NULL },
			{ "a.cpp",
			  "#include \"a.hpp\"\n\nint Square::size(int scale)\n{\n    return 4 * scale;\n"
			  "}\n",
			  NULL },
		},
		.declines = "2 virtual members",
	},
	{
		.name = "the base has none of that name",
		.log =
		"In file included from a.cpp:1:\n"
		"a.hpp:9:9: error: ‘int Square::size(int)’ marked ‘override’, but does "
		"not override\n    9 |     int size(int scale) override;\n"
		"      |         ^~~~\n",
		.file = {
			{ "a.hpp",
			  "class Shape {\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual int area(long scale) const noexcept = 0;\n};\n\n"
			  "class Square : public Shape {\npublic:\n    int size(int scale) override;\n"
			  "};\n",
			  NULL },
			{ "a.cpp",
			  "#include \"a.hpp\"\n\nint Square::size(int scale)\n{\n    return 4 * scale;\n"
			  "}\n",
			  NULL },
		},
		.declines = "0 virtual members",
	},
	{0}
};

const struct template template_c_override = {
	.name = "c_override",
	.summary = "an override that overrides nothing -> the qualifiers, parameters or name of its base",
	.language = "c++",
	.class = "declaration",
	.oracles = "the base class; the failing commit's rename",
	.keeps_off = "not one virtual member of the bases has the name, or the number of parameters differs",
	.danger = DANGER_1,
	.pattern = "^(?|(?:'|\u2018)[^'\u2019]*::(?<name>\\w+)\\([^'\u2019]*(?:'|\u2019) marked (?:'|\u2018)override"
		   "(?:'|\u2019), but does not override|non-virtual member function(?<name>) marked 'override'|"
		   "'(?<name>\\w+)' marked 'override')",
	.fix = fix,
	.examples = examples,
};
