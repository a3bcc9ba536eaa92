#include "tui/find.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"

#define ENDING ".yaml"
#define SYSTEM_FOLDER "/etc/handrail"

/* The line that says what a file is stands in its first part: only comments and
 * other keys can come before it. */
#define MARK_BYTES 65536

GQuark
find_error_quark (void)
{
  return g_quark_from_static_string ("handrail-find");
}

/* What a type is called, where it lies, and the key that its files begin with. */
static const struct {
  const char *word;
  const char *folder;  /* of those that people write */
  const char *shipped; /* of those that handrail comes with; NULL: none */
  const char *key;
} types[] = {
  [FIND_RUNBOOK] = { "runbook", "runbooks", "runbooks", "handrail" },
  [FIND_SITE] = { "site", "sites", NULL, "handrail-site" },
  [FIND_THEME] = { "theme", "themes", "themes", "handrail-theme" },
  [FIND_SCENARIO] = { "scenario", "practice", "runbooks/practice", "handrail-practice" },
};

/* The top of the source tree, when this program was not installed. */
static char *
source_tree (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname (self) : NULL;
  if (!folder)
    return NULL;
  g_autofree char *built = g_build_filename (folder, "config.status", NULL);
  if (!g_file_test (built, G_FILE_TEST_EXISTS))
    return NULL;
  g_autofree char *joined = g_build_filename (folder, "..", NULL);
  return g_canonicalize_filename (joined, "/");
}

/* `source`: the source tree, or NULL. Sites are nobody's but the operator's. */
static GStrv
places_of (FindType type, const char *source)
{
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  const char *folder = types[type].folder, *shipped = types[type].shipped;
  g_autofree char *own =
      g_build_filename (g_get_user_config_dir (), "handrail", folder, NULL);
  g_autofree char *system = g_build_filename (SYSTEM_FOLDER, folder, NULL);
  g_strv_builder_add_many (places, own, system, NULL);
  if (!shipped)
    return g_strv_builder_end (places);
  g_autofree char *built = source ? g_build_filename (source, shipped, NULL) : NULL;
  g_autofree char *installed = g_build_filename (PKGDATADIR, shipped, NULL);
  if (built)
    g_strv_builder_add (places, built);
  g_strv_builder_add (places, installed);
  return g_strv_builder_end (places);
}

FindPlaces *
find_places (void)
{
  g_autofree char *source = source_tree ();
  FindPlaces *places = g_new0 (FindPlaces, 1);
  places->runbooks = places_of (FIND_RUNBOOK, source);
  places->sites = places_of (FIND_SITE, source);
  places->themes = places_of (FIND_THEME, source);
  places->scenarios = places_of (FIND_SCENARIO, source);
  return places;
}

void
find_places_free (FindPlaces *places)
{
  if (!places)
    return;
  g_strfreev (places->runbooks);
  g_strfreev (places->sites);
  g_strfreev (places->themes);
  g_strfreev (places->scenarios);
  g_free (places);
}

static char **
folders_of (const FindPlaces *places, FindType type)
{
  return type == FIND_SITE       ? places->sites
         : type == FIND_THEME    ? places->themes
         : type == FIND_SCENARIO ? places->scenarios
                                 : places->runbooks;
}

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Whether a line begins with a key, in quotes or not: "handrail: 1". */
static gboolean
line_says (const char *line, const char *key)
{
  static const char mark[] = "\xEF\xBB\xBF"; /* of the order of bytes */
  if (g_str_has_prefix (line, mark))
    line += strlen (mark);
  gsize quote = *line == '"' || *line == '\'' ? 1 : 0, length = strlen (key);
  const char *end = line + quote + length;
  if (strncmp (line + quote, key, length) != 0 || (quote && *end != *line))
    return FALSE;
  end += quote;
  return end[strspn (end, " \t")] == ':';
}

static const char *
next_line (const char *line)
{
  const char *end = strchr (line, '\n');
  return end ? end + 1 : NULL;
}

/* Whether a file says on some line of its own what it is. Read as text, so that one with
 * mistakes is found too, and then told about. */
static gboolean
is_of_type (const char *folder, const char *entry, FindType type)
{
  g_autofree char *path = g_build_filename (folder, entry, NULL);
  g_autofree char *bytes = g_malloc (MARK_BYTES + 1);
  int descriptor = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ssize_t got = descriptor < 0 ? -1 : read (descriptor, bytes, MARK_BYTES);
  if (descriptor >= 0)
    close (descriptor);
  if (got < 0)
    return FALSE;
  bytes[got] = '\0';
  const char *line = bytes;
  while (line && !line_says (line, types[type].key))
    line = next_line (line);
  return line != NULL;
}

GStrv
find_names (const FindPlaces *places, FindType type)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  char **folders = folders_of (places, type);
  for (guint i = 0; folders[i]; i++) {
    g_autoptr (GDir) folder = g_dir_open (folders[i], 0, NULL);
    const char *entry = NULL;
    while (folder && (entry = g_dir_read_name (folder))) {
      if (!g_str_has_suffix (entry, ENDING) || entry[0] == '.' ||
          !is_of_type (folders[i], entry, type))
        continue;
      char *name = g_strndup (entry, strlen (entry) - strlen (ENDING));
      if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_free (name);
      else
        g_ptr_array_add (names, name);
    }
  }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_steal (names, NULL);
}

/* What to do instead, for the end of a message. */
static char *
advice (const FindPlaces *places, FindType type, const char *name)
{
  g_auto (GStrv) names = find_names (places, type);
  const char *nearest = text_nearest (name, (const char *const *)names);
  if (nearest)
    return g_strdup_printf ("did you mean %s?", nearest);
  if (!names[0])
    return g_strdup ("there is none yet; give a path to a file, or put one there");
  g_autofree char *list = text_list ((const char *const *)names, "and");
  return g_strdup_printf ("there is %s", list);
}

static char *
find_only_site (const FindPlaces *places, GError **error)
{
  g_auto (GStrv) names = find_names (places, FIND_SITE);
  if (g_strv_length (names) == 1)
    return find_file (places, FIND_SITE, names[0], error);
  if (!names[0]) {
    g_autofree char *where = text_list ((const char *const *)places->sites, "or");
    g_set_error (error, FIND_ERROR, FIND_ERROR_NONE,
                 "no site is configured; write one into %s, or name a file with --site",
                 where);
    return NULL;
  }
  g_autofree char *list = text_list ((const char *const *)names, "or");
  g_set_error (error, FIND_ERROR, FIND_ERROR_AMBIGUOUS,
               "which site? say --site with one of %s", list);
  return NULL;
}

char *
find_file (const FindPlaces *places, FindType type, const char *name, GError **error)
{
  if (!name)
    return find_only_site (places, error);
  if (strchr (name, '/') || g_str_has_suffix (name, ENDING))
    return g_strdup (name);
  g_autofree char *file = g_strconcat (name, ENDING, NULL);
  char **folders = folders_of (places, type);
  for (guint i = 0; folders[i]; i++) {
    g_autofree char *path = g_build_filename (folders[i], file, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  g_autofree char *where = text_list ((const char *const *)folders, "or");
  g_autofree char *hint = advice (places, type, name);
  g_set_error (error, FIND_ERROR, FIND_ERROR_NONE, "no %s %s in %s; %s", types[type].word,
               name, where, hint);
  return NULL;
}
