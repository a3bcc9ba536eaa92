#include "tui/home/home_rows.h"

#include "core/store/glance.h"
#include "tui/home/home_files.h"
#include "tui/home/home_tell.h"
#include "tui/practice/practice.h"

/* What was seen of a run's folder, as long as its journal stays as it was. */
typedef struct {
  GlanceStamp stamp;
  Glance *glance;
  StoreRun *run; /* where the glance does not say it all; or NULL */
} Seen;

struct HomeRows {
  char *root;
  const FindPlaces *places;
  HomeFiles *files;
  GPtrArray *rows;       /* HomeRow * */
  GHashTable *scenarios; /* name → Scenario *, read once; NULL values have mistakes */
  GHashTable *seen;      /* name of a folder → Seen * */
  guint older;           /* runs that are over and not listed */
  char *trouble;         /* why there are no runs, or NULL */
};

static void
seen_free (void *data)
{
  Seen *seen = data;
  glance_free (seen->glance);
  store_run_free (seen->run);
  g_free (seen);
}

static void
row_clear (HomeRow *row)
{
  g_free (row->name);
  g_free (row->path);
  g_free (row->site);
  g_free (row->scenario);
  g_free (row->title);
  g_free (row->step);
  g_free (row->state);
  g_free (row->about);
}

void
home_row_free (HomeRow *row)
{
  if (!row)
    return;
  row_clear (row);
  g_free (row);
}

void
home_row_tell_as (HomeRow *row, const HomeRow *other)
{
  HomeRow told = *other;
  told.kind = row->kind;
  told.part = row->part;
  told.name = g_strdup (other->name);
  told.path = g_strdup (other->path);
  told.site = g_strdup (other->site);
  told.scenario = g_strdup (other->scenario);
  told.title = g_strdup (other->title);
  told.step = g_strdup (other->step);
  told.state = g_strdup (other->state);
  told.about = g_strdup (other->about);
  row_clear (row);
  *row = told;
}

HomeRow *
home_row_copy (const HomeRow *row)
{
  HomeRow *copy = g_new0 (HomeRow, 1);
  copy->kind = row->kind;
  copy->part = row->part;
  home_row_tell_as (copy, row);
  return copy;
}

/* ---- runs ---------------------------------------------------------------------------- */

static Seen *
look_at_run (const char *path)
{
  Seen *seen = g_new0 (Seen, 1);
  seen->stamp = glance_stamp (path);
  seen->glance = glance_take (path);
  if (seen->glance->ending == GLANCE_OPEN)
    seen->run = store_open (path, NULL);
  return seen;
}

/* What was seen of it before, if its journal is as it was. */
static Seen *
see_run (GHashTable *before, const char *root, const char *name)
{
  g_autofree char *path = g_build_filename (root, STORE_RUNS, name, NULL);
  GlanceStamp stamp = glance_stamp (path);
  Seen *seen = g_hash_table_lookup (before, name);
  if (!seen || seen->stamp.bytes != stamp.bytes ||
      seen->stamp.changed_us != stamp.changed_us)
    return look_at_run (path);
  g_autofree char *key = NULL;
  g_hash_table_steal_extended (before, name, (void **)&key, NULL);
  if (seen->run)
    seen->run->live = store_is_live (path);
  return seen;
}

static HomeRow *
add_row (HomeRows *rows, HomeKind kind, const char *part, const char *name)
{
  HomeRow *row = g_new0 (HomeRow, 1);
  row->kind = kind;
  row->part = part;
  row->name = g_strdup (name);
  row->mark = MARK_NONE;
  row->role = ROLE_TEXT;
  g_ptr_array_add (rows->rows, row);
  return row;
}

/* One that came to nothing because a rule said no is over: there is nothing to go on with. */
static gboolean
is_unfinished (const StoreRun *run)
{
  return run && run->state && state_is_unfinished (run->state) &&
         (run->live || !state_is_harmless (run->state));
}

static void
add_gap (HomeRows *rows, const char *part)
{
  if (rows->rows->len > 0)
    add_row (rows, HOME_GAP, part, NULL);
}

static void
add_advice (HomeRows *rows, const char *part, const char *name, const char *title,
            const char *about)
{
  HomeRow *row = add_row (rows, HOME_ADVICE, part, name);
  row->title = g_strdup (title);
  row->about = g_strdup (about);
  row->role = ROLE_DIM;
}

static gboolean
goes_on (const StoreRun *run)
{
  return run->live && run->state->phase == RUN_GOING;
}

/* Those come first that somebody may be waiting at: 0 asks, 1 works on, 2 has stopped. */
static int
rank_of (const StoreRun *run)
{
  return !goes_on (run) ? 2 : run->state->question ? 0 : 1;
}

