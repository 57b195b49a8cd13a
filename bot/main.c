/* The program. */
#include "ci/log.h"
int main(void) { return 0; }
