/* What is made of `docker inspect`, container by container; and that nothing which it
 * may print instead takes a running container for one that is gone. */

#include "core/base/text.h"
#include "core/platforms/compose_read.h"
#include "tests/unit/kinds.h"

#define LABEL "com.docker.compose."

typedef struct {
  Site *site;
  PlatformComposeSettings settings;
} Bed;

static void
bed_open (Bed *bed, const char *project)
{
  *bed = (Bed){ .settings = { .project = (char *)project } };
  bed->site = make_site (&platform_compose, &bed->settings);
  add_service (bed->site, "web", "web", NULL);
  add_service (bed->site, "workers", "tines-sidekiq", NULL);
  add_service (bed->site, "app", "tines-app", NULL);
  add_service (bed->site, "proxy", "nginx", NULL);
  add_service (bed->site, "looper", "looper", NULL);
}

static void
bed_close (Bed *bed)
{
  free_site (bed->site);
}

/* A container that is up, made by v2. Labels, State and Config are short for what the
 * engine prints; a path of a patch is split at "/". */
static json_t *
container_of (const char *patch)
{
  json_t *container = json_of (
      "{'Id':'c1','Name':'/"
      "shop-web-1','Created':'2026-11-23T04:00:00Z','Image':'sha256:i',"
      "'RestartCount':0,'State':{'Status':'running','ExitCode':0,'Error':'',"
      "'OOMKilled':false,'StartedAt':'2026-11-23T04:00:01Z'},'Config':{'Labels':{"
      "'" LABEL "project':'shop','" LABEL "service':'web','" LABEL "oneoff':'False',"
      "'" LABEL "version':'2.24.0','" LABEL "project.working_dir':'/srv/shop',"
      "'" LABEL "project.config_files':'/srv/shop/compose.yaml'}}}");
  json_auto_t *changes = json_of (patch);
  const char *path;
  json_t *value;
  json_object_foreach (changes, path, value)
  {
    g_auto (GStrv) names = g_strsplit (path, "/", -1);
    json_t *object = container;
    guint last = g_strv_length (names) - 1;
    for (guint i = 0; i < last; i++)
      object = json_object_get (object, names[i]);
    json_object_set (object, names[last], value);
  }
  return container;
}

static json_t *
info (void)
{
  return json_of ("{'ID':'E','SystemTime':'2026-11-23T04:10:00Z'}");
}

static json_t *
read_json (Bed *bed, json_t *containers, GError **error)
{
  char *text = json_dumps (containers, 0);
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (text, strlen (text), free, text);
  json_auto_t *engine = info ();
  return compose_read_body (bed->site, engine, bytes, error);
}

/* "NAME STATE up settled HEALTH REASON", with "-" for what is not there. */
static char *
line_of (const json_t *instance)
{
  const char *health = json_string_value (json_object_get (instance, "health"));
  const char *reason = json_string_value (json_object_get (instance, "reason"));
  return g_strdup_printf (
      "%s %s %s %s %s %s", json_string_value (json_object_get (instance, "name")),
      json_string_value (json_object_get (instance, "state")),
      json_is_true (json_object_get (instance, "running")) ? "up" : "down",
      json_is_true (json_object_get (instance, "settled")) ? "settled" : "moving",
      health ? health : "-", reason ? reason : "-");
}

