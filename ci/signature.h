/*
 * When are two failures the same? signature = kind + type or code + normalised message + top three own
 * functions (each once in a row; nameless ones by their file); family = kind + type + top own function.
 * No line numbers in either. Without own frames the file and function (and, without those, the test)
 * stand in for them. The name of the test counts for assertions and for tests that take too long.
 * Both are the first 128 bits of a SHA-256 over a versioned text, as 32 hex digits.
 */
#ifndef CI_SIGNATURE_H
#define CI_SIGNATURE_H

#include "ci/failure.h"

enum { SIGNATURE_VERSION = 2 };

/* Fills failure->signature and failure->family. */
void signature_of(struct failure *failure);

#endif
