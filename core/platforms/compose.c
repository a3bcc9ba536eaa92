/* compose.c: a project of Docker Compose, v1 or v2.
 *
 * It is looked at through `docker`, which is the same for both; it is changed
 * through the one that made its containers. Containers are found by their labels:
 * their names differ between versions and can be chosen freely. */
#include "core/platforms/platforms.h"

#include <stddef.h>
#include <string.h>

#include "core/base/text.h"
#include "core/platforms/compose_read.h"
#include "core/run/deployment.h"

static const Field fields[] = {
  { .name = "project",
    .type = FIELD_WORD,
    .offset = offsetof (PlatformComposeSettings, project),
    .flags = FIELD_REQUIRED,
    .help = "The project's name, as docker compose ls shows it" },
  { .name = "directory",
    .type = FIELD_PATH,
    .offset = offsetof (PlatformComposeSettings, directory),
    .help = "The folder of the compose file; by default where the containers say they "
            "are from" },
  { .name = "engine",
    .type = FIELD_TEXT,
    .offset = offsetof (PlatformComposeSettings, engine),
    .help =
        "The Docker engine, as unix:///…, tcp://… or ssh://…; by default docker's own" },
  { 0 },
};

static char *
complain (const void *data)
{
  const PlatformComposeSettings *settings = data;
  static const char *const schemes[] = { "unix://", "tcp://", "ssh://", "fd://" };
  for (guint i = 0; settings->engine && i < G_N_ELEMENTS (schemes); i++)
    if (g_str_has_prefix (settings->engine, schemes[i]))
      return NULL;
  if (!settings->engine)
    return NULL;
  return g_strdup_printf ("\"%s\" is no address of a Docker engine; write unix:///PATH, "
                          "tcp://HOST:PORT or ssh://USER@HOST",
                          settings->engine);
}

/* ---- looking -------------------------------------------------------------- */

/* The last one depends on the list: its containers, or without any, which tool there
 * is to make some. */
typedef enum { STAGE_INFO, STAGE_LIST, STAGE_INSPECT, STAGE_TOOL = STAGE_INSPECT } Stage;

static void
add (GPtrArray *argv, const char *argument)
{
  g_ptr_array_add (argv, g_strdup (argument));
}

static GPtrArray *
docker (const PlatformComposeSettings *settings)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  add (argv, "docker");
  if (settings->engine) {
    add (argv, "--host");
    add (argv, settings->engine);
  }
  return argv;
}

static Command *
command_of (GPtrArray *argv, const char *directory)
{
  g_ptr_array_add (argv, NULL);
  return command_new ((const char *const *)argv->pdata, directory);
}

static Command *
list_command (const PlatformComposeSettings *settings)
{
  g_autoptr (GPtrArray) argv = docker (settings);
  static const char *const arguments[] = { "ps", "-a", "--no-trunc", "-q", "--filter" };
  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    add (argv, arguments[i]);
  g_ptr_array_add (
      argv, g_strconcat ("label=com.docker.compose.project=", settings->project, NULL));
  return command_of (argv, NULL);
}

/* It needs no engine, and older docker commands take an option for one of their own. */
static Command *
tool_command (void)
{
  static const char *const argv[] = { "docker", "compose", "version", NULL };
  return command_new (argv, NULL);
}

static Command *
last_command (const PlatformComposeSettings *settings, GBytes *listed, GError **error)
{
  g_auto (GStrv) ids = compose_read_ids (listed, error);
  g_autoptr (GPtrArray) argv = docker (settings);
  if (!ids)
    return NULL;
  if (!*ids)
    return tool_command ();
  add (argv, "inspect");
  for (char **id = ids; *id; id++)
    add (argv, *id);
  return command_of (argv, NULL);
}

static Command *
look (const Site *site, guint stage, const GPtrArray *outputs, GError **error)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  g_autoptr (GPtrArray) argv = docker (settings);
  if (stage == STAGE_LIST) {
    json_t *info = compose_read_info (outputs->pdata[STAGE_INFO], error);
    if (!info)
      return NULL;
    json_decref (info);
    return list_command (settings);
  }
  if (stage == STAGE_INSPECT)
    return last_command (settings, outputs->pdata[STAGE_LIST], error);
  if (stage > STAGE_INSPECT)
    return NULL;
  add (argv, "info");
  add (argv, "--format");
  add (argv, "{{json .}}");
  return command_of (argv, NULL);
}

static json_t *
read_last (const Site *site, const json_t *info, GBytes *listed, GBytes *last,
           GError **error)
{
  g_auto (GStrv) ids = compose_read_ids (listed, error);
  if (!ids)
    return NULL;
  return *ids ? compose_read_body (site, info, last, error)
              : compose_read_empty (site, info, last);
}