/* A container's peculiarity, and what is said of it. */
static const char *const instances[][2] = {
  { "{}", "shop-web-1 running up settled - -" },
  { "{'State/Status':'paused'}", "shop-web-1 paused up settled - is paused" },
  { "{'State/Status':'removing'}", "shop-web-1 removing up moving - is being removed" },
  { "{'State/Status':'dead','State/ExitCode':1}",
    "shop-web-1 dead down settled - has died (exit 1)" },
  { "{'State/Status':'created','State/ExitCode':128,'State/Error':'port is taken'}",
    "shop-web-1 created down settled - was never started (exit 128, port is taken)" },
  { "{'State/Status':'restarting','State/ExitCode':1,'RestartCount':4}",
    "shop-web-1 restarting up moving - restarts again and again (4 times, exit 1)" },
  { "{'State/Status':'exited','State/ExitCode':137,'State/OOMKilled':true}",
    "shop-web-1 exited down settled - has exited (exit 137, killed because memory ran "
    "out)" },
  { "{'State/Status':'exited','State/ExitCode':0,'State/Error':'a\\nb\\u001b[2Jc'}",
    "shop-web-1 exited down settled - has exited (exit 0, a\\nb\\x1B[2Jc)" },
  { "{'State/Health':{'Status':'starting'}}",
    "shop-web-1 running up moving starting has not passed its health check yet" },
  { "{'State/Health':{'Status':'unhealthy'}}",
    "shop-web-1 running up settled unhealthy fails its health check" },
  { "{'State/Health':{'Status':'healthy'}}", "shop-web-1 running up settled healthy -" },
  { "{'State/Health':{'Status':'none'}}", "shop-web-1 running up settled - -" },
  { "{'State/Health':null}", "shop-web-1 running up settled - -" },
  /* What it says of its health is from before it stopped. */
  { "{'State/Status':'exited','State/Health':{'Status':'healthy'}}",
    "shop-web-1 exited down settled - has exited (exit 0)" },
  { "{'State/Status':'paused','State/Health':{'Status':'healthy'}}",
    "shop-web-1 paused up settled - is paused" },
  /* A state of another engine: it may be anything, so it is not gone. */
  { "{'State/Status':'stopping'}", "shop-web-1 stopping up moving - is in a state that "
                                   "handrail does not know (stopping)" },
  { "{'Name':'/\\u001b]0;x\\u0007\\n? web: sure [y]'}",
    "\\x1B]0;x\\x07\\n? web: sure [y] running up settled - -" },
  { "{'Name':null}", " running up settled - -" },
  { "{'Config/Labels/" LABEL "oneoff':'false'}", "shop-web-1 running up settled - -" },
  { "{'Config/Labels/" LABEL "oneoff':'True'}", NULL },
  { "{'Config/Labels/" LABEL "oneoff':'true'}", NULL },
  { "{'Config/Labels/" LABEL "service':'webs'}", NULL },
};

static void
test_instances (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (instances); i++) {
    Bed bed;
    g_autoptr (GError) error = NULL;
    bed_open (&bed, "shop");
    json_auto_t *list = json_pack ("[o]", container_of (instances[i][0]));
    json_auto_t *body = read_json (&bed, list, &error);
    g_assert_no_error (error);
    const json_t *rows = json_object_get (deployment_service (body, "web"), "instances");
    g_autofree char *line = rows ? line_of (json_array_get (rows, 0)) : NULL;
    g_assert_cmpstr (line, ==, instances[i][1]);
    bed_close (&bed);
  }
}

/* What a container calls itself inside, and what is kept of it. */
static const char *const hosts[][2] = {
  { "{}", NULL },
  { "{'Config/Hostname':'0123456789ab'}", "0123456789ab" },
  { "{'Config/Hostname':''}", NULL },
  { "{'Config/Hostname':7}", NULL },
  { "{'Config/Hostname':'a\\u001b[2J'}", "a\\x1B[2J" },
};

static void
test_hosts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    Bed bed;
    bed_open (&bed, "shop");
    json_auto_t *list = json_pack ("[o]", container_of (hosts[i][0]));
    json_auto_t *body = read_json (&bed, list, NULL);
    const json_t *rows = json_object_get (deployment_service (body, "web"), "instances");
    const json_t *host = json_object_get (json_array_get (rows, 0), "hostname");
    g_assert_cmpstr (json_string_value (host), ==, hosts[i][1]);
    bed_close (&bed);
  }
}

/* Whether compose chose the name itself; else there can be only one of it. */
static const struct {
  const char *project, *service, *name;
  gboolean composed;
} names[] = {
  { "shop", "web", "shop-web-1", TRUE },
  { "shop", "web", "shop_web_12", TRUE },
  { "shop", "web", "shop_web_1_d2505472b8d3", TRUE }, /* v1 with a slug */
  { "shop", "web", "0123456789ab_shop_web_1", TRUE }, /* while v1 recreates it */
  { "shop", "web", "0123456789ab_shop-web-1", TRUE }, /* while v2 does */
  { "deadbeef", "web", "deadbeef_web_1", TRUE },
  { "deadbeef_x", "web", "deadbeef_x_web_1", TRUE },
  { "shop", "web", "web", FALSE },
  { "shop", "web", "shop-web", FALSE },
  { "shop", "web", "shop-web-", FALSE },
  { "shop", "web", "shop-web-one", FALSE },
  { "shop", "web", "shop-web-1-blue", FALSE },
  { "shop", "web", "ab_shop_web_1", FALSE },
  { "shop", "web", "shop_webs_1", FALSE },
  { "shop", "web", "", FALSE },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    Bed bed;
    bed_open (&bed, names[i].project);
    g_autofree char *patch =
        g_strdup_printf ("{'Name':'/%s','Config/Labels/" LABEL
                         "project':'%s','Config/Labels/" LABEL "service':'%s'}",
                         names[i].name, names[i].project, names[i].service);
    json_auto_t *list = json_pack ("[o]", container_of (patch));
    json_auto_t *body = read_json (&bed, list, NULL);
    const char *single = deployment_single (body, names[i].service);
    if ((single == NULL) != names[i].composed)
      g_error ("%s: %s", names[i].name, single ? single : "taken for compose's own");
    bed_close (&bed);
  }
}

