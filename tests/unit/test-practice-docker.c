/* docker and docker-compose in practice, over a world made by hand: what they print, how
 * they end, how long they take, and what becomes of the containers. */
#include "core/practice/docker/docker.h"

#include "tests/unit/world_bed.h"

#define FOLDER "/practice/lab"
#define ADDRESS "unix:///practice/control"
#define WORDS_MAX 16

typedef struct {
  Bed bed;
  Docker *docker;
  const char *const *environment; /* of what is begun */
} Stand;

static void
stand_open (Stand *stand)
{
  bed_open (&stand->bed);
  bed_quiet (&stand->bed);
}

static gboolean
is_there (const char *path)
{
  return strcmp (path, "/etc/passwd") == 0;
}

static void
stand_begin (Stand *stand)
{
  bed_begin (&stand->bed, 1);
  stand->docker = docker_new (ADDRESS);
  docker_look_with (stand->docker, is_there);
  docker_add_project (stand->docker, stand->bed.world, FOLDER);
}

static void
stand_close (Stand *stand)
{
  docker_free (stand->docker);
  bed_close (&stand->bed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stand, stand_close)

/* One command, from its beginning to its end. */
typedef struct {
  GString *out, *err;
  int status;
  double took_s; /* in world time; to a tenth */
} Done;

static void
done_clear (Done *done)
{
  g_string_free (done->out, TRUE);
  g_string_free (done->err, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Done, done_clear)

static void
take (Done *done, DockerCommand *command)
{
  json_t *said = docker_command_said (command);
  for (size_t i = 0; i < json_array_size (said); i++) {
    const json_t *part = json_array_get (said, i);
    g_string_append (done->out, bed_text (part, "out"));
    g_string_append (done->err, bed_text (part, "err"));
  }
  json_decref (said);
}

/* `line` is split at blanks; 'a b' is one word. */
static DockerCommand *
begin (Stand *stand, const char *line, const char *directory)
{
  g_auto (GStrv) argv = NULL;
  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  return docker_command_new (stand->docker, (const char *const *)argv, directory,
                             stand->environment);
}

static Done
run_in (Stand *stand, const char *line, const char *directory)
{
  Done done = { g_string_new (NULL), g_string_new (NULL), -1, 0 };
  g_autoptr (DockerCommand) command = begin (stand, line, directory);
  take (&done, command);
  while (!docker_command_is_over (command, &done.status)) {
    g_assert_cmpfloat (done.took_s, <, 300);
    bed_pass (&stand->bed, 0.1);
    done.took_s += 0.1;
    docker_command_go_on (command);
    take (&done, command);
  }
  return done;
}

static Done
run (Stand *stand, const char *line)
{
  return run_in (stand, line, FOLDER);
}

static void
act (Stand *stand, const char *line)
{
  g_auto (Done) done = run (stand, line);
  g_assert_cmpint (done.status, ==, 0);
}

/* ---- lines that end at once ----------------------------------------------------------------- */

typedef struct {
  const char *line;
  int status;
  const char *out, *err; /* patterns: * and ? as in file names */
} Row;

static const Row rows[] = {
  { "docker --version", 0, "Docker version 20.10.*\n", "" },
  { "docker version", 0, "Client:\n*Server:\n*", "" },
  { "docker info --format {{.ID}}", 0, "????:*:????\n", "" },
  { "docker info --format '{{json .Containers}}'", 0, "6\n", "" },
  { "docker info", 0, "Client:*Server:\n*\n  Running: 6\n*", "" },
  { "docker -H " ADDRESS " ps -q", 0, "*\n", "" },
  { "docker --host=tcp://db.internal:2375 ps", 125, "",
    "docker: in practice there is no engine but the simulated one; *" },
  { "docker -H", 125, "", "flag needs an argument: -H\n*" },
  { "docker --frob ps", 125, "", "unknown flag: --frob\n*" },
  { "docker --debug ps", 125, "",
    "docker: the simulated docker does not know --debug; *" },
  { "docker", 0, "\nUsage:  docker*", "" },
  { "docker frobnicate", 1, "", "docker: 'frobnicate' is not a docker command.\n*" },
  { "docker compose version", 1, "", "docker: 'compose' is not a docker command.\n*" },
  { "docker compose -p x stop", 125, "", "unknown shorthand flag: 'p' in -p\n*" },
  { "docker compose --project-name x", 125, "", "unknown flag: --project-name\n*" },
  { "docker exec lab_app_1 ls", 125, "",
    "docker: the simulated docker does not know 'docker exec'; in practice there are *" },
  { "docker ps --frob", 125, "", "unknown flag: --frob\nSee 'docker ps --help'.\n" },
  { "docker ps -ax", 125, "", "unknown shorthand flag: 'x' in -x\n*" },
  { "docker ps --size", 125, "", "docker: the simulated docker does not know --size *" },
  { "docker ps --filter", 125, "", "flag needs an argument: --filter\n*" },
  { "docker ps extra", 1, "", "\"docker ps\" accepts no arguments.\n*" },
  { "docker ps --help", 0, "\nUsage:  docker ps *", "" },
  { "docker ps -f name", 125, "", "invalid argument \"name\" for \"-f, --filter\" *" },
  { "docker ps -f name=^lab_w -q --no-trunc=false", 0,
    "????????????\n????????????\n????????????\n", "" },
  { "docker ps -f name=^web --format {{.Names}}", 0, "", "" },
  { "docker ps -f 'name=(lab)_redis_\\d$' --format {{.Names}}", 0, "lab_redis_1\n", "" },
  { "docker ps -f 'name=(?=lab)' -q", 0, "", "" },
  { "docker ps -f 'name=(l)\\1|l' -q", 0, "", "" },
  { "docker ps -f 'name=[*+]|redis' --format {{.Names}}", 0, "lab_redis_1\n", "" },
  { "docker ps -f 'name=[(?=]|redis' --format {{.Names}}", 0, "lab_redis_1\n", "" },
  { "docker ps -f 'name=(l' -q", 0, "", "" },
  { "docker ps -f 'name=(.|..|...)*(.|..|...)*(.|..|...)*(.|..|...)*(.|..|...)*[#%]' -q",
    125, "", "docker: the pattern * takes too long *" },
  { "docker ps -f status=bogus", 1, "",
    "Error response from daemon: Invalid filter 'status=bogus'\n" },
  { "docker ps -f bogus=1", 1, "",
    "Error response from daemon: Invalid filter 'bogus'\n" },
  { "docker ps -f health=bogus", 1, "",
    "Error response from daemon: Unrecognised filter value for health: bogus\n" },
  { "docker ps -f exited=x", 1, "",
    "Error response from daemon: strconv.Atoi: parsing \"x\": invalid syntax\n" },
  { "docker ps -f health=none -f ID=zzz -q", 0, "", "" },
  { "docker ps --no-trunc=x", 125, "",
    "invalid argument \"x\" for \"--no-trunc\" flag: *" },
  { "docker ps -a=x", 125, "", "invalid argument \"x\" for \"-a, --all\" flag: *" },
  { "docker ps --format '{{.Names}}\\n{{.Nope}}'", 1, "",
    "failed to execute template: template: :1:14: executing \"\" at <.Nope>: can't "
    "evaluate field Nope in type *formatter.ContainerContext\n" },
  { "docker ps --format '{{.Names'", 1, "",
    "failed to parse template: template: :1: unclosed action\n" },
  { "docker ps --format '{{Names}}'", 1, "",
    "failed to parse template: template: :1: function \"Names\" not defined\n" },
  { "docker ps --format '{{..}}'", 1, "", "docker: * the template {{..}}.\n" },
  { "docker ps --format '{{.Names.}}{{.ID}}'", 1, "",
    "docker: * the template {{.Names.}}.\n" },
  { "docker ps --format {{.Size}}", 1, "", "docker: * the template {{.Size}}.\n" },
  { "docker ps -f name=redis --format 'table {{.Names}}\\t{{.State}}'", 0,
    "NAMES         STATE\nlab_redis_1   running\n", "" },
  { "docker ps -f volume=x", 125, "",
    "docker: the simulated docker does not know the *" },
  { "docker ps -aq --no-trunc -f label=com.docker.compose.project=else", 0, "", "" },
  { "docker ps --format '{{.Names}} {{.Label \"com.docker.compose.service\"}}' -f "
    "name=redis",
    0, "lab_redis_1 redis\n", "" },
  { "docker ps --format '{{upper .Names}}'", 1, "",
    "docker: the simulated docker does not know the template {{upper .Names}}.\n" },
  { "docker ps -f status=exited -q", 0, "", "" },
  { "docker inspect", 1, "", "\"docker inspect\" requires at least 1 argument.\n*" },
  { "docker inspect nope", 1, "[]\n", "Error: No such object: nope\n" },
  { "docker inspect lab_app_1 nope", 1, "[\n    {\n        \"Id\": *",
    "Error: No such object: nope\n" },
  { "docker inspect --format '{{.State.Status}} {{.RestartCount}}' lab_app_1", 0,
    "running 0\n", "" },
  { "docker inspect -f {{.State.Nope}} lab_app_1 nope", 1, "\n",
    "template parsing error: template: :1:8: executing \"\" at <.State.Nope>: map has no "
    "entry for key \"Nope\"\nError: No such object: nope\n" },
  { "docker inspect -f '{{.State.Status' nope", 64, "",
    "template parsing error: template: :1: unclosed action\n" },
  { "docker inspect -f {{.LogPath}} lab_app_1", 1, "\n",
    "docker: * the template {{.LogPath}}.\n" },
  { "docker inspect -f '{{index .Config.Labels \"com.docker.compose.service\"}}' "
    "lab_app_1",
    0, "app\n", "" },
  { "docker inspect --type bogus x", 1, "",
    "\"bogus\" is not a valid value for --type\n" },
  { "docker help ps", 0, "\nUsage:  docker ps *", "" },
  { "docker help exec", 125, "", "docker: the simulated docker does not know 'docker *" },
  { "docker help nope", 1, "", "unknown help topic: nope\n" },
  { "docker rm -f nope", 0, "", "Error response from daemon: No such container: nope\n" },
  { "docker start nope nix", 1, "", "*\nError: failed to start containers: nope, nix\n" },
  { "docker inspect --type image lab_app_1", 1, "[]\n",
    "Error: No such image: lab_app_1\n" },
  { "docker stop", 1, "", "\"docker stop\" requires at least 1 argument.\n*" },
  { "docker stop nope", 1, "", "Error response from daemon: No such container: nope\n" },
  { "docker stop -t x lab_web_1", 125, "",
    "invalid argument \"x\" for \"-t, --time\" *" },
  { "docker start nope", 1, "",
    "Error response from daemon: No such container: nope\n"
    "Error: failed to start containers: nope\n" },
  { "docker kill nope", 1, "",
    "Error response from daemon: Cannot kill container: nope: No such container: "
    "nope\n" },
  { "docker rm lab_web_1", 1, "",
    "Error response from daemon: You cannot remove a running container *. Stop *" },
  { "docker logs", 1, "", "\"docker logs\" requires exactly 1 argument.\n*" },
  { "docker logs nope", 1, "", "Error response from daemon: No such container: nope\n" },
  { "docker logs -f lab_web_1", 125, "",
    "docker: the simulated docker does not know -f *" },
  { "docker-compose", 0, "", "Define and run multi-container *" },
  { "docker-compose --help", 0, "Define and run multi-container *", "" },
  { "docker-compose --frob", 1, "", "Define and run multi-container *" },
  { "docker-compose -H tcp://db.internal ps", 1, "", "docker-compose: in practice *" },
  { "docker-compose version --short", 0, "1.29.2\n", "" },
  { "docker-compose --version", 0, "docker-compose version 1.29.2, *", "" },
  { "docker-compose frobnicate", 1, "", "No such command: frobnicate\n\nCommands:\n*" },
  { "docker-compose exec app ls", 1, "", "docker-compose: the simulated * exec; *" },
  { "docker-compose -p lab ps -q redis", 0, "*\n", "" },
  { "docker-compose ps nope", 1, "", "No such service: nope\n" },
  { "docker-compose ps --format json", 0, "", "List containers.\n\nUsage: ps *" },
  { "docker-compose stop nope", 1, "", "No such service: nope\n" },
  { "docker-compose stop web -t 1", 1, "", "No such service: -t\n" },
  { "docker-compose stop -- nope", 1, "", "No such service: nope\n" },
  { "docker-compose stop web --", 1, "", "No such service: --\n" },
  { "docker-compose start -- web", 1, "", "No such service: --\n" },
  { "docker-compose stop --time 1 nope", 1, "", "No such service: nope\n" },
  { "docker-compose logs --no web", 0, "", "View output from containers.\n*" },
  { "docker-compose ps -q -q", 0, "", "List containers.\n*" },
  { "docker-compose start web web", 0, "", "Starting web ... \nStarting web ... done\n" },
  { "docker-compose logs --tail=x web", 1, "", "tail flag must be all or a number\n" },
  { "docker-compose logs --tail=-1 web", 1, "", "tail flag must be all or a number\n" },
  { "docker-compose -p 'LA b.' ps -q redis", 0, "*\n", "" },
  { "docker-compose --project-directory /tmp/Lab ps -q redis", 0, "?*\n", "" },
  { "docker-compose --project-directory /tmp ps -q redis", 0, "", "" },
  { "docker-compose -f docker-compose.yml -f nope.yml ps", 1, "",
    ".FileNotFoundError: * './nope.yml'\n" },
  { "docker-compose -f /etc/passwd ps", 1, "",
    "docker-compose: in practice there is no compose file but "
    "/practice/lab/docker-compose.yml; leave -f out.\n" },
  { "docker-compose --ansi x ps", 1, "", "Invalid value for --ansi: x. *" },
  { "docker-compose help stop", 0, "Stop running containers without *", "" },
  { "docker-compose help nope", 1, "", "No such command: nope\n\nCommands:\n*" },
  { "docker-compose help exec", 1, "", "docker-compose: the simulated * exec; *" },
  { "docker-compose stop -t x web", 1, "",
    "ValueError: invalid literal for int() *'x'\n" },
  { "docker-compose up web", 1, "", "docker-compose: the simulated * only with -d.\n" },
  { "docker-compose up -d --build web", 1, "", "docker-compose: * --build of up; *" },
  { "docker-compose up -d --scale web=x web", 1, "",
    "Number of containers for service \"web\" is not a number\n" },
  { "docker-compose up -d --scale web=51 web", 1, "", "docker-compose: * at most 50 *" },
  { "docker-compose up -d --scale web web", 1, "",
    "Arguments to scale should be in the form service=num\n" },
  { "docker-compose up -d --scale web=1 web", 0, "", "lab_web_1 is up-to-date\n" },
  { "docker-compose up -d --no-recreate --scale web=1 web", 0, "", "" },
  { "docker-compose unpause web", 0, "",
    "Unpausing lab_web_1 ... \n*ERROR: for lab_web_1  Container * is not paused\n" },
  { "docker-compose -p other stop web", 0, "", "" },
  { "docker-compose -p other start web", 1, "",
    "Starting web ... \nStarting web ... failed\nNo containers to start\n1\n" },
  { "docker-compose -p other restart web", 1, "", "No containers to restart\n1\n" },
  { "docker-compose -p other up -d web", 1, "",
    "docker-compose: * makes no project other*" },
  { "docker-compose -p other ps", 0, "Name   Command   State   Ports\n-*\n", "" },
  { "docker-compose -p other logs web", 0, "Attaching to \n", "" },
  { "docker-compose -f nope.yml ps", 1, "", ".FileNotFoundError: * './nope.yml'\n" },
  { "docker-compose -f ./sub/../docker-compose.yml ps -q web", 0, "*\n", "" },
  { "docker-compose -f /practice/lab/docker-compose.yml ps -q web", 0, "*\n", "" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    g_auto (Stand) stand = { 0 };
    stand_open (&stand);
    stand_begin (&stand);
    g_auto (Done) done = run (&stand, row->line);
    g_test_message ("%s\n%d\n%s\n%s", row->line, done.status, done.out->str,
                    done.err->str);
    g_assert_cmpint (done.status, ==, row->status);
    g_assert_true (g_pattern_match_simple (row->out, done.out->str));
    g_assert_true (g_pattern_match_simple (row->err, done.err->str));
    g_assert_cmpfloat (done.took_s, ==, 0);
  }
}

/* compose finds its file in the folder and those above it, and nowhere else. */
static void
test_where (void)
{
  static const struct {
    const char *directory;
    gboolean found;
  } places[] = { { FOLDER, TRUE },
                 { FOLDER "/sub", TRUE },
                 { "/practice", FALSE },
                 { FOLDER "oratory", FALSE },
                 { "/", FALSE } };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_auto (Stand) stand = { 0 };
    stand_open (&stand);
    stand_begin (&stand);
    g_auto (Done) done =
        run_in (&stand, "docker-compose -p lab stop web", places[i].directory);
    g_assert_cmpint (done.status, ==, places[i].found ? 0 : 1);
    g_assert_cmpuint (bed_running (&stand.bed, "web"), ==, places[i].found ? 0 : 1);
    g_assert_true (places[i].found || strstr (done.err->str, "Can't find a suitable"));
  }
}

/* What is followed of the environment, and what is refused rather than not seen. */
static void
test_environment (void)
{
  static const struct {
    const char *variable;
    Row row;
  } cases[] = {
    { "DOCKER_HOST=tcp://db.internal:2375",
      { "docker ps -q", 1, "",
        "docker: * unset DOCKER_HOST, which names tcp://db.*.\n" } },
    { "DOCKER_HOST=tcp://db.internal:2375",
      { "docker-compose stop web", 1, "", "docker-compose: * unset DOCKER_HOST, *" } },
    { "DOCKER_HOST=tcp://db.internal:2375",
      { "docker -H " ADDRESS " ps -q -f name=redis", 0, "?*\n", "" } },
    { "DOCKER_HOST=" ADDRESS, { "docker ps -q -f name=redis", 0, "?*\n", "" } },
    { "DOCKER_HOST=", { "docker-compose ps -q redis", 0, "?*\n", "" } },
    { "DOCKER_HOST=x", { "docker --version", 0, "Docker version *", "" } },
    { "DOCKER_CONTEXT=prod",
      { "docker ps", 1, "", "docker: * unset DOCKER_CONTEXT, *" } },
    { "DOCKER_CONTEXT=default", { "docker ps -q -f name=redis", 0, "?*\n", "" } },
    { "DOCKER_TLS_VERIFY=1", { "docker ps", 1, "", "docker: * DOCKER_TLS_VERIFY; *" } },
    { "COMPOSE_API_VERSION=1.24",
      { "docker-compose ps", 1, "",
        "docker-compose: * COMPOSE_API_VERSION; unset it.\n" } },
    { "COMPOSE_PROJECT_NAME=other", { "docker-compose ps -q", 0, "", "" } },
    { "COMPOSE_PROJECT_NAME=LAB", { "docker-compose ps -q redis", 0, "?*\n", "" } },
    { "COMPOSE_PROJECT_NAME=other",
      { "docker-compose -p lab ps -q redis", 0, "?*\n", "" } },
    { "COMPOSE_FILE=nope.yml",
      { "docker-compose ps", 1, "", ".FileNotFoundError: * './nope.yml'\n" } },
    { "COMPOSE_FILE=/etc/passwd",
      { "docker-compose ps", 1, "", "docker-compose: *; unset COMPOSE_FILE.\n" } },
    { "COMPOSE_FILE=docker-compose.yml:" FOLDER "/docker-compose.yml",
      { "docker-compose ps -q redis", 0, "?*\n", "" } },
    { "COMPOSE_FILE=nope.yml",
      { "docker-compose -f docker-compose.yml ps -q redis", 0, "?*\n", "" } },
    { "COMPOSE_HTTP_TIMEOUT=x", { "docker-compose ps", 1, "", "ValueError: *'x'\n" } },
    { "COMPOSE_HTTP_TIMEOUT=0",
      { "docker-compose ps", 1, "",
        "docker.errors.DockerException: * timeout to 0, *" } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Row *row = &cases[i].row;
    const char *const environment[] = { "PATH=/", cases[i].variable, NULL };
    g_auto (Stand) stand = { .environment = environment };
    stand_open (&stand);
    stand_begin (&stand);
    g_auto (Done) done = run (&stand, row->line);
    g_test_message ("%s %s\n%d\n%s\n%s", cases[i].variable, row->line, done.status,
                    done.out->str, done.err->str);
    g_assert_cmpint (done.status, ==, row->status);
    g_assert_true (g_pattern_match_simple (row->out, done.out->str));
    g_assert_true (g_pattern_match_simple (row->err, done.err->str));
  }
}

/* ---- what takes its time ------------------------------------------------------------------- */

static void
test_stop_and_start (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand_begin (&stand);
  g_auto (Done) stop = run (&stand, "docker-compose -p lab stop app");
  g_assert_cmpint (stop.status, ==, 0);
  g_assert_cmpstr (stop.out->str, ==, "");
  g_assert_true (g_str_has_prefix (
      stop.err->str,
      "Stopping lab_app_2 ... \nStopping lab_app_1 ... \nStopping lab_app_"));
  g_assert_true (strstr (stop.err->str, "Stopping lab_app_1 ... done\n"));
  g_assert_cmpfloat_with_epsilon (stop.took_s, 2, 0.15);
  g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 0);
  g_auto (Done) again = run (&stand, "docker-compose stop app");
  g_assert_cmpstr (again.err->str, ==, "");
  g_auto (Done) list = run (&stand, "docker ps -a -f name=app --format {{.Status}}");
  g_assert_true (g_pattern_match_simple (
      "Exited (0) Less than a second ago\nExited (0) *\n", list.out->str));
  g_auto (Done) start = run (&stand, "docker-compose start app");
  g_assert_cmpstr (start.err->str, ==, "Starting app ... \nStarting app ... done\n");
  g_assert_cmpfloat (start.took_s, ==, 0); /* it does not wait for what it has started */
  g_auto (Done) up = run (&stand, "docker ps -f name=app_1 --format {{.Status}}");
  g_assert_cmpstr (up.out->str, ==, "Up Less than a second (health: starting)\n");
  bed_pass (&stand.bed, 90);
  g_auto (Done) later = run (&stand, "docker-compose ps app");
  g_assert_true (strstr (later.out->str, "Up (healthy)"));
  g_auto (Done) minute = run (&stand, "docker ps -f name=app_1 --format {{.Status}}");
  g_assert_cmpstr (minute.out->str, ==, "Up About a minute (healthy)\n");
}

/* A stop that is not given its time ends in a kill. */
static void
test_grace (void)
{
  static const struct {
    const char *line;
    double took_s;
    int exit;
  } cases[] = {
    { "docker-compose stop web", 10, 137 },
    { "docker-compose stop -t 3 web", 3, 137 },
    { "docker-compose stop --timeout=60 web", 30, 0 },
    { "docker stop lab_web_1", 10, 137 },
    { "docker stop --time 0 lab_web_1", 0, 137 },
    { "docker stop -t -1 lab_web_1", 30, 0 },
    { "docker stop -t -5 lab_web_1", 30, 0 },
    { "docker-compose stop -t -5 web", 30, 0 },
    { "docker kill lab_web_1", 0, 137 },
    { "docker-compose kill web", 0, 137 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Stand) stand = { 0 };
    stand_open (&stand);
    stand.bed.service[BED_WEB].stops_us = 30 * BED_S;
    stand_begin (&stand);
    g_auto (Done) done = run (&stand, cases[i].line);
    g_test_message ("%s", cases[i].line);
    g_assert_cmpint (done.status, ==, 0);
    g_assert_cmpfloat_with_epsilon (done.took_s, cases[i].took_s, 0.15);
    g_assert_cmpint (bed_container (&stand.bed, "web", 1)->exit, ==, cases[i].exit);
  }
}

static void
test_restart (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand_begin (&stand);
  gint64 before_us = bed_container (&stand.bed, "web", 1)->started_us;
  g_auto (Done) done = run (&stand, "docker-compose restart web");
  g_assert_cmpstr (done.err->str, ==,
                   "Restarting lab_web_1 ... \nRestarting lab_web_1 ... done\n");
  g_assert_cmpint (bed_container (&stand.bed, "web", 1)->started_us, >, before_us);
  g_auto (Done) docker = run (&stand, "docker restart -t 1 lab_web_1 lab_app_1");
  g_assert_cmpint (docker.status, ==, 0);
  g_assert_true (strstr (docker.out->str, "lab_web_1\n"));
  g_assert_true (strstr (docker.out->str, "lab_app_1\n"));
  g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 2);
}

