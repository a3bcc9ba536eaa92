/* plain.h: the plain front end: a run as lines of text. Pure.
 *
 * Goes in: the events of the run (after the state has them), the runner's passing
 * messages, typed lines, the end of the input. Comes out: text to print, messages to
 * send, and an exit status once it is over. The loop around it is plain_io.c.
 *
 * A line that answers is sent as it was typed: the runner judges it. What is
 * typed on a terminal before a question stands there is thrown away; lines that
 * come early through a pipe are kept, in order, for the next question. */
#ifndef HANDRAIL_TUI_PLAIN_H
#define HANDRAIL_TUI_PLAIN_H

#include "core/run/state.h"

/* A second ^C within this time leaves the run. */
#define PLAIN_INTERRUPT_US (2 * G_USEC_PER_SEC)

/* Lines kept from a pipe for later questions; more end the reading until some are used. */
#define PLAIN_KEPT_MAX 1000

/* While only numbers move in what is waited for, a line of it at most this often; machine
 * time. Looks come every two seconds or so: a line for each would push what matters off
 * the screen, and numbers much older than this would mislead. */
#define PLAIN_WAITING_US (15 * G_USEC_PER_SEC)

typedef struct {
  const RunState *state; /* the caller's; kept up to date by it */
  const char *byhand;    /* the path of by-hand.txt, or NULL; copied */
  gboolean terminal;     /* lines are typed by a person on a terminal */
  gboolean utf8;         /* what is printed may hold any character */
  guint columns;         /* to break descriptions at; 0: nowhere */
  gboolean brief;        /* of what happened before, tell only how the steps ended */
} PlainOptions;

typedef struct Plain Plain;
Plain *plain_new (const PlainOptions *options);
void plain_free (Plain *plain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plain, plain_free)

/* ---- in -------------------------------------------------------------------- */

/* What time it is (any clock that goes on): before anything else goes in, and when
 * plain_due() says so. */
void plain_time (Plain *plain, gint64 now_us);

void plain_event (Plain *plain, const Event *event);
void plain_live (Plain *plain, const json_t *message);
void plain_typed (Plain *plain, const char *line);    /* without line feed */
void plain_not_taken (Plain *plain, const char *why); /* a typed line that is none */
void plain_input_ended (Plain *plain); /* end of a pipe: stop; ^D: detach */
void plain_hung_up (Plain *plain);     /* the terminal is gone: detach */
void plain_interrupted (Plain *plain, gint64 now_us); /* ^C */
/* The connection ended; `problem` may be NULL. Without a "bye" before, the runner died. */
void plain_broken (Plain *plain, const char *problem);

/* ---- out ------------------------------------------------------------------- */

/* What is to be printed, or NULL. Newly allocated. */
char *plain_take_output (Plain *plain);

/* The next message to send, or NULL; a new reference. */
json_t *plain_take_message (Plain *plain);

/* TRUE once after a question came: what was typed on the terminal before it is to be
 * thrown away before the output is printed. */
gboolean plain_take_flush (Plain *plain);

/* When plain_time() is to be told at the latest, for a line that is held back; 0: none is. */
gint64 plain_due (const Plain *plain);

/* Whether more lines can be taken now. */
gboolean plain_wants_input (const Plain *plain);

/* Whether it is over, and with which exit status. */
gboolean plain_is_over (const Plain *plain, int *status);

#endif
