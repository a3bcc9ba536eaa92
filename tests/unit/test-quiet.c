/* What quiet comes to: whom it signals, and when it refuses. */
#include "core/actions/actions.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"
#include "tests/unit/kinds.h"

static const Vocabulary vocabulary = { .checks = check_kinds,
                                       .actions = action_kinds,
                                       .platforms = platform_kinds };

#define SITE                                                                        \
  "handrail-site: 1\nname: lab\nproduction: false\nplatform: {compose: {project: "  \
  "shop}}\nservices:\n  work:\n  batch:\n  cloud: {managed: Heroku}\nredis: {url: " \
  "'redis://queue/1', password-file: /etc/pw%s}\n"

/* Seen at 1000 s; up for long. */
#define UP(id) "{'id':'" id "','state':'running','running':true,'since_us':1}"
#define YOUNG(id) "{'id':'" id "','state':'running','running':true,'since_us':940000000}"
#define DOWN(id) "{'id':'" id "','state':'exited','running':false}"
#define LOUD(host, pid) \
  "{'name':'" host ":" pid ":0a1b','hostname':'" host "','quiet':false}"
#define QUIET(host, pid) \
  "{'name':'" host ":" pid ":0a1b','hostname':'" host "','quiet':true}"

#define CLI "redis-cli -e -h queue -p 6379 -n 1 "
#define SIGNAL(name) \
  CLI "LPUSH " name "-signals TSTP\n" CLI "EXPIRE " name "-signals 60\n"

typedef struct {
  const char *name;
  const char *work;      /* instances of the service */
  const char *processes; /* of the reading */
  const char *commands, *change;
  const char *refused, *impossible; /* in the error, if it is one */
} Row;

static const Row rows[] = {
  { .name = "all",
    .work = UP ("a") "," UP ("b"),
    .processes = LOUD ("b", "1") "," LOUD ("a", "1"),
    .commands = SIGNAL ("a:1:0a1b") SIGNAL ("b:1:0a1b"),
    .change = "work: 2 of 2 workers take no new jobs" },
  { .name = "some",
    .work = UP ("a") "," UP ("b"),
    .processes = QUIET ("b", "1") "," LOUD ("a", "1"),
    .commands = SIGNAL ("a:1:0a1b"),
    .change = "work: 2 of 2 workers take no new jobs (1 already)" },
  { .name = "none-loud",
    .work = UP ("a"),
    .processes = QUIET ("a", "1"),
    .commands = "",
    .change = "work: its only worker takes no new jobs already" },
  { .name = "two-of-one-instance",
    .work = UP ("a"),
    .processes = LOUD ("a", "7") "," LOUD ("a", "12"),
    .commands = SIGNAL ("a:12:0a1b") SIGNAL ("a:7:0a1b"),
    .change = "work: 2 of 2 workers take no new jobs" },
  { .name = "stopped",
    .work = DOWN ("a"),
    .processes = "",
    .commands = "",
    .change = "work: no worker is there" },
  { .name = "none-there",
    .work = "",
    .processes = "",
    .commands = "",
    .change = "work: no worker is there" },
  /* It is seen to be gone before Redis forgets it. */
  { .name = "just-stopped",
    .work = DOWN ("a"),
    .processes = LOUD ("a", "1"),
    .commands = SIGNAL ("a:1:0a1b"),
    .change = "work: its only worker takes no new jobs" },
  { .name = "one-is-silent",
    .work = UP ("a") "," UP ("b"),
    .processes = LOUD ("a", "1"),
    .commands = SIGNAL ("a:1:0a1b"),
    .change =
        "work: its only worker takes no new jobs; 1 of 2 instances report (not work)" },
  /* Another service of the site is left alone, and proves that it is the right Redis. */
  { .name = "of-another-service",
    .work = UP ("a"),
    .processes = LOUD ("z", "1") "," LOUD ("a", "1"),
    .commands = SIGNAL ("a:1:0a1b"),
    .change = "work: its only worker takes no new jobs" },

  { .name = "alien",
    .work = UP ("a"),
    .processes = LOUD ("a", "1") "," LOUD ("elsewhere", "1"),
    .refused = "a worker on elsewhere reports to the Redis at queue:6379/1 and is no "
               "instance of this site" },
  { .name = "quiet-alien",
    .work = UP ("a"),
    .processes = QUIET ("elsewhere", "1") "," LOUD ("a", "1"),
    .refused = "correct redis.url in the site file" },
  { .name = "alien-while-stopped",
    .work = DOWN ("a"),
    .processes = LOUD ("elsewhere", "1"),
    .refused = "a worker on elsewhere" },
  { .name = "hostile-alien",
    .work = UP ("a"),
    .processes = "{'name':'x:1:y','hostname':'\\u001b[2Jx','quiet':false}",
    .refused = "a worker on \\x1B[2Jx reports" },
  { .name = "nobody",
    .work = UP ("a"),
    .processes = "",
    .refused = "work runs, but no worker of it reports to the Redis at queue:6379/1. "
               "Most likely its workers hang: " },
  { .name = "only-others",
    .work = UP ("a"),
    .processes = LOUD ("z", "1"),
    .refused = "no worker of it reports" },
  { .name = "starting",
    .work = YOUNG ("a"),
    .processes = "",
    .impossible = "no worker of work reports to the Redis at queue:6379/1 yet; look at "
                  "its log, and retry once it is up" },
  { .name = "overdue",
    .work = "{'id':'a','state':'running','running':true,'since_us':939999999}",
    .processes = "",
    .refused = "it works with another Redis: correct redis.url" },
  /* What is heard of the one before says nothing of what runs. */
  { .name = "started-again",
    .work = DOWN ("a") "," YOUNG ("b"),
    .processes = LOUD ("a", "1"),
    .impossible = "no worker of work reports to the Redis at queue:6379/1 yet" },
  { .name = "name-of-another-key",
    .work = UP ("a"),
    .processes = "{'name':'a 1','hostname':'a','quiet':false}",
    .impossible = "a worker of work calls itself \"a 1\", which is no HOST:PID:TOKEN" },
  { .name = "name-like-an-option",
    .work = UP ("a"),
    .processes = "{'name':'-a:1:b','hostname':'a','quiet':false}",
    .impossible = "calls itself \"-a:1:b\"" },
  { .name = "hostile-name",
    .work = UP ("a"),
    .processes = "{'name':'a\\u001b[2J','hostname':'a','quiet':false}",
    .impossible = "calls itself \"a\\x1B[2J\"" },
};

