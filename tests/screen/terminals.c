#include "tests/screen/terminals.h"

#include <glib/gstdio.h>

char *
terminals_compile (void)
{
  char *folder = g_dir_make_tmp ("terminfo-XXXXXX", NULL);
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "tests", "screen", "data",
                                                   "terminals.src", NULL);
  char *tic[] = { "tic", "-x", "-o", folder, source, NULL };
  int status = 0;
  if (g_spawn_sync (NULL, tic, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                    NULL) &&
      status == 0)
    return folder;
  terminals_remove (folder);
  g_free (folder);
  g_test_skip ("tic is not installed (Debian: apt-get install ncurses-bin)");
  return NULL;
}

void
terminals_remove (const char *folder)
{
  static const char *const made[] = { "h/handrail-16color", "h/handrail-direct", "h",
                                      "" };
  for (gsize i = 0; i < G_N_ELEMENTS (made); i++) {
    g_autofree char *path = g_build_filename (folder, made[i], NULL);
    g_remove (path);
  }
}
