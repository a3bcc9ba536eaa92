/* serve.h: a simulated deployment as a process: a world, its clock, and those who ask it.
 *
 * Its clock is the machine's (that which goes on while it sleeps) times its speed. It ends
 * when it is told to, when nothing has been asked of it for an hour of machine time, and when its
 * folder is gone. */
#ifndef HANDRAIL_PRACTICE_SERVE_H
#define HANDRAIL_PRACTICE_SERVE_H

#include <glib.h>

/* How many times as fast as the machine's its clock may go. */
#define SERVE_SPEED_MAX 1000

typedef enum { SERVE_ERROR_SCENARIO } ServeError;
#define SERVE_ERROR (serve_error_quark ())
GQuark serve_error_quark (void);

typedef struct {
  const char *folder;   /* path from /; ours, closed to others */
  const char *scenario; /* the file */
  const char *const *places; /* folders in which one that it is like is looked for, besides its
                              * own; NULL-terminated, or NULL */
  gint64 speed;         /* 1 to SERVE_SPEED_MAX */
  guint64 seed;
  int viewer;           /* the process whose line may be cut, or 0 */
  const char *program;  /* path of this program: what the stand-ins are links to */
} ServeOrder;

typedef struct Serve Serve;

/* Everything stands in the folder, and is listened for. Borrows the order. NULL with `error`. */
Serve *serve_new (const ServeOrder *order, GError **error);
void serve_free (Serve *serve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Serve, serve_free)

/* {"site", "folder", "health", "project", "seed", "speed", "pid"} as a line, for whoever
 * started it. Newly allocated. */
char *serve_hello (const Serve *serve);

/* Until it ends. */
void serve_run (Serve *serve);

#endif
