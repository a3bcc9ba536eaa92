/* The data are what a real engine printed, shortened to what is read, the folder's
 * name replaced. */
#include "core/platforms/platforms.h"
#include "tests/unit/kinds.h"

typedef struct {
  Site *site;
  PlatformComposeSettings settings;
  GPtrArray *outputs;
} Bed;

static GBytes *
data (const char *name)
{
  g_autofree char *path = g_build_filename (TEST_DATA, "compose", name, NULL);
  char *text;
  gsize size;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (path, &text, &size, &error))
    g_error ("%s", error->message);
  return g_bytes_new_take (text, size);
}

static void
bed_open (Bed *bed, const char *project)
{
  *bed = (Bed){ .settings = { .project = (char *)project } };
  bed->site = make_site (&platform_compose, &bed->settings);
  add_service (bed->site, "tines-app", "tines-app", NULL);
  add_service (bed->site, "workers", "tines-sidekiq", NULL);
  add_service (bed->site, "nginx", "nginx", NULL);
  add_service (bed->site, "looper", "looper", NULL);
  add_service (bed->site, "redis", "redis", "ElastiCache tines-redis");
  bed->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
}

static void
bed_close (Bed *bed)
{
  g_ptr_array_unref (bed->outputs);
  free_site (bed->site);
}

static json_t *
body_of (Bed *bed, const char *version)
{
  g_autofree char *ids = g_strconcat (version, "-ids.txt", NULL);
  g_autofree char *inspect = g_strconcat (version, "-inspect.json", NULL);
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (bed->outputs, data ("info.json"));
  g_ptr_array_add (bed->outputs, data (ids));
  g_ptr_array_add (bed->outputs, data (inspect));
  json_t *body = platform_compose.read (bed->site, bed->outputs, &error);
  g_assert_no_error (error);
  return body;
}

static void
assert_line (Command *command, const char *line)
{
  g_autofree char *joined = g_strjoinv (" ", command->argv);
  g_assert_cmpstr (joined, ==, line);
}

static void
test_look (void)
{
  Bed bed;
  g_autoptr (GError) error = NULL;
  bed_open (&bed, "tines");
  bed.settings.engine = (char *)"unix:///run/d.sock";
  g_autoptr (Command) info = platform_compose.look (bed.site, 0, bed.outputs, &error);
  assert_line (info, "docker --host unix:///run/d.sock info --format {{json .}}");
  bed.settings.engine = NULL;
  g_ptr_array_add (bed.outputs, data ("info.json"));
  g_autoptr (Command) list = platform_compose.look (bed.site, 1, bed.outputs, &error);
  assert_line (list, "docker ps -a --no-trunc -q --filter "
                     "label=com.docker.compose.project=tines");
  g_ptr_array_add (bed.outputs, data ("v1-ids.txt"));
  g_autoptr (Command) inspect = platform_compose.look (bed.site, 2, bed.outputs, &error);
  g_assert_cmpuint (g_strv_length (inspect->argv), ==, 8);
  g_assert_null (platform_compose.look (bed.site, 3, bed.outputs, &error));
  g_ptr_array_remove_index (bed.outputs, 1);
  g_ptr_array_add (bed.outputs, g_bytes_new_static ("\n", 1));
  /* Without a container to tell the tool, what is installed does. */
  bed.settings.engine = (char *)"unix:///run/d.sock";
  g_autoptr (Command) tool = platform_compose.look (bed.site, 2, bed.outputs, &error);
  assert_line (tool, "docker compose version");
  g_assert_null (platform_compose.look (bed.site, 3, bed.outputs, &error));
  g_assert_no_error (error);
  g_ptr_array_remove_index (bed.outputs, 1);
  g_ptr_array_add (bed.outputs, g_bytes_new_static ("--help\n", 7));
  g_assert_null (platform_compose.look (bed.site, 2, bed.outputs, &error));
  g_assert_nonnull (error);
  bed_close (&bed);
}

static void
test_no_engine (void)
{
  Bed bed;
  g_autoptr (GError) error = NULL;
  bed_open (&bed, "tines");
  g_ptr_array_add (bed.outputs, data ("info-no-engine.json"));
  g_assert_null (platform_compose.look (bed.site, 1, bed.outputs, &error));
  g_assert_nonnull (strstr (error->message, "does not answer"));
  bed_close (&bed);
}

