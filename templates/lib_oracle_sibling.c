/*
 * What this code says of a case itself: functions that guard the same hazard, the function's
 * docstring and its return annotation. A single voice against another silences both. Reads guards
 * of the plain form only: an `if` at the function's own level with one `return` or `raise`, or `A
 * if C else B`.
 */
#include "templates/lib_oracle.h"

#include "bot/base/regex.h"
#include "git/path.h"

enum { PACKAGE_FILES_MAX = 200, VOICES_NAMED = 2 };

struct choir {
	struct python *python;
	const struct site *crash;
	enum hazard hazard;
	struct str name;
	const struct syntax *s;		/* the file being read */
	const char *path;
	struct expectation said;
	size_t voices;
	bool quarrel;
	struct text by;
};

static bool is_number_zero(const struct syntax *s, TSNode node)
{
	struct str text = syntax_text(s, node);

	return str_is(text, "0") || str_is(text, "0.0");
}

/* P of `len(P)`; null for anything else. */
static TSNode length_of(const struct syntax *s, TSNode node)
{
	TSNode none = {{0}, NULL, NULL}, list = syntax_field(node, "arguments");

	if (!syntax_type_is(node, "call") ||
	    !str_is(syntax_text(s, syntax_field(node, "function")), "len") ||
	    python_child_count(list) != 1)
		return none;
	return python_child(list, 0);
}

static struct str operator_text(const struct syntax *s, TSNode node)
{
	TSNode left = python_child(node, 0), right = python_child(node, 1);

	return str_trim(str_slice(s->text, ts_node_end_byte(left),
				  ts_node_start_byte(right) - ts_node_end_byte(left)));
}

/* The name whose bad case the condition asks for; empty when it asks for something else. */
static struct str guarded(const struct syntax *s, TSNode condition, enum hazard hazard)
{
	TSNode left, right, length;

	condition = python_bare(condition);
	if (syntax_type_is(condition, "not_operator") && hazard != HAZARD_NONE)
		return syntax_text(s, python_bare(syntax_field(condition, "argument")));
	if (!syntax_type_is(condition, "comparison_operator") || python_child_count(condition) != 2)
		return STR_NONE;
	left = python_child(condition, 0), right = python_child(condition, 1);
	if (hazard == HAZARD_NONE)
		return str_is(operator_text(s, condition), "is") && syntax_type_is(right, "none") ?
		       syntax_text(s, left) : STR_NONE;
	if (!str_is(operator_text(s, condition), "==") || !is_number_zero(s, right))
		return STR_NONE;
	length = length_of(s, left);
	if (hazard == HAZARD_EMPTY)
		return syntax_text(s, length);
	return ts_node_is_null(length) ? syntax_text(s, left) : STR_NONE;
}

/* Does the function divide by the name, or by its length? */
static bool divides_by(const struct syntax *s, TSNode function, struct str name,
		       enum hazard hazard)
{
	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(function, "binary_operator", n), right;
		struct str operator;

		if (ts_node_is_null(node))
			return false;
		operator = syntax_text(s, syntax_field(node, "operator"));
		if (!str_is(operator, "/") && !str_is(operator, "//") && !str_is(operator, "%"))
			continue;
		right = python_bare(syntax_field(node, "right"));
		if (hazard == HAZARD_EMPTY && syntax_type_is(right, "identifier"))
			right = python_value_of(s, function, syntax_text(s, right),
						ts_node_start_byte(node));
		if (hazard == HAZARD_EMPTY)
			right = length_of(s, right);
		if (str_equal(syntax_text(s, right), name))
			return true;
	}
}

static bool indexes(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(function, "subscript", n);

		if (ts_node_is_null(node))
			return false;
		if (str_equal(syntax_text(s, syntax_field(node, "value")), name))
			return true;
	}
}

/* Functions that promise different types are no example for each other. */
static bool same_result(const struct choir *c, TSNode function)
{
	struct str theirs = syntax_text(c->s, syntax_field(function, "return_type"));
	struct str ours = syntax_text(c->crash->syntax,
				      syntax_field(c->crash->function, "return_type"));

	return str_equal(theirs, ours);
}

