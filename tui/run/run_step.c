#include "tui/run/run_step.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/run/deployment.h"
#include "tui/run/run_checks.h"
#include "tui/run/run_steps.h"
#include "tui/run/run_words.h"
#include "tui/widgets/wrap.h"

/* Rows that go to one text at most, so that the rest is seen too: where there is room, what
 * explains the step has half of what the evidence leaves, and a check a third. */
#define WHY_ROWS_MAX 12
#define EVIDENCE_ROWS 7
#define TEXT_ROWS_MAX 3
#define BAD_ROWS_MIN 6 /* what is wrong ends with what to do */
#define OUTPUT_ROWS_MAX 8

/* Fewer rows show no table; with fewer than the second number, its rows go before what is
 * said of them. */
#define QUEUES_ROWS_MIN 2
#define QUEUES_ROWS_TOLD 8

/* With fewer rows, what explains the step gives way to what an offer rests on. */
#define OFFER_ROWS_MIN 14

#define SERVICE_COLUMNS_MAX 22
#define INSTANCE_COLUMNS_MAX 34
#define STATE_COLUMNS 24

/* ---- drawing from the top down ------------------------------------------------- */

/* Draws a text of several rows from column `x` on; takes the rows off the top of `area`.
 * FALSE: not all of it was drawn. */
static gboolean
put_text (Canvas *canvas, Area *area, int x, Role role, const char *text, int rows_max)
{
  Area rest = area_inside (*area, x, 0, 0, 0);
  int shown = MIN (rows_max, rest.height);
  int rows = canvas_paragraph (canvas, rest, role, text, 0, shown);
  if (rows > shown && shown > 0 && rest.width > 0)
    canvas_cut (canvas, rest, shown - 1, role);
  area_take_top (area, MIN (rows, shown));
  return rows <= shown;
}

static void
put_marked (Canvas *canvas, Area *area, Role role, Mark mark, const char *text)
{
  if (area->height < 1)
    return;
  canvas_mark (canvas, *area, 0, 0, role, mark);
  put_text (canvas, area, 2, role, text,
            role == ROLE_BAD ? MAX (BAD_ROWS_MIN, area->height / 2)
                             : MAX (TEXT_ROWS_MAX, area->height / 3));
}

/* A command with its prompt. */
static void
put_command_line (const char *command, Canvas *canvas, Area *area)
{
  Area text = area_inside (*area, 2, 0, 0, 0);
  g_auto (GStrv) lines = wrap_command (command, text.width);
  int rows = MIN (TEXT_ROWS_MAX, area->height), i = 0;
  canvas_text (canvas, *area, 0, 0, ROLE_COMMAND, "$");
  for (; lines[i] && i < rows; i++)
    canvas_text (canvas, text, 0, i, ROLE_COMMAND, lines[i]);
  if (lines[i] && i > 0)
    canvas_cut (canvas, text, i - 1, ROLE_COMMAND);
  area_take_top (area, i);
}

static void
put_gap (Area *area)
{
  area_take_top (area, 1);
}

/* ---- head --------------------------------------------------------------------------- */

gboolean
run_step_is_waiting (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  const StepState *step = state_current (state);
  if (!step || state->phase != RUN_GOING || run_model_is_over (model, NULL, NULL) ||
      state->question)
    return FALSE;
  return run_model_waiting (model) || step->phase == PHASE_PROVING ||
         step->phase == PHASE_ACTING || step->phase == PHASE_SETTLING ||
         step->phase == PHASE_UNCERTAIN;
}

/* "running 0:12", "settling 0:12 of 5m", or "watching" where nothing was done that could
 * settle: time of the procedure. */
