/* What doctor says of the terminal that it is called in. */
#include <string.h>
#include <sys/wait.h>

#include "tests/screen/harness.h"

/* High enough for all that doctor prints, so that nothing scrolls away. */
#define LINES 60

static const struct {
  const char *name;
  int width;
  const char *environment[3];
  const char *lines[3]; /* each is there; "ok …" to its end */
} rows[] = {
  { "colours",
    200,
    { "TERM=xterm-256color" },
    { "ok    terminal: xterm-256color, 200x60, 256 colours", "ok    theme: dark",
      "ok    characters: UTF-8" } },
  { "few", 200, { "TERM=linux" }, { "ok    terminal: linux, 200x60, 8 colours" } },
  { "none",
    200,
    { "TERM=vt100" },
    { "ok    terminal: vt100, 200x60, no colours",
      "ok    theme: dark, as attributes alone" } },
  { "none-wanted",
    200,
    { "NO_COLOR=1", "HANDRAIL_THEME=light" },
    { "ok    terminal: xterm-256color, 200x60, no colours",
      "ok    theme: light, as attributes alone" } },
  { "no-such-theme",
    200,
    { "HANDRAIL_THEME=nonesuch" },
    { "warn  theme: no theme nonesuch in", "ok    theme: dark" } },
  { "small",
    59,
    { "TERM=xterm" },
    { "warn  terminal: xterm, 59x60, 8 colours; too small for the" } },
  { "unknown",
    200,
    { "TERM=nonesuch" },
    { "warn  terminal: the terminal nonesuch is not known on this host" } },
  { "stand-in",
    200,
    { "TERM=xterm-nowhere-direct" },
    { "ok    terminal: xterm-nowhere-direct, 200x60, 256 colours",
      "warn  terminal: The terminal xterm-nowhere-direct is not known on this host" } },
  { "dumb",
    200,
    { "TERM=dumb" },
    { "warn  terminal: this terminal cannot place its cursor; use --plain" } },
  { "ascii",
    200,
    { "LC_ALL=C" },
    { "warn  characters: not UTF-8, so names are shown in ASCII; set LC_ALL=C.UTF-8" } },
};

static gboolean
has_line (const char *text, const char *wanted, gboolean whole)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (whole ? strcmp (lines[i], wanted) == 0 : g_str_has_prefix (lines[i], wanted))
      return TRUE;
  return FALSE;
}

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  static const char *const argv[] = { "handrail", "doctor", NULL };
  g_autoptr (Harness) harness =
      harness_start (rows[row].width, LINES, argv, rows[row].environment);
  int status = harness_end (harness);
  g_autofree char *seen = harness_text (harness);
  g_assert_true (WIFEXITED (status));
  for (guint i = 0; i < G_N_ELEMENTS (rows[row].lines) && rows[row].lines[i]; i++) {
    gboolean whole = g_str_has_prefix (rows[row].lines[i], "ok ");
    if (!has_line (seen, rows[row].lines[i], whole))
      g_error ("no \"%s\" in\n%s", rows[row].lines[i], seen);
  }
  g_assert_false (harness_is_alternate (harness));
}

int
main (int argc, char **argv)
{
  harness_require ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/doctor/", rows[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
  }
  return g_test_run ();
}
