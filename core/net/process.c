#include "core/net/process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/environment.h"
#include "core/base/text.h"

/* Standard error is for a sentence, not for a log. */
#define ERRORS_BYTES_MAX 4096
/* From SIGTERM to SIGKILL when a look has used up its time. */
#define LOOK_KILL_AFTER_MS 2000
/* A descriptor above those that a child's standard ones and gate are moved to. */
#define DESCRIPTOR_ABOVE 10
#define GATE_DESCRIPTOR 3

G_DEFINE_QUARK (handrail_process_error, process_error)

/* ---- the machine ---------------------------------------------------------- */

static gint64
clock_us (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  return (gint64)time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

Moment
process_now (void)
{
  return (Moment){ .wall_us = clock_us (CLOCK_REALTIME),
                   .boot_us = clock_us (CLOCK_BOOTTIME) };
}

char *
process_boot_id (void)
{
  char *text = NULL;
  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup ("");
  return g_strstrip (text);
}

/* Fields 3 (state) and 22 (start time) of /proc/PID/stat; the second field is the
 * program's name in parentheses, which may hold anything. */
static gboolean
read_stat (pid_t pid, char *state, gint64 *start)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int)pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  const char *after = strrchr (text, ')');
  if (!after || strlen (after) < 3)
    return FALSE;
  g_auto (GStrv) fields = g_strsplit (after + 2, " ", 24);
  if (g_strv_length (fields) < 20)
    return FALSE;
  *state = fields[0][0];
  *start = g_ascii_strtoll (fields[19], NULL, 10);
  return TRUE;
}

/* ---- making a child ------------------------------------------------------- */

/* Everything a child needs, made before the fork: after it, only functions that are
 * safe in a signal handler may be called. */
typedef struct {
  char *program;
  const char *const *argv;
  const char *directory;
  GStrv environment;
  int input, output, errors;
  int gate; /* to read one byte from before the exec, or -1 */
} Child;

static void
child_complain (const char *what, const char *name)
{
  const char *reason = strerrordesc_np (errno);
  const char *const parts[] = { what, name, ": ", reason ? reason : "?", "\n" };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (write (STDERR_FILENO, parts[i], strlen (parts[i])) < 0)
      break;
  _exit (127);
}

static void
child_signals (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL };
  for (int number = 1; number < NSIG; number++)
    sigaction (number, &action, NULL);
  sigset_t none;
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

/* Moves the descriptors to 0, 1, 2 and the gate to 3; closes all others. First out
 * of the way, so that none is overwritten before its turn. */
static void
child_descriptors (const Child *child)
{
  int from[] = { child->input, child->output, child->errors, child->gate };
  for (int i = 0; i < 4; i++)
    if (from[i] >= 0)
      from[i] = fcntl (from[i], F_DUPFD, DESCRIPTOR_ABOVE);
  for (int i = 0; i < 4; i++)
    if (from[i] >= 0)
      dup2 (from[i], i);
  close_range (child->gate >= 0 ? GATE_DESCRIPTOR + 1 : GATE_DESCRIPTOR, ~0U, 0);
}

static void
child_run (const Child *child)
{
  setsid ();
  child_signals ();
  child_descriptors (child);
  if (child->gate >= 0) {
    char byte;
    ssize_t got;
    do
      got = read (GATE_DESCRIPTOR, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1)
      _exit (127);
    close (GATE_DESCRIPTOR);
  }
  if (child->directory && chdir (child->directory) != 0)
    child_complain ("cannot change to the folder ", child->directory);
  execve (child->program, (char *const *)child->argv, child->environment);
  child_complain ("cannot run ", child->program);
}

/* The packages of programs that are not where handrail is by themselves. */
static const char *
package_of (const char *name)
{
  if (strcmp (name, "redis-cli") == 0)
    return " (package redis-tools, or valkey-tools with a link redis-cli to valkey-cli)";
  return "";
}

/* *argv0: the first word that it is to be given, where that is not `name`. */
static char *
find_program (const Confine *confine, const char *name, char **argv0, GError **error)
{
  if (confine)
    return confine_program (confine, name, argv0, error);
  g_autofree char *found = g_find_program_in_path (name);
  if (found)
    return g_canonicalize_filename (found, NULL);
  g_autofree char *shown = text_printable (name, -1);
  if (strchr (name, '/'))
    g_set_error (error, PROCESS_ERROR, PROCESS_ERROR_START,
                 "there is no program %s; install it or correct the path", shown);
  else
    g_set_error (
        error, PROCESS_ERROR, PROCESS_ERROR_START,
        "there is no program %s in PATH (%s); install it%s or add its folder to PATH",
        shown, g_getenv ("PATH") ? g_getenv ("PATH") : "not set", package_of (name));
  return NULL;
}

