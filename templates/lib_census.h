/*
 * How the files of a repository come by a name.
 */
#ifndef TEMPLATES_LIB_CENSUS_H
#define TEMPLATES_LIB_CENSUS_H

#include "templates/lib_import.h"

enum { FORMS_MAX = 32 };

struct form_count {
	struct import_form form;
	unsigned count;
};

struct census {
	struct python *python;
	const struct syntax *s;
	struct str name;
	struct form_count forms[FORMS_MAX];
	size_t form_count;
	struct str loggers[FORMS_MAX];	/* right sides of NAME = logging.getLogger(...) */
	unsigned logger_counts[FORMS_MAX];
	size_t logger_count;
};

/* Fills the counts; python and name are set by the caller. */
void census_take(struct census *c);

/*
 * The import that most files have, else that of the standard library when everybody means it by this
 * name. False when two share the first place, or none is known. *by is a reason for people.
 */
bool census_choose(const struct census *c, const struct syntax *s, struct import_form *out,
		   const char **by);

#endif
