/*
 * Expected values that are not written in the assertion itself. A parametrized test's row is
 * found by building each row's id as pytest does; where the table is not written out in the test,
 * the id in the log still spells numbers, True, False and None. A row that cannot be told says
 * nothing.
 */
#include "templates/lib_oracle_rows.h"

/* The part in brackets of "test_mean[values0-0]". */
static struct str row_id(const struct scene *scene)
{
	struct str name = str_of(scene->failure->test), id;

	if (!str_split(name, "[", NULL, &id) || !str_chop(&id, "]"))
		return STR_NONE;
	return id;
}

/* The inside of a plain string literal; empty for another node. */
static struct str inside(const struct syntax *s, TSNode string)
{
	struct str text = syntax_text(s, string);

	if (!syntax_type_is(string, "string") || text.size < 2 ||
	    (text.at[0] != '"' && text.at[0] != '\'') || str_char(text, '\\') >= 0)
		return STR_NONE;
	return str_slice(text, 1, text.size - 2);
}

struct table {
	const struct syntax *s;
	struct str names[8];
	size_t count;
	TSNode rows;
};

static void add_names(struct table *table, TSNode node)
{
	struct str rest = inside(table->s, node), name;

	if (syntax_type_is(node, "tuple|list")) {
		for (unsigned i = 0; i < python_child_count(node) && table->count < 8; i++)
			table->names[table->count++] = inside(table->s, python_child(node, i));
		return;
	}
	while (table->count < 8 && str_next(&rest, ',', &name))
		table->names[table->count++] = str_trim(name);
}

/* The only parametrize decorator of the test. */
static bool find_table(const struct site *test, struct table *table)
{
	TSNode outer = ts_node_parent(test->function);
	unsigned found = 0;

	if (!syntax_type_is(outer, "decorated_definition"))
		return false;
	for (unsigned i = 0; i < python_child_count(outer); i++) {
		TSNode call = python_child(python_child(outer, i), 0), arguments;

		if (!syntax_type_is(python_child(outer, i), "decorator") ||
		    !syntax_type_is(call, "call") ||
		    !str_is(python_callee(test->syntax, call), "parametrize"))
			continue;
		found++;
		arguments = syntax_field(call, "arguments");
		*table = (struct table){ .s = test->syntax, .rows = python_child(arguments, 1) };
		add_names(table, python_child(arguments, 0));
	}
	return found == 1 && table->count;
}

/* The n-th value of a row; a table with one name has bare values. */
static TSNode cell(const struct table *table, TSNode row, size_t n)
{
	if (syntax_type_is(row, "call"))
		return python_child(syntax_field(row, "arguments"), (unsigned)n);
	if (table->count == 1)
		return row;
	return python_child(row, (unsigned)n);
}

/* What pytest writes into the id for a value: simple ones as they are, others as name and row. */
static void add_id(struct text *id, const struct table *table, TSNode value, size_t n,
		   unsigned row)
{
	if (id->size)
		text_addc(id, '-');
	if (syntax_type_is(value, "string"))
		text_add(id, inside(table->s, value));
	else if (syntax_type_is(value, "integer|float|true|false|none") ||
		 (syntax_type_is(value, "unary_operator") &&
		  syntax_type_is(python_child(value, 0), "integer|float")))
		text_add(id, syntax_text(table->s, value));
	else
		text_addf(id, "%.*s%u", STR_ARG(table->names[n]), row);
}

/* pytest.param(..., id="name") names itself. */
static struct str own_id(const struct table *table, TSNode row)
{
	TSNode list = syntax_field(row, "arguments");

	if (!syntax_type_is(row, "call"))
		return STR_NONE;
	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);

		if (syntax_type_is(one, "keyword_argument") &&
		    str_is(syntax_text(table->s, syntax_field(one, "name")), "id"))
			return inside(table->s, syntax_field(one, "value"));
	}
	return STR_NONE;
}

/* The row with the failing id; null when none or several have it. */
static TSNode find_row(struct arena *a, const struct table *table, struct str wanted)
{
	TSNode found = {{0}, NULL, NULL}, none = {{0}, NULL, NULL};

	for (unsigned r = 0; r < python_child_count(table->rows); r++) {
		TSNode row = python_child(table->rows, r);
		struct text id = TEXT(a);

		text_add(&id, own_id(table, row));
		for (size_t n = 0; n < table->count && !own_id(table, row).size; n++)
			add_id(&id, table, cell(table, row, n), n, r);
		if (!str_equal(text_str(&id), wanted))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = row;
	}
	return found;
}

