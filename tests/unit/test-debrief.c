/* What a run comes to: stories (tests/unit/data/debrief/NAME.story), what is found in them,
 * and some of them told whole. Every rule has a story that it is for, and one that is
 * nearly so. */
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/run/journal.h"
#include "tests/unit/debrief_stories.h"
#include "tui/debrief.h"
#include "tui/debrief_chart.h"

/* ---- telling a story ------------------------------------------------------------------ */

static void
give_sample (const char *line, void *data)
{
  g_assert_true (debrief_take_sample (data, line, strlen (line)));
}

static void
give_world (const char *line, void *data)
{
  g_assert_true (debrief_take_world (data, line, strlen (line)));
}

static void
give_event (const json_t *line, Debrief *debrief)
{
  g_autoptr (Event) event = story_event (line, debrief->state);
  g_autoptr (GError) error = NULL;
  debrief_take_event (debrief, event, &error);
  g_assert_no_error (error);
}

static Debrief *
tell (const GPtrArray *story)
{
  g_auto (GStrv) careful = story_words (story, "careful");
  g_auto (GStrv) workers = story_words (story, "workers");
  const DebriefOptions options = { (const char *const *)careful,
                                   (const char *const *)workers };
  Debrief *debrief = debrief_new (&options);
  for (guint i = 0; i < story->len; i++) {
    const json_t *line = story->pdata[i];
    if (json_object_get (line, "event"))
      give_event (line, debrief);
    else if (json_object_get (line, "world"))
      story_world (line, give_world, debrief);
    else if (json_object_get (line, "queued"))
      story_samples (line, give_sample, debrief);
  }
  debrief_finish (debrief);
  return debrief;
}

static Debrief *
tell_named (const char *name)
{
  g_autoptr (GPtrArray) story = story_read (name);
  return tell (story);
}

/* ---- what is found ---------------------------------------------------------------------- */

/* "RULE SEVERITY STEP" a line. */
static char *
findings_of (const Debrief *debrief)
{
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < debrief->findings->len; i++) {
    const DebriefFinding *finding = g_ptr_array_index (debrief->findings, i);
    g_test_message ("%s", finding->done);
    g_string_append_printf (words, "%s %s %s\n", finding->rule,
                            debrief_severity_name (finding->severity),
                            finding->step ? finding->step : "-");
  }
  return g_string_free (words, FALSE);
}

static char *
findings_wanted (const GPtrArray *story)
{
  GString *words = g_string_new (NULL);
  gboolean said = FALSE;
  for (guint i = 0; i < story->len; i++) {
    const json_t *finds = json_object_get (story->pdata[i], "finds");
    said |= finds != NULL;
    for (gsize j = 0; j < json_array_size (finds); j++) {
      const json_t *row = json_array_get (finds, j);
      g_string_append_printf (words, "%s %s %s\n",
                              json_string_value (json_array_get (row, 0)),
                              json_string_value (json_array_get (row, 1)),
                              json_string_value (json_array_get (row, 2)));
    }
  }
  g_assert_true (said);
  return g_string_free (words, FALSE);
}

static void
test_story (const void *name)
{
  g_autoptr (GPtrArray) story = story_read (name);
  g_autoptr (Debrief) debrief = tell (story);
  g_autofree char *found = findings_of (debrief);
  g_autofree char *wanted = findings_wanted (story);
  g_assert_cmpstr (found, ==, wanted);
  gboolean grave = strstr (found, " careless ") || strstr (found, " danger ");
  g_assert_cmpint (debrief->course == DEBRIEF_COURSE_LEFT, ==, grave);
}

/* A word or a list of them that the story has under that name; empty: none. */
static GStrv
wanted_words (const GPtrArray *story, const char *name)
{
  for (guint i = 0; i < story->len; i++) {
    const char *word = json_string_value (json_object_get (story->pdata[i], name));
    if (word)
      return g_strsplit (word, "\001", -1);
  }
  return story_words (story, name);
}

