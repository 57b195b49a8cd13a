/* The formula, its tiers, the risk. */
#include "tests/unit.h"

#include "bot/confidence.h"

#include <math.h>

static struct confidence of(double pass_rate, double coverage, double quality)
{
	struct parts parts = { pass_rate, coverage, quality };

	return confidence_of(&parts);
}

static void formula(void **state)
{
	(void)state;
	assert_true(fabs(of(1, 1, 1).value - 1) < 1e-9);
	assert_true(fabs(of(0.5, 0.2, 0.4).value - 0.38) < 1e-9);
	assert_true(fabs(of(1, -1, 1).value - 0.7) < 1e-9);
	assert_true(fabs(of((double)NAN, 1, 1).value - 0.6) < 1e-9);
	assert_true(fabs(of(7, 7, 7).value - 1) < 1e-9);
}

static void tiers(void **state)
{
	(void)state;
	assert_int_equal(of(1, 1, 1).tier, TIER_HIGH);
	assert_int_equal(of(1, 1.0 / 3, 1).tier, TIER_MEDIUM);	/* exactly 0.80 */
	assert_int_equal(of(1, 0, 2.0 / 3).tier, TIER_MEDIUM);	/* exactly 0.60 */
	assert_int_equal(of(0, 1, 0.9).tier, TIER_LOW);
}

static enum risk risk(const char *path, const char *before, const char *after, double coverage)
{
	const struct tree_file files[] = { { path, before }, { NULL, NULL } };
	ARENA a = {0};
	struct parts parts = { 1, coverage, 1 };
	struct rules rules = {0};
	struct patch patch = { NULL, 0 };
	struct err e = ERR_INIT;

	assert_true(patch_put(&patch, &a, tree_of_files(&a, files), path, str_of(after), &e));
	return risk_of(&patch, &parts, &rules);
}

static void risks(void **state)
{
	(void)state;
	assert_int_equal(risk("a.py", "x\n", "y\n", 1), RISK_LOW);
	assert_int_equal(risk("a.py", "x\n", "y\n", 0.5), RISK_MEDIUM);
	assert_int_equal(risk("a.py", "x\n", "y\n", -1), RISK_MEDIUM);
	assert_int_equal(risk("app/auth/login.py", "x\n", "y\n", 1), RISK_HIGH);
	assert_int_equal(risk("db/migrations/1.sql", "x\n", "y\n", 1), RISK_HIGH);
	assert_int_equal(risk(".github/workflows/a.yml", "x\n", "y\n", 1), RISK_HIGH);
	assert_int_equal(risk("go.sum", "x\n", "y\n", 1), RISK_HIGH);
	assert_int_equal(risk("a.py", "", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n"
			      "18\n19\n20\n21\n22\n23\n24\n25\n26\n27\n28\n29\n30\n31\n", 1), RISK_HIGH);
}

static void quality(void **state)
{
	struct quality q = { true, true, false, true, true };

	(void)state;
	assert_true(fabs(quality_value(&q) - 0.8) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(formula), cmocka_unit_test(tiers), cmocka_unit_test(risks),
		cmocka_unit_test(quality),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