static json_t *
read_outputs (const Site *site, const GPtrArray *outputs, GError **error)
{
  json_auto_t *info = compose_read_info (outputs->pdata[STAGE_INFO], error);
  return info ? read_last (site, info, outputs->pdata[STAGE_LIST],
                           outputs->pdata[STAGE_INSPECT], error)
              : NULL;
}

/* Between the list and the inspection a container may go: inspect then prints the
 * others, complains of that one and ends with 1. Nothing is wrong with that. */
static gboolean
is_only_gone (const char *standard_error)
{
  g_auto (GStrv) lines = g_strsplit (standard_error, "\n", -1);
  guint gone = 0;
  for (char **line = lines; *line; line++) {
    g_autofree char *lower = g_ascii_strdown (*line, -1);
    if (strstr (lower, "no such object") || strstr (lower, "no such container"))
      gone++;
    else if (*g_strstrip (lower))
      return FALSE;
  }
  return gone > 0;
}

/* As docker says it with and without colons, old and new. An inspection cannot fail
 * like this: its words are ids. */
static gboolean
is_only_without_compose (const char *lower)
{
  return strstr (lower, "'compose' is not a docker command") ||
         strstr (lower, "unknown command: docker compose") ||
         strstr (lower, "unknown command \"compose\"");
}

static char *
explain (const Site *site, guint stage, int status, const char *standard_error)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  const char *said = standard_error ? standard_error : "";
  const char *engine = settings->engine ? settings->engine : "this host";
  g_autofree char *first = g_strndup (said, strcspn (said, "\r\n"));
  g_autofree char *line = text_printable (first, -1);
  g_autofree char *lower = g_ascii_strdown (said, -1);
  if (stage == STAGE_INSPECT && is_only_gone (said))
    return NULL;
  if (stage == STAGE_TOOL && is_only_without_compose (lower))
    return NULL;
  if (strstr (lower, "permission denied") && strstr (lower, "docker"))
    return g_strdup_printf (
        "no permission to use the Docker engine of %s; be in the group "
        "docker (usermod -aG docker NAME, then log in again)",
        engine);
  if (strstr (lower, "cannot connect to the docker daemon") ||
      strstr (lower, "is the docker daemon running"))
    return g_strdup_printf (
        "the Docker engine of %s does not answer; start it (systemctl "
        "start docker), or correct `engine` in the site file",
        engine);
  if (status == 127)
    return g_strdup ("there is no program docker here; install Docker's command line");
  if (strstr (lower, "error during connect"))
    return g_strdup_printf (
        "the Docker engine of %s cannot be reached (%s); correct `engine` "
        "in the site file, or the connection",
        engine, line);
  return g_strdup_printf (
      "docker ended with status %d%s%s; run the same command by hand to "
      "see more",
      status, *line ? ": " : "", line);
}

/* ---- acting --------------------------------------------------------------- */

static const char *
directory_of (const Site *site, const json_t *deployment)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  return settings->directory ? settings->directory
                             : deployment_identity (deployment, "directory");
}

/* `docker compose -p shop`, or `docker-compose -p shop`, as a person types it. */
static GPtrArray *
compose (const Site *site, const json_t *deployment)
{
  const PlatformComposeSettings *settings = site->platform->settings;
  gboolean first = g_strcmp0 (deployment_tool (deployment), "docker-compose") == 0;
  const char *joined = json_string_value (json_object_get (deployment, "files"));
  g_auto (GStrv) files = g_strsplit (joined ? joined : "", ",", -1);
  GPtrArray *argv = docker (settings);
  if (first) {
    g_free (argv->pdata[0]);
    argv->pdata[0] = g_strdup ("docker-compose");
  } else {
    add (argv, "compose");
  }
  for (char **file = files; *file; file++) {
    add (argv, "-f");
    add (argv, *file);
  }
  add (argv, "-p");
  add (argv, settings->project);
  return argv;
}

static void
add_grace (GPtrArray *argv, gint64 grace_s)
{
  if (grace_s < 0)
    return;
  add (argv, "-t");
  g_ptr_array_add (argv, g_strdup_printf ("%" G_GINT64_FORMAT, grace_s));
}

static void
plan_verb (const Site *site, const json_t *deployment, const SiteService *service,
           const char *verb, gint64 grace_s, Plan *plan)
{
  g_autoptr (GPtrArray) argv = compose (site, deployment);
  add (argv, verb);
  add_grace (argv, grace_s);
  add (argv, service->service);
  g_ptr_array_add (argv, NULL);
  plan_add_command (plan, (const char *const *)argv->pdata,
                    directory_of (site, deployment));
}