static char *
elapsed (const RunModel *model, const StepState *step, gint64 now_us)
{
  gint64 speed = run_model_state (model)->speed;
  static const char *const words[PHASES] = {
    [PHASE_CHECKING] = "waiting",   [PHASE_PROVING] = "proving",
    [PHASE_ACTING] = "running",     [PHASE_SETTLING] = "settling",
    [PHASE_UNCERTAIN] = "watching",
  };
  g_autofree char *clock = run_words_clock ((now_us - step->phase_began.boot_us) * speed);
  const char *word = words[step->phase] ? words[step->phase] : "for";
  if (step->phase == PHASE_SETTLING && !step->acted)
    word = words[PHASE_UNCERTAIN];
  if (step->phase != PHASE_SETTLING || !step->deadline_us)
    return g_strdup_printf ("%s %s", word, clock);
  g_autofree char *limit =
      quantity_format_duration ((step->deadline_us - step->phase_began.boot_us) * speed);
  return g_strdup_printf ("%s %s of %s", word, clock, limit);
}

const char *
run_step_why (const RunModel *model, guint index)
{
  const StepState *step = g_ptr_array_index (run_model_state (model)->steps, index);
  const Step *written = run_model_written (model, index);
  const GPtrArray *events = run_model_events (model);
  if (written)
    return written->why;
  for (guint i = events->len; i-- > 0;) {
    const Event *event = g_ptr_array_index (events, i);
    if (event->type == EVENT_STEP_BEGAN &&
        strcmp (event_text (event, "step"), step->id) == 0)
      return event_json (event, "why") ? event_text (event, "why") : NULL;
  }
  return NULL;
}

static gboolean
is_tight (const RunModel *model, const Area *area)
{
  const Question *question = run_model_state (model)->question;
  return question && question->kind == QUESTION_OFFER && area->height < OFFER_ROWS_MIN;
}

/* Nothing but its reason is to be read of a step that only asks. */
static gboolean
only_asks (const RunModel *model, guint index)
{
  const RunState *state = run_model_state (model);
  if (index != state->current || !state->question ||
      state->question->kind != QUESTION_ASK)
    return FALSE;
  g_autoptr (GPtrArray) checks = run_checks (model);
  return checks->len == 0;
}

/* Rows that why has at any rate. */
static int
rows_of_why (const RunModel *model, guint index, const Area *area)
{
  if (area->height <= 4 || is_tight (model, area))
    return 0;
  int rows = only_asks (model, index)
                 ? area->height - 1
                 : MAX (area->height / 4, (area->height - EVIDENCE_ROWS) / 2);
  return CLAMP (rows, 1, WHY_ROWS_MAX);
}

/* `more`: rows for why beyond those. FALSE: it is cut. */
static gboolean
put_head (const RunModel *model, guint index, const char *aside, int more, Canvas *canvas,
          Area *area)
{
  const StepState *step = g_ptr_array_index (run_model_state (model)->steps, index);
  const char *why = run_step_why (model, index);
  Area line = area_take_top (area, 1);
  int x = aside ? canvas_right (canvas, line, line.width, 0, ROLE_DIM, aside) - 2
                : line.width;
  canvas_middle (canvas, line, 0, 0, x, ROLE_TITLE, step->title);
  gboolean tight = is_tight (model, area);
  int rows = rows_of_why (model, index, area) + more;
  gboolean whole = !why || put_text (canvas, area, 0, ROLE_DIM, why, rows);
  if (area->height > 6 && !tight)
    put_gap (area);
  return whole;
}

/* ---- checks ------------------------------------------------------------------------- */

static void
put_check (const RunCheck *check, Canvas *canvas, Area *area)
{
  put_marked (canvas, area, run_checks_role (check->verdict),
              run_checks_mark (check->verdict), check->text);
  if (!check->word || area->height < 1)
    return;
  g_autofree char *hint = g_strdup_printf ("a, then %s: go on without it", check->word);
  put_text (canvas, area, 2, ROLE_DIM, hint, 1);
}

/* `waiting`: what is said to be missing, which need not be a check; or NULL. */
static void
put_checks (const GPtrArray *checks, const char *waiting, Canvas *canvas, Area *area)
{
  gboolean any = FALSE, told = FALSE;
  for (guint i = 0; i < checks->len; i++) {
    const RunCheck *check = g_ptr_array_index (checks, i);
    if (check->due)
      put_check (check, canvas, area);
    any |= check->due;
    told |= check->due && !verdict_passes (check->verdict);
  }
  if (waiting && !told) {
    put_marked (canvas, area, ROLE_WAITING, MARK_WAITING, waiting);
    any = TRUE;
  }
  if (any && area->height > 2)
    put_gap (area);
}

