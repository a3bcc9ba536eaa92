/* practice_world.h: the process that plays a deployment, as it is started and spoken to.
 *
 * All that it is stands in a folder of its own: `site.yaml`, `bin/`, its sockets, and what
 * happens in it as lines, `world.jsonl`. */
#ifndef HANDRAIL_TUI_PRACTICE_WORLD_H
#define HANDRAIL_TUI_PRACTICE_WORLD_H

#include <glib.h>

#define PRACTICE_WORLD_SITE "site.yaml"
#define PRACTICE_WORLD_TOLD "world.jsonl"

typedef struct {
  const char *folder;   /* there, empty, and for nobody else */
  const char *scenario; /* its file */
  const char *const *places; /* folders of those that it may be like, NULL-terminated */
  gint64 speed, seed;
} PracticeWorldOrder;

/* When it returns TRUE the deployment is there. FALSE with `error`, a sentence. */
gboolean practice_world_start (const PracticeWorldOrder *order, GError **error);

gboolean practice_world_is_alive (const char *folder);

/* This process is the viewer whose line may be cut from now on. */
void practice_world_take_viewer (const char *folder);

/* Has it write down how many jobs became what by now, and waits for that as below. */
void practice_world_tally (const char *folder);

/* Tells it to end, and waits until it has, or for two seconds. */
void practice_world_end (const char *folder);

#endif
