/* viewer.h: a viewer's end of the connection to a run.
 *
 * Keeps the state of the run: every journal line that comes is held against the one
 * before, folded in, and then told. On the default main context. */
#ifndef HANDRAIL_TUI_VIEWER_H
#define HANDRAIL_TUI_VIEWER_H

#include "core/run/state.h"

typedef enum {
  VIEWER_ERROR_CONNECT, /* no runner answers there; the message says what to do */
} ViewerError;
#define VIEWER_ERROR (viewer_error_quark ())
GQuark viewer_error_quark (void);

/* Called from the loop, never from inside a viewer_…() function; all of them may call
 * viewer_send(), none viewer_free(). */
typedef struct {
  void (*event) (const Event *event, void *data); /* the state has it already */
  void (*live) (const json_t *message, void *data);
  /* Once: the connection is over. `problem`: a sentence where it ended because of what
   * came through it; NULL: the other end closed it. */
  void (*ended) (const char *problem, void *data);
  /* Everything that came in one piece has been told. */
  void (*settled) (void *data);
} ViewerHooks;

typedef struct Viewer Viewer;

/* Connects to the runner of the run in `folder`, whose path may be of any length. Where
 * nobody answers, or the runner leaves without a "bye", and the journal on disk says that
 * the run has come to its end, the rest is told from there, with a "bye" of our own. */
Viewer *viewer_new (const char *folder, const ViewerHooks *hooks, void *data,
                    GError **error);

/* The same on a connected socket, which it takes over. */
Viewer *viewer_new_on (int descriptor, const ViewerHooks *hooks, void *data);

/* Closes the connection; what could not be sent yet is lost. */
void viewer_free (Viewer *viewer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Viewer, viewer_free)

/* Takes over `message`; never blocks. After the end: passed over. */
void viewer_send (Viewer *viewer, json_t *message);

/* Owned by the viewer. */
const RunState *viewer_state (const Viewer *viewer);

#endif
