/* plan_rows.h: a plan as a list: what it is, its variables, its steps. Pure. */
#ifndef HANDRAIL_TUI_PLAN_ROWS_H
#define HANDRAIL_TUI_PLAN_ROWS_H

#include "tui/home/plan_model.h"
#include "tui/widgets/canvas.h"

typedef enum { PLAN_ABOUT, PLAN_VARIABLE, PLAN_GAP, PLAN_STEP } PlanKind;

guint plan_rows_count (const PlanModel *model);
PlanKind plan_rows_kind (const PlanModel *model, guint row);

const Variable *plan_rows_variable (const PlanModel *model, guint row);
guint plan_rows_step (const PlanModel *model, guint row); /* its index */

/* The row of a variable of the runbook. */
guint plan_rows_of (const PlanModel *model, const Variable *variable);

/* What is searched when the list is filtered; newly allocated. */
char *plan_rows_text (const PlanModel *model, guint row);

void plan_rows_draw (PlanModel *model, Canvas *canvas, Area line, guint row);

#endif
