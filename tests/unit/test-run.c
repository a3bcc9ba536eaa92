/* Whole runs as data: tests/unit/data/run/NAME.run is a story of what is seen, said and
 * ended; NAME.expect is what next_decide() and the fold made of it. Run with
 * HANDRAIL_REGENERATE=1 to write the .expect files anew, and read the difference.
 *
 * A story's lines:
 *   runbook FILE · site FILE      in the same folder; load them and begin the run
 *   legacy {…}                    before runbook: the ledger of an earlier run
 *   from STEP                     before runbook: --from
 *   service NAME N [unsettled]    from now on the platform has N of it running
 *   engine ID                     from now on the engine's identity
 *   blind TEXT | sighted          from now on looks fail with TEXT, or work again
 *   output STATUS TEXT            what the watched commands yield
 *   byhand                        tells what by-hand.txt would say now
 *   reading KEY {…}               what a request of that key yields; without {…}: nothing
 *   web STATUS TEXT               from now on web addresses answer that
 *   web - TEXT                    and from now on they fail with TEXT
 *   look [WORD]                   every watched request is read once; or those alone whose
 *                                 key begins with that
 *   wait DURATION                 time passes
 *   wake                          … until next_decide() wants to be called at the latest
 *   say TEXT                      the operator types it
 *   end STATUS                    the running command ends
 *   die | die alive | gone        the runner is killed and resumed, its command dead or
 *                                 alive; and later that command is gone
 *   reboot DURATION               the same across a reboot that takes so long
 * `gauge: {}` is a check of these stories alone: the number that a program says, and a word,
 * as "7 falling" or "7 hopeless"; none must be left. Only the word is news.
 * After every line all that next_decide() wants done is done; commands only begin. */
#include <stdio.h>
#include <string.h>

#include "core/actions/actions.h"
#include "core/base/quantity.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"
#include "core/run/journal.h"
#include "core/run/next.h"
#include "core/run/question.h"

#define FRESH_BOOT_US (1000 * G_USEC_PER_SEC)
#define STEPS_OF_ONE_LINE_MAX 200

/* ---- a check whose numbers move ------------------------------------------- */

static Request *
gauge_request (void)
{
  const char *const argv[] = { "gauge", NULL };
  return request_command (argv, 2 * G_USEC_PER_SEC, G_USEC_PER_SEC);
}

static void
gauge_needs (const void *settings, const CheckContext *context, GPtrArray *requests)
{
  (void)settings, (void)context;
  g_ptr_array_add (requests, gauge_request ());
}

static void
gauge_judge (const void *settings, const CheckContext *context, Judgement *judgement)
{
  (void)settings;
  g_autoptr (Request) request = gauge_request ();
  const Reading *reading = check_reading (context, request, judgement);
  if (!reading)
    return;
  const char *said = json_string_value (json_object_get (reading->body, "output"));
  const char *word = strchr (said, ' ') + 1;
  Verdict verdict = atoi (said) == 0                 ? VERDICT_HOLDS
                    : strcmp (word, "hopeless") == 0 ? VERDICT_NEVER
                                                     : VERDICT_NOT_YET;
  judgement_set (judgement, verdict, "%d left, %s", atoi (said), word);
  judgement->gist = g_strdup (word);
}

/* What was done shows in it a while later. */
static gint64
gauge_shows_us (const void *settings)
{
  (void)settings;
  return 20 * G_USEC_PER_SEC;
}

static const Field gauge_fields[] = { { 0 } };
static const CheckKind gauge = {
  .spec = { .name = "gauge", .help = "A number", .fields = gauge_fields },
  .needs = gauge_needs,
  .judge = gauge_judge,
  .shows_us = gauge_shows_us,
};

static const KindSpec *story_checks[32]; /* the real ones and that one */

static const Vocabulary vocabulary = {
  .checks = story_checks,
  .actions = action_kinds,
  .platforms = platform_kinds,
};