/* What will be judged later on, as the runbook has it: "then nginx has none running"; NULL:
 * it is judged now, or has been. */
static char *
later_words (const StepState *step, const RunCheck *check)
{
  static const char *const words[][2] = { { "require", "before it begins:" },
                                          { "during", "meanwhile" },
                                          { "until", "then" } };
  gboolean over = strcmp (check->section, "require") == 0 && step->phase != PHASE_PENDING;
  if (over || check->due || check->verdict != VERDICT_UNKNOWN)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i][0], check->section) == 0)
      return g_strdup_printf ("%s %s", words[i][1], check->text);
  return g_strdup (check->text);
}

/* Each has a row at least. */
static void
put_later (const StepState *step, const GPtrArray *checks, Canvas *canvas, Area *area)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < checks->len; i++) {
    char *text = later_words (step, g_ptr_array_index (checks, i));
    if (text)
      g_ptr_array_add (texts, text);
  }
  for (guint i = 0; i < texts->len && area->height > 0; i++) {
    int others = (int)(texts->len - 1 - i);
    put_text (canvas, area, 2, ROLE_DIM, g_ptr_array_index (texts, i),
              CLAMP (area->height - others, 1, TEXT_ROWS_MAX));
  }
}

/* ---- evidence ------------------------------------------------------------------------- */

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

/* What it is in a line; why it is not up below. */
static void
put_instance (const char *service, const json_t *instance, Canvas *canvas, Area *area)
{
  Area line = area_take_top (area, 1);
  const char *state = member (instance, "state");
  const char *health = member (instance, "health");
  const char *reason = member (instance, "reason");
  const char *name = member (instance, "name");
  gboolean running = json_is_true (json_object_get (instance, "running"));
  int service_columns = MIN (SERVICE_COLUMNS_MAX, line.width / 5);
  int instance_columns = MIN (INSTANCE_COLUMNS_MAX, line.width / 3);
  g_autofree char *words = g_strdup_printf ("%s%s%s", state ? state : "",
                                            health ? ", " : "", health ? health : "");
  int x = 0;
  canvas_middle (canvas, line, x, 0, service_columns, ROLE_TEXT, service);
  x += service_columns + 1;
  canvas_middle (canvas, line, x, 0, instance_columns, ROLE_DIM, name ? name : "");
  x += instance_columns + 1;
  canvas_middle (canvas, line, x, 0, STATE_COLUMNS, running ? ROLE_TEXT : ROLE_DIM,
                 words);
  if (reason && area->height > 0)
    put_text (canvas, area, 2, ROLE_WAITING, reason, TEXT_ROWS_MAX);
}

/* The instances of services that a check waits for. */
static void
put_instances (const RunModel *model, const GPtrArray *checks, Canvas *canvas, Area *area)
{
  const json_t *deployment = run_model_deployment (model, NULL);
  g_autoptr (GPtrArray) services = run_checks_services (checks);
  guint left = 0;
  for (guint i = 0; i < services->len; i++) {
    const char *service = g_ptr_array_index (services, i);
    const json_t *instances =
        json_object_get (deployment_service (deployment, service), "instances");
    for (gsize j = 0; j < json_array_size (instances); j++)
      if (area->height > 1)
        put_instance (service, json_array_get (instances, j), canvas, area);
      else
        left++;
  }
  if (left > 0 && area->height > 0)
    canvas_printf (canvas, area_take_top (area, 1), 0, 0, ROLE_DIM, "and %u more", left);
}

/* Where the last `rows` lines of a text begin. */
static const char *
last_lines (const char *text, int rows)
{
  const char *at = text + strlen (text);
  for (int line = 0; at > text; at--)
    if (at[-1] == '\n' && line++ == rows)
      break;
  return at;
}

