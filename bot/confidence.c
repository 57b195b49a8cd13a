/*
 * The formula, the tiers and the risk. No I/O, no clock. What may be done with the result is
 * decided elsewhere.
 */
#include "bot/confidence.h"

#include "git/path.h"

#include <math.h>

static const double HIGH_ABOVE = 0.80, MEDIUM_FROM = 0.60;
enum { RISKY_LINES = 30, RISKY_FILES = 5 };

const char *tier_name(enum tier tier)
{
	static const char *const names[] = { "low", "medium", "high" };

	return names[tier];
}

const char *risk_name(enum risk risk)
{
	static const char *const names[] = { "LOW", "MEDIUM", "HIGH" };

	return names[risk];
}

double quality_value(const struct quality *q)
{
	return (q->parses + q->minimal + q->style_kept + q->nothing_forbidden + q->oracle_named) /
	       5.0;
}

static double clamp(double value)
{
	return value > 0 ? (value < 1 ? value : 1) : 0;	/* not a number becomes 0 */
}

struct confidence confidence_of(const struct parts *parts)
{
	struct confidence c = { .parts = *parts };

	c.value = 0.4 * clamp(parts->pass_rate) + 0.3 * clamp(parts->coverage) +
		  0.3 * clamp(parts->quality);
	c.value = round(c.value * 10000) / 10000;
	c.tier = c.value > HIGH_ABOVE ? TIER_HIGH : c.value >= MEDIUM_FROM ? TIER_MEDIUM : TIER_LOW;
	return c;
}

static const char *const risky_globs[] = {
	"**/auth/**", "auth/**", "**/auth*", "auth*", "**/login*", "**/oauth/**", "**/crypto/**",
	"**/security/**", "**/payment*/**", "**/billing/**", "**/migrations/**", "migrations/**",
	"**/migrate/**", "**/*.sql", "*.sql", "**/package-lock.json", "package-lock.json",
	"**/yarn.lock", "yarn.lock", "**/pnpm-lock.yaml", "pnpm-lock.yaml", "**/Cargo.lock",
	"Cargo.lock", "**/poetry.lock", "poetry.lock", "**/uv.lock", "uv.lock", "**/Gemfile.lock",
	"Gemfile.lock", "**/composer.lock", "composer.lock", "**/go.sum", "go.sum",
};

static bool risky_path(const char *path, const struct rules *rules)
{
	for (size_t i = 0; i < sizeof(risky_globs) / sizeof(risky_globs[0]); i++)
		if (path_matches(risky_globs[i], str_of(path)))
			return true;
	return rules_is_protected(rules, path);
}

enum risk risk_of(const struct patch *patch, const struct parts *parts, const struct rules *rules)
{
	size_t added, removed;

	patch_lines(patch, &added, &removed);
	if (added + removed > RISKY_LINES || patch->count > RISKY_FILES)
		return RISK_HIGH;
	for (size_t i = 0; i < patch->count; i++)
		if (!patch->changes[i].exists || risky_path(patch->changes[i].path, rules))
			return RISK_HIGH;
	return parts->coverage < 1 ? RISK_MEDIUM : RISK_LOW;
}
