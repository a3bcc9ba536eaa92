/* doctor, with a docker that says what the test wants, and the real runner. */
#include "tests/unit/program.h"

static Home home;

/* A docker of one project with one container; the file HOME/answer, when there is one, is
 * what `inspect` prints instead; where it is "none", there is no container and no docker
 * compose either; where it is "down", no engine answers. */
#define DOCKER                                                                      \
  "#!/bin/sh\n"                                                                     \
  "case \"$1\" in\n"                                                                \
  "--version) echo 'Docker version 99'; echo more ;;\n"                             \
  "compose) test \"$(cat %1$s/answer)\" = none || { echo 2.99.0; exit; }\n"         \
  "  echo \"docker: unknown command: docker compose\" >&2; exit 1 ;;\n"             \
  "info) test \"$(cat %1$s/answer)\" != down || exit 1\n"                           \
  "  echo '{\"ID\":\"ENGINE:1\",\"SystemTime\":\"2026-11-23T04:10:00Z\"}' ;;\n"     \
  "ps) test \"$(cat %1$s/answer)\" = none || echo c1 ;;\n"                          \
  "inspect)\n"                                                                      \
  "  test -f %1$s/answer && exec cat %1$s/answer\n"                                 \
  "  echo '[{\"Id\":\"c1\",\"Name\":\"/shop-web-1\",\"State\":{\"Status\":"         \
  "\"running\",\"StartedAt\":\"2026-11-23T04:00:01Z\"},\"Config\":{\"Labels\":{"    \
  "\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"web\"," \
  "\"com.docker.compose.version\":\"2.99.0\","                                      \
  "\"com.docker.compose.project.working_dir\":\"/usr/share\"}}}]' ;;\n"             \
  "esac\n"

/* One that knows -e, or, where the answer is "old", one that does not. */
#define REDIS_CLI                                                         \
  "#!/bin/sh\n"                                                           \
  "test \"$1\" = -e && test \"$(cat %s/answer 2>&1)\" != old || exit 1\n" \
  "echo 'redis-cli 7.99'\n"

#define SITE(more)                                                                \
  "handrail-site: 1\nname: lab # mine\nproduction: false\n" more                  \
  "platform: { compose: { project: shop } }\nservices:\n  web:\n  gone:\n  db: {" \
  " managed: RDS }\n"
#define PINNED \
  "  directory: \"/usr/share\"\n  engine: \"ENGINE:1\"\n  project: \"shop\"\n"

typedef struct {
  const char *name;
  const char *site;   /* the file's text, or NULL: none */
  const char *answer; /* what `inspect` prints, or NULL: a sound answer */
  const char *arguments, *input;
  int status;
  const char *output[6]; /* all in it */
  const char *after;     /* what must be in the file then, or NULL: what was before */
} Row;

static const Row rows[] = {
  { "host",
    SITE (""),
    NULL,
    "doctor",
    "",
    0,
    { "ok    docker: Docker version 99\n", "ok    docker compose: 2.99.0",
      "ok    runner: /", "sites: lab\n", "warn  terminal: input or output is no" },
    NULL },
  { "runbooks", SITE (""), NULL, "doctor", "", 0, { "ok    runbooks: ", "mine" }, NULL },
  { "site",
    SITE (""),
    NULL,
    "doctor --site lab",
    "",
    0,
    { "ok    compose: it answers; docker compose", "ok    service web: 1 running",
      "warn  service gone: the platform has no such service",
      "ok    service db: RDS; not ours", "warn  identity: none in the site file" },
    NULL },
  { "folder",
    "handrail-site: 1\nname: lab\nproduction: false\nplatform: { compose: { project: "
    "shop, directory: /nowhere/shop } }\nservices:\n  web:\n",
    NULL,
    "doctor --site lab",
    "",
    1,
    { "fail  folder: /nowhere/shop; commands are run there, and it is not there" },
    NULL },
  { "redis-cli",
    SITE ("redis: { url: 'unix:///no/such/redis.sock' }\n"),
    NULL,
    "doctor --site lab",
    "",
    1,
    { "ok    redis-cli: redis-cli 7.99\n", "ok    compose: it answers",
      "fail  redis: /no/such/redis.sock " },
    NULL },
  { "redis-cli-old",
    SITE ("redis-new: { url: 'unix:///no/such/redis.sock' }\n"),
    "old",
    "doctor --site lab",
    "",
    1,
    { "fail  redis-cli: it fails when asked for its version; install redis-tools (6.2" },
    NULL },
  { "unproved-and-down",
    "handrail-site: 1\nname: prod\nproduction: true\n"
    "platform: { compose: { project: shop } }\nservices:\n  web:\n",
    "down",
    "doctor --site lab",
    "",
    1,
    { "fail  compose: ", "fail  identity: missing is the identity of prod, without which "
                         "nothing is done to a "
                         "production site; handrail doctor --site prod --pin writes it" },
    NULL },
  { "identity",
    SITE ("identity: { engine: 'ENGINE:1', project: shop }\n"),
    NULL,
    "doctor --site lab",
    "",
    0,
    { "ok    identity: the target is what the site file says" },
    NULL },
  { "other-engine",
    SITE ("identity: { engine: 'ENGINE:2' }\n"),
    NULL,
    "doctor --site lab",
    "",
    1,
    { "fail  identity: ", "ENGINE:2", "ENGINE:1" },
    NULL },
  { "site-wrong",
    SITE ("prodction: true\n"),
    NULL,
    "doctor --site lab",
    "",
    1,
    { "fail  site file: ", "prodction" },
    NULL },
  { "no-site",
    SITE (""),
    NULL,
    "doctor --site lob",
    "",
    1,
    { "fail  site: no site lob" },
    NULL },
  { "unreadable",
    SITE (""),
    "{}",
    "doctor --site lab",
    "",
    1,
    { "fail  compose: ", "docker inspect printed no list" },
    NULL },

  { "empty",
    SITE ("identity: { engine: 'ENGINE:1', project: shop }\n"),
    "none",
    "doctor --site lab",
    "",
    1,
    { "ok    compose: it answers; docker-compose\n",
      "fail  project: project shop has no containers on this engine; is the" },
    NULL },

  { "pin",
    SITE (""),
    NULL,
    "doctor --site lab --pin",
    "y\n",
    0,
    { "  engine: (nothing) → ENGINE:1\n", "? pin: write this identity into ",
      "ok    pin: ", "written" },
    "identity:\n" PINNED "services:\n" },
  { "pin-only-site",
    SITE (""),
    NULL,
    "doctor --pin",
    "y\n",
    0,
    { "ok    pin: " },
    PINNED },
  { "pin-anew",
    SITE ("identity:\n  # proof\n  engine: old\n"),
    NULL,
    "doctor --site lab --pin",
    "maybe\ny\n",
    0,
    { "  engine: old → ENGINE:1\n", "! not taken", "ok    pin: " },
    "identity:\n  # proof\n" PINNED "platform: " },
  { "pin-stop",
    SITE (""),
    NULL,
    "doctor --site lab --pin",
    "stop\n",
    1,
    { "fail  pin: not written" },
    NULL },
  { "pin-end",
    SITE (""),
    NULL,
    "doctor --site lab --pin",
    "",
    1,
    { "fail  pin: not written" },
    NULL },
  { "pin-flow",
    "{handrail-site: 1, name: lab, production: false, platform: {compose: {project: "
    "shop}}, services: {web: {}}}\n",
    NULL,
    "doctor --site HOME/.config/handrail/sites/lab.yaml --pin",
    "y\n",
    1,
    { "fail  pin: the site file's form does not let it be written in place" },
    NULL },
};