static bool same_hazard(const struct choir *c, TSNode function, struct str name)
{
	const char *type = c->python->scene->failure->type;

	if (!same_result(c, function))
		return false;
	if (c->hazard == HAZARD_NONE)
		return str_equal(name, c->name);
	if (str_is(str_of(type), "ZeroDivisionError"))
		return divides_by(c->s, function, name, c->hazard);
	return indexes(c->s, function, name);
}

static bool has_word(struct str text, struct str word)
{
	ptrdiff_t at = word.size ? str_find(text, word) : -1;

	return at >= 0;
}

/* The words of raise E("words"), when they do not speak of the sibling's own names. */
static struct str message_of(const struct choir *c, TSNode call, TSNode function, struct str name)
{
	TSNode first = python_child(syntax_field(call, "arguments"), 0);
	struct str text = syntax_text(c->s, first);

	if (!syntax_type_is(first, "string") || text.at[0] != '"' || text.size < 2)
		return STR_NONE;
	text = str_slice(text, 1, text.size - 2);
	if (str_char(text, '"') >= 0 || has_word(text, python_name(c->s, function)) ||
	    (has_word(text, name) && !str_equal(name, c->name)))
		return STR_NONE;
	return text;
}

/* What one statement of a guard does, as an expectation. */
static bool says(const struct choir *c, TSNode statement, TSNode function, struct str name,
		 struct expectation *out)
{
	TSNode value = python_bare(python_child(statement, 0));

	*out = (struct expectation){ .oracle = ORACLE_SIBLING, .compared = false };
	if (syntax_type_is(statement, "return_statement")) {
		out->value = ts_node_is_null(value) ? STR("None") : syntax_text(c->s, value);
		return ts_node_is_null(value) || python_is_literal(c->s, value);
	}
	if (!syntax_type_is(statement, "raise_statement"))
		return false;
	out->expect = EXPECT_RAISE;
	out->exception = syntax_text(c->s, value);
	if (syntax_type_is(value, "call")) {
		out->exception = syntax_text(c->s, syntax_field(value, "function"));
		out->message = message_of(c, value, function, name);
	}
	return str_is_word(out->exception);
}

static void sing(struct choir *c, const struct expectation *e, TSNode function)
{
	struct str who = python_name(c->s, function);

	if (!c->voices)
		c->said = *e;
	else if (c->said.expect != e->expect || !str_equal(c->said.value, e->value) ||
		 !str_equal(c->said.exception, e->exception))
		c->quarrel = true;
	if (!str_equal(c->said.message, e->message))
		c->said.message = STR_NONE;
	if (c->voices++ < VOICES_NAMED)
		text_addf(&c->by, "%s%.*s (%s:%u)", c->by.size ? " and " : "", STR_ARG(who), c->path,
			  syntax_line(function));
}

/* `A if C else V`, where A has the hazard. */
static void hear_conditional(struct choir *c, TSNode node, TSNode function)
{
	TSNode condition = python_bare(python_child(node, 1)), other = python_child(node, 2);
	TSNode length = length_of(c->s, condition);
	struct str name = syntax_text(c->s, ts_node_is_null(length) ? condition : length);
	struct expectation e = { .oracle = ORACLE_SIBLING, .value = syntax_text(c->s, other) };

	if (c->hazard == HAZARD_NONE || !python_is_literal(c->s, other) ||
	    !same_hazard(c, function, name))
		return;
	sing(c, &e, function);
}

static void hear_if(struct choir *c, TSNode node, TSNode function)
{
	struct str name = guarded(c->s, syntax_field(node, "condition"), c->hazard);
	TSNode block = syntax_field(node, "consequence");
	struct expectation e;

	if (!name.size || !ts_node_is_null(syntax_field(node, "alternative")) ||
	    python_child_count(block) != 1 || !same_hazard(c, function, name) ||
	    !says(c, python_child(block, 0), function, name, &e))
		return;
	sing(c, &e, function);
}