static void
put_output (const RunModel *model, Canvas *canvas, Area *area)
{
  int rows = MIN (OUTPUT_ROWS_MAX, area->height);
  g_auto (GStrv) lines =
      g_strsplit (last_lines (run_model_output (model), rows), "\n", -1);
  for (guint i = 0; lines[i] && area->height > 0; i++)
    if (*lines[i])
      canvas_text (canvas, area_take_top (area, 1), 2, 0, ROLE_DIM, lines[i]);
}

/* The command that runs, how long nothing was heard of it, and its last lines. */
static void
put_command (const RunModel *model, const StepState *step, Canvas *canvas, Area *area,
             gint64 now_us)
{
  gint64 output_us = run_model_output_us (model);
  if (!step->command)
    return;
  g_autofree char *command = run_words_command (step->command);
  put_command_line (command, canvas, area);
  if (step->commands > 1 && area->height > 0)
    canvas_printf (canvas, area_take_top (area, 1), 2, 0, ROLE_DIM, "command %u of %u",
                   step->commands_done + 1, step->commands);
  if (output_us && area->height > 1) {
    g_autofree char *age = run_words_age (now_us - output_us);
    canvas_printf (canvas, area_take_top (area, 1), 2, 0, ROLE_DIM, "last output %s ago",
                   age);
  }
  put_output (model, canvas, area);
}

/* ---- the step at hand -------------------------------------------------------------------- */

/* A question about the failure has its reason in it. */
static gboolean
is_asked (const RunState *state, const char *reason)
{
  return state->question && strstr (state->question->text, reason);
}

/* What went wrong was taken back: that it did, and what it printed, is not how it is now. */
static void
put_undone (const StepState *step, Canvas *canvas, Area *area)
{
  put_marked (canvas, area, ROLE_GOOD, MARK_DONE,
              "undone: what this step did is taken back");
  if (!step->reason)
    return;
  g_autofree char *text = g_strdup_printf ("it had failed: %s", step->reason);
  put_text (canvas, area, 2, ROLE_DIM, text, TEXT_ROWS_MAX);
}

static void
put_trouble (const RunModel *model, const StepState *step, Canvas *canvas, Area *area)
{
  const char *held = run_model_held_back (model);
  g_autofree char *refused = held ? g_strconcat ("refused: ", held, NULL) : NULL;
  const char *why =
      step->phase == PHASE_FAILED && step->reason ? step->reason : step->trouble;
  int height = area->height;
  if (step->phase == PHASE_FAILED && step->undone) {
    put_undone (step, canvas, area);
    return;
  }
  if (why && !is_asked (run_model_state (model), why))
    put_marked (canvas, area, ROLE_BAD, MARK_FAILED, why);
  if (refused)
    put_marked (canvas, area, ROLE_BAD, MARK_FAILED, refused);
  if (step->phase != PHASE_FAILED || !*run_model_output (model) || area->height <= 3)
    return;
  if (area->height < height)
    put_gap (area);
  put_output (model, canvas, area);
}

/* The queues, once they have been looked at. */
static void
put_queues (QueuesPanel *queues, const GPtrArray *checks, Canvas *canvas, Area *area,
            gint64 now_us)
{
  gboolean told = run_checks_tell_queues (checks) || area->height < QUEUES_ROWS_TOLD;
  guint flags = told ? QUEUES_PANEL_TOLD : 0;
  if (!queues || queues_panel_is_empty (queues) || area->height < QUEUES_ROWS_MIN)
    return;
  area_take_top (area, queues_panel_draw (queues, canvas, *area, flags, now_us) + 1);
}

