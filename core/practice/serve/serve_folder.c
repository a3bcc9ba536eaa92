#include "core/practice/serve/serve_folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "practice"

static gboolean
fail (GError **error, const char *path, const char *what)
{
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
               "%s cannot be %s (%s); look at the folder's rights and its disk", path,
               what, g_strerror (errno));
  return FALSE;
}

gboolean
serve_folder_check (const char *folder, GError **error)
{
  struct stat status;
  /* The last ones mean something in the address of a socket. */
  if (*folder == '/' && !strpbrk (folder, "\n?#%") && lstat (folder, &status) == 0 &&
      S_ISDIR (status.st_mode) && status.st_uid == geteuid () &&
      (status.st_mode & 077) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_ACCES,
               "%s must be the path from / of a folder that is yours and closed to all "
               "others (chmod 700), without ?, # and %% in it",
               folder);
  return FALSE;
}

const char *const serve_folder_stand_ins[] = { "docker", "docker-compose", "redis-cli",
                                               NULL };

gboolean
serve_folder_make_programs (const char *folder, const char *program, GError **error)
{
  g_autofree char *bin = g_build_filename (folder, SERVE_FOLDER_BIN, NULL);
  if (g_mkdir (bin, 0700) != 0)
    return fail (error, bin, "made");
  for (guint i = 0; serve_folder_stand_ins[i]; i++) {
    g_autofree char *link = g_build_filename (bin, serve_folder_stand_ins[i], NULL);
    if (symlink (program, link) != 0)
      return fail (error, link, "made");
  }
  return TRUE;
}

/* A JSON string is a YAML string, whatever is in it. */
static void
add_text (GString *out, const char *text)
{
  json_auto_t *string = json_string (text);
  char *written = json_dumps (string, JSON_ENCODE_ANY);
  g_string_append (out, written);
  free (written);
}

/* ---- the project --------------------------------------------------------------------- */

static void
add_compose_service (GString *out, const ScenarioService *service)
{
  static const char *const roles[] = { "starts and stops", "takes jobs from the queues",
                                       "holds the queues", "answers /health and /is_up" };
  g_string_append (out, "  ");
  add_text (out, service->name);
  g_string_append_printf (out, ": # %s\n    image: ", roles[service->role]);
  gboolean versioned = service->role == SCENARIO_APPLICATION && service->version;
  g_autofree char *image =
      g_strdup_printf ("%s:%s", service->name, versioned ? service->version : NAME);
  add_text (out, image);
  g_string_append_printf (out, "\n    scale: %" G_GINT64_FORMAT "\n", service->replicas);
}

char *
serve_folder_make_project (const char *folder, const char *project,
                           const Scenario *scenario, GError **error)
{
  g_autofree char *directory = g_build_filename (folder, project, NULL);
  g_autofree char *file = g_build_filename (directory, "docker-compose.yml", NULL);
  GString *text = g_string_new ("# What the simulated deployment has. It is here to be "
                                "read: a change of it changes nothing.\n"
                                "version: \"2.4\"\nservices:\n");
  for (guint i = 0; i < scenario->services->len; i++)
    add_compose_service (text, scenario->services->pdata[i]);
  gboolean made = (g_mkdir (directory, 0700) == 0 || fail (error, directory, "made")) &&
                  g_file_set_contents (file, text->str, (gssize)text->len, error);
  g_string_free (text, TRUE);
  return made ? g_steal_pointer (&directory) : NULL;
}

/* ---- the site -------------------------------------------------------------------------- */

static void
add_entry (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, "%s: ", name);
  add_text (out, value);
  g_string_append_c (out, '\n');
}

static void
add_service (GString *out, const ScenarioService *service, const char *health)
{
  g_string_append (out, "  ");
  add_text (out, service->name);
  g_string_append_printf (out, ": { replicas: %" G_GINT64_FORMAT, service->replicas);
  if (service->role == SCENARIO_APPLICATION && health) {
    g_string_append (out, ", health: ");
    add_text (out, health);
  }
  g_string_append (out, " }\n");
}

static gboolean
has_redis (const Scenario *scenario)
{
  for (guint i = 0; i < scenario->services->len; i++)
    if (((const ScenarioService *)scenario->services->pdata[i])->role == SCENARIO_REDIS)
      return TRUE;
  return FALSE;
}

gboolean
serve_folder_make_site (const char *folder, const World *world, const char *health,
                        GError **error)
{
  const Scenario *scenario = world_scenario (world);
  const char *named = scenario->elsewhere ? scenario->elsewhere : world_project (world);
  g_autofree char *path = g_build_filename (folder, SERVE_FOLDER_SITE, NULL);
  g_autofree char *directory = g_build_filename (folder, named, NULL);
  g_autofree char *url = g_strdup_printf ("unix://%s/" SERVE_FOLDER_REDIS "?db=%d",
                                          folder, SERVE_FOLDER_DATABASE);
  GString *out = g_string_new ("# A simulated deployment, for practice. Nothing in it is "
                               "real.\nhandrail-site: 1\n");
  add_entry (out, "name", NAME);
  g_string_append (out, "production: false\npractice: true\nplatform:\n  compose:\n");
  add_entry (out, "    project", named);
  add_entry (out, "    directory", directory);
  g_string_append (out, "identity:\n");
  add_entry (out, "  engine", world_engine_id (world));
  add_entry (out, "  project", world_project (world));
  g_string_append (out, "services:\n");
  for (guint i = 0; i < scenario->services->len; i++)
    add_service (out, scenario->services->pdata[i], health);
  if (has_redis (scenario)) {
    g_string_append (out, "redis:\n");
    add_entry (out, "  url", url);
  }
  gboolean made = g_file_set_contents (path, out->str, (gssize)out->len, error);
  g_string_free (out, TRUE);
  return made;
}
