/*
 * JUnit XML as pytest, node, surefire, gradle, GoogleTest, jest-junit and gotestsum write it. No
 * document type and so no entity of its own, no depth beyond RESULTS_DEPTH. Properties and output
 * are passed over.
 */
#include "ci/results_parts.h"

#include <expat.h>

enum { SUITES_MAX = 16, SUITE_BYTES = 200, PARTS_MAX = 16 };

struct junit {
	struct reading_results *r;
	XML_Parser parser;
	const char *refused;		/* why, when we stopped it */
	unsigned depth, case_depth;	/* case_depth: of the open testcase, 0 when none is */
	struct result *test;
	struct { char at[SUITE_BYTES]; } suites[SUITES_MAX];
	unsigned suite_count;
	bool is_pytest, any;
};

static const char *attribute(const char **pairs, const char *name)
{
	for (; *pairs; pairs += 2)
		if (!strcmp(pairs[0], name))
			return pairs[1];
	return NULL;
}

/* "tests.test_x.TestA" is "tests/test_x.py" and a class in it, as far as the tree or, without one,
 * the capital of a class can tell. */
static struct str pytest_name(struct junit *j, struct str class, struct str name, struct str *file)
{
	struct str head = class, tail = STR_NONE, rest;
	struct text out = TEXT(j->r->scratch);

	for (unsigned parts = 0; head.size && parts < PARTS_MAX; parts++) {
		struct text path = TEXT(j->r->scratch);
		struct str last = head;

		for (size_t i = 0; i < head.size; i++)
			text_addc(&path, head.at[i] == '.' ? '/' : head.at[i]);
		text_adds(&path, ".py");
		str_split_last(head, ".", NULL, &last);
		if (j->r->tree ? tree_has(j->r->tree, text_cstr(&path)) :
				 !(last.at[0] >= 'A' && last.at[0] <= 'Z')) {
			*file = text_str(&path);
			text_add(&out, *file);
			break;
		}
		if (!str_split_last(head, ".", &head, NULL))
			head = STR_NONE;
		tail = str_from(class, head.size ? head.size + 1 : 0);
	}
	if (!file->size)
		return STR_NONE;
	for (rest = tail; str_next(&rest, '.', &tail);)
		text_addf(&out, "::%.*s", STR_ARG(tail));
	text_addf(&out, "::%.*s", STR_ARG(name));
	return text_str(&out);
}

static struct str plain_name(struct junit *j, struct str class, struct str name)
{
	struct text out = TEXT(j->r->scratch);

	if (str_is(class, "test")) {		/* node's: its suites name the test */
		for (unsigned i = 0; i < j->suite_count; i++)
			text_addf(&out, "%s > ", j->suites[i].at);
		text_add(&out, name);
		return text_str(&out);
	}
	if (!class.size || (name.size > class.size && str_starts(name, str_text(j->r->scratch, class))))
		return name;
	text_addf(&out, "%.*s.%.*s", STR_ARG(class), STR_ARG(name));
	return text_str(&out);
}

static void open_case(struct junit *j, const char **pairs)
{
	struct str class = str_slice(str_of(attribute(pairs, "classname")), 0, 512);
	struct str name = str_slice(str_of(attribute(pairs, "name")), 0, 1024), full = STR_NONE;
	struct str file = STR_NONE, said = str_of(attribute(pairs, "file"));
	const char *state = attribute(pairs, "status"), *result = attribute(pairs, "result");
	unsigned long line = 0;
	bool is_new;

	arena_release(j->r->scratch);
	j->any = true;
	j->case_depth = j->depth;
	if (j->is_pytest)
		full = pytest_name(j, class.size ? class : name, class.size ? name : STR_NONE, &file);
	if (j->is_pytest && !class.size)
		str_chop(&full, "::");		/* a file that could not be collected */
	if (!full.size)
		full = plain_name(j, class, name);
	j->test = result_named(j->r, full, &is_new);
	if (!j->test)
		return;
	if (attribute(pairs, "line") && str_number(str_of(attribute(pairs, "line")), &line))
		line += j->is_pytest;		/* pytest counts from 0 */
	result_place(j->r, j->test, said.size ? said : file, line);
	j->test->duration_ms = result_duration(str_of(attribute(pairs, "time")), 1000);
	if ((state && !strcmp(state, "notrun")) || (result && !strcmp(result, "skipped")))
		result_settle(j->r, j->test, OUTCOME_SKIPPED, STR_NONE);
}

static void open_suite(struct junit *j, const char **pairs)
{
	struct str name = str_slice(str_of(attribute(pairs, "name")), 0, SUITE_BYTES - 1);

	j->any = true;
	if (str_is(name, "pytest"))
		j->is_pytest = true;
	if (j->suite_count == SUITES_MAX)
		return;
	memcpy(j->suites[j->suite_count].at, name.size ? name.at : "", name.size);
	j->suites[j->suite_count++].at[name.size] = '\0';
}

static const struct {
	const char *element;
	enum outcome outcome;
} outcomes[] = {
	{ "failure", OUTCOME_FAILED }, { "error", OUTCOME_ERROR }, { "skipped", OUTCOME_SKIPPED },
};

static void refuse(struct junit *j, const char *why)
{
	j->refused = why;
	XML_StopParser(j->parser, XML_FALSE);
}

static void XMLCALL opened(void *context, const char *name, const char **pairs)
{
	struct junit *j = context;

	if (++j->depth > RESULTS_DEPTH) {
		refuse(j, "it is too deep");
	} else if (!strcmp(name, "testsuites")) {
		j->any = true;
	} else if (!strcmp(name, "testsuite")) {
		open_suite(j, pairs);
	} else if (!strcmp(name, "testcase") && !j->case_depth) {
		open_case(j, pairs);
	} else if (j->test && j->depth == j->case_depth + 1) {
		for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
			if (!strcmp(name, outcomes[i].element))
				result_settle(j->r, j->test, outcomes[i].outcome,
					      str_of(attribute(pairs, "message")));
	}
}

static void XMLCALL closed(void *context, const char *name)
{
	struct junit *j = context;

	if (j->depth == j->case_depth) {
		j->case_depth = 0;
		j->test = NULL;
	}
	j->depth--;
	if (!strcmp(name, "testsuite") && j->suite_count)
		j->suite_count--;
}

static void XMLCALL doctype(void *context, const char *name, const char *system,
			    const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(context, "it has a document type");
}

static void parser_free(XML_Parser *parser)
{
	if (*parser)
		XML_ParserFree(*parser);
}

bool results_junit(struct reading_results *r, struct str text, struct err *e)
{
	__attribute__((cleanup(parser_free))) XML_Parser parser = XML_ParserCreate(NULL);
	struct junit j = { .r = r, .parser = parser };

	if (!parser)
		return fail(e, ERR_BUG, "reading XML: out of memory");
	XML_SetUserData(parser, &j);
	XML_SetElementHandler(parser, opened, closed);
	XML_SetStartDoctypeDeclHandler(parser, doctype);
	if (XML_Parse(parser, text.at, (int)text.size, XML_TRUE) != XML_STATUS_OK)
		return fail(e, ERR_INPUT, "JUnit XML, line %lu: %s", XML_GetCurrentLineNumber(parser),
			    j.refused ? j.refused : XML_ErrorString(XML_GetErrorCode(parser)));
	if (!j.any)
		return fail(e, ERR_INPUT, "this XML holds no test suite");
	if (!r->results->framework)
		r->results->framework = j.is_pytest ? "pytest" : "junit";
	return true;
}
