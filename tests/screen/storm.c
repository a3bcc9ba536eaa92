#include "tests/screen/storm.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* With steps that have no factor in common with them, all come before one comes again. */
#define WIDTHS 300
#define WIDTH_STEP 7
#define HEIGHTS 100
#define HEIGHT_STEP 37

static char *report; /* valgrind's; NULL: nothing is watched */

#if defined(__SANITIZE_ADDRESS__)

gboolean
storm_gather (void)
{
  return TRUE; /* valgrind runs no such program, and is not needed */
}

#else

gboolean
storm_gather (void)
{
  g_autofree char *valgrind = g_find_program_in_path ("valgrind");
  g_autofree char *to = NULL;
  if (!valgrind) {
    g_test_skip ("valgrind is not installed (Debian: apt-get install valgrind)");
    return FALSE;
  }
  int descriptor = g_file_open_tmp ("storm-XXXXXX", &report, NULL);
  g_assert_cmpint (descriptor, >=, 0);
  close (descriptor);
  to = g_strconcat ("--log-file=", report, NULL);
  harness_under ((const char *const[]){ valgrind, "--quiet", to, NULL });
  return TRUE;
}

#endif

void
storm_blow (Harness *harness, guint part)
{
  harness_under (NULL);
  for (guint i = part; i < 2 * WIDTHS; i += STORM_PARTS)
    harness_resize (harness, 1 + (int)(i * WIDTH_STEP % WIDTHS),
                    1 + (int)(i * HEIGHT_STEP % HEIGHTS));
  harness_resize (harness, STORM_WIDTH, STORM_HEIGHT);
}

void
storm_compare (Harness *harness, Harness *fresh)
{
  g_autofree char *seen = harness_timeless (harness);
  g_autofree char *wanted = harness_timeless (fresh);
  g_assert_cmpstr (seen, ==, wanted);
  for (int i = 0; i < STORM_WIDTH * STORM_HEIGHT; i++) {
    int x = i % STORM_WIDTH, y = i / STORM_WIDTH;
    HarnessCell one = harness_cell (harness, x, y), other = harness_cell (fresh, x, y);
    if (!harness_looks_same (&one, &other))
      g_error ("column %d of line %d looks otherwise in\n%s", x, y, seen);
  }
}

void
storm_end (Harness *harness)
{
  g_autofree char *found = NULL;
  harness_signal (harness, SIGTERM);
  harness_end (harness);
  if (!report)
    return;
  g_assert_true (g_file_get_contents (report, &found, NULL, NULL));
  g_unlink (report);
  g_clear_pointer (&report, g_free);
  if (*found)
    g_error ("valgrind says\n%s", found);
}
