/* lock.h: one process at a time. A lock lives as long as the descriptor that was
 * given out is open in this process: children do not inherit it. */
#ifndef HANDRAIL_RUNNER_LOCK_H
#define HANDRAIL_RUNNER_LOCK_H

#include <glib.h>
#include <jansson.h>

typedef enum {
  LOCK_ERROR_HELD, /* another process has it */
  LOCK_ERROR_FILE, /* the file cannot be opened or written */
} LockError;
#define LOCK_ERROR (lock_error_quark ())
GQuark lock_error_quark (void);

/* Takes the lock on the file `path`, which is created with `mode`. The descriptor, or
 * -1 with `error`; if another process holds it, *holder gets what that one wrote with
 * lock_sign() (a new reference; NULL: unreadable). `holder` may be NULL. */
int lock_take (const char *path, guint mode, json_t **holder, GError **error);

/* Writes down who holds it. */
gboolean lock_sign (int descriptor, const json_t *holder, GError **error);

#endif
