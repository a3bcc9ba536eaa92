/* A program in a terminal, driven by requests: for tests that are no C programs, and for
 * pictures.
 *
 *   terminal COLUMNSxLINES [NAME=VALUE…] -- PROGRAM [ARGUMENT…]
 *
 * Requests are lines on standard input; TEXT is written as in C ("\r", "\033", "\\"):
 *   send TEXT            types it, and waits for nothing
 *   type TEXT            types it as a person: each character is dealt with before the next
 *   wait LIMIT_MS TEXT   until that stands on the screen     gone LIMIT_MS TEXT: no more
 *   text   looks         the screen; how its cells look (harness.h)
 *   svg TITLE            a picture of it (picture.h)
 *   resize COLUMNSxLINES
 *   end                  waits for the program's end and says its exit status
 * Each is answered by a line "ok BYTES" (or "late" or "ended", from wait and gone, with the
 * screen) and so many bytes; lines with "#" before it are remarks. The end of input ends the
 * program. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/picture.h"

/* A request is a line of words for a test; more is a mistake. */
#define REQUEST_BYTES_MAX 65536

static void
answer (const char *outcome, const char *bytes)
{
  printf ("%s %zu\n%s", outcome, strlen (bytes), bytes);
  fflush (stdout);
}

/* ---- requests ---------------------------------------------------------------------- */

static void
on_send (Harness *harness, const char *text)
{
  harness_send (harness, text);
  answer ("ok", "");
}

static void
on_type (Harness *harness, const char *text)
{
  for (const char *at = text; *at;) {
    const char *next = *at == '\033' ? at + strlen (at) : g_utf8_next_char (at);
    g_autofree char *key = g_strndup (at, (gsize)(next - at));
    harness_type (harness, key);
    at = next;
  }
  answer ("ok", "");
}

static void
wait_for (Harness *harness, const char *arguments, gboolean gone)
{
  static const char *const outcomes[] = {
    [HARNESS_SHOWN] = "ok", [HARNESS_LATE] = "late", [HARNESS_ENDED] = "ended"
  };
  char *text = NULL;
  gint64 limit_us = (gint64)g_ascii_strtoull (arguments, &text, 10) * 1000;
  HarnessOutcome outcome = harness_wait (harness, text + (*text == ' '), gone, limit_us);
  g_autofree char *seen = harness_text (harness);
  answer (outcomes[outcome], seen);
}

static void
on_wait (Harness *harness, const char *text)
{
  wait_for (harness, text, FALSE);
}

static void
on_gone (Harness *harness, const char *text)
{
  wait_for (harness, text, TRUE);
}

static void
on_text (Harness *harness, const char *text)
{
  g_autofree char *seen = harness_text (harness);
  (void)text;
  answer ("ok", seen);
}

static void
on_looks (Harness *harness, const char *text)
{
  g_autofree char *seen = harness_looks (harness);
  (void)text;
  answer ("ok", seen);
}

static void
on_svg (Harness *harness, const char *text)
{
  g_autofree char *drawn = picture_svg (harness, text);
  answer ("ok", drawn);
}

static gboolean
read_size (const char *text, int *width, int *height)
{
  return sscanf (text, "%dx%d", width, height) == 2 && *width > 0 && *height > 0;
}

static void
on_resize (Harness *harness, const char *text)
{
  int width = 0, height = 0;
  if (!read_size (text, &width, &height))
    g_error ("no size: %s", text);
  harness_resize (harness, width, height);
  answer ("ok", "");
}

static void
on_end (Harness *harness, const char *text)
{
  int status = harness_end (harness);
  g_autofree char *said = g_strdup_printf (
      "%d", WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
  (void)text;
  answer ("ok", said);
}

static const struct {
  const char *word;
  void (*act) (Harness *harness, const char *text);
} requests[] = {
  { "send", on_send }, { "type", on_type }, { "wait", on_wait },
  { "gone", on_gone }, { "text", on_text }, { "looks", on_looks },
  { "svg", on_svg },   { "end", on_end },   { "resize", on_resize },
};

static void
carry_out (Harness *harness, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 2);
  g_autofree char *text = g_strcompress (parts[0] && parts[1] ? parts[1] : "");
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    if (strcmp (parts[0], requests[i].word) == 0) {
      requests[i].act (harness, text);
      return;
    }
  g_error ("no request: %s", line);
}

/* ---- the loop ------------------------------------------------------------------------- */

/* The next whole line of what has come, or NULL. */
static char *
take_line (GString *input)
{
  const char *feed = memchr (input->str, '\n', input->len);
  if (!feed)
    return NULL;
  char *line = g_strndup (input->str, (gsize)(feed - input->str));
  g_string_erase (input, 0, feed + 1 - input->str);
  return line;
}

static void
serve (Harness *harness)
{
  g_autoptr (GString) input = g_string_new (NULL);
  char bytes[4096];
  for (ssize_t got = 1; got > 0 && input->len < REQUEST_BYTES_MAX;) {
    g_autofree char *line = take_line (input);
    if (line) {
      carry_out (harness, line);
      continue;
    }
    harness_run (harness, STDIN_FILENO);
    got = read (STDIN_FILENO, bytes, sizeof bytes);
    if (got > 0)
      g_string_append_len (input, bytes, got);
  }
}

static int
complain (void)
{
  fprintf (stderr,
           "usage: terminal COLUMNSxLINES [NAME=VALUE…] -- PROGRAM [ARGUMENT…]\n");
  return 2;
}

int
main (int argc, char **argv)
{
  int width = 0, height = 0, none = 1, first = 2;
  harness_require ();
  while (first < argc && strcmp (argv[first], "--") != 0)
    first++;
  if (first + 1 >= argc || !read_size (argv[1], &width, &height))
    return complain ();
  g_test_init (&none, &argv, NULL); /* for where the trees are */
  argv[first] = NULL;
  signal (SIGPIPE, SIG_IGN);
  g_autoptr (Harness) harness =
      harness_start (width, height, (const char *const *)argv + first + 1,
                     (const char *const *)argv + 2);
  serve (harness);
  return 0;
}