static const json_t *
instance (const json_t *body, const char *service, const char *name)
{
  size_t index;
  json_t *row;
  json_array_foreach (json_object_get (deployment_service (body, service), "instances"),
                      index, row)
  {
    if (strcmp (json_string_value (json_object_get (row, "name")), name) == 0)
      return row;
  }
  g_error ("no instance %s", name);
}

static const char *
text_of (const json_t *row, const char *member)
{
  return json_string_value (json_object_get (row, member));
}

static void
test_read_v1 (void)
{
  Bed bed;
  bed_open (&bed, "tines");
  json_t *body = body_of (&bed, "v1");
  const json_t *app = instance (body, "tines-app", "tines_tines-app_1");
  const json_t *looper = instance (body, "looper", "tines_looper_1");
  const json_t *killed = instance (body, "workers", "tines_tines-sidekiq_2");
  g_assert_cmpstr (deployment_tool (body), ==, "docker-compose");
  g_assert_cmpstr (deployment_identity (body, "directory"), ==, "/srv/tines");
  g_assert_cmpstr (deployment_identity (body, "project"), ==, "tines");
  g_assert_null (json_object_get (body, "files"));
  /* The container that `run` left behind does not count. */
  g_assert_cmpuint (deployment_instances (body, "tines-app"), ==, 1);
  g_assert_cmpuint (deployment_running (body, "tines-app"), ==, 0);
  g_assert_null (text_of (app, "health")); /* it reads unhealthy, from before */
  g_assert_cmpuint (deployment_running (body, "workers"), ==, 1);
  g_assert_cmpstr (text_of (killed, "reason"), ==, "has exited (exit 137)");
  g_assert_cmpint (deployment_grace_s (body, "workers"), ==, 35);
  g_assert_cmpint (deployment_grace_s (body, "nginx"), ==, 10);
  g_assert_nonnull (
      strstr (deployment_single (body, "nginx"), "container_name: tines-nginx"));
  g_assert_null (deployment_single (body, "workers"));
  g_assert_false (deployment_settled (body, "looper"));
  g_assert_cmpstr (text_of (looper, "reason"), ==,
                   "restarts again and again (19 times, exit 1)");
  g_assert_cmpuint (deployment_ready (body, "nginx", NULL, 10 * SECOND), ==, 1);
  g_assert_null (deployment_service (body, "redis"));
  json_decref (body);
  bed_close (&bed);
}

static void
test_read_v2 (void)
{
  Bed bed;
  bed_open (&bed, "two");
  json_t *body = body_of (&bed, "v2");
  g_assert_cmpstr (deployment_tool (body), ==, "docker compose");
  g_assert_null (json_object_get (body, "files"));
  g_assert_cmpuint (deployment_running (body, "workers"), ==, 3);
  g_assert_null (deployment_single (body, "workers"));
  g_assert_nonnull (deployment_single (body, "nginx"));
  g_assert_cmpuint (deployment_running (body, "tines-app"), ==, 1);
  g_assert_cmpuint (deployment_ready (body, "tines-app", NULL, 0), ==, 0);
  g_assert_cmpstr (text_of (instance (body, "tines-app", "two-tines-app-1"), "reason"),
                   ==, "is paused");
  json_decref (body);
  bed_close (&bed);
}

/* A row: what is wanted, and the command line it takes, "!part" of the error, or ""
 * for nothing to do. */
typedef struct {
  const char *version, *service;
  gint64 to, grace_s;
  const char *line;
} Row;

static const Row rows[] = {
  { "v1", "workers", 0, -1, "docker-compose -p tines stop tines-sidekiq" },
  { "v1", "workers", 0, 60, "docker-compose -p tines stop -t 60 tines-sidekiq" },
  { "v1", "workers", 2, 60, "docker-compose -p tines start tines-sidekiq" },
  { "v1", "workers", 3, -1,
    "docker-compose -p tines up -d --no-deps --no-recreate --scale tines-sidekiq=3 "
    "tines-sidekiq" },
  { "v1", "workers", 1, 9,
    "docker-compose -p tines up -d --no-deps --no-recreate -t 9 --scale tines-sidekiq=1 "
    "tines-sidekiq" },
  { "v1", "tines-app", 0, -1, "" },
  { "v1", "tines-app", 1, -1, "docker-compose -p tines start tines-app" },
  { "v1", "nginx", 2, -1, "!remove container_name" },
  { "v2", "workers", 0, 3, "docker compose -p tines stop -t 3 tines-sidekiq" },
  { "v2", "workers", 3, -1, "docker compose -p tines start tines-sidekiq" },
  { "v2", "tines-app", 2, -1, "!unpause" },
};