/* Two containers, and what the whole says: "TOOL DIRECTORY FILES". */
static const char *const wholes[][3] = {
  { "{}", "{}", "docker compose /srv/shop -" },
  /* Made by v1 and later by v2, and the other way round: the newer one counts. */
  { "{'Config/Labels/" LABEL "version':'1.29.2'}", "{'Created':'2026-11-23T05:00:00Z'}",
    "docker compose /srv/shop -" },
  { "{}", "{'Created':'2026-11-23T05:00:00Z','Config/Labels/" LABEL "version':'1.29.2'}",
    "docker-compose /srv/shop -" },
  /* Later by less than a second: as text the shorter one would be later. */
  { "{'Created':'2026-11-23T05:00:00.1Z'}",
    "{'Created':'2026-11-23T05:00:00.15Z','Config/Labels/" LABEL "version':'1.29.2'}",
    "docker-compose /srv/shop -" },
  /* The newest is one that `run` left behind. */
  { "{}",
    "{'Created':'2026-11-23T05:00:00Z','Config/Labels/" LABEL
    "oneoff':'True','Config/Labels/" LABEL "version':'1.29.2'}",
    "docker compose /srv/shop -" },
  { "{'Config/Labels/" LABEL "project.config_files':'docker-compose.yml'}", "{}",
    "docker compose /srv/shop -" },
  { "{'Config/Labels/" LABEL "project.config_files':'/srv/shop/compose.yaml,"
    "/srv/shop/compose.override.yaml'}",
    "{}", "docker compose /srv/shop -" },
  { "{'Config/Labels/" LABEL "project.config_files':'/srv/shop/compose.yaml,"
    "/srv/shop/prod.yaml'}",
    "{}", "docker compose /srv/shop /srv/shop/compose.yaml,/srv/shop/prod.yaml" },
  { "{'Config/Labels/" LABEL "project.config_files':'/srv/other/compose.yaml'}", "{}",
    "docker compose /srv/shop /srv/other/compose.yaml" },
  { "{'Config/Labels/" LABEL "project.working_dir':''}", "{}",
    "docker compose - /srv/shop/compose.yaml" },
};

static void
test_wholes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++) {
    Bed bed;
    bed_open (&bed, "shop");
    json_auto_t *list =
        json_pack ("[oo]", container_of (wholes[i][0]), container_of (wholes[i][1]));
    json_auto_t *body = read_json (&bed, list, NULL);
    const char *directory = deployment_identity (body, "directory");
    const char *files = json_string_value (json_object_get (body, "files"));
    g_autofree char *line =
        g_strdup_printf ("%s %s %s", deployment_tool (body), directory ? directory : "-",
                         files ? files : "-");
    g_assert_cmpstr (line, ==, wholes[i][2]);
    bed_close (&bed);
  }
}

/* ---- what is no answer ----------------------------------------------------- */

static char *
deep (guint levels)
{
  g_autofree char *open = g_strnfill (levels, '[');
  g_autofree char *close = g_strnfill (levels, ']');
  return g_strconcat (open, close, NULL);
}

static void
assert_no_answer (const char *text, gsize length)
{
  Bed bed;
  g_autoptr (GError) error = NULL;
  json_auto_t *engine = info ();
  bed_open (&bed, "shop");
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  json_auto_t *body = compose_read_body (bed.site, engine, bytes, &error);
  g_assert_null (body);
  g_assert_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE);
  g_autofree char *shown = text_printable (error->message, -1);
  g_assert_cmpstr (error->message, ==, shown);
  bed_close (&bed);
}