static gboolean
check_directory (const char *directory, GError **error)
{
  if (!directory)
    return TRUE;
  errno = ENOTDIR;
  if (g_file_test (directory, G_FILE_TEST_IS_DIR) && access (directory, X_OK) == 0)
    return TRUE;
  g_autofree char *shown = text_printable (directory, -1);
  g_set_error (error, PROCESS_ERROR, PROCESS_ERROR_START,
               "the folder %s cannot be entered (%s); create it or correct the site file",
               shown, g_strerror (errno));
  return FALSE;
}

static GStrv
child_environment (const Confine *confine, const char *const *more)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GStrv clean = environment_clean ((const char *const *)environ);
  g_autofree char *path = confine ? confine_path (confine) : NULL;
  g_auto (GStrv) common = path ? g_environ_setenv (clean, "PATH", path, TRUE) : clean;
  g_strv_builder_addv (builder, (const char **)common);
  for (; more && *more; more++)
    g_strv_builder_add (builder, *more);
  return g_strv_builder_end (builder);
}

/* `argv` with another first word, unless that is NULL; its words are borrowed. */
static const char **
child_words (const char *const *argv, const char *argv0)
{
  guint count = g_strv_length ((char **)argv);
  const char **words = g_new0 (const char *, count + 1);
  for (guint i = 0; i < count; i++)
    words[i] = argv[i];
  if (argv0)
    words[0] = argv0;
  return words;
}

/* Forks. The pid, or -1 with `error`. `output`, `errors` and `gate` stay the caller's;
 * `more` may be NULL. */
static pid_t
child_start (const Confine *confine, const char *const *argv, const char *directory,
             const char *const *more, int output, int errors, int gate, GError **error)
{
  g_autofree char *argv0 = NULL;
  g_autofree char *program = find_program (confine, argv[0], &argv0, error);
  g_autofree const char **words = child_words (argv, argv0);
  if (!program || !check_directory (directory, error))
    return -1;
  g_auto (GStrv) environment = child_environment (confine, more);
  int input = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  Child child = { .program = program,
                  .argv = words,
                  .directory = directory,
                  .environment = environment,
                  .input = input,
                  .output = output,
                  .errors = errors,
                  .gate = gate };
  pid_t pid = input < 0 ? -1 : fork ();
  if (pid == 0)
    child_run (&child);
  int failure = errno;
  if (input >= 0)
    close (input);
  if (pid < 0)
    g_set_error (error, PROCESS_ERROR, PROCESS_ERROR_START,
                 "%s could not be started (%s); free memory or processes and try again",
                 argv[0], g_strerror (failure));
  return pid;
}

/* ---- seeing a child's end ------------------------------------------------- */

/* To the whole group; to the child alone while it has not made its own yet. */
static void
signal_group (pid_t pid, int number)
{
  if (kill (-pid, number) != 0)
    kill (pid, number);
}

/* Collects the ended child and what is left over of its group: this process is the
 * parent of orphans. */
static void
collect (pid_t pid, int *status, int *number)
{
  int how = 0;
  pid_t got;
  do
    got = waitpid (pid, &how, 0);
  while (got < 0 && errno == EINTR);
  *status = got == pid && WIFEXITED (how) ? WEXITSTATUS (how) : -1;
  *number = got == pid && WIFSIGNALED (how) ? WTERMSIG (how) : 0;
  while (waitpid (-pid, NULL, WNOHANG) > 0)
    ;
}

/* A descriptor that becomes readable when the child has ended. Without one it could
 * not be waited for: the child is ended, and -1. */
static int
child_descriptor (pid_t pid, GError **error)
{
  int descriptor = pidfd_open (pid, 0);
  if (descriptor >= 0)
    return descriptor;
  g_set_error (error, PROCESS_ERROR, PROCESS_ERROR_START,
               "a process could not be watched (%s); close files and try again",
               g_strerror (errno));
  int status, number;
  signal_group (pid, SIGKILL);
  collect (pid, &status, &number);
  return -1;
}

/* ---- looks ---------------------------------------------------------------- */

typedef struct {
  int descriptor; /* read end, -1 when closed */
  guint source;
  GByteArray *bytes;
  gsize bytes_max;
  gboolean cut;
} Stream;

struct ProcessLook {
  pid_t pid;
  guint limit_source;
  Stream output, errors;
  gboolean late;
  ProcessDone done; /* NULL when cancelled */
  void *data;
};

static void
stream_close (Stream *stream)
{
  if (stream->source)
    g_source_remove (stream->source);
  stream->source = 0;
  if (stream->descriptor >= 0)
    close (stream->descriptor);
  stream->descriptor = -1;
}