static void
test_scale (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    Bed bed;
    g_autoptr (Plan) plan = plan_new ();
    g_autoptr (GError) error = NULL;
    bed_open (&bed, strcmp (row->version, "v1") == 0 ? "tines" : "two");
    json_t *body = body_of (&bed, row->version);
    bed.settings.project = (char *)"tines";
    gboolean done =
        platform_compose.scale (bed.site, body, site_service (bed.site, row->service),
                                row->to, row->grace_s, plan, &error);
    g_assert_cmpint (done, ==, row->line[0] != '!');
    if (!done)
      g_assert_nonnull (strstr (error->message, row->line + 1));
    else if (!*row->line)
      g_assert_cmpuint (plan->commands->len, ==, 0);
    else {
      Command *command = plan->commands->pdata[0];
      assert_line (command, row->line);
      g_assert_cmpstr (command->directory, ==, "/srv/tines");
    }
    json_decref (body);
    bed_close (&bed);
  }
}

/* Restarting starts what had stopped too, so that many are waited for. */
static void
test_restart (void)
{
  static const struct {
    const char *version, *service, *line;
    gint64 planned;
  } restarts[] = {
    { "v1", "workers", "docker-compose -p tines restart tines-sidekiq", 2 },
    { "v1", "nginx", "docker-compose -p tines restart nginx", 1 },
    { "v1", "looper", "docker-compose -p tines restart looper", 1 },
    { "v2", "workers", "docker compose -p two restart tines-sidekiq", 3 },
    { "v2", "tines-app", "!run this first: docker compose -p two unpause tines-app", 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (restarts); i++) {
    Bed bed;
    g_autoptr (Plan) plan = plan_new ();
    g_autoptr (GError) error = NULL;
    const char *line = restarts[i].line;
    const char *service = restarts[i].service;
    bed_open (&bed, strcmp (restarts[i].version, "v1") == 0 ? "tines" : "two");
    json_t *body = body_of (&bed, restarts[i].version);
    gboolean done = platform_compose.restart (
        bed.site, body, site_service (bed.site, service), plan, &error);
    g_assert_cmpint (done, ==, line[0] != '!');
    if (done) {
      assert_line (plan->commands->pdata[0], line);
      g_assert_cmpint (json_integer_value (json_object_get (plan->planned, service)), ==,
                       restarts[i].planned);
    } else {
      g_assert_nonnull (strstr (error->message, line + 1));
      g_assert_cmpuint (plan->commands->len, ==, 0);
    }
    json_decref (body);
    bed_close (&bed);
  }
}

/* What is there to be called, and what `docker compose version` prints then. */
static const struct {
  const char *version, *tool;
} tools[] = {
  { "Docker Compose version v2.29.1\n", "docker compose" },
  { "Docker Compose version 2.20.2+ds1-0ubuntu1\n", "docker compose" },
  { "", "docker-compose" },
  { "\nUsage:  docker [OPTIONS] COMMAND\n", "docker-compose" },
};

static json_t *
empty_body (Bed *bed, const char *version)
{
  g_autoptr (GError) error = NULL;
  g_ptr_array_set_size (bed->outputs, 0);
  g_ptr_array_add (bed->outputs, data ("info.json"));
  g_ptr_array_add (bed->outputs, g_bytes_new_static ("\n", 1));
  g_ptr_array_add (bed->outputs, g_bytes_new (version, strlen (version)));
  json_t *body = platform_compose.read (bed->site, bed->outputs, &error);
  g_assert_no_error (error);
  return body;
}

/* Nothing of the project is there: `up` of the tool that is makes it. */
static void
test_empty (void)
{
  Bed bed;
  bed_open (&bed, "tines");
  bed.settings.directory = (char *)"/opt/tines";
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    g_autoptr (Plan) plan = plan_new ();
    g_autoptr (GError) error = NULL;
    json_t *body = empty_body (&bed, tools[i].version);
    const SiteService *workers = site_service (bed.site, "workers");
    g_autofree char *up =
        g_strconcat (tools[i].tool,
                     " -p tines up -d --no-deps --no-recreate --scale tines-sidekiq=2 "
                     "tines-sidekiq",
                     NULL);
    g_autofree char *logs = g_strconcat (
        tools[i].tool,
        " -f /a.yml -f /b.yml -p tines logs --tail 20 --no-color tines-sidekiq", NULL);
    g_assert_cmpstr (deployment_tool (body), ==, tools[i].tool);
    g_assert_true (platform_compose.scale (bed.site, body, workers, 2, -1, plan, &error));
    assert_line (plan->commands->pdata[0], up);
    g_assert_cmpstr (deployment_identity (body, "directory"), ==, "/opt/tines");
    g_assert_cmpstr (deployment_identity (body, "project"), ==, "tines");
    g_assert_nonnull (deployment_empty (body));
    g_assert_nonnull (
        strstr (deployment_empty (body), "project tines has no containers on"));
    g_assert_nonnull (
        strstr (deployment_empty (body), "'{{.Label \"com.docker.compose.project\"}}'"));
    json_object_set_new (body, "files", json_string ("/a.yml,/b.yml"));
    g_autoptr (Command) log = platform_compose.log (bed.site, body, workers, 20);
    assert_line (log, logs);
    json_decref (body);
  }
  bed_close (&bed);
}

