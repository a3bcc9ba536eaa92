/* sight.h: what a site has, seen through a runner that looks (start_look()). On the default
 * main context; nothing here waits. */
#ifndef HANDRAIL_TUI_SIGHT_H
#define HANDRAIL_TUI_SIGHT_H

#include "core/run/reading.h"

/* Called from the loop; within them sight_free() may be called. */
typedef struct {
  void (*saw) (Reading *reading, void *data); /* its to keep; failed ones too */
  /* Once: nothing more will be seen, and why: a sentence. */
  void (*ended) (const char *why, void *data);
} SightHooks;

typedef struct Sight Sight;

/* Looks at the platform every `interval_us`, at once for the first time. `settings` (--set)
 * may be NULL. NULL with `error` (start.h) if no runner can be started. */
Sight *sight_new (const char *site_file, GHashTable *settings, gint64 interval_us,
                  const SightHooks *hooks, void *data, GError **error);

/* The same on a connected socket, which it takes over. */
Sight *sight_new_on (int descriptor, gint64 interval_us, const SightHooks *hooks,
                     void *data);
void sight_free (Sight *sight);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sight, sight_free)

#endif
