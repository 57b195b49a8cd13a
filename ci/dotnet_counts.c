/*
 * Counts of .NET test runs: VSTest's three forms, Microsoft.Testing.Platform's, the terminal logger's,
 * xUnit's and NUnit's. The failed tests themselves are read elsewhere.
 */
#include "ci/dotnet_counts.h"

enum { LIST_LINES_MAX = 12 };

static unsigned long number_after(struct str text, const char *label)
{
	unsigned long n = 0;

	if (str_split(text, label, NULL, &text)) {
		text = str_trim(text);
		(void)str_take_number(&text, &n);
	}
	return n;
}

static void add(struct dotnet_counts *c, const char *tool, struct findings *f)
{
	if (c->run) {
		findings_framework(f, tool ? tool : "vstest");
		findings_counts(f, c->run, c->passed, c->failed, c->skipped);
	}
	*c = (struct dotnet_counts){0};
}

/* One line with labels; a runner that counts no passed ones has NULL for them. */
static const struct {
	const char *start, *has, *run, *passed, *failed, *errors, *skipped, *tool;
} forms[] = {
	{ "Failed! ", "- Failed: ", "Total:", "Passed:", "- Failed:", NULL, "Skipped:", NULL },
	{ "Passed! ", "- Failed: ", "Total:", "Passed:", "- Failed:", NULL, "Skipped:", NULL },
	{ "Skipped! ", "- Failed: ", "Total:", "Passed:", "- Failed:", NULL, "Skipped:", NULL },
	{ "Total tests: ", ". Passed: ", "Total tests:", "Passed:", "Failed:", NULL, "Skipped:", NULL },
	{ "Test summary: ", "total: ", "total:", "succeeded:", "failed:", NULL, "skipped:", NULL },
	{ "Test Count: ", ", Passed: ", "Test Count:", "Passed:", "Failed:", NULL, "Skipped:", "nunit" },
	{ "Tests run: ", ", Inconclusive: ", "Tests run:", NULL, "Failures:", "Errors:",
	  "Inconclusive:", "nunit" },
	{ "", "  Total: ", "Total:", NULL, "Failed:", "Errors:", "Skipped:", "xunit" },
};

static bool one_line(struct dotnet_counts *c, struct str text, const char **tool, struct findings *f)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!str_starts(text, forms[i].start) || !str_has(text, forms[i].has))
			continue;
		if (!*forms[i].start && (!str_has(text, ", Errors: ") || !str_has(text, ", Failed: ") ||
					 str_starts(text, "GRAND TOTAL")))
			return false;
		*tool = forms[i].tool ? forms[i].tool : *tool;
		*c = (struct dotnet_counts){ .run = number_after(text, forms[i].run),
					     .failed = number_after(text, forms[i].failed),
					     .skipped = number_after(text, forms[i].skipped) };
		if (forms[i].errors)
			c->failed += number_after(text, forms[i].errors);
		if (forms[i].passed)
			c->passed = number_after(text, forms[i].passed);
		else if (c->run >= c->failed && c->run - c->failed >= c->skipped)
			c->passed = c->run - c->failed - c->skipped;
		add(c, *tool, f);
		return true;
	}
	return false;
}

/* "Total tests: 3" or "Test run summary: Failed!", and a count on each line below. */
static bool listed(struct dotnet_counts *c, struct str text, const char *tool, struct findings *f)
{
	if (!c->listing) {
		if (!str_starts(text, "Test run summary: ") && !str_starts(text, "Total tests: "))
			return false;
		*c = (struct dotnet_counts){ .listing = true,
					     .run = number_after(text, "Total tests:") };
		return true;
	}
	if (str_starts(text, "total: "))
		c->run = number_after(text, "total:");
	else if (str_starts(text, "Passed: ") || str_starts(text, "succeeded: "))
		c->passed = number_after(text, ":");
	else if (str_starts(text, "Failed: ") || str_starts(text, "failed: "))
		c->failed = number_after(text, ":");
	else if (str_starts(text, "Skipped: ") || str_starts(text, "skipped: "))
		c->skipped = number_after(text, ":");
	else if (str_starts(text, "duration: ") || str_starts(text, "Total time: "))
		add(c, tool, f);
	else if (++c->lines > LIST_LINES_MAX)
		c->listing = false;
	return true;
}

bool dotnet_count(struct dotnet_counts *c, const struct line *line, const char **tool,
		  struct findings *f)
{
	struct str text = str_trim(line->text);

	return one_line(c, text, tool, f) || listed(c, text, *tool, f);
}
