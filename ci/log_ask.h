/*
 * Reading a log with some of the readers only; for tests and fuzzing.
 */
#ifndef CI_LOG_ASK_H
#define CI_LOG_ASK_H

#include "ci/log.h"
#include "ci/wake.h"

/*
 * Only these readers are asked, to be called before the first byte. With `always` they get every line, not only
 * those that wake them: slow, and must make no difference; tests hold it to that.
 */
void log_ask(struct log *log, wake_set asked, bool always);

#endif