static void
test_scale (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand_begin (&stand);
  act (&stand, "docker stop lab_workers_1");
  g_auto (Done) more = run (
      &stand, "docker-compose up -d --no-deps --no-recreate --scale workers=4 workers");
  g_assert_cmpstr (more.err->str, ==,
                   "Starting lab_workers_1 ... \nStarting lab_workers_1 ... done\n"
                   "Creating lab_workers_3 ... \nCreating lab_workers_4 ... \n"
                   "Creating lab_workers_3 ... done\nCreating lab_workers_4 ... done\n");
  g_assert_cmpuint (bed_running (&stand.bed, "workers"), ==, 4);
  g_auto (Done) less =
      run (&stand, "docker-compose up -d --no-recreate --scale workers=1 workers");
  g_assert_true (
      g_str_has_prefix (less.err->str, "Stopping and removing lab_workers_2 ... \n"));
  g_assert_cmpuint (bed_running (&stand.bed, "workers"), ==, 1);
  g_assert_null (bed_container (&stand.bed, "workers", 2));
  g_auto (Done) none = run (&stand, "docker-compose up -d --scale workers=0 workers");
  g_assert_cmpint (none.status, ==, 0);
  g_auto (Done) start = run (&stand, "docker-compose start workers");
  g_assert_cmpint (start.status, ==, 1);
}

