/* picture.h: what stands on a test's terminal, as a drawing. */
#ifndef HANDRAIL_TESTS_SCREEN_PICTURE_H
#define HANDRAIL_TESTS_SCREEN_PICTURE_H

#include "tests/screen/harness.h"

/* SVG: text that can be selected, in whatever monospaced font there is where it is looked
 * at; frames and bars are shapes, because fonts leave gaps between them. `title`: what it
 * shows, for who cannot see it. Newly allocated. */
char *picture_svg (Harness *harness, const char *title);

#endif
