/* The kinds as people meet them: a clause's text goes through the real loader and,
 * where nothing is wrong with it, is judged or planned. As data, in
 * tests/unit/data/kinds/NAME.txt; a line that begins with "> " goes in:
 *   > check CLAUSE     a check, judged on the deployment below
 *   > do CLAUSE        an action, planned on it
 *   > platform TEXT    a site's `platform:`
 * and every other line is what must come of it. HANDRAIL_REGENERATE=1 writes the files
 * anew, to be read before they are kept. */
#include "core/actions/actions.h"
#include "core/base/text.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"
#include "tests/unit/kinds.h"

static const Vocabulary vocabulary = { .checks = check_kinds,
                                       .actions = action_kinds,
                                       .platforms = platform_kinds };

#define SITE_START "handrail-site: 1\nname: lab\nproduction: false\nplatform: "
#define PLATFORM "{compose: {project: shop, directory: /srv/shop}}"
#define SITE_END                                                                        \
  "\nservices:\n  web: {health: \"https://web.example/health\", ca-file: /own.pem}\n  " \
  "api: {service: api-server, replicas: 3}\n  loop:\n  "                                \
  "frozen:\n  absent:\n  db: {managed: RDS shop}\n"                                     \
  "redis: {url: 'rediss://redis.internal/1', user: ops, ca-file: /etc/ca.pem}\n"        \
  "redis-new: {url: 'unix:///run/redis/new.sock'}\n"

/* Seen at 100 s by both clocks. */
#define INSTANCE(id, state, running, more)                                     \
  "{'id':'" id "','name':'shop-" id "','state':'" state "','running':" running \
  ",'settled':true,'restarts':0,'since_us':1000000,'image':'sha256:1'" more "}"
#define DEPLOYMENT                                                                       \
  "{'clock_us':100000000,'tool':'docker compose','identity':{'engine':'E','project':"    \
  "'shop'},'services':{"                                                                 \
  "'web':{'instances':[" INSTANCE ("web-1", "running", "true", "") "," INSTANCE (        \
      "web-2", "running", "true",                                                        \
      "") "]},"                                                                          \
          "'api':{'instances':[" INSTANCE (                                              \
              "api-1", "exited", "false",                                                \
              ",'reason':'has exited (exit 3)'") "],"                                    \
                                                 "'single':'the compose file gives it "  \
                                                 "container_name: api'},"                \
                                                 "'loop':{'instances':[" INSTANCE (      \
                                                     "loop-1", "restarting", "true",     \
                                                     ",'reason':'restarts again and "    \
                                                     "again'") "]},"                     \
                                                               "'frozen':{'instances':"  \
                                                               "[" INSTANCE (            \
                                                                   "frozen-1", "paused", \
                                                                   "true",               \
                                                                   ",'reason':'is "      \
                                                                   "paused'") "]}}}"

/* One of the two that work for web takes no new jobs already. */
#define QUEUES                                                            \
  "{'processes':[{'name':'web-2:1:b2','hostname':'web-2','quiet':false}," \
  "{'name':'web-1:1:a1','hostname':'web-1','quiet':true}]}"

typedef struct {
  Site *site;
  Evidence *evidence;
  Ledger *ledger;
  json_t *deployment, *queues;
  GString *out;
} Bed;