/* "0", "0.0", "-0" */
static bool is_zero(struct str text)
{
	str_skip(&text, "-");
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] != '0' && text.at[i] != '.')
			return false;
	return text.size > 0;
}

static bool is_number(struct str text)
{
	bool digit = false, point = false;

	str_skip(&text, "-");
	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] == '.' && !point)
			point = true;
		else if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		else
			digit = true;
	}
	return digit && text.at[0] != '.' && text.at[text.size - 1] != '.';
}

/* The last value as the id spells it, behind the parts of the names before it. */
static struct str spelled(const struct table *table, struct str id)
{
	for (size_t n = 0; n + 1 < table->count; n++) {
		unsigned long row;

		for (size_t i = 0; i < table->names[n].size; i++)
			if (i >= id.size || id.at[i] != table->names[n].at[i])
				return STR_NONE;
		id = str_from(id, table->names[n].size);
		if (!str_take_number(&id, &row) || !str_skip(&id, "-"))
			return STR_NONE;
	}
	return is_number(id) || str_is(id, "None") || str_is(id, "True") || str_is(id, "False") ?
	       id : STR_NONE;
}

static struct str from_table(struct python *python, const struct site *test, struct str name)
{
	struct str id = row_id(python->scene);
	struct table table;

	if (!id.size || ts_node_is_null(test->function) || !find_table(test, &table))
		return STR_NONE;
	for (size_t n = 0; n < table.count; n++) {
		TSNode value;

		if (!str_equal(table.names[n], name))
			continue;
		if (!syntax_type_is(table.rows, "list|tuple"))
			return n + 1 == table.count ? spelled(&table, id) : STR_NONE;
		value = cell(&table, find_row(python->scene->arena, &table, id), n);
		return python_is_literal(test->syntax, value) ?
		       syntax_text(test->syntax, value) : STR_NONE;
	}
	return STR_NONE;
}

struct str oracle_literal(struct python *python, const struct site *test, TSNode value)
{
	const struct syntax *s = test->syntax;
	struct str name = syntax_text(s, value);
	size_t before = ts_node_end_byte(test->statement);

	if (python_is_literal(s, value))
		return name;
	if (!syntax_type_is(value, "identifier"))
		return STR_NONE;
	if (!ts_node_is_null(test->function)) {
		if (!ts_node_is_null(python_parameter(s, test->function, name)))
			return from_table(python, test, name);
		value = python_value_of(s, test->function, name, before);
		if (python_is_literal(s, value))
			return syntax_text(s, value);
		if (python_assigned(s, test->function, name, 0, before))
			return STR_NONE;
	}
	value = python_value_of(s, s->root, name, SIZE_MAX);
	return python_is_literal(s, value) ? syntax_text(s, value) : STR_NONE;
}

struct emptiness {
	const struct syntax *s;
	bool zero, found;
};

static bool see_empty(TSNode node, void *context)
{
	struct emptiness *e = context;
	struct str text = syntax_text(e->s, node);

	if (syntax_type_is(node, "none") || (e->zero && is_zero(text)))
		e->found = true;
	else if (syntax_type_is(node, "list|tuple|dictionary|argument_list"))
		e->found = e->found || !python_child_count(node);
	else if (syntax_type_is(node, "string") && text.size >= 2)
		e->found = e->found || !str_trim(str_slice(text, 1, text.size - 2)).size;
	return !e->found;
}

bool oracle_of_nothing(struct python *python, const struct site *test, TSNode call, bool zero)
{
	struct emptiness e = { test->syntax, zero, false };

	syntax_walk(call, see_empty, &e);
	for (unsigned n = 0; !e.found; n++) {
		TSNode name = syntax_below(call, "identifier", n);
		SYNTAX value = NULL;

		if (ts_node_is_null(name))
			break;
		value = syntax_open(python->scene->arena, "python", oracle_literal(python, test, name));
		e.s = value;
		if (value)
			syntax_walk(value->root, see_empty, &e);
	}
	return e.found;
}