/* What it was: "course", "outcome", and in "says" what the text has of it. */
static void
test_end (const void *name)
{
  g_autoptr (GPtrArray) story = story_read (name);
  g_auto (GStrv) course = wanted_words (story, "course");
  g_auto (GStrv) outcome = wanted_words (story, "outcome");
  g_auto (GStrv) says = wanted_words (story, "says");
  g_autoptr (Debrief) debrief = tell (story);
  g_autofree char *text = debrief_text (debrief, 100, FALSE);
  g_autofree char *ended = debrief_outcome (debrief);
  json_auto_t *json = debrief_to_json (debrief, 0);
  g_test_message ("%s", text);
  if (course[0])
    g_assert_cmpstr (debrief_course_name (debrief->course), ==, course[0]);
  if (outcome[0])
    g_assert_cmpstr (ended, ==, outcome[0]);
  for (guint i = 0; says[i]; i++)
    g_assert_nonnull (strstr (text, says[i]));
  g_assert_cmpint (json_is_null (json_object_get (json, "safe")), ==,
                   debrief->course == DEBRIEF_COURSE_NOTHING);
  g_assert_cmpint (json_is_true (json_object_get (json, "safe")), ==,
                   debrief->course == DEBRIEF_COURSE_KEPT ||
                       debrief->course == DEBRIEF_COURSE_PART);
}

static void
add_stories (void)
{
  g_autofree char *folder =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "debrief", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (files);
  for (const char *file = NULL; (file = g_dir_read_name (files));) {
    const char *dot = strstr (file, ".story");
    if (!dot)
      continue;
    char *name = g_strndup (file, (gsize)(dot - file));
    g_autofree char *path = g_strconcat ("/debrief/finds/", name, NULL);
    g_test_add_data_func_full (path, name, test_story, g_free);
    g_autofree char *end = g_strconcat ("/debrief/says/", name, NULL);
    g_test_add_data_func_full (end, g_strdup (name), test_end, g_free);
  }
}

/* ---- told whole --------------------------------------------------------------------------- */

/* Is what is stored in that file; HANDRAIL_SCREENS=write stores it. */
static void
assert_stored (const char *file, const char *text)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "debrief", file, NULL);
  g_autofree char *stored = NULL;
  if (g_strcmp0 (g_getenv ("HANDRAIL_SCREENS"), "write") == 0)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_get_contents (path, &stored, NULL, NULL));
  g_assert_cmpstr (text, ==, stored);
}

static glong
cells_of (const char *line)
{
  glong cells = 0;
  for (; *line; line = g_utf8_next_char (line))
    cells += g_unichar_iswide (g_utf8_get_char (line)) ? 2 : 1;
  return cells;
}

static void
assert_fits (const char *text, guint columns)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_assert_true (g_utf8_validate (lines[i], -1, NULL));
    g_assert_cmpint (cells_of (lines[i]), <=, columns);
    g_assert_null (strchr (lines[i], '\033'));
  }
}

static void
test_text (void)
{
  g_autoptr (Debrief) debrief = tell_named ("whole");
  g_autofree char *narrow = debrief_text (debrief, 80, FALSE);
  assert_fits (narrow, 80);
  assert_stored ("whole.txt", narrow);
  g_autofree char *ascii = debrief_text (debrief, 100, TRUE);
  assert_fits (ascii, 100);
  g_assert_true (g_str_is_ascii (ascii));
  assert_stored ("whole-ascii.txt", ascii);
}

/* Wider terminals get no longer lines, narrower ones no stump. */
static void
test_widths (void)
{
  g_autoptr (Debrief) debrief = tell_named ("whole");
  for (guint columns = 0; columns < 300; columns += 7) {
    g_autofree char *text = debrief_text (debrief, columns, FALSE);
    assert_fits (text, CLAMP (columns, DEBRIEF_COLUMNS_MIN, DEBRIEF_COLUMNS_MAX));
  }
}