/* Without --scale there are as many as the compose file means there to be. */
static void
test_up (void)
{
  static const struct {
    const char *before, *line;
    guint workers;
  } cases[] = {
    { "docker-compose stop workers", "docker-compose up -d", 2 },
    { "docker-compose up -d --scale workers=4", "docker-compose up -d workers", 2 },
    { "docker-compose up -d --scale workers=0", "docker-compose up -d --no-deps", 2 },
    { "docker-compose up -d --scale workers=1", "docker-compose up -d web", 1 },
    { "docker rm -f lab_workers_1", "docker-compose up -d --no-recreate workers", 2 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Stand) stand = { 0 };
    stand_open (&stand);
    stand_begin (&stand);
    act (&stand, cases[i].before);
    g_test_message ("%s", cases[i].line);
    act (&stand, cases[i].line);
    g_assert_cmpuint (bed_running (&stand.bed, "workers"), ==, cases[i].workers);
    g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 2);
  }
}

/* A number is not used again while there are higher ones. */
static void
test_number (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand_begin (&stand);
  act (&stand, "docker rm -f lab_app_1");
  act (&stand, "docker-compose up -d app");
  g_assert_null (bed_container (&stand.bed, "app", 1));
  g_assert_nonnull (bed_container (&stand.bed, "app", 3));
}

