/* The debrief as text: the gravest first, then everything in the order it happened. */
#include <string.h>

#include "tui/debrief_chart.h"
#include "tui/debrief_page.h"
#include "tui/lines.h"

/* ---- what it was -------------------------------------------------------------------- */

/* "2026-11-22 08:12:00 UTC", on this host's clock as all times of day here; newly allocated. */
static char *
began_words (gint64 wall_us)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return at ? g_date_time_format (at, "%Y-%m-%d %H:%M:%S %Z") : g_strdup ("?");
}

static void
add_title (DebriefPage *page)
{
  const Debrief *debrief = page->debrief;
  const RunState *state = debrief->state;
  g_autofree char *outcome = debrief_outcome (debrief);
  g_autofree char *progress = debrief_progress_words (debrief);
  g_autofree char *took = debrief_page_duration (debrief->end.at_us);
  g_autofree char *machine = debrief_page_duration (debrief->end.at_us / debrief->speed);
  g_autofree char *began = began_words (state->began.wall_us);
  debrief_page_add (page, 2, "Debrief: %s", state->title);
  debrief_page_add (page, 9, "  ended  %s", outcome);
  debrief_page_add (page, 9, "  done   %s", progress);
  debrief_page_add (page, 9, "  run    %s%s", state->name,
                    state->practice ? ", practice" : "");
  debrief_page_add (page, 9, "  time   %s from %s", took, began);
  if (debrief->speed > 1)
    debrief_page_add (page, 9,
                      "         %s on the clock (%" G_GINT64_FORMAT
                      " times the speed); answers are timed by the clock",
                      machine, debrief->speed);
}

/* ---- the findings ------------------------------------------------------------------- */

static const char *const severity_words[] = {
  [DEBRIEF_REMARK] = "to be noted",
  [DEBRIEF_CARELESS] = "careless",
  [DEBRIEF_DANGER] = "DANGER",
};

static void
add_finding (DebriefPage *page, const DebriefFinding *finding)
{
  g_autofree char *where = debrief_page_when (finding->at, finding->step);
  debrief_page_add (page, 2, "  %s, %s", severity_words[finding->severity], where);
  debrief_page_add (page, 4, "    %s", finding->done);
  debrief_page_add (page, 4, "    Why it matters: %s", finding->why);
  debrief_page_add (page, 4, "    A careful operator: %s", finding->careful);
}

/* " 1 step was skipped: “Stop the web”."; empty: none was. Newly allocated. */
static char *
skipped_words (const Debrief *debrief)
{
  guint skipped = debrief->progress.skipped;
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint i = 0; i < debrief->steps->len; i++) {
    const DebriefStep *step = g_ptr_array_index (debrief->steps, i);
    if (step->how == DEBRIEF_STEP_SKIPPED)
      g_string_append_printf (words, "%s“%s”", words->len ? ", " : "", step->title);
  }
  return skipped == 0 ? g_strdup ("")
         : skipped == 1
             ? g_strdup_printf (" 1 step was skipped: %s.", words->str)
             : g_strdup_printf (" %u steps were skipped: %s.", skipped, words->str);
}

/* Where nothing is found, what that means; what was skipped is no part of it. */
static void
add_course (DebriefPage *page)
{
  const DebriefProgress *progress = &page->debrief->progress;
  g_autofree char *skipped = skipped_words (page->debrief);
  switch (page->debrief->course) {
  case DEBRIEF_COURSE_NOTHING:
    if (progress->done > 0)
      debrief_page_add (
          page, 2, "  Nothing was changed: %u of %u steps %s a command.%s",
          progress->done, progress->steps,
          progress->done == 1 ? "is done, without" : "are done, all without", skipped);
    else
      debrief_page_add (page, 2,
                        "  Nothing was done: 0 of %u steps, and nothing was changed.%s",
                        progress->steps, skipped);
    break;
  case DEBRIEF_COURSE_PART:
    debrief_page_add (page, 2,
                      "  Nothing left the safe course as far as it went: %u of %u "
                      "steps.%s",
                      progress->done, progress->steps, skipped);
    break;
  case DEBRIEF_COURSE_KEPT:
    debrief_page_add (page, 2, "  Nothing left the safe course.%s", skipped);
    break;
  default:
    break;
  }
}

static void
add_findings (DebriefPage *page)
{
  const GPtrArray *findings = page->debrief->findings;
  gboolean left = page->debrief->course == DEBRIEF_COURSE_LEFT;
  debrief_page_heading (page,
                        left ? "Where the safe course was left" : "The safe course");
  add_course (page);
  for (guint i = 0; i < findings->len; i++) {
    if (i > 0 || !left)
      g_string_append_c (page->out, '\n');
    add_finding (page, findings->pdata[i]);
  }
}

/* ---- the time line ------------------------------------------------------------------ */

/* Where titles of steps begin, without and with the time of day. */
#define TITLE_COLUMN 32
#define CLOCK_COLUMNS 10

static const char *const end_words[] = {
  [DEBRIEF_STEP_PENDING] = "not begun",   [DEBRIEF_STEP_OPEN] = "not over",
  [DEBRIEF_STEP_DONE] = "done",           [DEBRIEF_STEP_SKIPPED] = "skipped",
  [DEBRIEF_STEP_NOT_NEEDED] = "left out",
};

/* The time of day tells nothing where time goes faster. */
static gboolean
has_clock (const DebriefPage *page)
{
  return page->debrief->speed == 1;
}