/* A path, a word of somebody's and one of wide characters that no line has room for: all of
 * each, broken. */
static void
test_long_words (void)
{
  static const char *const words[] = {
    "/home/somebody/.local/state/handrail/deployments/handrail-practice-AbCdEf/practice/"
    "docker-compose.yml.of.a.very.long.name.that.goes.on.and.on.without.any.slash.in.it."
    "and.on",
    "------------------------------------------------------------------------------------"
    "--",
    "数据库数据库数据库数据库数据库数据库数据库数据库数据库数据库数据库数据库数据库数据"
    "库",
  };
  g_autoptr (Debrief) debrief = tell_named ("calm");
  g_autofree char *all = g_strjoin (" ", words[0], words[1], words[2], NULL);
  const char *const careful[] = { all, NULL };
  g_strfreev (debrief->careful);
  debrief->careful = g_strdupv ((char **)careful);
  for (guint columns = DEBRIEF_COLUMNS_MIN; columns <= 80; columns++) {
    g_autofree char *text = debrief_text (debrief, columns, FALSE);
    g_auto (GStrv) pieces = g_strsplit_set (text, " \n", -1);
    g_autofree char *joined = g_strjoinv ("", pieces);
    assert_fits (text, columns);
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      g_assert_nonnull (strstr (joined, words[i]));
  }
  g_autofree char *text = debrief_text (debrief, 60, FALSE);
  g_assert_nonnull (strstr (text, "/handrail/deployments/\n")); /* after a slash */
}

static void
test_safe (void)
{
  g_autoptr (Debrief) debrief = tell_named ("calm");
  g_autofree char *text = debrief_text (debrief, 80, FALSE);
  g_assert_nonnull (strstr (text, "Nothing left the safe course."));
  assert_stored ("calm.txt", text);
}

/* Marks of steps that end close to each other share a number, and stay within the edge. */
static void
test_marks (void)
{
  g_autoptr (Debrief) debrief = tell_named ("crowded");
  g_autofree char *wide = debrief_chart (debrief, 100, FALSE);
  g_autofree char *narrow = debrief_chart (debrief, 60, FALSE);
  g_autofree char *both = g_strconcat (wide, "\n", narrow, NULL);
  assert_fits (both, 100);
  assert_stored ("crowded.txt", both);
}

static void
test_json (void)
{
  g_autoptr (Debrief) debrief = tell_named ("whole");
  json_auto_t *json = debrief_to_json (debrief, 12);
  char *text = json_dumps (json, JSON_INDENT (1));
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  free (text);
  assert_stored ("whole.json", line);
}

/* ---- times and curves ----------------------------------------------------------------------- */

/* Procedure time is that of practice; how long an answer took is not. */
static void
test_speed (void)
{
  g_autoptr (Debrief) debrief = tell_named ("fast");
  const DebriefStep *step = g_ptr_array_index (debrief->steps, 0);
  const DebriefQuestion *question = g_ptr_array_index (debrief->questions, 0);
  const DebriefHappening *happening = g_ptr_array_index (debrief->happenings, 0);
  g_assert_cmpint (debrief->speed, ==, 10);
  g_assert_cmpint (step->began.at_us, ==, 20 * G_USEC_PER_SEC);
  g_assert_cmpint (step->ended.at_us, ==, 90 * G_USEC_PER_SEC);
  g_assert_cmpint (question->took_us, ==, 4 * G_USEC_PER_SEC);
  /* second 100 of a deployment that began 5 s of machine time before the run */
  g_assert_cmpint (happening->at.at_us, ==, 50 * G_USEC_PER_SEC);
  g_assert_cmpuint (debrief->happenings->len, ==, 1); /* those before and after are not */
  g_assert_cmpint (debrief->jobs.arrived, ==, 30);    /* of the run alone */
  g_assert_cmpint (debrief->jobs.done, ==, 25);
}