/* What is done to several services is done at the same time, and said in lines of one width. */
static void
test_beside_each_other (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand.bed.service[BED_WEB].stops_us = 6 * BED_S;
  stand.bed.service[BED_APP].stops_us = 7 * BED_S;
  stand_begin (&stand);
  g_auto (Done) stop = run (&stand, "docker-compose stop web app");
  g_assert_cmpfloat_with_epsilon (stop.took_s, 7, 0.15);
  g_assert_true (g_str_has_prefix (stop.err->str, "Stopping lab_web_1 ... \n"
                                                  "Stopping lab_app_2 ... \n"));
  g_auto (Done) start = run (&stand, "docker-compose start web workers");
  g_assert_true (strstr (start.err->str, "Starting web     ... done\n"));
  act (&stand, "docker-compose up -d --scale app=0 app");
  g_auto (Done) partly = run (&stand, "docker-compose start app web");
  g_assert_cmpint (partly.status, ==, 0);
  g_assert_true (strstr (partly.err->str, "Starting app ... failed\n"));
}

static void
test_remove (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand_begin (&stand);
  act (&stand, "docker stop lab_app_1");
  g_auto (Done) done = run (&stand, "docker rm -v lab_app_1");
  g_assert_cmpstr (done.out->str, ==, "lab_app_1\n");
  g_assert_null (bed_container (&stand.bed, "app", 1));
  g_auto (Done) forced = run (&stand, "docker rm -f lab_app_2");
  g_assert_cmpint (forced.status, ==, 0);
  g_assert_null (bed_container (&stand.bed, "app", 2));
}

