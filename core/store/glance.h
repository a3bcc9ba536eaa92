/* glance.h: what the first and the last line of a run's journal tell.
 *
 * For lists of many runs: nothing is folded, and the lines between are not held against
 * each other; store_open() does that when a run is opened. */
#ifndef HANDRAIL_STORE_GLANCE_H
#define HANDRAIL_STORE_GLANCE_H

#include "core/store/store.h"

typedef enum {
  GLANCE_OPEN, /* not over, or that cannot be told so: store_open() */
  GLANCE_FINISHED,
  GLANCE_ABANDONED,
} GlanceEnding;

/* Which state of a journal was seen: another one is another stamp. */
typedef struct {
  gint64 bytes;      /* -1: there is no journal */
  gint64 changed_us; /* wall clock */
} GlanceStamp;

typedef struct {
  char *path;
  GlanceEnding ending;
  char *site, *title; /* NULL with GLANCE_OPEN */
  gboolean production;
  gint64 began_us, ended_us; /* wall clock; 0 with GLANCE_OPEN */
} Glance;

GlanceStamp glance_stamp (const char *path);

/* Never NULL. `path`: the run's folder. */
Glance *glance_take (const char *path);
void glance_free (Glance *glance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Glance, glance_free)

#endif