/* A machine that was down for a while has another boot clock. */
static void
test_boots (void)
{
  g_autoptr (Debrief) debrief = tell_named ("boots");
  const DebriefStep *step = g_ptr_array_index (debrief->steps, 0);
  g_assert_cmpint (step->ended.at_us, ==, (gint64)3610 * G_USEC_PER_SEC);
}

static void
test_curves (void)
{
  g_autoptr (Debrief) debrief = tell_named ("curves");
  g_autoptr (GPtrArray) curves = debrief_curves (debrief, 2, 10);
  g_assert_cmpuint (curves->len, ==, 3);
  const DebriefCurve *total = curves->pdata[0], *first = curves->pdata[1],
                     *second = curves->pdata[2];
  g_assert_null (total->name);
  g_assert_cmpstr (first->name, ==, "mail");
  g_assert_cmpstr (second->name, ==, "default");
  /* 0 to 100 s in tens: seen from 0 to 45 and from 80 on; the look at 45 stands for 10 s */
  const double wanted[] = { 10, 10, 50, 50, 10, 10, NAN, NAN, 6, 6 };
  for (guint i = 0; i < 10; i++)
    if (isnan (wanted[i]))
      g_assert_true (isnan (total->values[i]));
    else
      g_assert_cmpfloat (total->values[i], ==, wanted[i]);
  g_assert_cmpfloat (total->most, ==, 50);
  g_assert_cmpfloat (total->last, ==, 6);
  g_assert_cmpfloat (first->values[2], ==, 45);
  g_assert_cmpfloat (first->values[4], ==, 0);
  g_autoptr (GPtrArray) none = debrief_curves (debrief, 2, 0);
  g_assert_cmpuint (none->len, ==, 0);
}

/* ---- what is no line of its kind --------------------------------------------------------------- */

static void
test_foreign_lines (void)
{
  static const char *const lines[] = {
    "",
    "null",
    "7",
    "[]",
    "{}",
    "{\"event\":7,\"at\":1}",
    "{\"event\":\"stopped\",\"at\":-1}",
    "{\"event\":\"stopped\",\"at\":1e300}",
    "{\"event\":\"stopped\",\"at\":1",
    "{\"event\":\"stopped\\u0000\",\"at\":1}",
    "\xff\xfe",
  };
  g_autoptr (Debrief) debrief = debrief_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_assert_false (debrief_take_world (debrief, lines[i], strlen (lines[i])));
    g_assert_false (debrief_take_sample (debrief, lines[i], strlen (lines[i])));
  }
  g_autofree char *spaces = g_strnfill (100000, ' ');
  g_autofree char *longer = g_strconcat ("{\"event\":\"saved\",\"at\":1}", spaces, NULL);
  g_assert_false (debrief_take_world (debrief, longer, strlen (longer)));
  g_assert_false (debrief->told);
  debrief_finish (debrief); /* without any event at all */
}