typedef struct {
  const char *folder;
  Site *site;
  Runbook *runbook;
  Legacy *legacy;
  char *from;
  RunState *state;
  Evidence *evidence;
  JournalChain chain;
  Moment now;
  char *boot;
  GHashTable *running;   /* service → count */
  GHashTable *unsettled; /* service → service */
  GHashTable *outputs;   /* request key → body */
  char *engine;
  char *blind;
  json_t *web;     /* body of every web address, or NULL */
  char *web_error; /* or NULL */
  GPtrArray *watch;
  gint64 wake_us;
  GString *told;
} Story;

static gboolean
fetch (const char *name, void *data, GBytes **bytes, GError **error)
{
  Story *story = data;
  g_autofree char *path = g_build_filename (story->folder, name, NULL);
  char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  *bytes = g_bytes_new_take (text, length);
  return TRUE;
}

static void
assert_no_problems (Problems *problems)
{
  if (problems_count (problems)) {
    g_autofree char *text = problems_format (problems);
    g_error ("%s", text);
  }
}

static void
load_runbook (Story *story, const char *file)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GHashTable) answers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *name;
  json_t *value;
  json_object_foreach (story->state->answers, name, value) g_hash_table_insert (
      answers, g_strdup (name), g_strdup (json_string_value (value)));
  RunbookOptions options = {
    .vocabulary = &vocabulary,
    .site = story->site,
    .answers = answers,
    .fetch = fetch,
    .fetch_data = story,
  };
  runbook_free (story->runbook);
  story->runbook = runbook_load (file, &options, problems);
  assert_no_problems (problems);
}

static void
load_site (Story *story, const char *file)
{
  g_autoptr (Problems) problems = problems_new ();
  GBytes *bytes = NULL;
  g_assert_true (fetch (file, story, &bytes, NULL));
  story->site = site_load (file, bytes, &vocabulary, NULL, problems);
  g_bytes_unref (bytes);
  assert_no_problems (problems);
}

/* ---- the world ------------------------------------------------------------ */

static json_t *
world_instances (Story *story, const char *service, int count)
{
  json_t *instances = json_array ();
  gboolean unsettled = g_hash_table_contains (story->unsettled, service);
  for (int i = 0; i < MAX (count, 1); i++) {
    gboolean running = i < count;
    json_array_append_new (
        instances,
        json_pack ("{s:s, s:s, s:s, s:b, s:b, s:i, s:i, s:I, s:s}", "id", service, "name",
                   service, "state", running ? "running" : "exited", "running", running,
                   "settled", !unsettled, "restarts", 0, "exit", 0, "since_us",
                   (json_int_t)(story->now.wall_us - 60 * G_USEC_PER_SEC), "image",
                   "sha256:1"));
  }
  return instances;
}

static json_t *
world_body (Story *story)
{
  json_t *services = json_object ();
  GHashTableIter iter;
  gpointer name, count;
  g_hash_table_iter_init (&iter, story->running);
  while (g_hash_table_iter_next (&iter, &name, &count))
    json_object_set_new (
        services, name,
        json_pack ("{s:o, s:i}", "instances",
                   world_instances (story, name, GPOINTER_TO_INT (count)), "grace_s",
                   10));
  return json_pack ("{s:{s:s, s:s}, s:I, s:s, s:o}", "identity", "engine", story->engine,
                    "project", "tines", "clock_us", (json_int_t)story->now.wall_us,
                    "tool", "docker compose", "services", services);
}

