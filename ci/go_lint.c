/*
 * golangci-lint, staticcheck, gosec, golint and revive, errcheck, ineffassign. Vet's findings come
 * with the go command's own errors and are read there.
 */
#include "ci/go_lint.h"

static const struct lint_tool golangci = { .name = "golangci-lint", .language = "go" };
static const struct lint_tool typecheck = { .name = "golangci-lint", .language = "go",
					    .kind = KIND_COMPILE };
static const struct lint_tool staticcheck = { .name = "staticcheck", .language = "go" };
static const struct lint_tool gosec = { .name = "gosec", .language = "go",
					.fails_on = SEVERITY_NOTE };
static const struct lint_tool golint = { .name = "golint", .language = "go",
					 .fails_on = SEVERITY_WARNING };
static const struct lint_tool errcheck = { .name = "errcheck", .language = "go" };
static const struct lint_tool ineffassign = { .name = "ineffassign", .language = "go" };

static const struct lint_form forms[] = {
	{ &gosec, "%p: %m (Rule:%k, Severity:%s, Confidence:%w)", .has = " (Rule:G" },
	{ &gosec, "[%p] - %k (%w): %m (Confidence: %w, Severity: %s)", .has = "] - G" },
	{ &typecheck, "%p: %m (typecheck)", .has = " (typecheck)", .endings = ".go" },
	{ &golangci, "%p: %K: %m (%w)", .has = " (", .endings = ".go" },
	{ &staticcheck, "%p: %m (%K)", .has = " (", .endings = ".go" },
	{ &errcheck, "%p:\t%m", .has = ":\t", .endings = ".go" },
	{ &ineffassign, "%p: %m", .has = ": ineffectual assignment to ", .endings = ".go" },
};

/* golint's and revive's words; they have no names for their rules in plain text. */
static const char *const golint_words[] = { " should have comment ", " should be of the form ",
	"don't use underscores in Go names", "don't use ALL_CAPS in Go names", "don't use an underscore in ",
	"don't use MixedCaps in package name", "don't use leading k in Go names", "should omit 2nd value from range",
	"should omit type ", "should drop = ", " ends with a return statement, so drop this else",
	"error strings should not ", "error var ", "receiver name ", "should not use dot imports",
	"a blank import should be only in ", "should not use basic type ",
	"context.Context should be the first parameter", "should have a package comment",
	"package comment should ", "package comment is detached", " should be replaced by ",
	"should replace ", "should be written without leading space", " should be the last type when ",
	" stutters; consider calling this ", " will be used as ", "func name will be used as ",
	"if block ends with a return statement", "exported func ", " returns unexported type ",
	"should not have leading space", "seems to be unused, consider removing or renaming it as _",
	"parameter '", " should be ", NULL };

/* golangci-lint ends a finding with its linter: "... is not checked (errcheck)". */
static bool is_linter(struct str name)
{
	for (size_t i = 0; i < name.size; i++)
		if (!(name.at[i] >= 'a' && name.at[i] <= 'z') && name.at[i] != '-' &&
		    !(name.at[i] >= '0' && name.at[i] <= '9'))
			return false;
	return name.size > 2 && name.size <= 24;
}

/* Vet says "should" too, but is not asked here. */
static bool is_golint(struct str message)
{
	for (size_t i = 0; golint_words[i]; i++)
		if (str_has(message, golint_words[i]))
			return !str_has(message, "the cancel function") &&
			       !str_has(message, " should have signature ");
	return false;
}

bool go_lint_match(struct str text, const struct lint_tool **tool, struct lint_finding *finding)
{
	static const struct lint_form named = { &golangci, "%p: %m (%k)", .endings = ".go" };
	static const struct lint_form plain = { &golint, "%p: %m", .endings = ".go",
						.severity = SEVERITY_WARNING };
	struct lint_finding found;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!str_has(text, forms[i].has) || !lint_match(&forms[i], STR_NONE, text, &found))
			continue;
		*tool = forms[i].tool;
		*finding = found;
		return true;
	}
	if (lint_match(&named, STR_NONE, text, &found) && is_linter(found.code))
		*tool = &golangci;
	else if (lint_match(&plain, STR_NONE, text, &found) && found.place.column &&
		 is_golint(found.message))
		*tool = &golint;
	else
		return false;
	*finding = found;
	return true;
}