static bool hear(TSNode node, void *context)
{
	struct choir *c = context;
	TSNode function;

	if (!syntax_type_is(node, "if_statement|conditional_expression"))
		return true;
	function = syntax_up(node, "function_definition");
	if (ts_node_is_null(function) ||
	    (c->s == c->crash->syntax && ts_node_eq(function, c->crash->function)))
		return true;
	if (syntax_type_is(node, "conditional_expression"))
		hear_conditional(c, node, function);
	else
		hear_if(c, node, function);
	return true;
}

static void hear_file(struct choir *c, const char *path)
{
	c->path = path;
	c->s = python_open(c->python, path);
	if (c->s)
		syntax_walk(c->s->root, hear, c);
}

static void hear_package(struct choir *c)
{
	const struct tree *tree = c->python->scene->tree;
	struct str folder = path_folder(str_of(c->crash->path));
	size_t files = 0;

	for (size_t i = 0; i < tree->count && files < PACKAGE_FILES_MAX; i++) {
		struct str path = str_of(tree->entries[i].path);

		if (!str_equal(path_folder(path), folder) || !str_ends(path, ".py") ||
		    python_is_test(path) || str_is(path, c->crash->path))
			continue;
		files++;
		hear_file(c, tree->entries[i].path);
	}
}

/*
 * A result other than a trivial one is the sibling's own affair ("#" for an empty comment), and
 * what an empty or missing value gives is a habit of this code only when two do so; a ratio is a
 * ratio.
 */
static bool speaks_for_us(const struct choir *c)
{
	bool division = str_is(str_of(c->python->scene->failure->type), "ZeroDivisionError");

	if (c->quarrel || c->said.expect == EXPECT_RAISE)
		return true;
	return oracle_is_trivial(c->said.value) && (division || c->voices > 1);
}

bool oracle_sibling(struct python *python, const struct site *crash, enum hazard hazard,
		    struct str name, struct expectation *out)
{
	struct choir c = { .python = python, .crash = crash, .hazard = hazard, .name = name,
			   .by = TEXT(python->scene->arena) };

	hear_file(&c, crash->path);
	if (!c.voices) {
		hear_package(&c);
		if (c.voices < 2)
			return false;
	}
	if (!speaks_for_us(&c))
		return false;
	if (c.quarrel)
		return template_decline(python->scene, "no oracle: its siblings do not agree: %s",
					text_cstr(&c.by)), false;
	c.said.by = arena_printf(python->scene->arena, "%s %s %.*s there", text_cstr(&c.by),
				 c.said.expect == EXPECT_RAISE ? "raises" : "returns",
				 STR_ARG(c.said.expect == EXPECT_RAISE ? c.said.exception :
					 c.said.value));
	*out = c.said;
	return true;
}

/* Words of a docstring's condition that name the hazard. */
static const char *const hazard_words[] = {
	[HAZARD_ZERO] = "(?i)\\bzero\\b|\\b0\\b|\\bempty\\b",
	[HAZARD_EMPTY] = "(?i)\\bempty\\b|\\bno (items|values|elements|data|numbers|entries|samples)\\b",
	[HAZARD_NONE] = "(?i)\\bnone\\b|\\bmissing\\b|\\bnot found\\b|\\bno match\\b|does not match",
};

static bool matches(const char *pattern, struct str text, struct str groups[REGEX_GROUPS_MAX])
{
	struct err e = ERR_INIT;
	REGEX regex = regex_open(pattern, &e);

	return regex && regex_match(regex, text, groups);
}

