/*
 * How sure are we? 0.4 x pass rate + 0.3 x diff coverage + 0.3 x quality, and how far a mistake
 * would reach. Pure functions over what the proof measured.
 */
#ifndef BOT_CONFIDENCE_H
#define BOT_CONFIDENCE_H

#include "bot/rules.h"

enum tier { TIER_LOW, TIER_MEDIUM, TIER_HIGH };
const char *tier_name(enum tier tier);

enum risk { RISK_LOW, RISK_MEDIUM, RISK_HIGH };
const char *risk_name(enum risk risk);

struct quality {		/* the checklist; each counts one fifth */
	bool parses, minimal, style_kept, nothing_forbidden, oracle_named;
};

struct parts {
	double pass_rate;	/* of the whole suite; 0 unless the failing test now passes */
	double coverage;	/* of the changed lines; below 0: could not be measured, counts as 0 */
	double quality;
};

struct confidence {
	double value;
	struct parts parts;
	enum tier tier;
};

double quality_value(const struct quality *quality);
struct confidence confidence_of(const struct parts *parts);

/*
 * HIGH: a protected path, code about authentication or migrations, a lock file, a removal, more
 * than 30 changed lines or 5 files. MEDIUM: anything the tests do not cover. Else LOW.
 */
enum risk risk_of(const struct patch *patch, const struct parts *parts, const struct rules *rules);

#endif
