#include "tui/differences.h"

#include <string.h>
#include <unistd.h>

#include "tui/lines.h"
#include "tui/load.h"

/* More than this is not read at a prompt; the files are there to be looked at. */
#define LINES_SHOWN 40

/* The file as it is, masked like the copy that was made of it, in a file of its own.
 * NULL when it cannot be read. */
static char *
masked_file (const char *file, const Site *site)
{
  g_autofree char *text = NULL;
  char *path = NULL;
  if (!g_file_get_contents (file, &text, NULL, NULL))
    return NULL;
  g_autofree char *masked = load_masked (site, NULL, text);
  int made = g_file_open_tmp ("handrail-XXXXXX", &path, NULL);
  if (made < 0)
    return NULL;
  close (made);
  if (g_file_set_contents_full (path, masked, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    return path;
  unlink (path);
  g_free (path);
  return NULL;
}

static void
add_lines (GString *out, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint count = g_strv_length (lines);
  for (guint i = 0; i < MIN (count, LINES_SHOWN) && *lines[i]; i++)
    lines_add (out, "  ", "%s", lines[i]);
  if (count > LINES_SHOWN + 1)
    lines_add (out, "  ", "… and %u lines more", count - LINES_SHOWN - 1);
}

static void
add_file (GString *out, const StoreRun *run, const char *file, const Site *site)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *copy = g_build_filename (run->path, STORE_INPUTS, name, NULL);
  g_autofree char *now = masked_file (file, site);
  g_autofree char *printed = NULL;
  if (!now)
    return;
  g_autofree char *before_label = g_strconcat (name, " as the run began", NULL);
  g_autofree char *now_label = g_strconcat (name, " as it is now", NULL);
  const char *argv[] = { "diff",    "-U1", "--label", before_label, "--label",
                         now_label, "--",  copy,      now,          NULL };
  if (g_spawn_sync (NULL, (char **)argv, NULL,
                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                    &printed, NULL, NULL, NULL))
    add_lines (out, printed);
  unlink (now);
}

void
differences_add (GString *out, const StoreRun *run)
{
  const RunState *state = run->state;
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = load_site (state->site_file, NULL, problems);
  add_file (out, run, state->site_file, site);
  for (gsize i = 0; i < json_array_size (state->sources); i++) {
    const json_t *source = json_array_get (state->sources, i);
    add_file (out, run, json_string_value (json_object_get (source, "name")), site);
  }
}