static void
look (Story *story, const char *word)
{
  for (guint i = 0; story->watch && i < story->watch->len; i++) {
    const Request *request = story->watch->pdata[i];
    if (!g_str_has_prefix (request->key, word))
      continue;
    json_t *body = NULL;
    if (!story->blind && request->type == REQUEST_PLATFORM)
      body = world_body (story);
    else if (!story->blind && request->type == REQUEST_HTTP)
      body = json_incref (story->web);
    else if (!story->blind)
      body = json_incref (g_hash_table_lookup (story->outputs, request->key));
    const char *failure = story->blind ? story->blind
                          : request->type == REQUEST_HTTP && story->web_error
                              ? story->web_error
                              : "nothing there";
    Moment ended = { story->now.wall_us + 10000, story->now.boot_us + 10000 };
    evidence_add (story->evidence, reading_new (request->key, story->now, ended,
                                                body ? NULL : failure, body));
  }
  story->now.wall_us += 20000;
  story->now.boot_us += 20000;
}

/* ---- telling -------------------------------------------------------------- */

static void
tell_event (Story *story, const Event *event)
{
  static const char *const dull[] = { "program", "host",    "uid",      "user",
                                      "pid",     "boot",    "steps",    "sources",
                                      "site",    "runbook", "settings", "format",
                                      "run",     "digest",  "viewer",   "took_us",
                                      "group",   "start",   "output",   "takes" };
  json_auto_t *shown = json_deep_copy (event->data);
  if (event->type != EVENT_LEDGER_ADOPTED)
    for (guint i = 0; i < G_N_ELEMENTS (dull); i++)
      json_object_del (shown, dull[i]);
  g_autofree char *text = json_dumps (shown, JSON_COMPACT | JSON_SORT_KEYS);
  g_string_append_printf (story->told, "  %s %s\n", event_type_name (event->type), text);
  if (event->type == EVENT_ASKED)
    g_string_append_printf (story->told, "? %s: %s %s\n", event_text (event, "step"),
                            event_text (event, "text"), event_text (event, "takes"));
}

/* Through the journal's text form, so that every event proves to be writable. */
static void
append (Story *story, Event *event)
{
  g_autoptr (Event) owned = event;
  g_autoptr (GError) error = NULL;
  owned->at = story->now;
  g_autofree char *problem = event_problem (owned);
  g_assert_cmpstr (problem, ==, NULL);
  JournalChain reading = story->chain;
  g_autofree char *line = journal_write (&story->chain, owned);
  g_autoptr (Event) back = journal_read (&reading, line, strlen (line), &error);
  g_assert_no_error (error);
  tell_event (story, back);
  if (!state_apply (story->state, back, &error))
    g_error ("%s: %s", line, error->message);
}

static void
begin_command (Story *story, const Next *next)
{
  append (story, next_command_event (next, 4711, 4711, 99, story->boot, "output/x.log"));
  g_autofree char *line = g_strjoinv (" ", next->command->argv);
  g_string_append_printf (story->told, "$ %s\n", line);
  if (next->command->login)
    g_string_append_printf (story->told, "  (logging in to %s)\n", next->command->login);
}

/* What the question that stands rests on, where it says something else than the journal
 * has of it. */
static void
tell_standing (Story *story, const Next *next)
{
  const StepState *step = state_current (story->state);
  for (guint i = 0; step && i < step->verdicts->len; i++) {
    const StateVerdict *verdict = step->verdicts->pdata[i];
    const json_t *check = json_array_get (next->waiting_checks, verdict->index);
    const char *text = json_string_value (json_object_get (check, "text"));
    if (text && strcmp (verdict->section, next->waiting_section) == 0 &&
        strcmp (text, verdict->text) != 0)
      g_string_append_printf (story->told, "  (now: %s)\n", text);
  }
}

static void
tell_rest (Story *story, const Next *next)
{
  g_clear_pointer (&story->watch, g_ptr_array_unref);
  story->watch = g_ptr_array_ref (next->watch);
  story->wake_us = next->wake_us;
  if (next->waiting)
    g_string_append_printf (story->told, "~ %s\n", next->waiting);
  if (next->waiting_gist)
    g_string_append_printf (story->told, "  (news: %s)\n", next->waiting_gist);
  if (story->state->question)
    tell_standing (story, next);
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < next->watch->len; i++)
    g_hash_table_add (keys, ((Request *)next->watch->pdata[i])->key);
  g_autoptr (GList) sorted =
      g_list_sort (g_hash_table_get_keys (keys), (GCompareFunc)g_strcmp0);
  for (GList *key = sorted; key; key = key->next)
    g_string_append_printf (story->told, "  (watching %s)\n", (char *)key->data);
}