typedef struct {
  Site *site;
  json_t *deployment, *reading;
  PlanContext context;
} Bed;

static void
bed_open (Bed *bed, const char *site_more, const char *work, const char *processes)
{
  g_autofree char *text = g_strdup_printf (SITE, site_more);
  g_autofree char *deployment =
      g_strdup_printf ("{'clock_us':1000000000,'services':{'work':{'instances':[%s]},"
                       "'batch':{'instances':[{'id':'z','running':true}]}}}",
                       work);
  g_autofree char *reading = g_strdup_printf ("{'processes':[%s]}", processes);
  bed->site = site_of (text, &vocabulary);
  bed->deployment = json_of (deployment);
  bed->reading = json_of (reading);
  bed->context = (PlanContext){ .site = bed->site,
                                .platform = &platform_compose,
                                .deployment = bed->deployment,
                                .reading = bed->reading };
}

static void
bed_close (Bed *bed)
{
  json_decref (bed->deployment);
  json_decref (bed->reading);
  site_free (bed->site);
}

static Plan *
plan (Bed *bed, const char *service, GError **error)
{
  const ActionQuietSettings settings = { .service = (char *)service };
  return action_quiet.plan (&settings, &bed->context, error);
}

/* A line each; every one logs in to the site's section. */
static char *
lines_of (const Plan *made)
{
  GString *lines = g_string_new (NULL);
  for (guint i = 0; i < made->commands->len; i++) {
    const Command *command = made->commands->pdata[i];
    g_autofree char *line = g_strjoinv (" ", command->argv);
    g_assert_cmpstr (command->login, ==, "redis");
    g_string_append_printf (lines, "%s\n", line);
  }
  return g_string_free (lines, FALSE);
}

static void
assert_error (const Row *row, const GError *error)
{
  PlanError code = row->refused ? PLAN_ERROR_REFUSED : PLAN_ERROR_IMPOSSIBLE;
  const char *text = row->refused ? row->refused : row->impossible;
  g_assert_error (error, PLAN_ERROR, (int)code);
  if (!strstr (error->message, text))
    g_error ("wanted \"%s\", got \"%s\"", text, error->message);
}

static void
test_row (const void *data)
{
  const Row *row = data;
  g_autoptr (GError) error = NULL;
  Bed bed;
  bed_open (&bed, "", row->work, row->processes);
  g_autoptr (Plan) made = plan (&bed, "work", &error);
  g_assert_cmpint (made == NULL, ==, row->change == NULL);
  if (made) {
    g_autofree char *lines = lines_of (made);
    g_assert_cmpstr (lines, ==, row->commands);
    g_assert_cmpstr (made->change, ==, row->change);
    g_assert_cmpstr (made->word, ==, "work");
    g_assert_cmpstr (made->way_back, ==,
                     *lines ? "restart work (nothing else takes it back)" : NULL);
  } else
    assert_error (row, error);
  bed_close (&bed);
}

static char *
digest (const char *processes)
{
  Bed bed;
  bed_open (&bed, "", UP ("a") "," UP ("b"), processes);
  g_autoptr (Plan) made = plan (&bed, "work", NULL);
  char *text = plan_digest (made, bed.site);
  bed_close (&bed);
  return text;
}

