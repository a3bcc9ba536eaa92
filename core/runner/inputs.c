#include "core/runner/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/tree.h"
#include "core/net/secret.h"
#include "core/runner/file.h"
#include "core/runner/practice.h"
#include "core/runner/refusal.h"
#include "core/runner/vocabulary.h"
#include "core/store/store.h"

/* The bytes of a file, bounded; kept under its name. */
static gboolean
fetch (const char *name, void *data, GBytes **bytes, GError **error)
{
  GHashTable *sources = data;
  GBytes *kept = g_hash_table_lookup (sources, name);
  if (kept) {
    *bytes = g_bytes_ref (kept);
    return TRUE;
  }
  struct stat status;
  char *text;
  gsize length;
  if (stat (name, &status) == 0 &&
      (!S_ISREG (status.st_mode) || status.st_size > TREE_BYTES_MAX)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                 "%s is no file, or larger than 8 MiB", name);
    return FALSE;
  }
  if (!g_file_get_contents (name, &text, &length, error))
    return FALSE;
  *bytes = g_bytes_new_take (text, length);
  g_hash_table_insert (sources, g_strdup (name), g_bytes_ref (*bytes));
  return TRUE;
}

static json_t *
problems_refusal (const char *what, Problems *problems)
{
  guint count = problems_count (problems);
  json_t *refusal =
      refusal_new (REFUSED_USAGE, "%s has %u problem%s; correct %s and try again", what,
                   count, count == 1 ? "" : "s", count == 1 ? "it" : "them");
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  const Problem *problem;
  for (guint i = 0; (problem = problems_get (problems, i)); i++)
    g_ptr_array_add (texts, problem_format (problem));
  refusal_add_list (refusal, "problems", texts);
  return refusal;
}

/* A file that cannot be read is told of by whoever needs it. */
static void
mask_password_files (const Site *site, Mask *mask)
{
  static const char *const sections[] = { "redis", "redis-new" };
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++) {
    const SiteRedis *redis = site_redis (site, sections[i]);
    g_autofree char *password = NULL;
    if (redis && secret_of_redis (redis, &password, NULL) && password)
      mask_add (mask, password);
  }
}

static gboolean
load_site (Inputs *inputs, const char *file, json_t **refusal)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Problems) problems = problems_new ();
  if (!fetch (file, inputs->sources, &bytes, &error)) {
    *refusal =
        refusal_new (REFUSED_USAGE, "the site file cannot be read: %s", error->message);
    return FALSE;
  }
  inputs->site = site_load (file, bytes, &vocabulary, inputs->settings, problems);
  if (!inputs->site || problems_count (problems) > 0) {
    *refusal = problems_refusal ("the site file", problems);
    return FALSE;
  }
  site_mask (inputs->site, inputs->mask);
  mask_password_files (inputs->site, inputs->mask);
  return TRUE;
}

static Runbook *
load_runbook (const Inputs *inputs, GHashTable *answers, Problems *problems)
{
  RunbookOptions options = { .vocabulary = &vocabulary,
                             .site = inputs->site,
                             .settings = inputs->settings,
                             .answers = answers,
                             .fetch = fetch,
                             .fetch_data = inputs->sources };
  return runbook_load (inputs->runbook_file, &options, problems);
}

static gboolean
check_runbook (const Inputs *inputs, Problems *problems, json_t **refusal)
{
  const Variable *missing = inputs->runbook ? runbook_missing (inputs->runbook) : NULL;
  if (!inputs->runbook || problems_count (problems) > 0)
    *refusal = problems_refusal ("the runbook", problems);
  else if (missing)
    *refusal = refusal_new (REFUSED_USAGE,
                            "the runbook's variable %s has no value; say --set %s=VALUE",
                            missing->name, missing->name);
  else
    return TRUE;
  return FALSE;
}

/* A password that was given in a URL is one wherever it turns up. */
static void
mask_urls_of (Mask *mask, GHashTable *values)
{
  GHashTableIter iter;
  void *value;
  if (!values)
    return;
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    mask_add_urls (mask, value);
}