static bool docstring_says(const struct site *crash, enum hazard hazard, struct expectation *out)
{
	static const char returns[] =
		"(?i)\\breturns?\\b:?\\s+(?:[^.]*?\\bor\\s+)?`{0,2}"
		"(-?\\d+(?:\\.\\d+)?|None|True|False|\\[\\]|\\{\\}|\"\")`{0,2},?\\s+"
		"(?:if|when|for|on)\\s+([^.\\n]+)";
	static const char raises[] =
		"\\b[Rr]aises?:?\\s+`{0,2}([A-Z]\\w*)`{0,2}:?\\s+(?:if|when|for|on)\\s+([^.\\n]+)";
	struct str text = python_docstring(crash->syntax, crash->function);
	struct str groups[REGEX_GROUPS_MAX], unused[REGEX_GROUPS_MAX];
	bool found = matches(returns, text, groups), error = matches(raises, text, unused);

	found = found && matches(hazard_words[hazard], groups[2], unused);
	if (error && matches(raises, text, groups))
		error = matches(hazard_words[hazard], groups[2], unused);
	if (found == error)
		return false;
	if (found && !matches(returns, text, groups))
		return false;
	out->expect = found ? EXPECT_RETURN : EXPECT_RAISE;
	out->value = found ? groups[1] : STR_NONE;
	out->exception = found ? STR_NONE : groups[1];
	return true;
}

/* "The row of this name, or None": what None stands for there can only be that there is nothing. */
static bool docstring_allows_none(const struct site *crash, enum hazard hazard, struct expectation *out)
{
	static const char pattern[] = "(?i)\\bor `{0,2}None`{0,2}(?:[.;,)]|\\s*$|\"\"\"|\\s+(?:if|when|without|for|where)\\b)";
	struct str groups[REGEX_GROUPS_MAX];

	if (hazard == HAZARD_ZERO ||
	    !matches(pattern, python_docstring(crash->syntax, crash->function), groups))
		return false;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(crash->function, "return_statement", n);

		if (ts_node_is_null(one))
			break;
		if (!python_child_count(one) || syntax_type_is(python_child(one, 0), "none"))
			return false;
	}
	out->expect = EXPECT_RETURN;
	out->value = STR("None");
	return true;
}

static bool is_optional(struct str type)
{
	return str_starts(type, "Optional[") || str_starts(type, "typing.Optional[") ||
	       str_ends(type, "| None") || str_starts(type, "None |");
}

/* An Optional result that no `return` ever makes None was meant for a case that is missing. */
static bool annotation_says(const struct site *crash, struct expectation *out)
{
	struct str type = syntax_text(crash->syntax, syntax_field(crash->function, "return_type"));

	if (!is_optional(type))
		return false;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(crash->function, "return_statement", n);

		if (ts_node_is_null(one))
			break;
		if (!python_child_count(one) || python_contains(one, "none"))
			return false;
	}
	out->expect = EXPECT_RETURN;
	out->value = STR("None");
	return true;
}

bool oracle_contract(struct python *python, const struct site *crash, enum hazard hazard,
		     struct str name, struct expectation *out)
{
	struct expectation e = { .oracle = ORACLE_CONTRACT };
	struct str function = python_name(crash->syntax, crash->function);
	bool documented;

	(void)name;
	if (ts_node_is_null(crash->function))
		return false;
	documented = docstring_says(crash, hazard, &e) || docstring_allows_none(crash, hazard, &e);
	if (!documented && !annotation_says(crash, &e))
		return false;
	e.by = arena_printf(python->scene->arena, "the %s of %.*s says so",
			    documented ? "docstring" : "return annotation", STR_ARG(function));
	*out = e;
	return true;
}

bool oracle_any(struct python *python, const struct site *crash, enum hazard hazard,
		struct str name, struct expectation *out)
{
	struct scene *scene = python->scene;
	const char *test_said;

	if (oracle_wants_error(python, crash))
		return false;
	if (oracle_test(python, crash, out))
		return true;
	test_said = scene->declined;
	if (oracle_contract(python, crash, hazard, name, out))
		return true;
	scene->declined = NULL;
	if (oracle_sibling(python, crash, hazard, name, out))
		return true;
	if (!scene->declined)
		scene->declined = test_said;
	return false;
}
