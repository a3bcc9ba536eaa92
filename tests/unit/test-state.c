/* The fold: which story is possible, and what it comes to. Whole runs are in test-run.c. */
#include <string.h>

#include "core/run/state.h"

#define BEGAN                                                                        \
  "{'event':'run-began','format':1,'program':'p','run':'r','runbook':{'name':'n',"   \
  "'title':'t','file':'f','digest':'d'},'sources':[],'site':{'name':'s','file':'f'," \
  "'digest':'d','platform':'compose','production':false},'settings':{},"             \
  "'practice':false,'host':'h','uid':0,'user':'u','pid':1,'boot':'b','steps':["      \
  "{'id':'one','title':'One'},{'id':'two','title':'Two'}]}"
#define STEP_BEGAN "{'event':'step-began','step':'one','title':'One'}"
#define CONFIRM                                                                 \
  "{'event':'asked','question':1,'kind':'confirm','step':'one','purpose':'do'," \
  "'text':'?','digest':'D','takes':'[y]','planned':{'nginx':0}}"
#define YES                                                                      \
  "{'event':'answered','question':1,'kind':'confirm','step':'one','digest':'D'," \
  "'answer':'go','viewer':1,'uid':0,'user':'u'}"
#define COMMAND                                                               \
  "{'event':'command-began','step':'one','purpose':'do','index':0,'count':1," \
  "'argv':['true'],'pid':7,'group':7,'start':1,'boot':'b','output':'o'}"
#define ENDED "{'event':'command-ended','step':'one','status':0,'signal':0,'took_us':1}"
#define ACTED "{'event':'action-ended','step':'one','purpose':'do'}"
#define RESUMED                                                                 \
  "{'event':'run-resumed','program':'p','host':'h','uid':0,'user':'u','pid':2," \
  "'boot':'b','differences':[]}"
#define STOPPED "{'event':'run-stopped','why':'said','held':true}"

#define FAILS                                                                        \
  "{'event':'verdict','step':'one','section':'require','index':0,'verdict':'never'," \
  "'text':'7 left','gist':'left','accept':'lose-queues'}"
#define ACCEPT                                                                  \
  "{'event':'answered','question':0,'kind':'waiting','step':'one','digest':''," \
  "'answer':'accept','text':'***','viewer':1,'uid':0,'user':'u','accept':'lose-queues'}"

typedef struct {
  const char *name;
  const char *events[16];
  const char *error; /* of the last event; NULL: it may follow */
  const char *phase; /* of the step "one" after it */
} Case;

