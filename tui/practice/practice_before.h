/* practice_before.h: a simulated deployment that was brought down before practice begins, so
 * that starting it up can be practised alone: what ran is written down by a run of its own,
 * as it would have been, and then everything is stopped. */
#ifndef HANDRAIL_TUI_PRACTICE_BEFORE_H
#define HANDRAIL_TUI_PRACTICE_BEFORE_H

#include "tui/practice/practice_kept.h"

/* FALSE with `error`, a sentence. Waits until all is down. */
gboolean practice_before_bring_down (const PracticeKept *kept, GError **error);

#endif