static void
go_on (Story *story)
{
  Procedure procedure = {
    .runbook = story->runbook,
    .site = story->site,
    .legacy = story->legacy,
    .from = story->from,
    .speed = 1,
  };
  for (guint i = 0; i < STEPS_OF_ONE_LINE_MAX; i++) {
    g_autoptr (Next) next =
        next_decide (&procedure, story->state, story->evidence, story->now);
    switch (next->type) {
    case NEXT_EVENT:
      append (story, g_steal_pointer (&next->event));
      break;
    case NEXT_COMMAND:
      begin_command (story, next);
      break;
    case NEXT_REST:
      tell_rest (story, next);
      return;
    case NEXT_OVER:
      g_string_append_printf (story->told, "over: %s, status %d\n",
                              run_phase_name (story->state->phase),
                              state_exit_status (story->state));
      return;
    }
  }
  g_error ("next_decide() does not come to rest");
}

/* ---- a story's lines ------------------------------------------------------ */

static void
line_runbook (Story *story, const char *argument)
{
  load_runbook (story, argument);
  Procedure procedure = { .runbook = story->runbook,
                          .site = story->site,
                          .from = story->from };
  append (story, event_new (EVENT_RUN_BEGAN,
                            next_run_began (&procedure, "the-run", NULL, "handrail 0",
                                            "host", "me", 0, 1, story->boot)));
}

static void
line_legacy (Story *story, const char *argument)
{
  story->legacy = g_new0 (Legacy, 1);
  story->legacy->run = g_strdup ("an-earlier-run");
  story->legacy->when = g_strdup ("2026-11-22 23:00:00 UTC");
  story->legacy->ledger = ledger_new ();
  json_auto_t *json = json_loads (argument, 0, NULL);
  g_assert_true (ledger_merge_json (story->legacy->ledger, json));
}

static void
line_from (Story *story, const char *argument)
{
  story->from = g_strdup (argument);
}

static void
line_service (Story *story, const char *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", -1);
  g_hash_table_insert (story->running, g_strdup (words[0]),
                       GINT_TO_POINTER (atoi (words[1])));
  if (words[2])
    g_hash_table_add (story->unsettled, g_strdup (words[0]));
  else
    g_hash_table_remove (story->unsettled, words[0]);
}

static void
line_engine (Story *story, const char *argument)
{
  g_free (story->engine);
  story->engine = g_strdup (argument);
}

static void
line_blind (Story *story, const char *argument)
{
  g_free (story->blind);
  story->blind = *argument ? g_strdup (argument) : NULL;
}

static void
line_sighted (Story *story, const char *argument)
{
  (void)argument;
  line_blind (story, "");
}

/* output 0 text: for every command request */
static void
line_output (Story *story, const char *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  for (guint i = 0; i < story->watch->len; i++) {
    const Request *request = story->watch->pdata[i];
    if (request->type == REQUEST_COMMAND)
      g_hash_table_insert (story->outputs, g_strdup (request->key),
                           json_pack ("{s:i, s:s, s:b}", "status", atoi (words[0]),
                                      "output", words[1] ? words[1] : "", "cut", 0));
  }
}

/* web 200 text · web - why not */
static void
line_web (Story *story, const char *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  gboolean fails = strcmp (words[0], "-") == 0;
  g_clear_pointer (&story->web, json_decref);
  g_clear_pointer (&story->web_error, g_free);
  if (fails)
    story->web_error = g_strdup (words[1]);
  else
    story->web = json_pack ("{s:i, s:f, s:s, s:b}", "status", atoi (words[0]), "ms", 1.0,
                            "text", words[1], "cut", 0);
}