static const Case cases[] = {
  { "begins", { BEGAN }, NULL, "pending" },
  { "begins with something else",
    { STEP_BEGAN },
    "step-began cannot follow nothing",
    NULL },
  { "begins twice",
    { BEGAN, BEGAN },
    "run-began cannot follow another event",
    "pending" },
  { "another step",
    { BEGAN, "{'event':'step-began','step':'two','title':'Two'}" },
    "that step is not at hand",
    "pending" },
  { "done before it began",
    { BEGAN, "{'event':'step-done','step':'one'}" },
    "step-done cannot follow pending",
    "pending" },
  { "checking", { BEGAN, STEP_BEGAN }, NULL, "checking" },
  { "asked", { BEGAN, STEP_BEGAN, CONFIRM }, NULL, "checking" },
  { "asked twice",
    { BEGAN, STEP_BEGAN, CONFIRM, CONFIRM },
    "a question stands",
    "checking" },
  { "answered", { BEGAN, STEP_BEGAN, CONFIRM, YES }, NULL, "proving" },
  { "answered unasked",
    { BEGAN, STEP_BEGAN, YES },
    "answers another question",
    "checking" },
  { "answered another digest",
    { BEGAN, STEP_BEGAN, CONFIRM,
      "{'event':'answered','question':1,'kind':'confirm','step':'one','digest':'E',"
      "'answer':'go','viewer':1,'uid':0,'user':'u'}" },
    "answers another question",
    "checking" },
  { "acts without an answer",
    { BEGAN, STEP_BEGAN, CONFIRM, COMMAND },
    "command-began cannot follow checking",
    "checking" },
  { "acts", { BEGAN, STEP_BEGAN, CONFIRM, YES, COMMAND }, NULL, "acting" },
  { "is refused",
    { BEGAN, STEP_BEGAN, CONFIRM, YES, "{'event':'refused','step':'one','why':'w'}" },
    NULL,
    "checking" },
  { "settles",
    { BEGAN, STEP_BEGAN, CONFIRM, YES, COMMAND, ENDED, ACTED },
    NULL,
    "settling" },
  { "is done",
    { BEGAN, STEP_BEGAN, CONFIRM, YES, COMMAND, ENDED, ACTED,
      "{'event':'step-done','step':'one'}" },
    NULL,
    "done" },
  { "finishes too early",
    { BEGAN, STEP_BEGAN, "{'event':'run-finished'}" },
    "a step that is not over",
    "checking" },
  { "fails",
    { BEGAN, STEP_BEGAN, "{'event':'step-failed','step':'one','reason':'r'}" },
    NULL,
    "failed" },
  { "goes on after the end",
    { BEGAN, STEP_BEGAN, STOPPED, "{'event':'step-done','step':'one'}" },
    "step-done cannot follow the end of the run",
    "checking" },
  { "resumes", { BEGAN, STEP_BEGAN, CONFIRM, STOPPED, RESUMED }, NULL, "checking" },
  { "resumed while proving",
    { BEGAN, STEP_BEGAN, CONFIRM, YES, RESUMED },
    NULL,
    "checking" },
  { "resumed while acting",
    { BEGAN, STEP_BEGAN, CONFIRM, YES, COMMAND, RESUMED,
      "{'event':'command-lost','step':'one','alive':true}" },
    NULL,
    "uncertain" },
  { "resumed after abandoning",
    { BEGAN, "{'event':'run-abandoned','uid':0,'user':'u','why':'w'}", RESUMED },
    "run-resumed cannot follow the end of the run",
    "pending" },
  { "accepted", { BEGAN, STEP_BEGAN, FAILS, ACCEPT }, NULL, "checking" },
  { "accepted unseen",
    { BEGAN, STEP_BEGAN, ACCEPT },
    "nothing that stands is accepted by that word",
    "checking" },
  { "accepted twice",
    { BEGAN, STEP_BEGAN, FAILS, ACCEPT, ACCEPT },
    "nothing that stands is accepted by that word",
    "checking" },
  { "accepted after it came true",
    { BEGAN, STEP_BEGAN, FAILS,
      "{'event':'verdict','step':'one','section':'require','index':0,'verdict':'holds',"
      "'text':'none left'}",
      ACCEPT },
    "nothing that stands is accepted by that word",
    "checking" },
  { "accepted where nothing may be",
    { BEGAN, STEP_BEGAN,
      "{'event':'verdict','step':'one','section':'until','index':0,'verdict':'never',"
      "'text':'t','accept':'lose-queues'}",
      ACCEPT },
    "nothing that stands is accepted by that word",
    "checking" },
  { "accepted as seen before a crash",
    { BEGAN, STEP_BEGAN, FAILS, RESUMED, ACCEPT },
    "nothing that stands is accepted by that word",
    "checking" },
  { "accepted at a confirmation",
    { BEGAN, STEP_BEGAN, FAILS, CONFIRM,
      "{'event':'answered','question':1,'kind':'confirm','step':'one','digest':'D',"
      "'answer':'accept','viewer':1,'uid':0,'user':'u','accept':'lose-queues'}" },
    "nothing that stands is accepted by that word",
    "checking" },
  { "controls for nobody",
    { BEGAN, "{'event':'controls','viewer':3,'how':'taken'}" },
    "there is no such viewer",
    "pending" },
};

/* An event from JSON with apostrophes for quotes. */
static Event *
event_of (const char *text, gint64 second)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  json_error_t error;
  json_t *data = json_loads (json, 0, &error);
  if (!data)
    g_error ("%s: %s", json, error.text);
  EventType type;
  g_assert_true (
      event_type_from_name (json_string_value (json_object_get (data, "event")), &type));
  json_object_del (data, "event");
  Event *event = event_new (type, data);
  event->at = (Moment){ second * G_USEC_PER_SEC, second * G_USEC_PER_SEC };
  g_autofree char *problem = event_problem (event);
  g_assert_cmpstr (problem, ==, NULL);
  return event;
}

static char *
state_text (const RunState *state)
{
  json_auto_t *json = state_to_json (state);
  return json_dumps (json, JSON_SORT_KEYS);
}

static void
test_case (gconstpointer data)
{
  const Case *story = data;
  g_autoptr (RunState) state = state_new ();
  for (guint i = 0; story->events[i]; i++) {
    gboolean last = !story->events[i + 1];
    g_autoptr (Event) event = event_of (story->events[i], 100 + i);
    g_autoptr (GError) error = NULL;
    g_autofree char *before = state_text (state);
    gboolean applied = state_apply (state, event, &error);
    g_assert_cmpint (applied, ==, !(last && story->error));
    if (!applied) {
      g_autofree char *after = state_text (state);
      g_assert_nonnull (strstr (error->message, story->error));
      g_assert_cmpstr (before, ==, after);
    }
  }
  if (story->phase)
    g_assert_cmpstr (phase_name (state_step (state, "one")->phase), ==, story->phase);
}