static Site *
load_site (const char *platform, Problems *problems)
{
  g_autofree char *text = g_strconcat (SITE_START, platform, SITE_END, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return site_load ("lab.yaml", bytes, &vocabulary, NULL, problems);
}

static void
bed_open (Bed *bed)
{
  g_autoptr (Problems) problems = problems_new ();
  bed->site = load_site (PLATFORM, problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  bed->deployment = json_of (DEPLOYMENT);
  bed->queues = json_of (QUEUES);
  bed->evidence = evidence_new ();
  evidence_add (bed->evidence, reading_new ("platform", at (100), at (100), NULL,
                                            json_incref (bed->deployment)));
  bed->ledger = ledger_new ();
  ledger_record (bed->ledger, "web", 2, "sha256:1", FALSE);
  ledger_record (bed->ledger, "loop", 0, "", FALSE);
  bed->out = g_string_new (NULL);
}

static void
bed_close (Bed *bed)
{
  g_string_free (bed->out, TRUE);
  ledger_free (bed->ledger);
  evidence_free (bed->evidence);
  json_decref (bed->queues);
  json_decref (bed->deployment);
  site_free (bed->site);
}

static gboolean
fetch (const char *name, void *data, GBytes **bytes, GError **error)
{
  (void)name;
  (void)error;
  *bytes = g_bytes_new (data, strlen (data));
  return TRUE;
}

static void
say (Bed *bed, const char *prefix, const char *text)
{
  if (text)
    g_string_append_printf (bed->out, "%s%s\n", prefix, text);
}

/* TRUE if there are some, which are then told without their places. */
static gboolean
say_problems (Bed *bed, Problems *problems)
{
  for (guint i = 0; problems_get (problems, i); i++)
    say (bed, "! ", problems_get (problems, i)->text);
  return problems_count (problems) > 0;
}

static void
say_clause (Bed *bed, const char *prefix, const Clause *clause)
{
  g_autofree char *text = clause ? clause_format (clause) : NULL;
  say (bed, prefix, text);
}

static void
judge (Bed *bed, const Clause *clause)
{
  const CheckKind *kind = (const CheckKind *)clause->kind;
  const CheckContext context = { .site = bed->site,
                                 .platform = &platform_compose,
                                 .evidence = bed->evidence,
                                 .ledger = bed->ledger,
                                 .now = at (100),
                                 .since_us = 100 * SECOND,
                                 .speed = 1 };
  g_auto (Judgement) judgement = { 0 };
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  kind->needs (clause->settings, &context, requests);
  for (guint i = 0; i < requests->len; i++)
    say (bed, "  wants ", ((Request *)requests->pdata[i])->key);
  kind->judge (clause->settings, &context, &judgement);
  g_string_append_printf (bed->out, "  %s: %s\n", verdict_name (judgement.verdict),
                          judgement.text);
}

static void
plan (Bed *bed, const Clause *clause)
{
  const ActionKind *kind = (const ActionKind *)clause->kind;
  const PlanContext context = { .site = bed->site,
                                .platform = &platform_compose,
                                .deployment = bed->deployment,
                                .reading = kind->reads ? bed->queues : NULL,
                                .ledger = bed->ledger };
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) made = kind->plan (clause->settings, &context, &error);
  if (!made) {
    say (bed, "  impossible: ", error->message);
    return;
  }
  say (bed, "  change: ", made->change);
  say (bed, "  word: ", made->word);
  for (guint i = 0; i < made->commands->len; i++) {
    const Command *command = made->commands->pdata[i];
    g_autofree char *line = text_command ((const char *const *)command->argv);
    say (bed, "  in ", command->directory);
    say (bed, "  $ ", line);
  }
  say (bed, "  by hand: ", made->instruction);
  say (bed, "  way back: ", made->way_back);
}

static void
in_step (Bed *bed, const char *section, const char *text)
{
  g_autofree char *runbook_text =
      g_strdup_printf ("handrail: 1\ntitle: T\nsteps:\n  - id: one\n    title: One\n    "
                       "%s: %s\n",
                       section, text);
  const RunbookOptions options = { .vocabulary = &vocabulary,
                                   .site = bed->site,
                                   .fetch = fetch,
                                   .fetch_data = runbook_text };
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Runbook) runbook = runbook_load ("t.yaml", &options, problems);
  if (say_problems (bed, problems))
    return;
  const Step *step = runbook->steps->pdata[0];
  for (guint i = 0; i < step->require->len; i++) {
    say_clause (bed, "= ", step->require->pdata[i]);
    judge (bed, step->require->pdata[i]);
  }
  say_clause (bed, "= ", step->action);
  if (step->action)
    plan (bed, step->action);
  for (guint i = 0; i < step->until->len; i++)
    say_clause (bed, "  until ", step->until->pdata[i]);
  say_clause (bed, "  undo ", step->undo);
}

static void
in_check (Bed *bed, const char *text)
{
  g_autofree char *list = g_strdup_printf ("[%s]", text);
  in_step (bed, "require", list);
}

static void
in_do (Bed *bed, const char *text)
{
  in_step (bed, "do", text);
}

static void
in_platform (Bed *bed, const char *text)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = load_site (text, problems);
  if (!say_problems (bed, problems))
    say_clause (bed, "= ", site->platform);
}

static const struct {
  const char *word;
  void (*take) (Bed *bed, const char *text);
} words[] = {
  { "check ", in_check },
  { "do ", in_do },
  { "platform ", in_platform },
};

static void
take (Bed *bed, const char *line)
{
  g_string_append_printf (bed->out, "> %s\n", line);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (line, words[i].word)) {
      words[i].take (bed, line + strlen (words[i].word));
      return;
    }
  g_error ("no such line: %s", line);
}

static void
test_file (const void *data)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "kinds", data, NULL);
  g_autofree char *text = NULL;
  Bed bed;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  bed_open (&bed);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix (*line, "> "))
      take (&bed, *line + 2);
    else if (**line == '#')
      say (&bed, "", *line);
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (path, bed.out->str, -1, NULL));
  else
    g_assert_cmpstr (bed.out->str, ==, text);
  bed_close (&bed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/kinds/actions", "actions.txt", test_file);
  g_test_add_data_func ("/kinds/checks", "checks.txt", test_file);
  g_test_add_data_func ("/kinds/platforms", "platforms.txt", test_file);
  return g_test_run ();
}
