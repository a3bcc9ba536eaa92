/* Real processes: looks, actions that wait to be let go, and those of an earlier
 * runner. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/net/process.h"

#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define SHELL(script) ARGV ("sh", "-c", script)

/* Only bounds a hang. */
#define LIMIT_US (20 * G_USEC_PER_SEC)

typedef struct {
  GMainLoop *loop;
  guint calls;
  int status, signal;
  gboolean late, cut;
  char *output, *errors;
} Seen;

static void
seen_init (Seen *seen)
{
  *seen = (Seen){ .loop = g_main_loop_new (NULL, FALSE) };
}

static void
seen_finish (Seen *seen)
{
  g_main_loop_unref (seen->loop);
  g_free (seen->output);
  g_free (seen->errors);
}

static void
on_done (const ProcessResult *result, void *data)
{
  Seen *seen = data;
  gsize length;
  const char *bytes = g_bytes_get_data (result->output, &length);
  seen->calls++;
  seen->status = result->status;
  seen->signal = result->signal;
  seen->late = result->late;
  seen->cut = result->cut;
  seen->output = g_strndup (bytes ? bytes : "", length);
  seen->errors = g_strdup (result->errors);
  g_main_loop_quit (seen->loop);
}

static void
look (Seen *seen, const char *const *argv, const char *directory, gsize max,
      gint64 limit_us)
{
  g_autoptr (GError) error = NULL;
  seen_init (seen);
  g_assert_nonnull (
      process_look (NULL, argv, directory, max, limit_us, on_done, seen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen->calls, ==, 0);
  g_main_loop_run (seen->loop);
  g_assert_cmpuint (seen->calls, ==, 1);
}

static void
test_look_results (void)
{
  static const struct {
    const char *script;
    int status, signal;
    const char *output, *errors;
  } rows[] = {
    { "echo out; echo err >&2; exit 3", 3, 0, "out\n", "err\n" },
    { "kill -9 $$", -1, SIGKILL, "", "" },
    { "cat", 0, 0, "", "" },                           /* standard input is empty */
    { "printf 'a\\033b' >&2", 0, 0, "", "a\\x1Bb" },   /* made printable */
    { "echo $LC_ALL$HANDRAIL_TEST", 0, 0, "C\n", "" }, /* an environment of its own */
    { "sleep 1000 & echo out", 0, 0, "out\n", "" },    /* does not wait for others */
    { "test $(ls /proc/self/fd | wc -l) -le 4 && echo few", 0, 0, "few\n", "" },
    { "ps -o sid= -p $$ | grep -q $$ && echo leads", 0, 0, "leads\n", "" },
  };
  g_setenv ("HANDRAIL_TEST", "passed on", TRUE);
  int extra = open ("/dev/null", O_RDONLY);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Seen seen;
    look (&seen, SHELL (rows[i].script), NULL, 4096, LIMIT_US);
    g_assert_cmpint (seen.status, ==, rows[i].status);
    g_assert_cmpint (seen.signal, ==, rows[i].signal);
    g_assert_cmpstr (seen.output, ==, rows[i].output);
    g_assert_cmpstr (seen.errors, ==, rows[i].errors);
    g_assert_false (seen.late);
    seen_finish (&seen);
  }
  close (extra);
}

static void
test_look_bounds (void)
{
  Seen seen;
  look (&seen, SHELL ("yes | head -c 1000000"), NULL, 100, LIMIT_US);
  g_assert_cmpuint (strlen (seen.output), ==, 100);
  g_assert_true (seen.cut);
  seen_finish (&seen);
  look (&seen, SHELL ("yes >&2 | head -c 1; yes | head -c 90000 >&2"), NULL, 100,
        LIMIT_US / 200);
  g_assert_cmpuint (strlen (seen.errors), <=, 4096);
  seen_finish (&seen);
}

static void
test_look_late (void)
{
  Seen seen;
  look (&seen, ARGV ("sleep", "1000"), NULL, 100, 20000);
  g_assert_true (seen.late);
  g_assert_cmpint (seen.signal, ==, SIGTERM);
  seen_finish (&seen);
  /* One that does not hear is killed, and what it started with it. */
  look (&seen, SHELL ("trap '' TERM; echo $$; exec sleep 1000"), NULL, 100, 100000);
  g_assert_true (seen.late);
  g_assert_cmpint (seen.signal, ==, SIGKILL);
  g_assert_cmpint (kill (-(pid_t)g_ascii_strtoll (seen.output, NULL, 10), 0), ==, -1);
  seen_finish (&seen);
}