/* ---- when the platform does not ------------------------------------------------------------- */

static void
refuse (Stand *stand, const char *says)
{
  bed_event (&stand->bed, (ScenarioEvent){ .trigger = SCENARIO_AT,
                                           .kind = SCENARIO_REFUSE,
                                           .service = (char *)"app",
                                           .times = 1,
                                           .every_us = FIELD_UNSET,
                                           .says = (char *)says });
}

static void
test_refused (void)
{
  static const struct {
    const char *line, *says, *err;
    double took_s;
  } cases[] = {
    { "docker-compose stop app", "no", "Stopping lab_app_1 ... error\nno\n", 0 },
    { "docker-compose stop -t 5 app", NULL,
      "ERROR: for lab_app_1  UnixHTTPConnectionPool"
      "*(read timeout=65)\nAn HTTP request took*",
      65 },
    { "docker-compose up -d --scale app=3 app", "no", "Creating app ... error\nno\n", 0 },
    { "docker stop lab_app_1", "no", "Error response from daemon: no\n", 0 },
    { "docker stop lab_app_1", NULL,
      "Error response from daemon: cannot stop container: *", 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Stand) stand = { 0 };
    stand_open (&stand);
    refuse (&stand, cases[i].says);
    stand_begin (&stand);
    bed_pass (&stand.bed, 1);
    g_auto (Done) done = run (&stand, cases[i].line);
    g_autofree char *pattern = g_strconcat ("*", cases[i].err, NULL);
    g_test_message ("%s: %d %s", cases[i].line, done.status, done.err->str);
    g_assert_cmpint (done.status, ==, 1);
    g_assert_true (g_pattern_match_simple (pattern, done.err->str));
    g_assert_cmpfloat_with_epsilon (done.took_s, cases[i].took_s, 0.15);
    g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 2);
    act (&stand, "docker-compose stop app");
    g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 0);
  }
}