static void
line_reading (Story *story, const char *argument)
{
  const char *body = strchr (argument, '{');
  g_autofree char *key =
      g_strchomp (g_strndup (argument, body ? (gsize)(body - argument) : G_MAXINT));
  if (!body) {
    g_hash_table_remove (story->outputs, key);
    return;
  }
  json_t *json = json_loads (body, 0, NULL);
  g_assert_nonnull (json);
  g_hash_table_insert (story->outputs, g_strdup (key), json);
}

static void
line_byhand (Story *story, const char *argument)
{
  const Procedure procedure = { .runbook = story->runbook,
                                .site = story->site,
                                .speed = 1 };
  g_autoptr (GPtrArray) unseen = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text =
      byhand_text (&procedure, story->state, story->evidence, story->now, unseen);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  (void)argument;
  for (char **line = lines; *line; line++)
    g_string_append_printf (story->told, "| %s\n", *line);
  for (guint i = 0; i < unseen->len; i++)
    g_string_append_printf (story->told, "  (not seen: %s)\n",
                            (const char *)unseen->pdata[i]);
}

static void
line_look (Story *story, const char *argument)
{
  look (story, argument);
}

static void
line_wait (Story *story, const char *argument)
{
  gint64 us = 0;
  g_assert_true (quantity_parse_duration (argument, &us));
  story->now.wall_us += us;
  story->now.boot_us += us;
}

static void
line_wake (Story *story, const char *argument)
{
  (void)argument;
  g_assert_cmpint (story->wake_us, >, story->now.boot_us);
  story->now.wall_us += story->wake_us - story->now.boot_us;
  story->now.boot_us = story->wake_us;
}

static void
line_say (Story *story, const char *argument)
{
  const char *answer = NULL;
  g_autofree char *text = NULL, *wrong = NULL;
  if (!question_read (story->state, story->runbook, argument, &answer, &text, &wrong)) {
    g_string_append_printf (story->told, "! %s\n", wrong);
    return;
  }
  gboolean fills = story->state->question && story->state->question->kind == QUESTION_ASK;
  append (story, next_answered (story->state, answer, text, 1, 0, "me"));
  if (fills) {
    const RunbookSource *source = story->runbook->sources->pdata[0];
    g_autofree char *name = g_strdup (source->name);
    load_runbook (story, name);
  }
}

static void
line_end (Story *story, const char *argument)
{
  if (!state_current (story->state) || !state_current (story->state)->command) {
    g_string_append (story->told, "! no command runs\n");
    return;
  }
  append (story, next_command_end (state_current (story->state), atoi (argument), 0, NULL,
                                   1000));
}

static void
resume (Story *story)
{
  append (story,
          event_new (EVENT_RUN_RESUMED,
                     json_pack ("{s:s, s:s, s:i, s:s, s:i, s:s, s:[]}", "program",
                                "handrail 0", "host", "host", "uid", 0, "user", "me",
                                "pid", 2, "boot", story->boot, "differences")));
}

static void
lose (Story *story, gboolean alive)
{
  const StepState *step = state_current (story->state);
  if (step && step->command)
    append (story, event_new (EVENT_COMMAND_LOST, json_pack ("{s:s, s:b}", "step",
                                                             step->id, "alive", alive)));
}

static void
line_die (Story *story, const char *argument)
{
  evidence_free (story->evidence);
  story->evidence = evidence_new ();
  resume (story);
  lose (story, strcmp (argument, "alive") == 0);
}

static void
line_gone (Story *story, const char *argument)
{
  (void)argument;
  lose (story, FALSE);
}

static void
line_reboot (Story *story, const char *argument)
{
  gint64 us = 0;
  g_assert_true (quantity_parse_duration (argument, &us));
  story->now.wall_us += us;
  story->now.boot_us = 5 * G_USEC_PER_SEC;
  g_free (story->boot);
  story->boot = g_strdup ("another-boot");
  line_die (story, "");
}

