#include "core/platforms/compose_read.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/deployment.h"

#define LABEL "com.docker.compose."

/* A project of more containers is none that this tool is for, and its ids would
 * not fit on a command line for ever. */
#define COMPOSE_CONTAINERS_MAX 1000

/* Docker's own default between the stop signal and the kill. */
#define COMPOSE_GRACE_S 10

#define COMPOSE_REASON_CHARACTERS 160

static GError *
problem (const char *text)
{
  return g_error_new_literal (PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE, text);
}

static const char *
text_of (const json_t *object, const char *member)
{
  const char *text = json_string_value (json_object_get (object, member));
  return text ? text : "";
}

static json_t *
parse (GBytes *output, const char *what, GError **error)
{
  gsize size;
  const char *bytes = g_bytes_get_data (output, &size);
  json_error_t where;
  json_t *json = json_loadb (bytes ? bytes : "", size, 0, &where);
  g_autofree char *reason = json ? NULL : text_printable (where.text, -1);
  if (!json)
    g_set_error (
        error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
        "%s did not print JSON (%s); check that the docker command here is Docker's",
        what, reason);
  return json;
}

json_t *
compose_read_info (GBytes *output, GError **error)
{
  json_t *info = parse (output, "docker info", error);
  const json_t *errors = json_object_get (info, "ServerErrors");
  const char *first = json_string_value (json_array_get (errors, 0));
  /* Some versions of the command end with status 0 and only say here that no
   * engine answered. */
  if (info && (!*text_of (info, "ID") || first)) {
    g_autofree char *reason = text_printable (first ? first : "it gave no id", -1);
    g_set_error (
        error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
        "the Docker engine does not answer: %s; start it, or correct `engine` in the "
        "site file",
        reason);
    g_clear_pointer (&info, json_decref);
  }
  return info;
}

GStrv
compose_read_ids (GBytes *output, GError **error)
{
  gsize size;
  const char *bytes = g_bytes_get_data (output, &size);
  g_autofree char *text = g_strndup (bytes ? bytes : "", size);
  g_auto (GStrv) ids = g_strsplit (g_strstrip (text), "\n", COMPOSE_CONTAINERS_MAX + 1);
  if (g_strv_length (ids) > COMPOSE_CONTAINERS_MAX) {
    g_propagate_error (error,
                       problem ("the project has more than 1000 containers; remove "
                                "what it no longer needs"));
    return NULL;
  }
  for (char **id = ids; *id; id++)
    if (!**id || strspn (*id, "0123456789abcdef") != strlen (*id)) {
      g_propagate_error (error,
                         problem ("docker ps printed something that is no container "
                                  "id; check that the docker command here is Docker's"));
      return NULL;
    }
  return g_steal_pointer (&ids);
}

static const char *
label_of (const json_t *container, const char *name)
{
  return text_of (json_object_get (json_object_get (container, "Config"), "Labels"),
                  name);
}

static gint64
time_of (const json_t *object, const char *member)
{
  gint64 wall_us = 0;
  moment_parse_wall (text_of (object, member), &wall_us);
  return wall_us;
}

/* ---- one instance --------------------------------------------------------- */

/* What a container state means: whether there is, or may be by itself, a process, and
 * whether it will stay as it is unless somebody acts. A state that is not known may
 * be anything: it does not count as gone. */
typedef struct {
  const char *state;
  gboolean running, settled;
} StateMeaning;

