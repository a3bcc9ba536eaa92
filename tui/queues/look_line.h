/* look_line.h: the line to a runner that looks at a site, on the default main context. */
#ifndef HANDRAIL_TUI_LOOK_LINE_H
#define HANDRAIL_TUI_LOOK_LINE_H

#include "core/base/mask.h"
#include "core/run/reading.h"

/* Called from the loop; none of them may free the line. Texts are without secrets. */
typedef struct {
  void (*reading) (const Reading *reading, void *data);
  /* The runner would not look: why, with the problems it found, and the exit status that
   * stands for it. Nothing comes after it. */
  void (*refused) (const char *why, int status, void *data);
  /* Nothing comes any more. `why`: what it said was not to be understood, a sentence;
   * NULL: the runner has ended. */
  void (*ended) (const char *why, void *data);
  /* Nothing has come for longer than any look takes; called again after as long. */
  void (*silent) (void *data);
} LookHooks;

typedef struct LookLine LookLine;

/* `descriptor`: from start_look(), taken over; `mask` (may be NULL) is borrowed. */
LookLine *look_line_new (int descriptor, const Mask *mask, const LookHooks *hooks,
                         void *data);
/* Ends the runner. Accepts NULL. */
void look_line_free (LookLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LookLine, look_line_free)

/* Asks for readings of the platform; either takes the place of what was asked for before. */
void look_line_watch_platform (LookLine *line, gint64 interval_us);

/* Asks for readings of the job queues of the site's `section`, the first at once. */
void look_line_watch_queues (LookLine *line, const char *section, gint64 interval_us);

#endif
