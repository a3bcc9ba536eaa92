/* process.h: child processes without a terminal, on the loop.
 *
 * Two uses. A *look* is short: its output comes back as bytes, cut at a bound, and
 * it is ended when its time is up. An *action* is never ended by time, outlives
 * this process if it must (its output goes straight to a file), and is made in two
 * steps: process_prepare() makes it wait before its exec, process_release() lets it go, so
 * that its start can be written down first. If this process dies in between, the
 * child sees that and exits without having run anything.
 *
 * Children get an environment of their own (environment_clean()), no standard
 * input, and are the leader of a session and process group of their own. */
#ifndef HANDRAIL_NET_PROCESS_H
#define HANDRAIL_NET_PROCESS_H

#include <glib.h>
#include <sys/types.h>

#include "core/base/moment.h"
#include "core/net/confine.h"

typedef enum {
  PROCESS_ERROR_START, /* message names the program and the remedy */
} ProcessError;
#define PROCESS_ERROR (process_error_quark ())
GQuark process_error_quark (void);

/* ---- looks ---------------------------------------------------------------- */

typedef struct {
  int status;      /* exit status, or -1 */
  int signal;      /* it died of, or 0 */
  gboolean late;   /* ended because its time was up */
  GBytes *output;  /* standard output, at most `output_bytes_max` */
  gboolean cut;    /* there was more */
  char *errors;    /* standard error, printable lines, at most 4 KiB */
} ProcessResult;

typedef struct ProcessLook ProcessLook;

/* Fires exactly once, from the loop, never from inside process_look(); `result` is
 * valid during the call only. */
typedef void (*ProcessDone) (const ProcessResult *result, void *data);

/* NULL with `error` if there is no such program. `directory` may be NULL, and so may
 * `confine` (here and below): any program.
 * `limit_us`: machine time until SIGTERM, and SIGKILL two seconds later, to the group. */
ProcessLook *process_look (const Confine *confine, const char *const *argv,
                           const char *directory, gsize output_bytes_max,
                           gint64 limit_us, ProcessDone done, void *data,
                           GError **error);

/* Ends it at once; `done` does not fire any more. Accepts NULL. */
void process_look_cancel (ProcessLook *look);

/* ---- actions -------------------------------------------------------------- */

typedef struct Process Process;

/* Fires once when it has ended: exit status or -1, signal or 0. */
typedef void (*ProcessEnded) (int status, int signal, void *data);

/* A child that waits before its exec, both outputs appended to the descriptor
 * `output` (which stays the caller's). `environment`: NAME=VALUE texts that it finds in
 * its environment beside environment_clean(), or NULL. */
Process *process_prepare (const Confine *confine, const char *const *argv,
                          const char *directory, const char *const *environment,
                          int output, GError **error);
void process_release (Process *process, ProcessEnded ended, void *data);

pid_t process_pid (const Process *process);   /* also its group */
gint64 process_start (const Process *process); /* start time, clock ticks since boot */

/* Frees the handle; a process that was let go runs on, one that was not is ended. */
void process_free (Process *process);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Process, process_free)

/* ---- processes of an earlier runner --------------------------------------- */

/* Whether the process of that pid, start time and boot still lives (a zombie does not). */
gboolean process_lives (pid_t pid, gint64 start, const char *boot_id);

/* Calls `gone` once when that process (of this boot) has ended; through a pidfd. Returns a
 * source id of the default main context, 0 if it is gone already. */
guint process_watch (pid_t pid, void (*gone) (void *data), void *data);

/* SIGTERM to the group, SIGKILL after `kill_after_us`. FALSE if it does not live. */
gboolean process_end (pid_t pid, gint64 start, const char *boot_id, gint64 kill_after_us);

/* /proc/sys/kernel/random/boot_id. Newly allocated. */
char *process_boot_id (void);

/* Both clocks now. */
Moment process_now (void);

#endif