/* `runs` (const StoreRun *) newest first, and those of a rank stay so. */
static void
add_unfinished (HomeRows *rows, const GPtrArray *runs)
{
  for (int rank = 0; rank <= 2; rank++)
    for (guint i = 0; i < runs->len; i++) {
      const StoreRun *run = g_ptr_array_index (runs, i);
      if (rank_of (run) != rank)
        continue;
      g_autoptr (PracticeKept) kept =
          run->state->practice ? practice_kept_of (run->path) : NULL;
      home_tell_unfinished (add_row (rows, HOME_UNFINISHED, "Unfinished", run->name), run,
                            kept ? kept->scenario : NULL);
    }
}

/* After the real ones: those whose deployment is still there. */
static void
add_practice_to_do (HomeRows *rows)
{
  g_autoptr (GPtrArray) runs = practice_kept_unfinished ();
  add_unfinished (rows, runs);
}

/* What was shut down in practice and can be started up again. */
static void
add_practice_down (HomeRows *rows)
{
  g_autoptr (GPtrArray) runs = practice_kept_down ();
  for (guint i = 0; i < runs->len; i++) {
    const StoreRun *run = g_ptr_array_index (runs, i);
    g_autoptr (PracticeKept) kept = practice_kept_of (run->path);
    home_tell_down (add_row (rows, HOME_DOWN, "Unfinished", run->name), run,
                    kept ? kept->scenario : NULL);
  }
}

/* Unfinished ones first of all; `names` newest first. */
static void
add_runs_to_do (HomeRows *rows, const GPtrArray *names)
{
  g_autoptr (GPtrArray) unfinished = g_ptr_array_new ();
  for (guint i = 0; i < names->len; i++) {
    const Seen *seen = g_hash_table_lookup (rows->seen, g_ptr_array_index (names, i));
    if (is_unfinished (seen->run))
      g_ptr_array_add (unfinished, seen->run);
  }
  add_unfinished (rows, unfinished);
  add_practice_to_do (rows);
  add_practice_down (rows);
  for (guint i = 0; i < names->len; i++) {
    const Seen *seen = g_hash_table_lookup (rows->seen, g_ptr_array_index (names, i));
    if (seen->run && !seen->run->state)
      home_tell_broken (add_row (rows, HOME_BROKEN, "Damaged", seen->run->name),
                        seen->run);
  }
}

static void
add_history (HomeRows *rows, const GPtrArray *names)
{
  guint count = 0;
  add_gap (rows, "History");
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    const Seen *seen = g_hash_table_lookup (rows->seen, name);
    gboolean told = !seen->run;
    if (!told && (!seen->run->state || is_unfinished (seen->run)))
      continue;
    if (count++ >= HOME_OVER_MAX)
      continue;
    HomeRow *row = add_row (rows, HOME_OVER, "History", name);
    if (told)
      home_tell_glance (row, seen->glance);
    else
      home_tell_over (row, seen->run);
  }
  rows->older = count > HOME_OVER_MAX ? count - HOME_OVER_MAX : 0;
  if (count > 0 && rows->older == 0)
    return;
  g_autofree char *more = g_strdup_printf ("and %u older", rows->older);
  add_advice (rows, "History", "runs",
              rows->trouble     ? rows->trouble
              : rows->older > 0 ? more
                                : "No run on a site is over yet",
              rows->older > 0 ? "handrail runs lists all of them."
                              : "A run is begun from a runbook: choose one above. "
                                "handrail runs lists those of practice, too.");
}

/* ---- runbooks and sites -------------------------------------------------------------- */

static const Scenario *
scenario_of (HomeRows *rows, const char *name)
{
  void *scenario = NULL;
  if (g_hash_table_lookup_extended (rows->scenarios, name, NULL, &scenario))
    return scenario;
  scenario = practice_scenario (rows->places, name, NULL);
  g_hash_table_insert (rows->scenarios, g_strdup (name), scenario);
  return scenario;
}

static void
add_scenario (HomeRows *rows, const char *name)
{
  const Scenario *scenario = scenario_of (rows, name);
  if (scenario)
    home_tell_scenario (add_row (rows, HOME_PRACTICE, "Practice", name), scenario);
}

static void
add_names (HomeRows *rows, FindType type, HomeKind kind, const char *part)
{
  g_auto (GStrv) names = find_names (rows->places, type);
  for (guint i = 0; names[i]; i++)
    home_files_tell (rows->files, add_row (rows, kind, part, names[i]));
}