static StateMeaning
meaning_of (const char *state)
{
  static const StateMeaning meanings[] = {
    { "running", TRUE, TRUE },     { "paused", TRUE, TRUE },
    { "restarting", TRUE, FALSE }, { "removing", TRUE, FALSE },
    { "created", FALSE, TRUE },    { "exited", FALSE, TRUE },
    { "dead", FALSE, TRUE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (strcmp (meanings[i].state, state) == 0)
      return meanings[i];
  return (StateMeaning){ state, TRUE, FALSE };
}

/* "exit 1, killed for memory: the engine's words", from what there is of it. */
static char *
ending_of (const json_t *container, const json_t *state)
{
  json_int_t restarts = json_integer_value (json_object_get (container, "RestartCount"));
  json_int_t status = json_integer_value (json_object_get (state, "ExitCode"));
  const char *engine = text_of (state, "Error");
  GString *text = g_string_new (NULL);
  if (restarts > 0)
    g_string_append_printf (text, "%" JSON_INTEGER_FORMAT " times, ", restarts);
  g_string_append_printf (text, "exit %" JSON_INTEGER_FORMAT, status);
  if (json_is_true (json_object_get (state, "OOMKilled")))
    g_string_append (text, ", killed because memory ran out");
  if (*engine)
    g_string_append_printf (text, ", %s", engine);
  return g_string_free (text, FALSE);
}

/* Why it is not up, or NULL when it is. */
static char *
reason_of (const json_t *container, const json_t *state, const char *health)
{
  const char *name = text_of (state, "Status");
  g_autofree char *ending = ending_of (container, state);
  if (strcmp (name, "running") == 0 && g_strcmp0 (health, "starting") == 0)
    return g_strdup ("has not passed its health check yet");
  if (strcmp (name, "running") == 0)
    return g_strcmp0 (health, "unhealthy") == 0 ? g_strdup ("fails its health check")
                                                : NULL;
  if (strcmp (name, "paused") == 0)
    return g_strdup ("is paused");
  if (strcmp (name, "removing") == 0)
    return g_strdup ("is being removed");
  if (strcmp (name, "restarting") == 0)
    return g_strdup_printf ("restarts again and again (%s)", ending);
  if (strcmp (name, "created") == 0)
    return g_strdup_printf ("was never started (%s)", ending);
  if (strcmp (name, "exited") == 0 || strcmp (name, "dead") == 0)
    return g_strdup_printf ("has %s (%s)", *name == 'd' ? "died" : "exited", ending);
  return g_strdup_printf ("is in a state that handrail does not know (%s)", name);
}

static json_t *
printable (const char *text)
{
  g_autofree char *line = text_printable (text, -1);
  g_autofree char *cut = text_cut_middle (line, COMPOSE_REASON_CHARACTERS);
  return json_string (cut);
}

static json_t *
read_instance (const json_t *container)
{
  const json_t *state = json_object_get (container, "State");
  StateMeaning meaning = meaning_of (text_of (state, "Status"));
  const char *name = text_of (container, "Name");
  const char *host = text_of (json_object_get (container, "Config"), "Hostname");
  const char *health = text_of (json_object_get (state, "Health"), "Status");
  /* What a container that is down says of its health is from before. "none" is
   * how some engines say that there is no check. */
  gboolean checked = *health && strcmp (health, "none") != 0 &&
                     strcmp (text_of (state, "Status"), "running") == 0;
  g_autofree char *reason = reason_of (container, state, checked ? health : NULL);
  json_int_t restarts = json_integer_value (json_object_get (container, "RestartCount"));
  json_int_t status = json_integer_value (json_object_get (state, "ExitCode"));
  json_t *instance = json_object ();
  if (checked && strcmp (health, "starting") == 0)
    meaning.settled = FALSE;
  json_object_set_new (instance, "id", json_string (text_of (container, "Id")));
  json_object_set_new (instance, "name", printable (name + (*name == '/')));
  if (*host)
    json_object_set_new (instance, "hostname", printable (host));
  json_object_set_new (instance, "state", printable (text_of (state, "Status")));
  json_object_set_new (instance, "running", json_boolean (meaning.running));
  json_object_set_new (instance, "settled", json_boolean (meaning.settled));
  if (checked)
    json_object_set_new (instance, "health", json_string (health));
  json_object_set_new (instance, "restarts", json_integer (restarts));
  json_object_set_new (instance, "exit", json_integer (status));
  json_object_set_new (instance, "since_us", json_integer (time_of (state, "StartedAt")));
  json_object_set_new (instance, "image", json_string (text_of (container, "Image")));
  if (reason)
    json_object_set_new (instance, "reason", printable (reason));
  return instance;
}

/* ---- one service ---------------------------------------------------------- */

static const char *
after_hex (const char *text, gsize digits_min)
{
  gsize digits = strspn (text, "0123456789abcdef");
  return digits >= digits_min && text[digits] == '_' ? text + digits + 1 : text;
}

/* Compose names containers PROJECT_SERVICE_N (v1) or PROJECT-SERVICE-N (v2), with
 * an id before it while it recreates one, and after it in some versions of v1. */
static gboolean
name_is_composed (const char *name, const char *project, const char *service)
{
  for (const char *separator = "_-"; *separator; separator++) {
    g_autofree char *start =
        g_strdup_printf ("%s%c%s%c", project, *separator, service, *separator);
    const char *rest = g_str_has_prefix (name, start) ? name : after_hex (name, 8);
    if (!g_str_has_prefix (rest, start))
      continue;
    rest += strlen (start);
    gsize digits = strspn (rest, "0123456789");
    if (digits && (rest[digits] == '\0' || rest[digits] == '_'))
      return TRUE;
  }
  return FALSE;
}

static void
note_single (json_t *entry, const json_t *container)
{
  const char *name = text_of (container, "Name");
  const char *service = label_of (container, LABEL "service");
  name += *name == '/';
  if (name_is_composed (name, label_of (container, LABEL "project"), service))
    return;
  g_autofree char *text = g_strdup_printf (
      "the compose file gives it container_name: %s, and only one container "
      "can have that name; remove container_name from the compose file",
      name);
  json_object_set_new (entry, "single", printable (text));
}

static void
note_grace (json_t *entry, const json_t *container)
{
  const json_t *timeout =
      json_object_get (json_object_get (container, "Config"), "StopTimeout");
  json_int_t grace =
      json_is_integer (timeout) ? json_integer_value (timeout) : COMPOSE_GRACE_S;
  json_int_t known = json_integer_value (json_object_get (entry, "grace_s"));
  json_object_set_new (entry, "grace_s", json_integer (MAX (grace, known)));
}

static json_t *
entry_of (json_t *services, const char *name)
{
  json_t *entry = json_object_get (services, name);
  if (!entry) {
    entry = json_pack ("{s:[]}", "instances");
    json_object_set_new (services, name, entry);
  }
  return entry;
}

/* A service of the project that the site file does not name, and that runs: nothing
 * that is done here will see it. */
static void
note_unlisted (json_t *body, const char *name, const json_t *instance)
{
  if (!json_is_true (json_object_get (instance, "running")))
    return;
  json_t *unlisted = json_object_get (body, "unlisted");
  if (!unlisted) {
    unlisted = json_object ();
    json_object_set_new (body, "unlisted", unlisted);
  }
  g_autofree char *shown = text_printable (name, -1);
  json_int_t before = json_integer_value (json_object_get (unlisted, shown));
  json_object_set_new (unlisted, shown, json_integer (before + 1));
}

static void
read_container (const Site *site, json_t *body, const json_t *container)
{
  json_t *services = json_object_get (body, "services");
  const char *platform_name = label_of (container, LABEL "service");
  json_auto_t *instance = read_instance (container);
  gboolean listed = FALSE;
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = site->services->pdata[i];
    if (strcmp (service->service, platform_name) != 0)
      continue;
    listed = TRUE;
    if (service->managed)
      continue;
    json_t *entry = entry_of (services, service->name);
    json_array_append (json_object_get (entry, "instances"), instance);
    note_grace (entry, container);
    note_single (entry, container);
  }
  if (!listed)
    note_unlisted (body, platform_name, instance);
}

/* ---- the whole ------------------------------------------------------------ */

static const char *
tool_of (const json_t *container)
{
  gboolean first = g_str_has_prefix (label_of (container, LABEL "version"), "1.");
  return container && first ? "docker-compose" : "docker compose";
}

static gboolean
is_found_by_itself (const char *file, const char *directory)
{
  static const char *const names[] = {
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
  };
  gsize length = strlen (directory);
  if (length && g_str_has_prefix (file, directory) && file[length] == '/')
    file += length + 1;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (file, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Where the newest container says that it was made, and of what. */
static void
note_origin (const Site *site, json_t *body, const json_t *newest)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  const char *directory = label_of (newest, LABEL "project.working_dir");
  const char *pinned = g_hash_table_lookup (site->identity, "directory");
  const char *joined = label_of (newest, LABEL "project.config_files");
  g_auto (GStrv) files = g_strsplit (joined, ",", -1);
  json_t *identity = json_object_get (body, "identity");
  if (!*directory && settings->directory)
    directory = settings->directory;
  else if (!newest && pinned)
    directory = pinned; /* where they will be from, once there are any */
  if (*directory)
    json_object_set_new (identity, "directory", json_string (directory));
  for (char **file = files; *file; file++)
    if (!is_found_by_itself (*file, directory)) {
      json_object_set_new (body, "files", json_string (joined));
      break;
    }
  json_object_set_new (body, "tool", json_string (tool_of (newest)));
}

/* What cannot be read must not be taken for a container that is gone: docker listed it
 * by its project's label, and each one has a state. */
static gboolean
is_container (const json_t *container, const char *project)
{
  const json_t *state = json_object_get (container, "State");
  return *text_of (state, "Status") &&
         strcmp (label_of (container, LABEL "project"), project) == 0;
}

/* What `docker compose run` made is no instance of the service. */
static gboolean
is_oneoff (const json_t *container)
{
  return g_ascii_strcasecmp (label_of (container, LABEL "oneoff"), "true") == 0;
}

static gboolean
read_containers (const Site *site, json_t *body, const json_t *containers, GError **error)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  const json_t *newest = NULL;
  size_t index;
  json_t *container;
  json_array_foreach (containers, index, container)
  {
    if (!is_container (container, settings->project)) {
      g_propagate_error (error,
                         problem ("docker inspect printed something that is no container "
                                  "of the project; check that the docker command here is "
                                  "Docker's"));
      return FALSE;
    }
    if (is_oneoff (container))
      continue;
    read_container (site, body, container);
    if (!newest || time_of (container, "Created") > time_of (newest, "Created"))
      newest = container;
  }
  note_origin (site, body, newest);
  return TRUE;
}

/* A new reference; NULL with `error` when it is not the list that it should be. */
static json_t *
parse_containers (GBytes *inspect, GError **error)
{
  json_t *containers = parse (inspect, "docker inspect", error);
  if (!containers || json_is_array (containers))
    return containers;
  json_decref (containers);
  g_propagate_error (error,
                     problem ("docker inspect printed no list of containers; check "
                              "that the docker command here is Docker's"));
  return NULL;
}

static json_t *
new_body (const Site *site, const json_t *info)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  return json_pack ("{s:{s:s, s:s}, s:I, s:{}}", "identity", "engine",
                    text_of (info, "ID"), "project", settings->project, "clock_us",
                    (json_int_t)time_of (info, "SystemTime"), "services");
}