static void
test_odd_members (void)
{
  g_autoptr (GPtrArray) story = story_read ("calm");
  g_autoptr (Debrief) debrief = debrief_new (NULL);
  for (guint i = 0; i < story->len; i++)
    if (json_object_get (story->pdata[i], "event"))
      give_event (story->pdata[i], debrief);
  static const char *const lines[] = {
    "{\"event\":\"began\",\"at\":0,\"wall\":\"now\"}",
    "{\"event\":\"began\",\"at\":0,\"wall\":1e300}",
    "{\"event\":\"jobs-lost\",\"at\":1,\"jobs\":-4,\"service\":7}",
    "{\"event\":\"jobs-lost\",\"at\":1,\"jobs\":1e300,\"service\":\"a\\u001b[2J\"}",
    "{\"event\":\"tally\",\"at\":2,\"lost\":\"many\",\"done\":-1}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_true (debrief_take_world (debrief, lines[i], strlen (lines[i])));
  debrief_finish (debrief);
  g_assert_cmpuint (debrief->happenings->len, ==, 2);
  g_assert_cmpint (debrief->jobs.lost, ==, -1);
  g_autofree char *text = debrief_text (debrief, 80, FALSE);
  assert_fits (text, 80);
}

/* ---- from files ----------------------------------------------------------------------------------- */

typedef struct {
  JournalChain chain;
  Debrief *folded; /* so far */
  GString *journal, *samples, *world;
} Files;

static void
append_line (GString *file, const char *line)
{
  g_string_append_printf (file, "%s\n", line);
}

static void
keep_sample (const char *line, void *data)
{
  append_line (((Files *)data)->samples, line);
}

static void
keep_world (const char *line, void *data)
{
  append_line (((Files *)data)->world, line);
}

static void
keep_event (const json_t *line, Files *files)
{
  g_autoptr (Event) event = story_event (line, files->folded->state);
  g_assert_true (debrief_take_event (files->folded, event, NULL));
  g_autofree char *text = journal_write (&files->chain, event);
  append_line (files->journal, text);
}

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
take_away (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_cmpint (remove (path), ==, 0);
}

/* Without samples and without what the deployment tells less is known: how everything was
 * answered is not. */
static void
test_journal_alone (void)
{
  g_autoptr (GPtrArray) story = story_read ("whole");
  g_autoptr (Debrief) debrief = debrief_new (NULL);
  for (guint i = 0; i < story->len; i++)
    if (json_object_get (story->pdata[i], "event"))
      give_event (story->pdata[i], debrief);
  debrief_finish (debrief);
  g_autofree char *found = findings_of (debrief);
  g_assert_cmpstr (found, ==,
                   "accepted careless web\n"
                   "failure-skipped careless worker\n"
                   "refused remark worker\n"
                   "half-down remark store\n");
  g_autoptr (Debrief) all = tell (story);
  g_assert_cmpuint (debrief->questions->len, ==, all->questions->len);
  g_assert_cmpuint (debrief->progress.skipped, ==, all->progress.skipped);
  g_assert_cmpuint (debrief->notes->len, ==, 1);
  g_autofree char *text = debrief_text (debrief, 80, FALSE);
  g_assert_nonnull (strstr (text, "\nJobs\n  not counted\n"));
  g_assert_null (strstr (text, "Queued jobs"));
  g_assert_null (strstr (text, "Nothing was lost"));
  json_auto_t *json = debrief_to_json (debrief, 10);
  g_assert_true (json_is_null (json_object_get (json, "queues")));
  g_assert_true (json_is_null (json_object_get (json_object_get (json, "jobs"), "lost")));
  g_assert_null (json_object_get (json_object_get (json, "jobs"), "counted"));
}

/* Only events of the deployment, and no tally: what they tell of is known. */
static void
test_never_counted (void)
{
  g_autoptr (GPtrArray) story = story_read ("calm");
  g_autoptr (Debrief) debrief = debrief_new (NULL);
  for (guint i = 0; i < story->len; i++)
    if (json_object_get (story->pdata[i], "event"))
      give_event (story->pdata[i], debrief);
  give_world ("{\"event\":\"jobs-lost\",\"at\":20,\"jobs\":3}", debrief);
  debrief_finish (debrief);
  g_autofree char *text = debrief_text (debrief, 100, FALSE);
  g_assert_nonnull (strstr (
      text, "0 interrupted and handed back, 3 lost; the others were not counted"));
}

/* A run that is not at its end has a runner, or had one. */
static void
check_runner (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  put (folder, "lock", "");
  int lock = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (flock (lock, LOCK_EX | LOCK_NB), ==, 0);
  g_autoptr (Debrief) held = debrief_read (folder, NULL, NULL);
  close (lock);
  g_autoptr (Debrief) left = debrief_read (folder, NULL, NULL);
  g_autofree char *holds = debrief_outcome (held);
  g_autofree char *gone = debrief_outcome (left);
  g_assert_cmpstr (holds, ==, "not over: its runner still holds it");
  g_assert_cmpstr (gone, ==, "not over: its runner has died");
  take_away (folder, "lock");
}

/* The same comes out of files as of their lines; a torn journal goes as far as it does. */
static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("debrief-XXXXXX", NULL);
  g_autofree char *world = g_build_filename (folder, "world.jsonl", NULL);
  g_autoptr (GPtrArray) story = story_read ("accepted");
  g_autoptr (Debrief) folded = debrief_new (NULL);
  Files files = { JOURNAL_CHAIN_INIT, folded, g_string_new (NULL), g_string_new (NULL),
                  g_string_new ("this is no line of it\n") };
  for (guint i = 0; i < story->len; i++) {
    const json_t *line = story->pdata[i];
    if (json_object_get (line, "event"))
      keep_event (line, &files);
    else if (json_object_get (line, "world"))
      story_world (line, keep_world, &files);
    else if (json_object_get (line, "queued"))
      story_samples (line, keep_sample, &files);
  }
  gsize half = (gsize)(strchr (files.samples->str + files.samples->len / 2, '\n') + 1 -
                       files.samples->str);
  g_autofree char *before = g_strndup (files.samples->str, half);
  put (folder, "journal.jsonl", files.journal->str);
  put (folder, "samples-1.jsonl", before);
  put (folder, "samples.jsonl", files.samples->str + half);
  put (folder, "world.jsonl", files.world->str);
  g_autoptr (Debrief) read = debrief_read (folder, world, NULL);
  g_assert_nonnull (read);
  g_autoptr (Debrief) told = tell (story);
  g_assert_cmpuint (read->findings->len, ==, told->findings->len);
  g_assert_cmpuint (read->happenings->len, ==, told->happenings->len);
  g_autoptr (GPtrArray) curves = debrief_curves (read, 1, 60);
  g_assert_cmpuint (curves->len, ==, 2);
  g_string_truncate (files.journal, files.journal->len - 10);
  put (folder, "journal.jsonl", files.journal->str);
  g_autoptr (Debrief) torn = debrief_read (folder, NULL, NULL);
  g_assert_nonnull (torn);
  g_assert_cmpuint (torn->state->number, ==, read->state->number - 1);
  check_runner (folder);
  const char *const names[] = { "journal.jsonl", "samples-1.jsonl", "samples.jsonl",
                                "world.jsonl" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    take_away (folder, names[i]);
  g_autoptr (Debrief) none = debrief_read (folder, NULL, NULL); /* says why */
  g_assert_null (none);
  take_away (folder, "");
  g_string_free (files.journal, TRUE);
  g_string_free (files.samples, TRUE);
  g_string_free (files.world, TRUE);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  add_stories ();
  g_test_add_func ("/debrief/text", test_text);
  g_test_add_func ("/debrief/widths", test_widths);
  g_test_add_func ("/debrief/long-words", test_long_words);
  g_test_add_func ("/debrief/safe", test_safe);
  g_test_add_func ("/debrief/marks", test_marks);
  g_test_add_func ("/debrief/json", test_json);
  g_test_add_func ("/debrief/speed", test_speed);
  g_test_add_func ("/debrief/boots", test_boots);
  g_test_add_func ("/debrief/curves", test_curves);
  g_test_add_func ("/debrief/foreign-lines", test_foreign_lines);
  g_test_add_func ("/debrief/odd-members", test_odd_members);
  g_test_add_func ("/debrief/journal-alone", test_journal_alone);
  g_test_add_func ("/debrief/never-counted", test_never_counted);
  g_test_add_func ("/debrief/files", test_files);
  return g_test_run ();
}