static const struct {
  const char *word;
  void (*act) (Story *story, const char *argument);
} line_kinds[] = {
  { "site", load_site },       { "runbook", line_runbook }, { "legacy", line_legacy },
  { "from", line_from },       { "service", line_service }, { "engine", line_engine },
  { "blind", line_blind },     { "sighted", line_sighted }, { "output", line_output },
  { "look", line_look },       { "wait", line_wait },       { "say", line_say },
  { "end", line_end },         { "die", line_die },         { "gone", line_gone },
  { "reboot", line_reboot },   { "web", line_web },         { "byhand", line_byhand },
  { "reading", line_reading }, { "wake", line_wake },
};

static void
play_line (Story *story, const char *line)
{
  gsize length = strcspn (line, " ");
  const char *argument = line[length] ? line + length + 1 : "";
  for (guint i = 0; i < G_N_ELEMENTS (line_kinds); i++)
    if (strlen (line_kinds[i].word) == length &&
        strncmp (line_kinds[i].word, line, length) == 0) {
      line_kinds[i].act (story, argument);
      return;
    }
  g_error ("a story has no line \"%s\"", line);
}

static Story *
story_new (const char *folder)
{
  Story *story = g_new0 (Story, 1);
  story->folder = folder;
  story->state = state_new ();
  story->evidence = evidence_new ();
  story->chain = (JournalChain)JOURNAL_CHAIN_INIT;
  story->now = (Moment){ G_GINT64_CONSTANT (1795400000000000), FRESH_BOOT_US };
  story->boot = g_strdup ("a-boot");
  story->engine = g_strdup ("ENGINE");
  story->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  story->unsettled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  story->outputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify)json_decref);
  story->told = g_string_new (NULL);
  return story;
}

static void
story_free (Story *story)
{
  g_free (story->from);
  g_free (story->boot);
  g_free (story->engine);
  g_free (story->blind);
  g_free (story->web_error);
  json_decref (story->web);
  legacy_free (story->legacy);
  runbook_free (story->runbook);
  site_free (story->site);
  state_free (story->state);
  evidence_free (story->evidence);
  g_hash_table_unref (story->running);
  g_hash_table_unref (story->unsettled);
  g_hash_table_unref (story->outputs);
  g_clear_pointer (&story->watch, g_ptr_array_unref);
  g_string_free (story->told, TRUE);
  g_free (story);
}

static void
compare (const char *path, const char *told)
{
  if (g_getenv ("HANDRAIL_REGENERATE")) {
    g_assert_true (g_file_set_contents (path, told, -1, NULL));
    return;
  }
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (told, ==, expected);
}

static void
test_story (gconstpointer data)
{
  const char *name = data;
  g_autofree char *folder =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "run", NULL);
  g_autofree char *file = g_strconcat (folder, "/", name, ".run", NULL);
  g_autofree char *expect = g_strconcat (folder, "/", name, ".expect", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  Story *story = story_new (folder);
  for (char **line = lines; *line; line++) {
    if (!**line || **line == '#')
      continue;
    g_string_append_printf (story->told, "> %s\n", *line);
    play_line (story, *line);
    if (story->state->number)
      go_on (story);
  }
  compare (expect, story->told->str);
  story_free (story);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  guint kinds = 0;
  for (; check_kinds[kinds]; kinds++)
    story_checks[kinds] = check_kinds[kinds];
  g_assert_cmpuint (kinds, <, G_N_ELEMENTS (story_checks) - 1);
  story_checks[kinds] = &gauge.spec;
  g_autofree char *folder =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "run", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const char *entry = g_dir_read_name (dir); entry; entry = g_dir_read_name (dir))
    if (g_str_has_suffix (entry, ".run"))
      g_ptr_array_add (names, g_strndup (entry, strlen (entry) - strlen (".run")));
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_strconcat ("/run/", names->pdata[i], NULL);
    g_test_add_data_func (path, names->pdata[i], test_story);
  }
  return g_test_run ();
}