/* What is refused of one service is done to the others all the same. */
static void
test_refused_in_part (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  refuse (&stand, "no");
  stand_begin (&stand);
  bed_pass (&stand.bed, 1);
  g_auto (Done) done = run (&stand, "docker-compose stop app web");
  g_assert_cmpint (done.status, ==, 1);
  g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 2);
  g_assert_cmpuint (bed_running (&stand.bed, "web"), ==, 0);
}

/* Whoever gave the command has gone: what had begun goes on, the rest is not begun. */
static void
test_left (void)
{
  g_auto (Stand) stand = { 0 };
  stand_open (&stand);
  stand_begin (&stand);
  DockerCommand *command = begin (&stand, "docker-compose restart app", FOLDER);
  docker_command_free (command);
  bed_pass (&stand.bed, 60);
  g_assert_cmpuint (bed_running (&stand.bed, "app"), ==, 0);
}

static void
test_without_engine (void)
{
  static const struct {
    const char *line, *out, *err;
  } cases[] = {
    { "docker ps", "",
      "Cannot connect to the Docker daemon at "
      "unix:///var/run/docker.sock. Is the docker daemon running?\n" },
    { "docker -H x info --format {{json .}}", "{\"ID\":\"\",*\"ServerErrors\":[*]}\n",
      "Cannot connect *" },
    { "docker inspect x", "[]\n", "Cannot connect *" },
    { "docker-compose ps", "", "docker.errors.DockerException: *" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) argv = g_strsplit (cases[i].line, " ", -1);
    int status = -1;
    json_t *said = docker_without_engine ((const char *const *)argv, &status);
    GString *out = g_string_new (NULL), *err = g_string_new (NULL);
    for (size_t k = 0; k < json_array_size (said); k++) {
      g_string_append (out, bed_text (json_array_get (said, k), "out"));
      g_string_append (err, bed_text (json_array_get (said, k), "err"));
    }
    g_assert_cmpint (status, ==, 1);
    g_assert_true (g_pattern_match_simple (cases[i].out, out->str));
    g_assert_true (g_pattern_match_simple (cases[i].err, err->str));
    g_string_free (out, TRUE);
    g_string_free (err, TRUE);
    json_decref (said);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice-docker/rows", test_rows);
  g_test_add_func ("/practice-docker/where", test_where);
  g_test_add_func ("/practice-docker/environment", test_environment);
  g_test_add_func ("/practice-docker/stop-and-start", test_stop_and_start);
  g_test_add_func ("/practice-docker/grace", test_grace);
  g_test_add_func ("/practice-docker/restart", test_restart);
  g_test_add_func ("/practice-docker/scale", test_scale);
  g_test_add_func ("/practice-docker/up", test_up);
  g_test_add_func ("/practice-docker/number", test_number);
  g_test_add_func ("/practice-docker/beside-each-other", test_beside_each_other);
  g_test_add_func ("/practice-docker/refused-in-part", test_refused_in_part);
  g_test_add_func ("/practice-docker/remove", test_remove);
  g_test_add_func ("/practice-docker/refused", test_refused);
  g_test_add_func ("/practice-docker/left", test_left);
  g_test_add_func ("/practice-docker/without-engine", test_without_engine);
  return g_test_run ();
}