static void
add_files (HomeRows *rows)
{
  add_gap (rows, "Runbooks");
  guint before = rows->rows->len;
  add_names (rows, FIND_RUNBOOK, HOME_RUNBOOK, "Runbooks");
  if (rows->rows->len == before)
    add_advice (rows, "Runbooks", "runbook", "There is no runbook yet",
                "Enter shows where one is written, and how it begins.");
  add_gap (rows, "Sites");
  before = rows->rows->len;
  add_names (rows, FIND_SITE, HOME_SITE, "Sites");
  if (rows->rows->len == before)
    add_advice (rows, "Sites", "site", "There is no site yet",
                "A runbook is run on a site: a file that says where your services are. "
                "Enter shows where it is written, and what a small one says.");
  g_auto (GStrv) scenarios = find_names (rows->places, FIND_SCENARIO);
  if (scenarios[0])
    add_gap (rows, "Practice");
  for (guint i = 0; scenarios[i]; i++)
    add_scenario (rows, scenarios[i]);
}

/* ---- all of it ------------------------------------------------------------------------ */

void
home_rows_again (HomeRows *rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = store_names (rows->root, &error);
  g_autoptr (GHashTable) before = g_steal_pointer (&rows->seen);
  rows->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, seen_free);
  g_ptr_array_set_size (rows->rows, 0);
  g_free (rows->trouble);
  rows->trouble = error ? g_strdup (error->message) : NULL;
  if (!names)
    names = g_ptr_array_new ();
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_hash_table_insert (rows->seen, g_strdup (name), see_run (before, rows->root, name));
  }
  add_runs_to_do (rows, names);
  add_files (rows);
  home_files_sweep (rows->files);
  add_history (rows, names);
}

HomeRows *
home_rows_new (const char *root, const FindPlaces *places)
{
  HomeRows *rows = g_new0 (HomeRows, 1);
  rows->root = g_strdup (root);
  rows->places = places;
  rows->files = home_files_new (places);
  rows->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)home_row_free);
  rows->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, seen_free);
  rows->scenarios = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)scenario_free);
  home_rows_again (rows);
  return rows;
}

void
home_rows_free (HomeRows *rows)
{
  if (!rows)
    return;
  g_free (rows->root);
  g_free (rows->trouble);
  g_ptr_array_unref (rows->rows);
  home_files_free (rows->files);
  g_hash_table_unref (rows->seen);
  g_hash_table_unref (rows->scenarios);
  g_free (rows);
}

guint
home_rows_count (const HomeRows *rows)
{
  return rows->rows->len;
}

const HomeRow *
home_rows_get (const HomeRows *rows, guint index)
{
  return g_ptr_array_index (rows->rows, index);
}

guint
home_rows_count_of (const HomeRows *rows, HomeKind kind)
{
  guint count = 0;
  for (guint i = 0; i < rows->rows->len; i++)
    count += home_rows_get (rows, i)->kind == kind;
  return count;
}

guint
home_rows_find (const HomeRows *rows, HomeKind kind, const char *name)
{
  for (guint i = 0; i < rows->rows->len; i++) {
    const HomeRow *row = home_rows_get (rows, i);
    if (row->kind == kind && g_strcmp0 (row->name, name) == 0)
      return i;
  }
  return G_MAXUINT;
}

GStrv
home_rows_folders (const HomeRows *rows)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  g_autofree char *runs = g_build_filename (rows->root, STORE_RUNS, NULL);
  g_strv_builder_add (folders, runs);
  g_strv_builder_addv (folders, (const char **)rows->places->runbooks);
  g_strv_builder_addv (folders, (const char **)rows->places->sites);
  for (guint i = 0; i < rows->rows->len; i++) {
    const HomeRow *row = home_rows_get (rows, i);
    if (row->kind == HOME_UNFINISHED || row->kind == HOME_BROKEN) /* or about to begin */
      g_strv_builder_add (folders, row->path);
  }
  return g_strv_builder_end (folders);
}

char *
home_rows_age (gint64 then_us, gint64 now_us, gint64 *next_us)
{
  gint64 age_us = MAX (now_us - then_us, 0);
  gint64 unit_us = age_us >= 2 * G_TIME_SPAN_DAY    ? G_TIME_SPAN_DAY
                   : age_us >= 2 * G_TIME_SPAN_HOUR ? G_TIME_SPAN_HOUR
                                                    : G_TIME_SPAN_MINUTE;
  gint64 units = age_us / unit_us;
  const char *word = unit_us == G_TIME_SPAN_DAY    ? "d"
                     : unit_us == G_TIME_SPAN_HOUR ? "h"
                                                   : "m";
  if (next_us)
    *next_us = MAX (then_us, now_us - age_us) + (units + 1) * unit_us;
  return g_strdup_printf ("%" G_GINT64_FORMAT "%s", units, word);
}