/* "failed 2 times, then skipped: it runs elsewhere"; newly allocated, or NULL: there is nothing to say. */
static char *
step_remark (const DebriefStep *step)
{
  const char *said = step->reason ? step->reason : "";
  if (step->failures == 0 && step->how == DEBRIEF_STEP_SKIPPED && *said)
    return g_strdup_printf ("“%s”", said);
  if (step->failures == 0)
    return *said ? g_strdup (said) : NULL;
  g_autofree char *times = step->failures == 1
                               ? g_strdup ("failed once")
                               : g_strdup_printf ("failed %u times", step->failures);
  const char *how = step->how == DEBRIEF_STEP_SKIPPED ? ", then skipped: " : ": ";
  return g_strconcat (times, *said ? how : "", said, NULL);
}

static void
add_step (DebriefPage *page, guint number, const DebriefStep *step)
{
  gboolean begun = step->how == DEBRIEF_STEP_OPEN || step->how == DEBRIEF_STEP_DONE ||
                   step->how == DEBRIEF_STEP_SKIPPED;
  gboolean over = begun && step->how != DEBRIEF_STEP_OPEN;
  gboolean clock = has_clock (page);
  g_autofree char *wall =
      begun && clock ? debrief_page_clock (step->began.wall_us) : g_strdup ("");
  g_autofree char *at = begun ? debrief_page_duration (step->began.at_us) : g_strdup ("");
  g_autofree char *took =
      over ? debrief_page_duration (step->ended.at_us - step->began.at_us)
           : g_strdup ("");
  g_autofree char *remark = step_remark (step);
  guint column = TITLE_COLUMN + (clock ? CLOCK_COLUMNS : 0);
  debrief_page_add (page, column, "  %2u %*s%s%7s %7s  %-9s %s", number, clock ? 8 : 0,
                    wall, clock ? "  " : "", at, took, end_words[step->how], step->title);
  if (remark)
    debrief_page_add (page, column, "%*s%s", (int)column, "", remark);
}

/* What was not begun is one line: nothing has happened in it yet. */
static void
add_pending (DebriefPage *page, guint first)
{
  const GPtrArray *steps = page->debrief->steps;
  g_autoptr (GString) ids = g_string_new (NULL);
  for (guint i = first; i < steps->len; i++)
    g_string_append_printf (ids, "%s%s", i > first ? ", " : "",
                            ((const DebriefStep *)g_ptr_array_index (steps, i))->id);
  g_autofree char *numbers = g_strdup_printf ("%u-%u", first + 1, steps->len);
  guint column = TITLE_COLUMN + (has_clock (page) ? CLOCK_COLUMNS : 0);
  int gap = (int)column - 14;
  debrief_page_add (page, column, "  %-*s  %-9s %s", gap, numbers,
                    end_words[DEBRIEF_STEP_PENDING], ids->str);
}

static void
add_steps (DebriefPage *page)
{
  const GPtrArray *steps = page->debrief->steps;
  gboolean clock = has_clock (page);
  debrief_page_heading (page, "Steps");
  debrief_page_add (page, 2, "     %*s%s%7s %7s", clock ? 8 : 0, clock ? "clock" : "",
                    clock ? "  " : "", "after", "took");
  for (guint i = 0; i < steps->len; i++) {
    const DebriefStep *step = g_ptr_array_index (steps, i);
    if (step->how == DEBRIEF_STEP_PENDING && i + 1 < steps->len) {
      add_pending (page, i);
      return;
    }
    add_step (page, i + 1, step);
  }
}

static void
add_careful (DebriefPage *page)
{
  char *const *careful = page->debrief->careful;
  if (careful[0])
    debrief_page_heading (page, "What a careful operator does here");
  for (guint i = 0; careful[i]; i++)
    debrief_page_add (page, 4, "  - %s", careful[i]);
}

/* The whole of it is longer than a screen: who reads its end has not seen its beginning. */
static void
add_in_short (DebriefPage *page)
{
  const GPtrArray *findings = page->debrief->findings;
  guint counts[G_N_ELEMENTS (severity_words)] = { 0 };
  g_autoptr (GString) counted = g_string_new (NULL);
  for (guint i = 0; i < findings->len; i++)
    counts[((const DebriefFinding *)findings->pdata[i])->severity]++;
  for (gsize i = G_N_ELEMENTS (counts); i-- > 0;)
    if (counts[i] > 0)
      g_string_append_printf (counted, "%s%u %s", counted->len ? ", " : "", counts[i],
                              severity_words[i]);
  if (page->debrief->course == DEBRIEF_COURSE_NOTHING)
    return; /* and little was said */
  debrief_page_heading (page, "In short");
  add_course (page);
  if (page->debrief->course == DEBRIEF_COURSE_LEFT)
    debrief_page_add (page, 2, "  The safe course was left.");
  if (findings->len > 0)
    debrief_page_add (page, 2, "  %s; the beginning of the debrief says what.",
                      counted->str);
}

/* ---- all of it ----------------------------------------------------------------------- */

char *
debrief_text (const Debrief *debrief, guint columns, gboolean ascii)
{
  g_autoptr (GString) out = g_string_new (NULL);
  DebriefPage page = { debrief, out,
                       CLAMP (columns, DEBRIEF_COLUMNS_MIN, DEBRIEF_COLUMNS_MAX) };
  add_title (&page);
  add_findings (&page);
  add_steps (&page);
  g_autofree char *chart = debrief_chart (debrief, page.columns, ascii);
  if (chart) {
    debrief_page_heading (&page, "Queued jobs");
    g_string_append (out, chart);
  }
  debrief_page_questions (&page);
  debrief_page_notes (&page);
  debrief_page_happenings (&page);
  debrief_page_jobs (&page);
  add_careful (&page);
  add_in_short (&page);
  return ascii ? lines_ascii (out->str) : g_strdup (out->str);
}