static void
test_no_answer (void)
{
  static const char *const texts[] = {
    "",
    "null",
    "{}",
    "true",
    "\"[]\"",
    "usage: docker inspect",
    "[{}]",
    "[null]",
    "[[]]",
    "[\"c1\"]",
    "[",
    "[{\"Id\":\"\xff\"}]",
    "[{\"Id\":\"c\\u0000\"}]",
    "[]]",
    "[{\"State\":{\"Status\":\"running\"}}]",
    ("[{\"State\":{\"Status\":\"running\"},\"Config\":{\"Labels\":"
     "{\"com.docker.compose.project\":\"another\"}}}]"),
    "\033[2J",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_no_answer (texts[i], strlen (texts[i]));
  g_autofree char *bottomless = deep (100000);
  assert_no_answer (bottomless, strlen (bottomless));
  assert_no_answer ("[]\0x", 4);
}

/* Ten megabytes of an engine's words: a reason stays a line. */
static void
test_long (void)
{
  Bed bed;
  bed_open (&bed, "shop");
  json_t *container = container_of ("{'State/Status':'exited'}");
  g_autofree char *words = g_strnfill (10 * 1024 * 1024, '\n');
  json_object_set_new (json_object_get (container, "State"), "Error",
                       json_string (words));
  json_object_set_new (container, "Name", json_string (words));
  json_auto_t *list = json_pack ("[o]", container);
  json_auto_t *body = read_json (&bed, list, NULL);
  g_autofree char *reason = deployment_reason (body, "web");
  g_assert_cmpint (g_utf8_strlen (reason, -1), <, 400);
  g_assert_null (strchr (reason, '\n'));
  g_assert_cmpint (g_utf8_strlen (deployment_single (body, "web"), -1), <, 400);
  bed_close (&bed);
}

/* ---- every member, missing or of another type ------------------------------ */

static json_t *
recorded (const char *name)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "compose", name, NULL);
  json_error_t where;
  json_t *json = json_load_file (path, 0, &where);
  if (!json)
    g_error ("%s: %s", path, where.text);
  return json;
}

static json_t *
replacement (guint which)
{
  switch (which) {
  case 0:
    return json_null ();
  case 1:
    return json_true ();
  case 2:
    return json_integer (G_MININT64);
  case 3:
    return json_integer (G_MAXINT64);
  case 4:
    return json_real (1e308);
  case 5:
    return json_string ("");
  case 6:
    return json_string ("\033[31m\n\xe2\x80\xae%s%n");
  case 7:
    return json_array ();
  case 8:
    return json_pack ("[[{}]]");
  case 9:
    return json_object ();
  default:
    return NULL; /* missing */
  }
}
#define REPLACEMENTS 11

typedef struct {
  Bed *bed;
  json_t *whole;
  const json_t *sound; /* what is read when nothing is changed */
  guint tried, refused;
} Mutation;

/* Says which service a container belongs to: any text there is as good as another. */
static gboolean
is_membership (const char *name)
{
  return strcmp (name, LABEL "service") == 0;
}

static gboolean
has_control (const char *text)
{
  for (; text && *text; text++)
    if ((guchar)*text < 0x20)
      return TRUE;
  return FALSE;
}

/* Everything that a body must be, whatever it was read from. */
static void
assert_sound (const Mutation *mutation, const json_t *body, const char *path)
{
  const Site *site = mutation->bed->site;
  for (guint i = 0; i < site->services->len; i++) {
    const char *name = ((SiteService *)site->services->pdata[i])->name;
    g_autofree char *reason = deployment_reason (body, name);
    g_autofree char *images = deployment_images (body, name);
    g_assert_nonnull (images);
    if (has_control (reason) || has_control (deployment_single (body, name)))
      g_error ("%s: control characters came through", path);
    if (deployment_running (body, name) < deployment_running (mutation->sound, name))
      g_error ("%s: a running container of %s counts as gone", path, name);
  }
}

static void
try_whole (Mutation *mutation, const char *path)
{
  g_autoptr (GError) error = NULL;
  json_auto_t *body = read_json (mutation->bed, mutation->whole, &error);
  mutation->tried++;
  if (!body) {
    g_assert_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE);
    mutation->refused++;
    return;
  }
  g_assert_no_error (error);
  assert_sound (mutation, body, path);
}

static void
mutate_member (Mutation *mutation, json_t *object, const char *name, const char *path)
{
  json_t *kept = json_incref (json_object_get (object, name));
  for (guint i = 0; i < REPLACEMENTS; i++) {
    json_t *instead = replacement (i);
    g_autofree char *where = g_strdup_printf ("%s/%s as number %u", path, name, i);
    if (instead)
      json_object_set_new (object, name, instead);
    else
      json_object_del (object, name);
    if (!is_membership (name))
      try_whole (mutation, where);
    json_object_set (object, name, kept);
  }
  json_decref (kept);
}

static void
mutate (Mutation *mutation, json_t *object, const char *path)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  json_t *value;
  json_object_foreach (object, name, value)
  {
    g_ptr_array_add (members, g_strdup (name));
  }
  for (guint i = 0; i < members->len; i++) {
    g_autofree char *inner = g_strdup_printf ("%s/%s", path, (char *)members->pdata[i]);
    mutate_member (mutation, object, members->pdata[i], path);
    mutate (mutation, json_object_get (object, members->pdata[i]), inner);
  }
}