/* Without --scale `up` removes all instances but one; without --no-recreate it
 * replaces those whose file or settings have changed since. */
static void
plan_up (const Site *site, const json_t *deployment, const SiteService *service,
         gint64 to, gint64 grace_s, Plan *plan)
{
  g_autoptr (GPtrArray) argv = compose (site, deployment);
  static const char *const arguments[] = { "up", "-d", "--no-deps", "--no-recreate" };
  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    add (argv, arguments[i]);
  add_grace (argv, grace_s);
  add (argv, "--scale");
  g_ptr_array_add (argv, g_strdup_printf ("%s=%" G_GINT64_FORMAT, service->service, to));
  add (argv, service->service);
  g_ptr_array_add (argv, NULL);
  plan_add_command (plan, (const char *const *)argv->pdata,
                    directory_of (site, deployment));
}

/* Whether any instance of the service is in that state. */
static gboolean
any_is (const json_t *deployment, const SiteService *service, const char *state)
{
  const json_t *entry = deployment_service (deployment, service->name);
  size_t index;
  json_t *instance;
  json_array_foreach (json_object_get (entry, "instances"), index, instance)
  {
    if (g_strcmp0 (json_string_value (json_object_get (instance, "state")), state) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Neither `start` nor `restart` wakes an instance that is paused: TRUE, with `error`
 * set to the command that does. */
static gboolean
refuse_paused (const Site *site, const json_t *deployment, const SiteService *service,
               GError **error)
{
  if (!any_is (deployment, service, "paused"))
    return FALSE;
  g_autoptr (GPtrArray) argv = compose (site, deployment);
  add (argv, "unpause");
  add (argv, service->service);
  g_ptr_array_add (argv, NULL);
  g_autofree char *line = text_command ((const char *const *)argv->pdata);
  g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
               "%s is paused, and starting does not wake it; run this first: %s",
               service->name, line);
  return TRUE;
}

static gboolean
scale (const Site *site, const json_t *deployment, const SiteService *service, gint64 to,
       gint64 grace_s, Plan *plan, GError **error)
{
  const char *single = deployment_single (deployment, service->name);
  guint exist = deployment_instances (deployment, service->name);
  if (to > 1 && single) {
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
                 "%s cannot have %" G_GINT64_FORMAT " instances: %s", service->name, to,
                 single);
    return FALSE;
  }
  if (to > 0 && refuse_paused (site, deployment, service, error))
    return FALSE;
  if (to == 0 && deployment_running (deployment, service->name) == 0)
    return TRUE;
  if (to == 0)
    plan_verb (site, deployment, service, "stop", grace_s, plan);
  else if (exist == (guint64)to && !any_is (deployment, service, "removing") &&
           !any_is (deployment, service, "dead"))
    plan_verb (site, deployment, service, "start", -1, plan);
  else
    plan_up (site, deployment, service, to, grace_s, plan);
  return TRUE;
}

/* `restart` also starts the instances that had stopped. */
static gboolean
restart (const Site *site, const json_t *deployment, const SiteService *service,
         Plan *plan, GError **error)
{
  guint exist = deployment_instances (deployment, service->name);
  if (refuse_paused (site, deployment, service, error))
    return FALSE;
  plan_verb (site, deployment, service, "restart", -1, plan);
  json_object_set_new (plan->planned, service->name, json_integer (exist));
  return TRUE;
}

static Command *
log_command (const Site *site, const json_t *deployment, const SiteService *service,
             guint lines)
{
  g_autoptr (GPtrArray) argv = compose (site, deployment);
  add (argv, "logs");
  add (argv, "--tail");
  g_ptr_array_add (argv, g_strdup_printf ("%u", lines));
  add (argv, "--no-color");
  add (argv, service->service);
  return command_of (argv, directory_of (site, deployment));
}

static const char *const identity_names[] = { "engine", "project", "directory", NULL };

const PlatformKind platform_compose = {
  .spec = { .name = "compose",
            .help = "A project of Docker Compose, v1 or v2",
            .fields = fields,
            .size = sizeof (PlatformComposeSettings),
            .complain = complain },
  .interval_us = 2 * G_USEC_PER_SEC,
  .limit_us = 10 * G_USEC_PER_SEC,
  .identity_names = identity_names,
  .look = look,
  .read = read_outputs,
  .explain = explain,
  .scale = scale,
  .restart = restart,
  .log = log_command,
};
