/* The debrief as text: the gravest first, then everything in the order it happened. */
#include <math.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "tui/debrief.h"
#include "tui/debrief_chart.h"
#include "tui/lines.h"

/* What the deployment told, at the most; the rest is counted. */
#define HAPPENINGS_SHOWN 30

typedef struct {
  const Debrief *debrief;
  GString *out;
  guint columns;
} Page;

/* ---- lines -------------------------------------------------------------------------- */

/* One line, broken where it is too long; what follows is indented by `indent`. */
static void add (Page *page, guint indent, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
add (Page *page, guint indent, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *line = text_printable (text, -1);
  lines_add_broken (page->out, page->columns, "", indent, line);
}

static void
add_heading (Page *page, const char *heading)
{
  g_string_append_printf (page->out, "\n%s\n", heading);
}

/* "12m30s"; newly allocated. */
static char *
duration (gint64 us)
{
  gint64 whole_us = us - us % G_USEC_PER_SEC;
  return whole_us > 0 ? quantity_format_duration (whole_us) : g_strdup ("0s");
}

static char *
wall_words (gint64 wall_us)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return at ? g_date_time_format (at, "%H:%M:%S") : g_strdup ("?");
}

/* "at 3m10s, in stop-web"; newly allocated. */
static char *
when_and_where (DebriefTime at, const char *step)
{
  g_autofree char *when = duration (at.at_us);
  gboolean named = step && *step;
  return g_strdup_printf ("at %s%s%s", when, named ? ", in " : "", named ? step : "");
}

/* ---- what it was -------------------------------------------------------------------- */

static void
add_title (Page *page)
{
  const Debrief *debrief = page->debrief;
  const RunState *state = debrief->state;
  g_autofree char *outcome = debrief_outcome (debrief);
  g_autofree char *took = duration (debrief->end.at_us);
  g_autofree char *machine = duration (debrief->end.at_us / debrief->speed);
  g_autofree char *began = moment_format_wall (state->began.wall_us);
  began[strlen ("2026-11-23T03:25")] = '\0';
  began[strlen ("2026-11-23")] = ' ';
  add (page, 2, "Debrief: %s", state->title);
  add (page, 2, "  %s on %s, begun %s UTC%s, run %s", state->runbook, state->site, began,
       state->practice ? ", practice" : "", state->name);
  g_autofree char *speed =
      debrief->speed > 1
          ? g_strdup_printf (" (%s on the clock, at %" G_GINT64_FORMAT
                             " times the speed; times here are the procedure's)",
                             machine, debrief->speed)
          : g_strdup ("");
  add (page, 2, "  after %s%s: %s", took, speed, outcome);
}

/* ---- the findings ------------------------------------------------------------------- */

static void
add_finding (Page *page, const DebriefFinding *finding)
{
  static const char *const words[] = {
    [DEBRIEF_REMARK] = "to be noted",
    [DEBRIEF_CARELESS] = "careless",
    [DEBRIEF_DANGER] = "DANGER",
  };
  g_autofree char *where = when_and_where (finding->at, finding->step);
  add (page, 2, "  %s, %s", words[finding->severity], where);
  add (page, 4, "    %s", finding->done);
  add (page, 4, "    Why it matters: %s", finding->why);
  add (page, 4, "    A careful operator: %s", finding->careful);
}

static void
add_findings (Page *page)
{
  const GPtrArray *findings = page->debrief->findings;
  gboolean safe = page->debrief->safe;
  add_heading (page, safe ? "The safe course" : "Where the safe course was left");
  if (safe)
    add (page, 2, "  Nothing left the safe course.");
  for (guint i = 0; i < findings->len; i++) {
    if (i > 0 || safe)
      g_string_append_c (page->out, '\n');
    add_finding (page, findings->pdata[i]);
  }
}

/* ---- the time line ------------------------------------------------------------------ */

static void
add_step (Page *page, guint number, const DebriefStep *step)
{
  static const char *const words[] = {
    [DEBRIEF_STEP_PENDING] = "not begun",   [DEBRIEF_STEP_OPEN] = "not over",
    [DEBRIEF_STEP_DONE] = "done",           [DEBRIEF_STEP_SKIPPED] = "skipped",
    [DEBRIEF_STEP_NOT_NEEDED] = "left out",
  };
  gboolean begun = step->how == DEBRIEF_STEP_OPEN || step->how == DEBRIEF_STEP_DONE ||
                   step->how == DEBRIEF_STEP_SKIPPED;
  gboolean over = begun && step->how != DEBRIEF_STEP_OPEN;
  g_autofree char *wall = begun ? wall_words (step->began.wall_us) : g_strdup ("");
  g_autofree char *at = begun ? duration (step->began.at_us) : g_strdup ("");
  g_autofree char *took =
      over ? duration (step->ended.at_us - step->began.at_us) : g_strdup ("");
  g_autofree char *failed = step->failures
                                ? g_strdup_printf (", failed %u time%s", step->failures,
                                                   step->failures == 1 ? "" : "s")
                                : g_strdup ("");
  add (page, 42, "  %2u  %8s  %8s  %7s  %-9s %s%s%s%s", number, wall, at, took,
       words[step->how], step->title, failed, step->reason ? ": " : "",
       step->reason ? step->reason : "");
}

static void
add_steps (Page *page)
{
  const GPtrArray *steps = page->debrief->steps;
  add_heading (page, "Steps");
  add (page, 2, "  %2s  %8s  %8s  %7s", "", "clock", "after", "took");
  for (guint i = 0; i < steps->len; i++)
    add_step (page, i + 1, steps->pdata[i]);
}

/* ---- questions ---------------------------------------------------------------------- */