/* Redis gives its sets in any order; who is there and who is quiet matters. */
static void
test_digest (void)
{
  g_autofree char *both = digest (LOUD ("a", "1") "," LOUD ("b", "1"));
  g_autofree char *turned = digest (LOUD ("b", "1") "," LOUD ("a", "1"));
  g_autofree char *one_quiet = digest (LOUD ("a", "1") "," QUIET ("b", "1"));
  g_autofree char *one = digest (LOUD ("a", "1"));
  g_assert_cmpstr (both, ==, turned);
  g_assert_cmpstr (both, !=, one_quiet);
  g_assert_cmpstr (one, !=, one_quiet);
}

/* Without a reading it says how it is done, for paper and for by-hand.txt. */
static void
test_example (void)
{
  Bed bed;
  bed_open (&bed, ", user: ops", UP ("a"), "");
  bed.context.reading = NULL;
  g_autoptr (Plan) made = plan (&bed, "work", NULL);
  g_autofree char *lines = lines_of (made);
  g_assert_cmpstr (lines, ==,
                   "redis-cli -e -h queue -p 6379 -n 1 --user ops SMEMBERS processes\n"
                   "redis-cli -e -h queue -p 6379 -n 1 --user ops LPUSH "
                   "HOST:PID:TOKEN-signals TSTP\n"
                   "redis-cli -e -h queue -p 6379 -n 1 --user ops EXPIRE "
                   "HOST:PID:TOKEN-signals 60\n");
  bed_close (&bed);
}

static void
test_managed (void)
{
  Bed bed;
  bed_open (&bed, "", "", "");
  g_autoptr (Plan) made = plan (&bed, "cloud", NULL);
  g_assert_cmpstr (made->instruction, ==,
                   "cloud is not ours to quiet (Heroku): have its workers take no new "
                   "jobs, then say what was done");
  bed_close (&bed);
}

/* A path that only a shell would complete is not handed to a program. */
static void
test_ca_file (void)
{
  g_autoptr (GError) error = NULL;
  Bed bed;
  bed_open (&bed, ", ca-file: ~/ca.pem", UP ("a"), LOUD ("a", "1"));
  g_assert_null (plan (&bed, "work", &error));
  g_assert_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE);
  g_assert_nonnull (strstr (error->message, "redis.ca-file does not begin with /"));
  bed_close (&bed);
}

static void
test_too_many (void)
{
  g_autoptr (GString) processes = g_string_new (LOUD ("a", "1"));
  g_autoptr (GError) error = NULL;
  Bed bed;
  for (guint i = 2; i <= 501; i++)
    g_string_append_printf (processes, ",{'name':'a:%u:0','hostname':'a','quiet':false}",
                            i);
  bed_open (&bed, "", UP ("a"), processes->str);
  g_assert_null (plan (&bed, "work", &error));
  g_assert_nonnull (strstr (error->message, "work has 501 workers, more than 500"));
  bed_close (&bed);
}

static void
test_reads (void)
{
  const ActionQuietSettings settings = { .service = (char *)"work" };
  g_autoptr (Request) request = action_quiet.reads (&settings);
  g_autofree char *until = action_quiet.spec.implied_until (&settings);
  g_autofree char *undo = action_quiet.spec.implied_undo (&settings);
  g_assert_cmpint (request->type, ==, REQUEST_QUEUES);
  g_assert_cmpstr (request->section, ==, "redis");
  g_assert_cmpstr (until, ==, "queues: {quiet: all, of: work}");
  g_assert_cmpstr (undo, ==, "restart: work");
  g_assert_cmpstr (action_quiet.spec.section (&settings), ==, "redis");
}

static void
test_save (void)
{
  const ActionRedisSaveSettings current = { .server = 0 }, other = { .server = 1 };
  g_autofree char *until = action_redis_save.spec.implied_until (&current);
  g_autofree char *other_until = action_redis_save.spec.implied_until (&other);
  g_autoptr (GError) error = NULL;
  Bed bed;
  bed_open (&bed, "", "", "");
  g_autoptr (Plan) made = action_redis_save.plan (&current, &bed.context, NULL);
  g_autofree char *lines = lines_of (made);
  g_assert_cmpstr (lines, ==, CLI "SAVE\n");
  g_assert_cmpstr (made->word, ==, "redis");
  g_assert_cmpstr (until, ==, "redis: {keeps-data: true}");
  g_assert_cmpstr (other_until, ==, "redis: {server: new, keeps-data: true}");
  g_assert_null (action_redis_save.plan (&other, &bed.context, &error));
  g_assert_nonnull (strstr (error->message, "add redis-new: {url: "));
  bed_close (&bed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/quiet/rows/", rows[i].name, NULL);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/quiet/digest", test_digest);
  g_test_add_func ("/quiet/example", test_example);
  g_test_add_func ("/quiet/managed", test_managed);
  g_test_add_func ("/quiet/ca-file", test_ca_file);
  g_test_add_func ("/quiet/too-many", test_too_many);
  g_test_add_func ("/quiet/reads", test_reads);
  g_test_add_func ("/redis-save", test_save);
  return g_test_run ();
}
