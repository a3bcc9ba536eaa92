/* plain_holds.h: each check that holds is told once a step, and where it is needed. Pure.
 *
 * What a step requires comes to hold just before it asks, and the question says all of it; what
 * is watched while it acts is mostly the same again. */
#ifndef HANDRAIL_TUI_PLAIN_HOLDS_H
#define HANDRAIL_TUI_PLAIN_HOLDS_H

#include "core/run/state.h"

typedef struct PlainHolds PlainHolds;
PlainHolds *plain_holds_new (void);
void plain_holds_free (PlainHolds *holds);

/* `line` tells of `event`. TRUE: it is not to be told now: it was, or plain_holds_tell() will. */
gboolean plain_holds_take (PlainHolds *holds, const Event *event, const char *line);

/* Before anything else is told: what was kept back. With `details`, the lines of a question that
 * are told next, without what these say; or NULL. */
void plain_holds_tell (PlainHolds *holds, const char *details, GString *out);

#endif