static gboolean
on_quit (void *data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
test_look_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  Seen seen;
  seen_init (&seen);
  ProcessLook *cancelled = process_look (NULL, ARGV ("sleep", "1000"), NULL, 100,
                                         LIMIT_US, on_done, &seen, &error);
  process_look_cancel (cancelled);
  process_look_cancel (NULL);
  /* When the last child is collected, nobody is left to wait for. */
  while (waitpid (-1, NULL, WNOHANG) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_timeout_add (1, on_quit, seen.loop);
  g_main_loop_run (seen.loop);
  g_assert_cmpuint (seen.calls, ==, 0);
  seen_finish (&seen);
}

static void
test_no_such_program (void)
{
  static const struct {
    const char *program, *directory, *message;
  } rows[] = {
    { "no-such-program", NULL, "*no program no-such-program in PATH (*install it or*" },
    { "/no/such/program", NULL, "*no program /no/such/program; install it*" },
    { "/etc/passwd", NULL, "*no program /etc/passwd*" },
    { "true", "/no/such/folder", "*the folder /no/such/folder cannot be entered*" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (process_look (NULL, ARGV (rows[i].program), rows[i].directory, 100,
                                 LIMIT_US, on_done, NULL, &error));
    g_assert_error (error, PROCESS_ERROR, PROCESS_ERROR_START);
    g_assert_true (g_pattern_match_simple (rows[i].message, error->message));
    g_clear_error (&error);
    g_assert_null (process_prepare (NULL, ARGV (rows[i].program), rows[i].directory, NULL,
                                    2, &error));
    g_assert_error (error, PROCESS_ERROR, PROCESS_ERROR_START);
  }
}

/* ---- actions -------------------------------------------------------------- */

typedef struct {
  char *folder, *file;
  int output;
} Place;

static void
place_init (Place *place)
{
  place->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  place->file = g_build_filename (place->folder, "out", NULL);
  place->output = open (place->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static char *
place_text (const Place *place)
{
  char *text = NULL;
  g_assert_true (g_file_get_contents (place->file, &text, NULL, NULL));
  return text;
}

static void
place_finish (Place *place)
{
  close (place->output);
  g_unlink (place->file);
  g_rmdir (place->folder);
  g_free (place->file);
  g_free (place->folder);
}

static void
on_ended (int status, int signal, void *data)
{
  Seen *seen = data;
  seen->calls++;
  seen->status = status;
  seen->signal = signal;
  g_main_loop_quit (seen->loop);
}

static void
test_action_waits (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *boot = process_boot_id ();
  Place place;
  Seen seen;
  place_init (&place);
  seen_init (&seen);
  Process *process = process_prepare (NULL, SHELL ("pwd; echo err >&2; exit 7"), "/",
                                      NULL, place.output, &error);
  g_assert_nonnull (process);
  g_assert_true (process_lives (process_pid (process), process_start (process), boot));
  g_autofree char *before = place_text (&place);
  g_assert_cmpstr (before, ==, "");
  process_release (process, on_ended, &seen);
  g_main_loop_run (seen.loop);
  g_autofree char *after = place_text (&place);
  g_assert_cmpstr (after, ==, "/\nerr\n");
  g_assert_cmpint (seen.status, ==, 7);
  g_assert_cmpint (seen.signal, ==, 0);
  process_free (process);
  seen_finish (&seen);
  place_finish (&place);
}

/* What logs a command in is in its environment and not among its arguments. */
static void
test_action_environment (void)
{
  static const char *const environment[] = { "HANDRAIL_TEST_LOGIN=a b$c", NULL };
  Place place;
  Seen seen;
  place_init (&place);
  seen_init (&seen);
  g_setenv ("HANDRAIL_TEST", "passed on", TRUE);
  Process *process =
      process_prepare (NULL,
                       SHELL ("echo \"$HANDRAIL_TEST_LOGIN.$LC_ALL.$HANDRAIL_TEST\"; "
                              "tr '\\0' ' ' < /proc/$$/cmdline"),
                       NULL, environment, place.output, NULL);
  process_release (process, on_ended, &seen);
  g_main_loop_run (seen.loop);
  g_autofree char *text = place_text (&place);
  g_assert_true (g_str_has_prefix (text, "a b$c.C.\nsh -c echo "));
  g_assert_null (strstr (text + 1, "a b$c"));
  g_assert_null (g_getenv ("HANDRAIL_TEST_LOGIN"));
  process_free (process);
  seen_finish (&seen);
  place_finish (&place);
}

static void
test_action_never_let_go (void)
{
  Place place;
  place_init (&place);
  Process *process =
      process_prepare (NULL, SHELL ("echo ran"), NULL, NULL, place.output, NULL);
  pid_t pid = process_pid (process);
  process_free (process);
  g_assert_cmpint (kill (pid, 0), ==, -1);
  g_assert_cmpint (errno, ==, ESRCH);
  g_autofree char *text = place_text (&place);
  g_assert_cmpstr (text, ==, "");
  place_finish (&place);
}

/* A runner that is killed between the two steps: its child runs nothing. */
static void
test_action_parent_dies (void)
{
  Place place;
  int how = 0;
  place_init (&place);
  /* The orphan becomes ours to wait for. */
  prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  pid_t runner = fork ();
  if (runner == 0) {
    process_prepare (NULL, SHELL ("echo ran"), NULL, NULL, place.output, NULL);
    kill (getpid (), SIGKILL);
  }
  g_assert_cmpint (waitpid (runner, NULL, 0), ==, runner);
  g_assert_cmpint (waitpid (-1, &how, 0), >, 0);
  g_assert_true (WIFEXITED (how) && WEXITSTATUS (how) == 127);
  prctl (PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  g_autofree char *text = place_text (&place);
  g_assert_cmpstr (text, ==, "");
  place_finish (&place);
}

static void
test_action_forgotten (void)
{
  Place place;
  Seen seen;
  place_init (&place);
  seen_init (&seen);
  Process *process =
      process_prepare (NULL, SHELL ("echo ran"), NULL, NULL, place.output, NULL);
  process_release (process, on_ended, &seen);
  process_free (process);
  while (waitpid (-1, NULL, WNOHANG) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (seen.calls, ==, 0);
  g_autofree char *text = place_text (&place);
  g_assert_cmpstr (text, ==, "ran\n");
  seen_finish (&seen);
  place_finish (&place);
}

/* ---- processes of an earlier runner --------------------------------------- */

static void
on_gone (void *data)
{
  Seen *seen = data;
  seen->calls++;
  g_main_loop_quit (seen->loop);
}

static void
test_lives (void)
{
  g_autofree char *boot = process_boot_id ();
  Place place;
  Seen seen;
  place_init (&place);
  seen_init (&seen);
  Process *process =
      process_prepare (NULL, ARGV ("sleep", "1000"), NULL, NULL, place.output, NULL);
  pid_t pid = process_pid (process);
  gint64 start = process_start (process);
  g_assert_true (process_lives (pid, start, boot));
  g_assert_false (process_lives (pid, start + 1, boot));
  g_assert_false (process_lives (pid, start, "another boot"));
  g_assert_false (process_lives (0, 0, boot));
  g_assert_false (process_end (pid, start + 1, boot, 0));
  process_release (process, on_ended, &seen);
  g_assert_cmpuint (process_watch (pid, on_gone, &seen), !=, 0);
  g_assert_true (process_end (pid, start, boot, LIMIT_US));
  while (seen.calls < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (seen.signal, ==, SIGTERM);
  g_assert_false (process_lives (pid, start, boot));
  g_assert_false (process_end (pid, start, boot, 0));
  g_assert_cmpuint (process_watch (pid, on_gone, &seen), ==, 0);
  process_free (process);
  seen_finish (&seen);
  place_finish (&place);
}

static void
test_end_of_the_deaf (void)
{
  g_autofree char *boot = process_boot_id ();
  Place place;
  Seen seen;
  place_init (&place);
  seen_init (&seen);
  Process *process =
      process_prepare (NULL, SHELL ("trap '' TERM; echo deaf; exec sleep 1000"), NULL,
                       NULL, place.output, NULL);
  process_release (process, on_ended, &seen);
  for (g_autofree char *text = NULL; !text || !*text; text = place_text (&place))
    g_free (g_steal_pointer (&text));
  g_assert_true (
      process_end (process_pid (process), process_start (process), boot, 50000));
  g_main_loop_run (seen.loop);
  g_assert_cmpint (seen.signal, ==, SIGKILL);
  process_free (process);
  seen_finish (&seen);
  place_finish (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process/look/results", test_look_results);
  g_test_add_func ("/process/look/bounds", test_look_bounds);
  g_test_add_func ("/process/look/late", test_look_late);
  g_test_add_func ("/process/look/cancelled", test_look_cancelled);
  g_test_add_func ("/process/no-such-program", test_no_such_program);
  g_test_add_func ("/process/action/waits", test_action_waits);
  g_test_add_func ("/process/action/environment", test_action_environment);
  g_test_add_func ("/process/action/never-let-go", test_action_never_let_go);
  g_test_add_func ("/process/action/parent-dies", test_action_parent_dies);
  g_test_add_func ("/process/action/forgotten", test_action_forgotten);
  g_test_add_func ("/process/lives", test_lives);
  g_test_add_func ("/process/end-of-the-deaf", test_end_of_the_deaf);
  return g_test_run ();
}
