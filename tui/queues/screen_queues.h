/* screen_queues.h: a site's job queues on the whole screen, with a chart of the chosen one. */
#ifndef HANDRAIL_TUI_SCREEN_QUEUES_H
#define HANDRAIL_TUI_SCREEN_QUEUES_H

#include "core/base/mask.h"
#include "core/runbook/site.h"
#include "tui/widgets/app.h"

/* What is watched; all of it borrowed. */
typedef struct {
  const Site *site;
  GHashTable *settings; /* --set: name → text */
  const Mask *mask;
  const char *section; /* of the site: "redis" */
  const char *redis;   /* its address, as it may be shown */
  gint64 interval_us, window_us;
  guint64 at_most;
} QueuesSource;

/* Watches until somebody leaves. A runner that ends is started again; one that would not
 * look at all ends it, and is complained of. Returns the exit status: CLI_DONE if it was
 * left with the queues near zero. -1 with `error`: there is no terminal for it. */
int screen_queues_run (const QueuesSource *source, const AppOptions *options,
                       GError **error);

#endif