/* Reads what is there, at most `rounds` buffers full. FALSE at the end. */
static gboolean
stream_read (Stream *stream, guint rounds)
{
  guint8 buffer[16384];
  for (guint round = 0; round < rounds; round++) {
    ssize_t got = read (stream->descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return errno == EAGAIN;
    if (got == 0)
      return FALSE;
    gsize room = stream->bytes_max - stream->bytes->len;
    gsize taken = MIN (room, (gsize)got);
    g_byte_array_append (stream->bytes, buffer, (guint)taken);
    stream->cut = stream->cut || taken < (gsize)got;
  }
  return TRUE;
}

static gboolean
on_stream (gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
           void *data)
{
  Stream *stream = data;
  if (stream_read (stream, 4))
    return G_SOURCE_CONTINUE;
  stream->source = 0;
  stream_close (stream);
  return G_SOURCE_REMOVE;
}

static void
stream_open (Stream *stream, int descriptor, gsize bytes_max)
{
  stream->descriptor = descriptor;
  stream->bytes = g_byte_array_new ();
  stream->bytes_max = bytes_max;
  g_unix_set_fd_nonblocking (descriptor, TRUE, NULL);
  stream->source = g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP, on_stream, stream);
}

static void
look_free (ProcessLook *look)
{
  if (look->limit_source)
    g_source_remove (look->limit_source);
  stream_close (&look->output);
  stream_close (&look->errors);
  g_clear_pointer (&look->output.bytes, g_byte_array_unref);
  g_clear_pointer (&look->errors.bytes, g_byte_array_unref);
  g_free (look);
}

static gboolean
on_look_ended (gint descriptor, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  ProcessLook *look = data;
  close (descriptor);
  /* While the leader is not collected its group cannot be anybody else's. */
  signal_group (look->pid, SIGKILL);
  ProcessResult result = { .late = look->late };
  collect (look->pid, &result.status, &result.signal);
  if (look->done) {
    guint rounds = G_MAXUINT16;
    if (look->output.descriptor >= 0)
      stream_read (&look->output, rounds);
    if (look->errors.descriptor >= 0)
      stream_read (&look->errors, rounds);
    g_autofree char *errors = text_printable_lines (
        (const char *)look->errors.bytes->data, (gssize)look->errors.bytes->len);
    result.output = g_byte_array_free_to_bytes (g_steal_pointer (&look->output.bytes));
    result.cut = look->output.cut;
    result.errors = errors;
    look->done (&result, look->data);
    g_bytes_unref (result.output);
  }
  look_free (look);
  return G_SOURCE_REMOVE;
}