/* Gives the rows that why could have had, and has not. */
static int
draw_step (const RunModel *model, const StepState *step, QueuesPanel *queues, int more,
           Canvas *canvas, Area area, gint64 now_us)
{
  gboolean waits = run_step_is_waiting (model);
  g_autofree char *aside = waits ? elapsed (model, step, now_us) : NULL;
  g_autoptr (GPtrArray) checks = run_checks (model);
  gboolean whole =
      put_head (model, run_model_state (model)->current, aside, more, canvas, &area);
  put_trouble (model, step, canvas, &area);
  put_command (model, step, canvas, &area, now_us);
  put_checks (checks, waits ? run_model_waiting (model) : NULL, canvas, &area);
  put_queues (queues, checks, canvas, &area, now_us);
  if (step->phase != PHASE_FAILED)
    put_instances (model, checks, canvas, &area);
  if (step->phase != PHASE_FAILED && area.height > 1)
    put_later (step, checks, canvas, &area);
  return whole ? 0 : area.height - 1; /* one stays empty, before the box */
}

void
run_step_draw (const RunModel *model, QueuesPanel *queues, Canvas *canvas, Area area,
               gint64 now_us)
{
  const StepState *step = state_current (run_model_state (model));
  if (!step)
    return;
  int more = draw_step (model, step, queues, 0, canvas, area, now_us);
  if (more <= 0)
    return;
  canvas_fill (canvas, area, ROLE_TEXT);
  draw_step (model, step, queues, more, canvas, area, now_us);
}

/* ---- another step -------------------------------------------------------------------------- */

static void
put_clauses (const char *word, const GPtrArray *clauses, Canvas *canvas, Area *area)
{
  for (guint i = 0; i < clauses->len; i++) {
    g_autofree char *clause = clause_words (g_ptr_array_index (clauses, i));
    canvas_text (canvas, *area, 0, 0, ROLE_HEADING, i == 0 ? word : "");
    put_text (canvas, area, 9, ROLE_TEXT, clause, TEXT_ROWS_MAX);
  }
}

static void
put_clause (const char *word, const Clause *clause, Canvas *canvas, Area *area)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  if (clause)
    g_ptr_array_add (one, (gpointer)clause);
  put_clauses (word, one, canvas, area);
}

/* What was done, as it was agreed to. */
static void
put_done (const StepState *step, Canvas *canvas, Area *area)
{
  const json_t *commands = json_object_get (step->action, "commands");
  const char *change = member (step->action, "change");
  for (gsize i = 0; step->commands > 0 && i < json_array_size (commands); i++) {
    g_autofree char *text = run_words_command (json_array_get (commands, i));
    put_command_line (text, canvas, area);
  }
  if (step->commands > 0 && change)
    put_text (canvas, area, 0, ROLE_TEXT, change, 1);
  if (step->answer)
    put_text (canvas, area, 0, ROLE_TEXT, step->answer, TEXT_ROWS_MAX);
  if (step->reason)
    put_text (canvas, area, 0, ROLE_TEXT, step->reason, TEXT_ROWS_MAX);
}

void
run_step_draw_other (const RunModel *model, guint index, Canvas *canvas, Area area)
{
  const StepState *step = g_ptr_array_index (run_model_state (model)->steps, index);
  const Step *written = run_model_written (model, index);
  const char *phase = step->phase == PHASE_PENDING   ? "not begun"
                      : step->phase == PHASE_SKIPPED ? state_skipped_word (step)
                                                     : phase_name (step->phase);
  gboolean over = step->phase == PHASE_DONE || step->phase == PHASE_SKIPPED;
  g_autofree char *took =
      over && step->began.boot_us
          ? run_words_clock ((step->ended.wall_us - step->began.wall_us) *
                             run_model_state (model)->speed)
          : NULL;
  g_autofree char *aside =
      g_strdup_printf ("%s%s%s", phase, took ? " in " : "", took ? took : "");
  put_head (model, index, aside, 0, canvas, &area);
  put_done (step, canvas, &area);
  if (over || !written)
    return;
  put_clauses ("require", written->require, canvas, &area);
  put_clause ("do", written->action, canvas, &area);
  put_clauses ("during", written->during, canvas, &area);
  put_clauses ("until", written->until, canvas, &area);
  put_clause ("undo", written->undo, canvas, &area);
  if (!written->applies && written->applies_not)
    put_text (canvas, &area, 0, ROLE_DIM, written->applies_not, TEXT_ROWS_MAX);
}
