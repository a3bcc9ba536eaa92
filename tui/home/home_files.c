#include "tui/home/home_files.h"

#include <sys/stat.h>

#include "tui/home/home_tell.h"
#include "tui/load.h"

/* A file that was changed so short a time before it is read may be changed once more
 * without that being seen by its time. */
#define SETTLED_US G_USEC_PER_SEC

/* Which state of a file was read. */
typedef struct {
  char *path;
  gint64 bytes, changed_ns; /* wall clock */
  guint64 inode;
} Stamp;

typedef struct {
  GArray *stamps; /* Stamp: of the file and what it includes */
  HomeRow *told;
  gboolean used; /* since the last sweep */
} Known;

struct HomeFiles {
  const FindPlaces *places;
  GHashTable *known; /* path → Known * */
};

/* ---- stamps -------------------------------------------------------------------------- */

static gboolean
look_at (const char *path, Stamp *stamp)
{
  struct stat status;
  if (stat (path, &status) != 0)
    return FALSE;
  stamp->bytes = status.st_size;
  stamp->changed_ns =
      status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec;
  stamp->inode = status.st_ino;
  return TRUE;
}

static gboolean
is_as_it_was (const Stamp *stamp)
{
  Stamp now = { 0 };
  return look_at (stamp->path, &now) && now.bytes == stamp->bytes &&
         now.changed_ns == stamp->changed_ns && now.inode == stamp->inode;
}

static void
stamp_clear (void *data)
{
  g_free (((Stamp *)data)->path);
}

static void
known_free (void *data)
{
  Known *known = data;
  g_array_unref (known->stamps);
  home_row_free (known->told);
  g_free (known);
}

static gboolean
is_still_known (const Known *known)
{
  for (guint i = 0; i < known->stamps->len; i++)
    if (!is_as_it_was (&g_array_index (known->stamps, Stamp, i)))
      return FALSE;
  return TRUE;
}

/* ---- reading ------------------------------------------------------------------------- */

static void
tell_runbook (HomeRow *row, GPtrArray *read, Problems *problems)
{
  Stamp stamp = { 0 };
  gboolean large = row->path && look_at (row->path, &stamp) &&
                   stamp.bytes > HOME_FILES_CHECKED_BYTES_MAX;
  g_autoptr (Runbook) head = large ? load_runbook_head (row->path) : NULL;
  g_autoptr (Runbook) whole =
      row->path && !head ? load_runbook (row->path, NULL, NULL, problems) : NULL;
  const Runbook *runbook = head ? head : whole;
  home_tell_runbook (row, runbook, problems);
  for (guint i = 0; runbook && i < runbook->sources->len; i++) {
    const RunbookSource *source = g_ptr_array_index (runbook->sources, i);
    g_ptr_array_add (read, g_strdup (source->name));
  }
}

static void
tell_site (HomeRow *row, GPtrArray *read, Problems *problems)
{
  g_autoptr (Site) site = row->path ? load_site (row->path, NULL, problems) : NULL;
  home_tell_site (row, site, problems);
  if (site)
    g_ptr_array_add (read, g_strdup (row->path));
}

/* FALSE if one of them may be another one than was read. */
static gboolean
stamp (Known *known, const GPtrArray *read, gint64 before_us)
{
  for (guint i = 0; i < read->len; i++) {
    Stamp stamp = { .path = g_strdup (g_ptr_array_index (read, i)) };
    gboolean there = look_at (stamp.path, &stamp);
    g_array_append_val (known->stamps, stamp);
    if (!there || stamp.changed_ns / 1000 > before_us - SETTLED_US)
      return FALSE;
  }
  return read->len > 0;
}

/* Fills the row; NULL if it has to be read anew each time. So has one with problems: what it
 * lacks may be somewhere else. */
static Known *
read_files (HomeRow *row)
{
  gint64 before_us = g_get_real_time ();
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GPtrArray) read = g_ptr_array_new_with_free_func (g_free);
  (row->kind == HOME_RUNBOOK ? tell_runbook : tell_site) (row, read, problems);
  Known *known = g_new0 (Known, 1);
  known->told = home_row_copy (row);
  known->stamps = g_array_new (FALSE, FALSE, sizeof (Stamp));
  g_array_set_clear_func (known->stamps, stamp_clear);
  if (problems_count (problems) == 0 && stamp (known, read, before_us))
    return known;
  known_free (known);
  return NULL;
}

/* ---- all of it ----------------------------------------------------------------------- */

void
home_files_tell (HomeFiles *files, HomeRow *row)
{
  FindType type = row->kind == HOME_RUNBOOK ? FIND_RUNBOOK : FIND_SITE;
  g_autofree char *found = find_file (files->places, type, row->name, NULL);
  row->path = found ? g_canonicalize_filename (found, NULL) : NULL;
  Known *known = row->path ? g_hash_table_lookup (files->known, row->path) : NULL;
  gboolean same = known && is_still_known (known);
  if (same)
    home_row_tell_as (row, known->told);
  else
    known = read_files (row);
  if (!known)
    return;
  known->used = TRUE;
  if (!same)
    g_hash_table_replace (files->known, g_strdup (row->path), known);
}

static gboolean
is_unused (void *path, void *data, void *unused)
{
  Known *known = data;
  gboolean used = known->used;
  (void)path, (void)unused;
  known->used = FALSE;
  return !used;
}

void
home_files_sweep (HomeFiles *files)
{
  g_hash_table_foreach_remove (files->known, is_unused, NULL);
}

HomeFiles *
home_files_new (const FindPlaces *places)
{
  HomeFiles *files = g_new0 (HomeFiles, 1);
  files->places = places;
  files->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  return files;
}

void
home_files_free (HomeFiles *files)
{
  if (!files)
    return;
  g_hash_table_unref (files->known);
  g_free (files);
}
