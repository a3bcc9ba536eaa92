/* runner.h: the loop around next_decide(): inputs come in, events are written down,
 * and only then does what they stand for happen. */
#ifndef HANDRAIL_RUNNER_RUNNER_H
#define HANDRAIL_RUNNER_RUNNER_H

#include "core/net/look.h"
#include "core/net/process.h"
#include "core/runner/hold.h"
#include "core/runner/output.h"
#include "core/runner/server.h"
#include "core/runner/sights.h"

/* The parts of one runner; shared by record.c, carry.c, hear.c and runner.c only. */
typedef struct {
  Hold *hold;
  Procedure procedure;
  Evidence *evidence;
  Looker *looker;
  Sights *sights;
  Server *server;
  GMainLoop *loop;

  GPtrArray *unsent;       /* lines added since the last sync, for the viewers */
  gboolean byhand_wanted;  /* by-hand.txt is to be written after the next sync */
  gboolean byhand_lasting; /* … and synced */
  GPtrArray *byhand_unseen; /* char *: keys of readings it was last written without */
  gboolean samples_lost;   /* some could not be kept, which the log says */
  gboolean broken;         /* the journal cannot be kept: nothing happens any more */
  char *broken_why;        /* masked; or NULL */
  gboolean over;           /* the run has come to its end, or the runner to its own */
  gboolean deciding;       /* inside runner_go_on() */
  gboolean decide_again;

  Process *process;        /* the running command, or NULL */
  gint64 command_began_us;
  guint lost_source;       /* watches the command of an earlier runner */
  Output *output;          /* of the command that runs, or is being masked */
  gboolean keeping;        /* it is being masked: no command may write to it */
  GString *tail;           /* the last lines of what the last command printed, masked */
  gint64 tail_us;          /* boot time at which the last of them came; 0: none has */

  guint wake_source;
  guint alone_source;      /* of practice: looks whether anybody is there */
  guint alone_looks;       /* that found nobody, in a row */
  guint gone_source;       /* of practice: waits until its deployment has ended */
  guint leave_source;
  gint64 leave_by_us;
  char *waiting;           /* what viewers were told is missing, or NULL */
  char *waiting_gist;      /* … and what of it is news; or NULL */
  json_t *waiting_checks;  /* … and how all checks waited for stand; or NULL */
} Runner;

/* Takes over `hold`. NULL with `error` if the socket cannot be made. When it returns
 * the socket listens and the first event is on disk. */
Runner *runner_new (Hold *hold, GError **error);
void runner_free (Runner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Runner, runner_free)

/* Runs until the run has come to its end, or the runner is told to end. */
void runner_run (Runner *runner);

/* ---- runner.c ------------------------------------------------------------- */

/* Decides until there is nothing to do but wait. */
void runner_go_on (Runner *runner);

/* The runner cannot go on as it should: leaves the run unfinished and ends. */
void runner_break (Runner *runner, const char *why);

/* ---- record.c: writing down ----------------------------------------------- */

/* Gives `event` (taken over) its time, folds it in and adds it to the journal. FALSE
 * when it does not fit, which breaks the runner. Nothing is on disk before
 * record_sync(). */
gboolean record_event (Runner *runner, Event *event);

/* Everything recorded is on disk, and the viewers have it. FALSE: the runner broke. */
gboolean record_sync (Runner *runner);

/* Writes by-hand.txt now, and waits until it is on disk. */
void record_byhand (Runner *runner);

/* After a reading: puts the commands in that were not known without it. */
void record_byhand_seen (Runner *runner);

/* After a look: keeps what was seen of job queues. */
void record_sample (Runner *runner, const Reading *reading);

/* A line in runner.log. */
void record_log (const Runner *runner, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* ---- carry.c: carrying out ------------------------------------------------ */

/* Starts the command that next_decide() wants. FALSE if it has to wait: go on when
 * told again. */
gboolean carry_start (Runner *runner, const Next *next);

/* After a resume: what has become of the command that had begun. */
void carry_look_back (Runner *runner);

/* Why this runner cannot end the command of an earlier one, which may be a colleague's;
 * newly allocated, or NULL. */
char *carry_end_problem (const Runner *runner);

/* The operator chose to end the command of an earlier runner. */
void carry_end (Runner *runner);

/* A command runs, started by this runner or by an earlier one. */
gboolean carry_is_busy (const Runner *runner);

/* ---- hear.c: viewers ------------------------------------------------------ */

extern const ServerCalls hear_calls;

/* What viewers are told of a reading, masked; a new reference. `late`: sights.h. */
json_t *hear_reading_message (const Runner *runner, const Reading *reading,
                              gboolean late);

/* What they are told of lines that a command printed, seen at `boot_us`; likewise. */
json_t *hear_output_message (const char *step, const char *text, gint64 boot_us);

/* The number for the first viewer of this runner. */
guint hear_first_number (const RunState *state);

#endif
