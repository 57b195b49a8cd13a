/*
 * When are two failures the same? signature = type or code + normalised message + top three own
 * functions; family = kind + type + top own function. No line numbers in either. Both are the first
 * 128 bits of a SHA-256 over a versioned text, as 32 hex digits.
 */
#ifndef CI_SIGNATURE_H
#define CI_SIGNATURE_H

#include "ci/failure.h"

enum { SIGNATURE_VERSION = 1 };

/* Fills failure->signature and failure->family. */
void signature_of(struct failure *failure);

/* The message with what changes from run to run replaced: addresses, numbers of processes, time stamps,
 * durations, temporary paths, hashes, ports. Keeps status codes, error codes and names. */
struct str signature_normalise(struct arena *a, struct str message);

#endif