static gboolean
on_look_kill (void *data)
{
  ProcessLook *look = data;
  look->limit_source = 0;
  signal_group (look->pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

static gboolean
on_look_limit (void *data)
{
  ProcessLook *look = data;
  look->late = TRUE;
  signal_group (look->pid, SIGTERM);
  look->limit_source = g_timeout_add (LOOK_KILL_AFTER_MS, on_look_kill, look);
  return G_SOURCE_REMOVE;
}

static gboolean
open_pipe (int ends[2], GError **error)
{
  if (pipe2 (ends, O_CLOEXEC) == 0)
    return TRUE;
  g_set_error (error, PROCESS_ERROR, PROCESS_ERROR_START,
               "no pipe could be made (%s); close files and try again",
               g_strerror (errno));
  ends[0] = ends[1] = -1;
  return FALSE;
}

static void
close_pipe (int ends[2])
{
  for (int i = 0; i < 2; i++)
    if (ends[i] >= 0)
      close (ends[i]);
}

ProcessLook *
process_look (const Confine *confine, const char *const *argv, const char *directory,
              gsize output_bytes_max, gint64 limit_us, ProcessDone done, void *data,
              GError **error)
{
  int output[2] = { -1, -1 }, errors[2] = { -1, -1 };
  pid_t pid = -1;
  if (open_pipe (output, error) && open_pipe (errors, error))
    pid = child_start (confine, argv, directory, NULL, output[1], errors[1], -1, error);
  int descriptor = pid < 0 ? -1 : child_descriptor (pid, error);
  if (descriptor < 0) {
    close_pipe (output);
    close_pipe (errors);
    return NULL;
  }
  close (output[1]);
  close (errors[1]);
  ProcessLook *look = g_new0 (ProcessLook, 1);
  look->pid = pid;
  look->done = done;
  look->data = data;
  stream_open (&look->output, output[0], output_bytes_max);
  stream_open (&look->errors, errors[0], ERRORS_BYTES_MAX);
  look->limit_source =
      g_timeout_add ((guint)CLAMP (limit_us / 1000, 1, G_MAXINT), on_look_limit, look);
  g_unix_fd_add (descriptor, G_IO_IN, on_look_ended, look);
  return look;
}

void
process_look_cancel (ProcessLook *look)
{
  if (!look)
    return;
  look->done = NULL;
  stream_close (&look->output);
  stream_close (&look->errors);
  signal_group (look->pid, SIGKILL);
}

/* ---- actions -------------------------------------------------------------- */

struct Process {
  pid_t pid;
  gint64 start;
  int gate;             /* write end, -1 once let go */
  int ended_descriptor; /* -1 once it has ended */
  gboolean forgotten;   /* the handle is freed: only to be collected */
  ProcessEnded ended;
  void *data;
};

Process *
process_prepare (const Confine *confine, const char *const *argv, const char *directory,
                 const char *const *environment, int output, GError **error)
{
  int gate[2];
  if (!open_pipe (gate, error))
    return NULL;
  pid_t pid =
      child_start (confine, argv, directory, environment, output, output, gate[0], error);
  close (gate[0]);
  int descriptor = pid < 0 ? -1 : child_descriptor (pid, error);
  if (descriptor < 0) {
    close (gate[1]);
    return NULL;
  }
  Process *process = g_new0 (Process, 1);
  process->pid = pid;
  process->gate = gate[1];
  process->ended_descriptor = descriptor;
  char state;
  if (!read_stat (pid, &state, &process->start))
    process->start = 0;
  return process;
}

static gboolean
on_action_ended (gint descriptor, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Process *process = data;
  int status, number;
  close (descriptor);
  process->ended_descriptor = -1;
  collect (process->pid, &status, &number);
  process->pid = -1;
  if (process->forgotten)
    g_free (process);
  else if (process->ended)
    process->ended (status, number, process->data);
  return G_SOURCE_REMOVE;
}

void
process_release (Process *process, ProcessEnded ended, void *data)
{
  process->ended = ended;
  process->data = data;
  g_unix_fd_add (process->ended_descriptor, G_IO_IN, on_action_ended, process);
  ssize_t written;
  do
    written = write (process->gate, "g", 1);
  while (written < 0 && errno == EINTR);
  close (process->gate);
  process->gate = -1;
}

pid_t
process_pid (const Process *process)
{
  return process->pid;
}

gint64
process_start (const Process *process)
{
  return process->start;
}

void
process_free (Process *process)
{
  if (!process)
    return;
  if (process->gate >= 0) {
    int status, number;
    close (process->gate);
    close (process->ended_descriptor);
    collect (process->pid, &status, &number);
  } else if (process->ended_descriptor >= 0) {
    process->forgotten = TRUE;
    return;
  }
  g_free (process);
}

/* ---- processes of an earlier runner --------------------------------------- */

gboolean
process_lives (pid_t pid, gint64 start, const char *boot_id)
{
  g_autofree char *boot = process_boot_id ();
  char state;
  gint64 actual;
  return pid > 0 && strcmp (boot, boot_id) == 0 && read_stat (pid, &state, &actual) &&
         actual == start && state != 'Z' && state != 'X';
}

typedef struct {
  void (*gone) (void *data);
  void *data;
} Watch;

static gboolean
on_gone (gint descriptor, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Watch *watch = data;
  close (descriptor);
  watch->gone (watch->data);
  return G_SOURCE_REMOVE;
}

guint
process_watch (pid_t pid, void (*gone) (void *data), void *data)
{
  int descriptor = pidfd_open (pid, 0);
  if (descriptor < 0)
    return 0;
  Watch *watch = g_new (Watch, 1);
  *watch = (Watch){ .gone = gone, .data = data };
  return g_unix_fd_add_full (G_PRIORITY_DEFAULT, descriptor, G_IO_IN, on_gone, watch,
                             g_free);
}

typedef struct {
  pid_t pid;
  gint64 start;
  char *boot_id;
} Ending;

static void
ending_free (void *data)
{
  Ending *ending = data;
  g_free (ending->boot_id);
  g_free (ending);
}

static gboolean
on_kill_after (void *data)
{
  Ending *ending = data;
  if (process_lives (ending->pid, ending->start, ending->boot_id))
    kill (-ending->pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

gboolean
process_end (pid_t pid, gint64 start, const char *boot_id, gint64 kill_after_us)
{
  if (!process_lives (pid, start, boot_id))
    return FALSE;
  signal_group (pid, SIGTERM);
  Ending *ending = g_new (Ending, 1);
  *ending = (Ending){ .pid = pid, .start = start, .boot_id = g_strdup (boot_id) };
  g_timeout_add_full (G_PRIORITY_DEFAULT,
                      (guint)CLAMP (kill_after_us / 1000, 0, G_MAXINT), on_kill_after,
                      ending, ending_free);
  return TRUE;
}
