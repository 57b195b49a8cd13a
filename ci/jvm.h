/*
 * What the readers of the JVM's tools share: the tags that Ant and sbt put before every line, and the
 * many ways in which a failed test is named.
 */
#ifndef CI_JVM_H
#define CI_JVM_H

#include "ci/trace.h"

/* Without "    [junit] ", "[error] ", "[info] [info] ": Ant's task, sbt's level, also nested. */
struct str jvm_body(struct str text);

/*
 * The line (its body) says that a test failed: Surefire's "<<< FAILURE!", Gradle's "CartTest > counts
 * FAILED", Ant's "Testcase: counts(shop.CartTest):FAILED", sbt's "Test shop.CartTest.counts failed:".
 * Gives the test as "shop.CartTest.counts" where the line has all that, and the framework.
 */
bool jvm_failed_test(struct str text, struct kept *name, const char **framework);

/* "counts(shop.CartTest)" as "shop.CartTest.counts"; any other name as it is. */
void jvm_name(struct kept *out, struct str text);

/* "shop.Cart.total(Cart.java:15)", a frame as the innermost so far. False: it is none. */
bool jvm_frame(struct failure *failure, struct str text);

/* What an exception's class says about the kind of failure. */
enum kind jvm_kind(struct str type);

/* The text says that a repository could not be reached; one that answers "not found" will do so again. */
bool jvm_network(struct str text);

/* Appends what still has room. */
void jvm_append(struct kept *out, struct str text);

#endif