Inputs *
inputs_load (const InputsFrom *from, json_t **refusal)
{
  g_autofree char *site_path = g_canonicalize_filename (from->site_file, NULL);
  g_autoptr (Inputs) inputs = g_new0 (Inputs, 1);
  inputs->settings = from->settings;
  inputs->mask = mask_new ();
  mask_hide_urls (inputs->mask);
  mask_urls_of (inputs->mask, from->settings);
  mask_urls_of (inputs->mask, from->answers);
  inputs->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)g_bytes_unref);
  if (from->practice)
    inputs->confine = practice_confine (from->practice, site_path, refusal);
  if (*refusal || !load_site (inputs, site_path, refusal))
    return NULL;
  if (!from->runbook_file)
    return g_steal_pointer (&inputs);
  g_autoptr (Problems) problems = problems_new ();
  inputs->runbook_file = g_canonicalize_filename (from->runbook_file, NULL);
  inputs->runbook = load_runbook (inputs, from->answers, problems);
  return check_runbook (inputs, problems, refusal) ? g_steal_pointer (&inputs) : NULL;
}

void
inputs_free (Inputs *inputs)
{
  if (!inputs)
    return;
  runbook_free (inputs->runbook);
  site_free (inputs->site);
  mask_free (inputs->mask);
  confine_free (inputs->confine);
  g_clear_pointer (&inputs->settings, g_hash_table_unref);
  g_clear_pointer (&inputs->sources, g_hash_table_unref);
  g_free (inputs->runbook_file);
  g_free (inputs);
}

GHashTable *
inputs_table (const json_t *object)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)object, name, value)
      g_hash_table_insert (table, g_strdup (name), g_strdup (json_string_value (value)));
  return table;
}

gboolean
inputs_answer (Inputs *inputs, const json_t *answers, GError **error)
{
  g_autoptr (GHashTable) table = inputs_table (answers);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Runbook) runbook = load_runbook (inputs, table, problems);
  if (runbook && problems_count (problems) == 0) {
    runbook_free (inputs->runbook);
    inputs->runbook = g_steal_pointer (&runbook);
    return TRUE;
  }
  g_autofree char *text = problems_format (problems);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
               "with this answer the runbook has problems: %s", g_strchomp (text));
  return FALSE;
}

/* ---- copies --------------------------------------------------------------- */

/* "shutdown.yaml", and "2-shutdown.yaml" if there is one of that name already. */
static int
open_copy (int folder, const char *name, guint mode)
{
  g_autofree char *base = g_path_get_basename (name);
  for (guint i = 1; i <= RUNBOOK_SOURCES_MAX; i++) {
    g_autofree char *numbered =
        i == 1 ? g_strdup (base) : g_strdup_printf ("%u-%s", i, base);
    int file = openat (folder, numbered,
                       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file >= 0 || errno != EEXIST)
      return file;
  }
  return -1;
}

static gboolean
write_copy (const Inputs *inputs, int folder, const char *name, GBytes *bytes, guint mode)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *masked = mask_apply (inputs->mask, data ? data : "", (gssize)length);
  int file = open_copy (folder, name, mode);
  if (file < 0)
    return FALSE;
  gsize masked_length = strlen (masked);
  gboolean written =
      file_write_all (file, masked, masked_length) && fchmod (file, mode) == 0;
  return close (file) == 0 && written;
}

gboolean
inputs_copy (const Inputs *inputs, int folder, guint mode, GError **error)
{
  GHashTableIter iter;
  void *name, *bytes;
  gboolean good = TRUE;
  /* The folder's mode is the file's, and to be entered by whoever may read; the umask
   * has no say. */
  int copies = -1;
  guint folder_mode = mode | ((mode & 0444) >> 2) | (mode & S_IWGRP ? S_ISGID : 0);
  if (mkdirat (folder, STORE_INPUTS, folder_mode) == 0 &&
      fchmodat (folder, STORE_INPUTS, folder_mode, 0) == 0)
    copies = openat (folder, STORE_INPUTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_hash_table_iter_init (&iter, inputs->sources);
  while (copies >= 0 && good && g_hash_table_iter_next (&iter, &name, &bytes))
    good = write_copy (inputs, copies, name, bytes, mode);
  if (copies < 0 || !good)
    g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
                 "the runbook and the site file cannot be copied into the run's folder "
                 "(%s)",
                 g_strerror (errno));
  if (copies >= 0)
    close (copies);
  return copies >= 0 && good;
}