static void
test_mutated (const void *data)
{
  Bed bed;
  const char *version = data;
  g_autofree char *file = g_strconcat (version, "-inspect.json", NULL);
  bed_open (&bed, strcmp (version, "v1") == 0 ? "tines" : "two");
  json_auto_t *whole = recorded (file);
  json_auto_t *sound = read_json (&bed, whole, NULL);
  Mutation mutation = { .bed = &bed, .whole = whole, .sound = sound };
  g_assert_cmpuint (deployment_running (sound, "workers"), >, 0);
  for (gsize i = 0; i < json_array_size (whole); i++) {
    g_autofree char *path = g_strdup_printf ("%" G_GSIZE_FORMAT, i);
    mutate (&mutation, json_array_get (whole, i), path);
  }
  json_auto_t *again = read_json (&bed, whole, NULL);
  g_assert_true (json_equal (again, sound));
  g_assert_cmpuint (mutation.tried, >, 500);
  g_assert_cmpuint (mutation.refused, <, mutation.tried / 2);
  bed_close (&bed);
}

/* `docker info`: without an id there is no proof of the target. */
static void
test_mutated_info (void)
{
  json_auto_t *whole = recorded ("info.json");
  Bed bed;
  bed_open (&bed, "tines");
  const char *const members[] = { "ID", "Name", "SystemTime", "ServerVersion",
                                  "ServerErrors" };
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    for (guint j = 0; j < REPLACEMENTS; j++) {
      json_auto_t *copy = json_deep_copy (whole);
      json_t *instead = replacement (j);
      if (instead)
        json_object_set_new (copy, members[i], instead);
      else
        json_object_del (copy, members[i]);
      char *text = json_dumps (copy, 0);
      g_autoptr (GBytes) bytes =
          g_bytes_new_with_free_func (text, strlen (text), free, text);
      g_autoptr (GError) error = NULL;
      json_auto_t *read = compose_read_info (bytes, &error);
      gboolean text_instead = json_is_string (json_object_get (copy, "ID")) &&
                              *json_string_value (json_object_get (copy, "ID"));
      g_assert_cmpint (read != NULL, ==, text_instead);
      if (!read)
        continue;
      g_autoptr (GBytes) version = g_bytes_new_static ("", 0);
      json_auto_t *body = compose_read_empty (bed.site, read, version);
      g_assert_nonnull (deployment_identity (body, "engine"));
    }
  bed_close (&bed);
}

static void
test_ids (void)
{
  static const struct {
    const char *text;
    int count; /* -1: refused */
  } rows[] = {
    { "", 0 },          { "\n", 0 },      { "ab12\n", 1 },   { "ab\ncd\n", 2 },
    { "ab\n\ncd", -1 }, { "AB", -1 },     { "--help", -1 },  { "ab cd", -1 },
    { "ab\r\ncd", -1 }, { "\033[m", -1 }, { "ab\nxyz", -1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (rows[i].text, strlen (rows[i].text));
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) ids = compose_read_ids (bytes, &error);
    g_assert_cmpint (ids ? (int)g_strv_length (ids) : -1, ==, rows[i].count);
    g_assert_cmpint (error != NULL, ==, rows[i].count < 0);
  }
  g_autoptr (GString) many = g_string_new (NULL);
  for (guint i = 0; i < 1001; i++)
    g_string_append_printf (many, "%x\n", i);
  g_autoptr (GBytes) bytes = g_bytes_new (many->str, many->len);
  g_autoptr (GError) error = NULL;
  g_assert_null (compose_read_ids (bytes, &error));
  g_assert_nonnull (strstr (error->message, "more than 1000"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose-read/instances", test_instances);
  g_test_add_func ("/compose-read/hosts", test_hosts);
  g_test_add_func ("/compose-read/names", test_names);
  g_test_add_func ("/compose-read/wholes", test_wholes);
  g_test_add_func ("/compose-read/no-answer", test_no_answer);
  g_test_add_func ("/compose-read/long", test_long);
  g_test_add_data_func ("/compose-read/mutated-v1", "v1", test_mutated);
  g_test_add_data_func ("/compose-read/mutated-v2", "v2", test_mutated);
  g_test_add_func ("/compose-read/mutated-info", test_mutated_info);
  g_test_add_func ("/compose-read/ids", test_ids);
  return g_test_run ();
}
