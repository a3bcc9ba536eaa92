#include "tui/home/plan_rows.h"

/* "left out", "120→118". */
#define CHANGE_COLUMNS 8

/* ---- what stands in which row ----------------------------------------------------------- */

static guint
count_variables (const PlanModel *model)
{
  const Runbook *runbook = plan_model_runbook (model);
  return runbook ? runbook->variables->len : 0;
}

/* Behind what it is, the variables, and a gap. */
static guint
first_step (const PlanModel *model)
{
  return count_variables (model) + 2;
}

guint
plan_rows_count (const PlanModel *model)
{
  const Runbook *runbook = plan_model_runbook (model);
  return runbook ? first_step (model) + runbook->steps->len : 1;
}

PlanKind
plan_rows_kind (const PlanModel *model, guint row)
{
  if (row == 0)
    return PLAN_ABOUT;
  if (row >= first_step (model))
    return PLAN_STEP;
  return row <= count_variables (model) ? PLAN_VARIABLE : PLAN_GAP;
}

const Variable *
plan_rows_variable (const PlanModel *model, guint row)
{
  return g_ptr_array_index (plan_model_runbook (model)->variables, row - 1);
}

guint
plan_rows_step (const PlanModel *model, guint row)
{
  return row - first_step (model);
}

guint
plan_rows_of (const PlanModel *model, const Variable *variable)
{
  guint index = 0;
  g_ptr_array_find (plan_model_runbook (model)->variables, variable, &index);
  return index + 1;
}

char *
plan_rows_text (const PlanModel *model, guint row)
{
  PlanKind kind = plan_rows_kind (model, row);
  if (kind == PLAN_VARIABLE)
    return g_strdup (plan_rows_variable (model, row)->name);
  if (kind != PLAN_STEP)
    return g_strdup ("");
  const Step *step =
      g_ptr_array_index (plan_model_runbook (model)->steps, plan_rows_step (model, row));
  return g_strjoin (" ", step->id, step->title, NULL);
}

/* ---- drawing ----------------------------------------------------------------------------- */

static void
draw_about (PlanModel *model, Canvas *canvas, Area line)
{
  guint problems = plan_model_problems (model)->len;
  guint missing = plan_model_missing (model)->len;
  Role role = problems ? ROLE_BAD : missing ? ROLE_WAITING : ROLE_TEXT;
  canvas_mark (canvas, line, 0, 0, role,
               problems  ? MARK_FAILED
               : missing ? MARK_WAITING
                         : MARK_NONE);
  if (problems > 0)
    canvas_printf (canvas, line, 2, 0, role, "%u problem%s in the files", problems,
                   problems == 1 ? "" : "s");
  else
    canvas_text (canvas, line, 2, 0, role,
                 missing ? "Not ready: something is missing" : "What this is");
}

static void
draw_variable (const Variable *variable, Canvas *canvas, Area line)
{
  const char *value = variable->value   ? variable->value
                      : variable->asked ? "asked for"
                                        : "missing";
  int end = line.width / 2;
  canvas_middle (canvas, line, 2, 0, end - 3, ROLE_TEXT, variable->name);
  canvas_middle (canvas, line, end, 0, line.width - end,
                 variable->value   ? ROLE_CURRENT
                 : variable->asked ? ROLE_DIM
                                   : ROLE_WAITING,
                 value);
}

static void
draw_step (PlanModel *model, Canvas *canvas, Area line, guint index)
{
  const GPtrArray *steps = plan_model_runbook (model)->steps;
  const Step *step = g_ptr_array_index (steps, index);
  gboolean so = step->applies && plan_model_is_so (model, index);
  int digits = steps->len < 10 ? 1 : steps->len < 100 ? 2 : steps->len < 1000 ? 3 : 5;
  Role role = step->applies ? ROLE_TEXT : ROLE_DIM;
  canvas_mark (canvas, line, 0, 0, so ? ROLE_GOOD : ROLE_DIM,
               so              ? MARK_DONE
               : step->applies ? MARK_NONE
                               : MARK_SKIPPED);
  g_autofree char *number = g_strdup_printf ("%u", index + 1);
  canvas_right (canvas, line, 2 + digits, 0, ROLE_DIM, number);
  const char *change = step->applies ? plan_model_change (model, index) : "left out";
  int kept = *change ? CHANGE_COLUMNS + 1 : 0;
  Area title = area_inside (line, 3 + digits, 0, kept, 0);
  canvas_text (canvas, title, 0, 0, role, step->title);
  canvas_right (canvas, line, line.width, 0, ROLE_DIM, change);
}

void
plan_rows_draw (PlanModel *model, Canvas *canvas, Area line, guint row)
{
  line = area_inside (line, 0, 0, 1, 0); /* the list's bar may stand there */
  switch (plan_rows_kind (model, row)) {
  case PLAN_ABOUT:
    draw_about (model, canvas, line);
    break;
  case PLAN_VARIABLE:
    draw_variable (plan_rows_variable (model, row), canvas, line);
    break;
  case PLAN_STEP:
    draw_step (model, canvas, line, plan_rows_step (model, row));
    break;
  case PLAN_GAP:
    break;
  }
}