/* "after 4.2 s: skip: it runs elsewhere"; newly allocated. */
static char *
answer_words (const DebriefQuestion *question)
{
  gboolean withdrawn = g_strcmp0 (question->answer, "withdrawn") == 0;
  const char *answer = g_strcmp0 (question->answer, "go") == 0 ? "yes" : question->answer;
  double took_s = (double)question->took_us / G_USEC_PER_SEC;
  if (!question->answer)
    return g_strdup ("not answered");
  return g_strdup_printf ("%s%s%s %s %.1f s%s%s", withdrawn ? "" : question->user,
                          withdrawn ? "" : ": ", answer, "after", took_s,
                          question->said ? ": " : "",
                          question->said ? question->said : "");
}

static void
add_question (Page *page, const DebriefQuestion *question)
{
  g_autofree char *when = when_and_where (question->asked, question->step);
  g_autofree char *answer = answer_words (question);
  const char *text = question->text ? question->text : question->unmet;
  add (page, 4, "  %s: %s%s", when,
       question->number ? "" : "while waiting: ", text ? text : "nothing is asked");
  add (page, 6, "    %s", answer);
  if (question->unmet && question->text)
    add (page, 6, "    not so then: %s", question->unmet);
}

static void
add_questions (Page *page)
{
  const GPtrArray *questions = page->debrief->questions;
  if (questions->len == 0)
    return;
  add_heading (page, "Questions and answers");
  for (guint i = 0; i < questions->len; i++)
    add_question (page, questions->pdata[i]);
}

static void
add_notes (Page *page)
{
  const GPtrArray *notes = page->debrief->notes;
  if (notes->len > 0)
    add_heading (page, "Notes");
  for (guint i = 0; i < notes->len; i++) {
    const DebriefRemark *note = g_ptr_array_index (notes, i);
    g_autofree char *when = when_and_where (note->at, note->step);
    add (page, 4, "  %s, %s: %s", when, note->user ? note->user : "somebody", note->text);
  }
}

/* ---- the deployment ------------------------------------------------------------------ */

/* What is told without a story, where it is worth a line. */
static const struct {
  const char *event;
  const char *words;
} happenings[] = {
  { "killed", "was killed" },
  { "refused", "the platform refused a command" },
  { "handed-back", "handed back jobs that it had begun" },
  { "jobs-lost", "lost jobs that it had begun" },
  { "queues-lost", "forgot its queues" },
  { "intruder", "was started by somebody" },
  { "flap", "dropped its connections" },
  { "drop-line", "the line to the terminal was cut" },
};

static const char *
happening_words (const DebriefHappening *happening)
{
  if (happening->story)
    return happening->story;
  for (gsize i = 0; i < G_N_ELEMENTS (happenings); i++)
    if (strcmp (happenings[i].event, happening->event) == 0)
      return happenings[i].words;
  return NULL;
}

static void
add_happening (Page *page, const DebriefHappening *happening, const char *words)
{
  g_autofree char *when = when_and_where (happening->at, NULL);
  g_autofree char *jobs =
      happening->count > 0 ? g_strdup_printf (" (%" G_GINT64_FORMAT ")", happening->count)
                           : g_strdup ("");
  gboolean named = happening->name && !happening->story;
  add (page, 4, "  %s: %s%s%s%s", when, named ? happening->name : "", named ? " " : "",
       words, jobs);
}

static void
add_happenings (Page *page)
{
  const GPtrArray *all = page->debrief->happenings;
  guint count = 0;
  for (guint i = 0; i < all->len; i++) {
    const DebriefHappening *happening = g_ptr_array_index (all, i);
    const char *words = happening_words (happening);
    if (!words)
      continue;
    if (count++ == 0)
      add_heading (page, "What happened to the deployment");
    if (count <= HAPPENINGS_SHOWN)
      add_happening (page, happening, words);
  }
  if (count > HAPPENINGS_SHOWN)
    add (page, 4, "  and %u more", count - HAPPENINGS_SHOWN);
}

static void
add_jobs (Page *page)
{
  const DebriefJobs *jobs = &page->debrief->jobs;
  const struct {
    gint64 count;
    const char *words;
  } rows[] = {
    { jobs->arrived, "arrived" },
    { jobs->done, "done" },
    { jobs->queued, "still queued" },
    { jobs->in_work, "in work" },
    { jobs->handed_back, "interrupted and handed back" },
    { jobs->lost, "lost" },
  };
  g_autoptr (GString) words = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].count >= 0)
      g_string_append_printf (words, "%s%" G_GINT64_FORMAT " %s", words->len ? ", " : "",
                              rows[i].count, rows[i].words);
  if (words->len == 0)
    return;
  add_heading (page, "Jobs");
  add (page, 2, "  %s", words->str);
}

static void
add_careful (Page *page)
{
  char *const *careful = page->debrief->careful;
  if (careful[0])
    add_heading (page, "What a careful operator does here");
  for (guint i = 0; careful[i]; i++)
    add (page, 4, "  - %s", careful[i]);
}

/* ---- all of it ----------------------------------------------------------------------- */

char *
debrief_text (const Debrief *debrief, guint columns, gboolean ascii)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Page page = { debrief, out, CLAMP (columns, DEBRIEF_COLUMNS_MIN, DEBRIEF_COLUMNS_MAX) };
  add_title (&page);
  add_findings (&page);
  add_steps (&page);
  g_autofree char *chart = debrief_chart (debrief, page.columns, ascii);
  if (chart) {
    add_heading (&page, "Queues");
    g_string_append (out, chart);
  }
  add_questions (&page);
  add_notes (&page);
  add_happenings (&page);
  add_jobs (&page);
  add_careful (&page);
  return ascii ? lines_ascii (out->str) : g_strdup (out->str);
}