static RunState *
state_after (const char *const *events, gint64 second)
{
  RunState *state = state_new ();
  for (guint i = 0; events[i]; i++) {
    g_autoptr (Event) event = event_of (events[i], second + i);
    g_autoptr (GError) error = NULL;
    state_apply (state, event, &error);
    g_assert_no_error (error);
  }
  return state;
}

static void
test_exit_status (void)
{
  const char *held[] = { BEGAN, STEP_BEGAN, STOPPED, NULL };
  g_autoptr (RunState) state = state_after (held, 1);
  g_assert_cmpint (state_exit_status (state), ==, 3);
  const char *failed[] = { BEGAN, STEP_BEGAN,
                           "{'event':'run-stopped','why':'w','held':false}", NULL };
  g_autoptr (RunState) other = state_after (failed, 1);
  g_assert_cmpint (state_exit_status (other), ==, 1);
}

/* What there is to go on with after the last event. */
static void
test_resumable (void)
{
  static const struct {
    const char *events[5];
    gboolean wanted;
  } rows[] = {
    { { BEGAN, STEP_BEGAN }, TRUE },
    { { BEGAN, STEP_BEGAN, STOPPED }, TRUE },
    { { BEGAN, STEP_BEGAN,
        "{'event':'run-stopped','why':'w','held':true,'refused':true}" },
      FALSE },
    { { BEGAN, STEP_BEGAN,
        "{'event':'run-stopped','why':'w','held':false,'final':true}" },
      FALSE },
    { { BEGAN, STEP_BEGAN, "{'event':'run-stopped','why':'w','held':false,'final':true}",
        RESUMED },
      TRUE },
    { { BEGAN, "{'event':'run-abandoned','uid':0,'user':'u','why':'w'}" }, FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (RunState) state = state_after (rows[i].events, 1);
    g_test_message ("%u", i);
    g_assert_cmpint (state_is_resumable (state), ==, rows[i].wanted);
  }
}

static void
test_restored (void)
{
  const char *events[] = {
    BEGAN,
    STEP_BEGAN,
    "{'event':'step-recorded','step':'one','ledger':{'nginx':{'count':2,'managed':false,"
    "'restored':false}}}",
    "{'event':'action-ended','step':'one','purpose':'do','planned':{'nginx':2},"
    "'restores':true}",
    NULL,
  };
  g_autoptr (RunState) state = state_after (events, 1);
  g_assert_true (ledger_is_open (state->ledger));
  g_autoptr (Event) done = event_of ("{'event':'step-done','step':'one'}", 9);
  g_assert_true (state_apply (state, done, NULL));
  g_assert_false (ledger_is_open (state->ledger));
}

/* What was accepted stays so, also across a crash, until the step is tried again. */
static void
test_accepted (void)
{
  const char *events[] = { BEGAN, STEP_BEGAN, FAILS, ACCEPT, RESUMED, NULL };
  g_autoptr (RunState) state = state_after (events, 1);
  const StepState *step = state_step (state, "one");
  g_assert_cmpuint (step->accepted->len, ==, 1);
  g_assert_cmpstr (step->accepted->pdata[0], ==, "lose-queues");
  g_autofree char *text = state_text (state);
  g_assert_nonnull (strstr (text, "\"accepted\": [\"lose-queues\"]"));
  static const char *const again[] = {
    "{'event':'step-failed','step':'one','reason':'r'}",
    ("{'event':'asked','question':1,'kind':'failed','step':'one','purpose':'do',"
     "'text':'?','digest':'','takes':'[retry]'}"),
    ("{'event':'answered','question':1,'kind':'failed','step':'one','digest':'',"
     "'answer':'retry','viewer':1,'uid':0,'user':'u'}"),
  };
  for (guint i = 0; i < G_N_ELEMENTS (again); i++) {
    g_assert_cmpuint (step->accepted->len, ==, 1);
    g_autoptr (Event) event = event_of (again[i], 20 + i);
    g_assert_true (state_apply (state, event, NULL));
  }
  g_assert_cmpuint (step->accepted->len, ==, 0);
}

/* The word is the fold's, whatever secrets there are; what was typed is people's. */
static void
test_accepted_masked (void)
{
  g_autoptr (Mask) mask = mask_new ();
  mask_add (mask, "queues");
  g_autoptr (Event) verdict = event_of (FAILS, 1);
  g_autoptr (Event) masked = event_masked (verdict, mask);
  g_assert_cmpstr (event_text (masked, "accept"), ==, "lose-queues");
  g_autoptr (Event) answer = event_of (ACCEPT, 1);
  json_object_set_new (answer->data, "text", json_string ("lose-queues"));
  g_autoptr (Event) kept = event_masked (answer, mask);
  g_assert_cmpstr (event_text (kept, "accept"), ==, "lose-queues");
  g_assert_null (strstr (event_text (kept, "text"), "queues"));
}

#define PROVES(index, proves)                                          \
  "{'event':'verdict','step':'one','section':'require','index':" index \
  ",'verdict':'holds','text':'t','proves':" proves "}"

/* What was proved stays so in later steps and across a crash; the last of each name. */
static void
test_proved (void)
{
  const char *events[] = {
    BEGAN,
    STEP_BEGAN,
    PROVES ("0", "{'redis of a':'1','redis of b':'2'}"),
    PROVES ("0", "{'redis of a':'3'}"),
    FAILS,
    "{'event':'step-done','step':'one'}",
    RESUMED,
    NULL,
  };
  g_autoptr (RunState) state = state_after (events, 1);
  json_auto_t *wanted = json_pack ("{s:s, s:s}", "redis of a", "3", "redis of b", "2");
  json_auto_t *told = state_to_json (state);
  g_assert_true (json_equal (state->proofs, wanted));
  g_assert_true (json_equal (json_object_get (told, "proofs"), wanted));
}

/* The fold lives by it, whatever secrets there are. */
static void
test_proved_masked (void)
{
  g_autoptr (Mask) mask = mask_new ();
  mask_add (mask, "0123abcd");
  g_autoptr (Event) verdict = event_of (PROVES ("0", "{'redis of a':'0123abcd'}"), 1);
  g_autoptr (Event) masked = event_masked (verdict, mask);
  g_assert_true (
      json_equal (event_json (masked, "proves"), event_json (verdict, "proves")));
  json_object_set_new (verdict->data, "proves", json_string ("0123abcd"));
  g_autofree char *problem = event_problem (verdict);
  g_assert_nonnull (problem);
}

/* A deadline across a reboot is the later of what the two clocks say. */
static void
test_deadline_across_boots (void)
{
  const char *events[] = {
    BEGAN,
    STEP_BEGAN,
    "{'event':'step-settling','step':'one','limit_us':60000000}",
    NULL,
  };
  g_autoptr (RunState) state = state_after (events, 1000); /* deadline at 1062 s */
  g_autoptr (Event) resumed = event_of (RESUMED, 0);
  json_object_set_new (resumed->data, "boot", json_string ("c"));
  resumed->at = (Moment){ 1032 * G_USEC_PER_SEC, 10 * G_USEC_PER_SEC };
  g_assert_true (state_apply (state, resumed, NULL));
  /* by the wall clock 30 s were lost (40 s), counted from the last event 70 s are left */
  g_assert_cmpint (state_step (state, "one")->deadline_us, ==, 70 * G_USEC_PER_SEC);
}

/* Whatever comes in whatever order: an event is taken whole or not at all. */
static void
test_any_order (void)
{
  static const char *const events[] = {
    BEGAN,
    STEP_BEGAN,
    CONFIRM,
    YES,
    COMMAND,
    ENDED,
    ACTED,
    RESUMED,
    STOPPED,
    "{'event':'command-lost','step':'one','alive':false}",
    "{'event':'step-failed','step':'one','reason':'r'}",
    "{'event':'step-done','step':'one'}",
    "{'event':'withdrawn','question':1,'why':'w'}",
    ("{'event':'verdict','step':'one','section':'until','index':0,'verdict':'never',"
     "'text':'t'}"),
    FAILS,
    ACCEPT,
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);
  guint applied = 0;
  for (guint round = 0; round < 300; round++) {
    g_autoptr (RunState) state = state_new ();
    for (guint i = 0; i < 40; i++) {
      guint pick = i == 0 ? 0 : (guint)g_rand_int_range (rand, 0, G_N_ELEMENTS (events));
      g_autoptr (Event) event = event_of (events[pick], 100 + i);
      g_autofree char *before = state_text (state);
      if (state_apply (state, event, NULL)) {
        applied++;
        continue;
      }
      g_autofree char *after = state_text (state);
      g_assert_cmpstr (before, ==, after);
    }
  }
  g_assert_cmpuint (applied, >, 600);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/state/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/state/exit-status", test_exit_status);
  g_test_add_func ("/state/resumable", test_resumable);
  g_test_add_func ("/state/restored", test_restored);
  g_test_add_func ("/state/stays-accepted", test_accepted);
  g_test_add_func ("/state/accepted-masked", test_accepted_masked);
  g_test_add_func ("/state/proved", test_proved);
  g_test_add_func ("/state/proved-masked", test_proved_masked);
  g_test_add_func ("/state/deadline-across-boots", test_deadline_across_boots);
  g_test_add_func ("/state/any-order", test_any_order);
  return g_test_run ();
}