/* The pinned folder is compared when containers tell theirs; without any it is where
 * they will be made from. */
static void
test_empty_pinned (void)
{
  Bed bed;
  bed_open (&bed, "tines");
  g_hash_table_insert (bed.site->identity, (char *)"engine", (char *)"ANOTHER");
  g_hash_table_insert (bed.site->identity, (char *)"directory", (char *)"/srv/pinned");
  json_auto_t *body = empty_body (&bed, tools[0].version);
  g_assert_cmpstr (deployment_identity (body, "directory"), ==, "/srv/pinned");
  g_autofree char *problem =
      platform_identity_problem (bed.site, &platform_compose, body);
  g_assert_nonnull (strstr (problem, "engine is "));
  const char *engine = deployment_identity (body, "engine");
  g_hash_table_insert (bed.site->identity, (char *)"engine", (char *)engine);
  g_assert_null (platform_identity_problem (bed.site, &platform_compose, body));
  g_ptr_array_set_size (bed.outputs, 0);
  json_auto_t *full = body_of (&bed, "v1");
  g_assert_cmpstr (deployment_identity (full, "directory"), ==, "/srv/tines");
  g_assert_null (deployment_empty (full));
  bed_close (&bed);
}

static void
assert_explains (guint stage, int status, const char *said, const char *part)
{
  Bed bed;
  bed_open (&bed, "tines");
  g_autofree char *text = platform_compose.explain (bed.site, stage, status, said);
  if (part)
    g_assert_nonnull (strstr (text, part));
  else
    g_assert_null (text);
  bed_close (&bed);
}

static void
test_explain (void)
{
  assert_explains (
      0, 1,
      "permission denied while trying to connect to the Docker daemon socket at "
      "unix:///x: dial unix /x: connect: permission denied",
      "group docker");
  assert_explains (
      0, 1,
      "Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker "
      "daemon running?",
      "systemctl start docker");
  assert_explains (0, 1, "error during connect: Get \"http://x\": ssh: no",
                   "cannot be reached");
  assert_explains (0, 127, "", "no program docker");
  assert_explains (1, 1, "strange\033[31m\nmore", "status 1: strange");
  assert_explains (2, 1, "Error: No such object: deadbeef\n", NULL);
  assert_explains (2, 1, "Error: No such object: x\nError: other\n", "status 1");
  assert_explains (
      2, 1, "docker: 'compose' is not a docker command.\nSee 'docker --help'", NULL);
  assert_explains (2, 1,
                   "docker: unknown command: docker compose\n\nRun 'docker --help' for "
                   "more information\n",
                   NULL);
  assert_explains (
      2, 1,
      "Cannot connect to the Docker daemon at unix:///srv/compose/d.sock. Is "
      "the docker daemon running?",
      "systemctl start docker");
  assert_explains (1, 1, "docker: unknown command: docker compose", "status 1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose/look", test_look);
  g_test_add_func ("/compose/no-engine", test_no_engine);
  g_test_add_func ("/compose/read-v1", test_read_v1);
  g_test_add_func ("/compose/read-v2", test_read_v2);
  g_test_add_func ("/compose/scale", test_scale);
  g_test_add_func ("/compose/restart", test_restart);
  g_test_add_func ("/compose/empty", test_empty);
  g_test_add_func ("/compose/empty-pinned", test_empty_pinned);
  g_test_add_func ("/compose/explain", test_explain);
  return g_test_run ();
}