json_t *
compose_read_body (const Site *site, const json_t *info, GBytes *inspect, GError **error)
{
  json_t *containers = parse_containers (inspect, error);
  if (!containers)
    return NULL;
  json_t *body = new_body (site, info);
  if (!read_containers (site, body, containers, error))
    g_clear_pointer (&body, json_decref);
  json_decref (containers);
  return body;
}

static json_t *
empty_words (const char *project)
{
  g_autofree char *text = g_strdup_printf (
      "project %s has no containers on this engine; is the project's name right? (docker "
      "ps -a --format '{{.Label \"" LABEL "project\"}}' lists them)",
      project);
  return json_string (text);
}

json_t *
compose_read_empty (const Site *site, const json_t *info, GBytes *version)
{
  json_t *body = new_body (site, info);
  gsize size;
  const char *bytes = g_bytes_get_data (version, &size);
  g_autofree char *said = g_ascii_strdown (bytes ? bytes : "", (gssize)size);
  gboolean second = strstr (said, "compose version") != NULL;
  const PlatformComposeSettings *settings = site->platform->settings;
  note_origin (site, body, NULL);
  json_object_set_new (body, "empty", empty_words (settings->project));
  json_object_set_new (body, "tool",
                       json_string (second ? "docker compose" : "docker-compose"));
  return body;
}
