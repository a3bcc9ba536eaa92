/* The debrief as text: what was asked and said, and what the deployment told. */
#include <string.h>

#include "tui/debrief_page.h"

/* What the deployment told, at the most; the rest is counted. */
#define HAPPENINGS_SHOWN 30

/* Jobs that were counted so long before or after the end were counted at the end; machine
 * time. It takes a moment to ask for it. */
#define COUNTED_OFF_US (2 * G_USEC_PER_SEC)

/* ---- questions ---------------------------------------------------------------------- */

/* Where questions begin: after when they were asked, and how long the answer took. */
#define QUESTION_COLUMN 20

/* "ada: skip: it runs elsewhere"; newly allocated. */
static char *
answer_words (const DebriefQuestion *question)
{
  const char *answer = question->answer;
  const char *said = question->said ? question->said : "";
  if (!answer)
    return g_strdup ("not answered");
  if (strcmp (answer, "withdrawn") == 0)
    return g_strdup_printf ("withdrawn: %s", *said ? said : "no reason is given");
  if (strcmp (answer, "text") == 0)
    return g_strdup_printf ("%s: “%s”", question->user, said);
  if (strcmp (answer, "go") == 0)
    answer = "yes";
  return g_strdup_printf ("%s: %s%s%s%s", question->user, answer, *said ? ", “" : "",
                          said, *said ? "”" : "");
}

/* `before`: what did not hold at the answer before it, or NULL. */
static void
add_question (DebriefPage *page, const DebriefQuestion *question, const char *before)
{
  g_autofree char *when = debrief_page_duration (question->asked.at_us);
  g_autofree char *took =
      question->took_us < 0
          ? g_strdup ("")
          : g_strdup_printf ("%.1f s", (double)question->took_us / G_USEC_PER_SEC);
  g_autofree char *answer = answer_words (question);
  gboolean same = before && g_strcmp0 (question->unmet, before) == 0;
  const char *unmet = same ? "as before" : question->unmet;
  const char *text = question->text ? question->text : unmet;
  debrief_page_add (page, QUESTION_COLUMN + 2, "  %7s  %7s  %s%s: %s", when, took,
                    question->step, question->number ? "" : ", while waiting",
                    text ? text : "nothing is asked");
  debrief_page_add (page, QUESTION_COLUMN + 2, "%*s%s", QUESTION_COLUMN, "", answer);
  if (question->unmet && question->text)
    debrief_page_add (page, QUESTION_COLUMN + 2, "%*snot so then: %s", QUESTION_COLUMN,
                      "", unmet);
}

void
debrief_page_questions (DebriefPage *page)
{
  const GPtrArray *questions = page->debrief->questions;
  const char *before = NULL;
  if (questions->len == 0)
    return;
  debrief_page_heading (page, "Questions and answers");
  debrief_page_add (page, 2, "  %7s  %7s", "asked", "answer");
  for (guint i = 0; i < questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (questions, i);
    add_question (page, question, before);
    before = question->unmet;
  }
}

void
debrief_page_notes (DebriefPage *page)
{
  const GPtrArray *notes = page->debrief->notes;
  if (notes->len > 0)
    debrief_page_heading (page, "Notes");
  for (guint i = 0; i < notes->len; i++) {
    const DebriefRemark *note = g_ptr_array_index (notes, i);
    g_autofree char *when = debrief_page_when (note->at, note->step);
    debrief_page_add (page, 4, "  %s, %s: %s", when, note->user ? note->user : "somebody",
                      note->text);
  }
}

/* ---- the deployment ------------------------------------------------------------------ */

/* What is told without a story, where it is worth a line, of whom; nobody: the words say
 * it. */
static const struct {
  const char *event, *of, *words;
} kinds[] = {
  { "killed", "a service", "was killed" },
  { "refused", NULL, "the platform refused a command" },
  { "handed-back", "a service", "handed back jobs that it had begun" },
  { "jobs-lost", "a service", "lost jobs that it had begun" },
  { "queues-lost", "Redis", "forgot its queued jobs" },
  { "intruder", "a service", "was started by somebody" },
  { "flap", "Redis", "dropped its connections" },
  { "drop-line", NULL, "the line to the terminal was cut" },
  { DEBRIEF_WORLD_ENDED, NULL, "the deployment ended" },
};

/* Newly allocated; NULL: it is not worth a line. */
static char *
happening_words (const DebriefHappening *happening)
{
  if (happening->story)
    return g_strdup (happening->story);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].event, happening->event) != 0)
      continue;
    const char *of = kinds[i].of && happening->name ? happening->name : kinds[i].of;
    return g_strdup_printf ("%s%s%s", of ? of : "", of ? " " : "", kinds[i].words);
  }
  return NULL;
}

static void
add_happening (DebriefPage *page, const DebriefHappening *happening, const char *words,
               guint times)
{
  g_autofree char *when = debrief_page_when (happening->at, NULL);
  g_autofree char *jobs =
      happening->count > 0 ? g_strdup_printf (" (%" G_GINT64_FORMAT ")", happening->count)
                           : g_strdup ("");
  g_autofree char *often =
      times > 1 ? g_strdup_printf (", %u times", times) : g_strdup ("");
  debrief_page_add (page, 4, "  %s: %s%s%s", when, words, often, jobs);
}

/* Of several instances of a service the same is told at once. */
static gboolean
is_the_same (const DebriefHappening *one, const DebriefHappening *other)
{
  return strcmp (one->event, other->event) == 0 &&
         g_strcmp0 (one->name, other->name) == 0 && !one->story && !other->story &&
         one->count == other->count &&
         one->at.at_us / G_USEC_PER_SEC == other->at.at_us / G_USEC_PER_SEC;
}

void
debrief_page_happenings (DebriefPage *page)
{
  const GPtrArray *all = page->debrief->happenings;
  guint count = 0;
  for (guint i = 0, times = 1; i < all->len; i += times, times = 1) {
    const DebriefHappening *happening = g_ptr_array_index (all, i);
    g_autofree char *words = happening_words (happening);
    if (!words)
      continue;
    while (i + times < all->len && is_the_same (happening, all->pdata[i + times]))
      times++;
    if (count++ == 0)
      debrief_page_heading (page, "What happened to the deployment");
    if (count <= HAPPENINGS_SHOWN)
      add_happening (page, happening, words, times);
  }
  if (count > HAPPENINGS_SHOWN)
    debrief_page_add (page, 4, "  and %u more", count - HAPPENINGS_SHOWN);
}

/* "as of 08:20:11: " where it was not at the end; newly allocated. */
static char *
counted_words (const Debrief *debrief)
{
  gint64 wall_us = debrief->jobs.counted.wall_us;
  gint64 off_us = wall_us - debrief->end.wall_us;
  g_autofree char *wall = debrief_page_clock (wall_us);
  return wall_us > 0 && ABS (off_us) > COUNTED_OFF_US
             ? g_strdup_printf ("as of %s: ", wall)
             : g_strdup ("");
}

void
debrief_page_jobs (DebriefPage *page)
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
  g_autofree char *counted = counted_words (page->debrief);
  debrief_page_heading (page, "Jobs");
  if (words->len == 0)
    debrief_page_add (page, 2, "  not counted");
  else
    debrief_page_add (page, 2, "  %s%s%s", counted, words->str,
                      jobs->counted.wall_us > 0 ? "" : "; the others were not counted");
}