static void
test_row (const void *data)
{
  const Row *row = &rows[GPOINTER_TO_SIZE (data)];
  g_autofree char *path =
      g_build_filename (home.home, ".config/handrail/sites/lab.yaml", NULL);
  g_autofree char *answer = g_build_filename (home.home, "answer", NULL);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autofree char *after = NULL;
  home_put (&home, ".config/handrail/sites/lab.yaml", row->site, 0640);
  if (row->answer)
    home_put (&home, "answer", row->answer, 0600);
  int status = home_call (&home, row->arguments, row->input, &output, &errors);
  g_unlink (answer);
  for (guint i = 0; i < G_N_ELEMENTS (row->output) && row->output[i]; i++)
    if (!strstr (output, row->output[i]))
      g_error ("wanted \"%s\", got \"%s\" and \"%s\"", row->output[i], output, errors);
  g_assert_cmpint (status, ==, row->status);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  if (!row->after)
    g_assert_cmpstr (after, ==, row->site);
  else if (!strstr (after, row->after))
    g_error ("wanted \"%s\", the file is \"%s\"", row->after, after);
}

/* A link stays a link, a file keeps its mode; where it cannot be written it is left. */
static void
test_link (void)
{
  g_autofree char *link =
      g_build_filename (home.home, ".config/handrail/sites/linked.yaml", NULL);
  g_autofree char *real = g_build_filename (home.home, "kept/real.yaml", NULL);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autofree char *text = NULL;
  GStatBuf status;
  home_put (&home, "kept/real.yaml", SITE (""), 0640);
  home_put (&home, ".config/handrail/sites/lab.yaml", SITE (""), 0640);
  g_assert_cmpint (symlink (real, link), ==, 0);
  g_assert_cmpint (
      home_call (&home, "doctor --site linked --pin", "y\n", &output, &errors), ==, 0);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (real, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, PINNED));
  g_assert_cmpint (g_stat (real, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
  g_unlink (link);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  g_autofree char *docker = g_strdup_printf (DOCKER, home.home);
  g_autofree char *path = g_strdup_printf ("%s/bin:%s", home.home, g_getenv ("PATH"));
  home.environment = g_environ_setenv (home.environment, "PATH", path, TRUE);
  g_autofree char *redis_cli = g_strdup_printf (REDIS_CLI, home.home);
  home_put (&home, "bin/docker", docker, 0700);
  home_put (&home, "bin/redis-cli", redis_cli, 0700);
  home_put (&home, "bin/docker-compose", "#!/bin/sh\necho 1.99.0\n", 0700);
  home_put (&home, ".config/handrail/runbooks/mine.yaml", "handrail: 1\n", 0600);
  home_put (&home, ".config/handrail/runbooks/values.yaml", "replicas: 1\n", 0600);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *name = g_strconcat ("/doctor/", rows[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/doctor/link", test_link);
  int status = g_test_run ();
  home_close (&home);
  return status;
}
