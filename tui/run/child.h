/* child.h: a command that looks, run beside the screen, and what it prints.
 *
 * On the default main context; nothing here waits. It gets the small environment in which
 * the runner's own commands run, no terminal and no input. */
#ifndef HANDRAIL_TUI_CHILD_H
#define HANDRAIL_TUI_CHILD_H

#include <glib.h>

/* Of more than this the beginning is dropped: what was printed last is wanted. */
#define CHILD_OUTPUT_BYTES_MAX (1024 * 1024)

typedef struct Child Child;

/* Called from the loop when it has printed, and once when it has ended and all is read;
 * child_free() may be called within. */
typedef void (*ChildNews) (void *data);

/* In practice: names of `bin` are run, which is all that there is of PATH, and what they are
 * is looked at: one program, whatever has been put there instead. */
typedef struct {
  const char *bin;
  const char *program; /* its file */
} ChildBounds;

/* `bounds`: NULL: as everywhere. `directory` may be NULL. After `limit_us` of machine time it
 * is killed, with all that it has begun. NULL with `error`, a sentence, if it cannot be
 * started. */
Child *child_new (const ChildBounds *bounds, const char *const *argv,
                  const char *directory, gint64 limit_us, ChildNews news, void *data,
                  GError **error);

/* Kills it if it still runs. Accepts NULL. */
void child_free (Child *child);

gboolean child_is_running (const Child *child);

/* What it has printed, both outputs in the order in which they came. Good until the loop
 * runs again. */
const char *child_output (const Child *child, gsize *length);

/* How it ended: NULL for well, else "ended with status 1", newly allocated. */
char *child_trouble (const Child *child);

/* How long it ran, or has run until `now_us` (monotonic). */
gint64 child_took_us (const Child *child, gint64 now_us);

#endif
