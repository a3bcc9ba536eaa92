/* terminals.h: the terminals of tests/screen/data/terminals.src, which a host need not know. */
#ifndef HANDRAIL_TESTS_SCREEN_TERMINALS_H
#define HANDRAIL_TESTS_SCREEN_TERMINALS_H

#include <glib.h>

/* Compiles them for TERMINFO. Gives the folder, newly allocated; NULL: there is no compiler,
 * and the test that asked is skipped. */
char *terminals_compile (void);
void terminals_remove (const char *folder);

#endif
