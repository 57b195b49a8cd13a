/*
 * A class with virtual functions is deleted through a base whose destructor is not virtual -> the
 * base gets `virtual ~Name() = default;`, or its own destructor becomes virtual. Keeps off classes
 * that are not defined once in this project, and those without a public part.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

/* The only definition of the class in the project. */
static TSNode class_of(struct sources *codes, struct str name, struct source **code)
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

/* The member that declares the destructor; null when the class leaves it to the compiler. */
static TSNode destructor_of(TSNode body)
{
	TSNode name, none = {{0}, NULL, NULL};

	for (unsigned n = 0; !ts_node_is_null(name = syntax_below(body, "destructor_name", n)); n++) {
		TSNode member = name;

		while (!ts_node_is_null(member) && !ts_node_eq(source_parent(member), body))
			member = source_parent(member);
		if (syntax_type_is(member, "declaration|field_declaration|function_definition"))
			return member;
	}
	return none;
}

/* The first line of the public part. */
static bool first_public(const struct syntax *s, TSNode class, size_t *at, struct str *indent)
{
	TSNode body = syntax_field(class, "body"), node, next;

	if (syntax_type_is(class, "struct_specifier")) {
		next = source_nth(body, 0);
		*at = line_end(s->text, ts_node_start_byte(body));
		*indent = syntax_indent(s, next);
		return !ts_node_is_null(next) && syntax_line(next) > syntax_line(body);
	}
	for (unsigned n = 0; !ts_node_is_null(node = source_child(body, "access_specifier", n)); n++) {
		if (!str_starts(syntax_text(s, node), "public"))
			continue;
		next = source_behind(node);
		*at = line_end(s->text, source_end(node));
		*indent = syntax_indent(s, next);
		return !ts_node_is_null(next) && syntax_line(next) > syntax_line(node);
	}
	return false;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str name = scene_group(scene, "name"), indent;
	struct source *code = NULL;
	TSNode class = class_of(codes, name, &code), own;
	size_t at;

	if (ts_node_is_null(class) || source_is_test(code->path))
		return template_decline(scene, "%.*s is not defined once in this project", STR_ARG(name)), false;
	if (code->edits.count)
		return true;		/* told of the same class elsewhere */
	own = destructor_of(syntax_field(class, "body"));
	if (!ts_node_is_null(own)) {
		at = ts_node_start_byte(own);
		edit_replace(&code->edits, at, at, STR("virtual "));
	} else if (first_public(code->syntax, class, &at, &indent)) {
		edit_replace(&code->edits, at, at,
			     str_of(arena_printf(scene->arena, "%.*svirtual ~%.*s() = default;%s",
						 STR_ARG(indent), STR_ARG(name),
						 source_newline(code->syntax))));
	} else {
		return template_decline(scene, "%.*s has no public part", STR_ARG(name)), false;
	}
	text_addf(why, "The destructor of %.*s is virtual: what derives from it is deleted through it.",
		  STR_ARG(name));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "an abstract base",
		.log =
		"a.cpp: In function ‘void drop(Shape*)’:\n"
		"a.cpp:11:5: error: deleting object of abstract class type ‘Shape’ whic"
		"h has non-virtual destructor will cause undefined behavior [-Werror=de"
		"lete-non-virtual-dtor]\n   11 |     delete shape;\n      |     ^~~~~~~~~~~~\n"
		"cc1plus: all warnings being treated as errors\n",
		.file = {
			{ "a.cpp",
			  "class Shape {\n    int id_ = 0;\n\npublic:\n"
			  "    virtual double area() const = 0;\n    int id() const { return id_; }\n};\n"
			  "\nvoid drop(Shape *shape)\n{\n    delete shape;\n}\n",
			  "class Shape {\n    int id_ = 0;\n\npublic:\n    virtual ~Shape() = default;\n"
			  "    virtual double area() const = 0;\n    int id() const { return id_; }\n};\n"
			  "\nvoid drop(Shape *shape)\n{\n    delete shape;\n}\n" },
		},
	},
	{
		.name = "it has a destructor",
		.log =
		"a.cpp: In function ‘void drop(Shape*)’:\n"
		"a.cpp:12:5: error: deleting object of abstract class type ‘Shape’ whic"
		"h has non-virtual destructor will cause undefined behavior [-Werror=de"
		"lete-non-virtual-dtor]\n   12 |     delete shape;\n      |     ^~~~~~~~~~~~\n"
		"cc1plus: all warnings being treated as errors\n",
		.file = {
			{ "a.cpp",
			  "class Shape {\n    int id_ = 0;\n\npublic:\n    ~Shape() {}\n"
			  "    virtual double area() const = 0;\n    int id() const { return id_; }\n};\n"
			  "\nvoid drop(Shape *shape)\n{\n    delete shape;\n}\n",
			  "class Shape {\n    int id_ = 0;\n\npublic:\n    virtual ~Shape() {}\n"
			  "    virtual double area() const = 0;\n    int id() const { return id_; }\n};\n"
			  "\nvoid drop(Shape *shape)\n{\n    delete shape;\n}\n" },
		},
	},
	{
		.name = "clang, a struct",
		.log =
		"a.cpp:7:5: error: delete called on non-final 'Shape' that has virtual "
		"functions but non-virtual destructor [-Werror,-Wdelete-non-abstract-no"
		"n-virtual-dtor]\n    delete shape;\n    ^\n1 error generated.\n",
		.file = {
			{ "a.cpp",
			  "struct Shape {\n    virtual double area() { return 0; }\n};\n\n"
			  "void drop(Shape *shape)\n{\n    delete shape;\n}\n",
			  "struct Shape {\n    virtual ~Shape() = default;\n"
			  "    virtual double area() { return 0; }\n};\n\nvoid drop(Shape *shape)\n{\n"
			  "    delete shape;\n}\n" },
		},
	},
	{
		.name = "it is defined twice",
		.log =
		"a.cpp: In function ‘void drop(Shape*)’:\n"
		"a.cpp:11:5: error: deleting object of abstract class type ‘Shape’ whic"
		"h has non-virtual destructor will cause undefined behavior [-Werror=de"
		"lete-non-virtual-dtor]\n   11 |     delete shape;\n      |     ^~~~~~~~~~~~\n"
		"cc1plus: all warnings being treated as errors\n",
		.file = {
			{ "a.cpp",
			  "class Shape {\n    int id_ = 0;\n\npublic:\n"
			  "    virtual double area() const = 0;\n    int id() const { return id_; }\n};\n"
			  "\nvoid drop(Shape *shape)\n{\n    delete shape;\n}\n",
			  NULL },
			{ "b.cpp",
			  "class Shape {\npublic:\n    virtual void draw();\n};\n",
			  NULL },
		},
		.declines = "is not defined once",
	},
	{0}
};

static const char *const types[] = { "delete-non-virtual-dtor", "delete-non-abstract-non-virtual-dtor",
				     "delete-abstract-non-virtual-dtor", "non-virtual-dtor", NULL };

const struct template template_c_virtual_destructor = {
	.name = "c_virtual_destructor",
	.summary = "deleted through a base without virtual destructor -> the base gets one",
	.class = "declaration",
	.oracles = "the language: deleting so is undefined",
	.keeps_off = "the class is not defined once in this project, or has no public part",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?|deleting object of (?:abstract|polymorphic) class type (?:'|\u2018)(?:\\w+::)*(?<name>\\w+)"
		   "(?:'|\u2019)|delete called on (?:non-final )?'(?:\\w+::)*(?<name>\\w+)'|"
		   "(?:'|\u2018)(?:class|struct) (?:\\w+::)*(?<name>\\w+)(?:'|\u2019) has virtual functions)",
	.fix = fix,
	.examples = examples,
};
