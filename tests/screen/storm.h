/* storm.h: a terminal of all sizes, one after the other, and a program under valgrind in it.
 *
 * Every width from 1 to 300 and every height from 1 to 100 comes, in an order that is always
 * the same; each screen gets a part of them. Under a sanitizer that is what watches. */
#ifndef HANDRAIL_TESTS_SCREEN_STORM_H
#define HANDRAIL_TESTS_SCREEN_STORM_H

#include "tests/screen/harness.h"

/* What it begins and ends with. */
#define STORM_WIDTH 120
#define STORM_HEIGHT 36

/* The parts that there are, numbered from 0. */
#define STORM_PARTS 6

/* Programs that are started from now on are watched. FALSE: there is no valgrind, and the test
 * is skipped. */
gboolean storm_gather (void);

/* Resizes; then programs are started as always again. */
void storm_blow (Harness *harness, guint part);

/* It looks like one that has seen no other size. */
void storm_compare (Harness *harness, Harness *fresh);

/* Tells it to end; fails where valgrind has found anything. */
void storm_end (Harness *harness);

#endif
