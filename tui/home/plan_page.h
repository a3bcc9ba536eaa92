/* plan_page.h: what is to be read of a plan: the whole of it, a variable, a step. Pure. */
#ifndef HANDRAIL_TUI_PLAN_PAGE_H
#define HANDRAIL_TUI_PLAN_PAGE_H

#include "tui/home/plan_model.h"
#include "tui/widgets/page.h"

void plan_page_about (Page *page, const PlanModel *model);
void plan_page_variable (Page *page, const Variable *variable);
void plan_page_step (Page *page, PlanModel *model, guint index);

/* The commands of the step's action, a line each; NULL: it has none. Newly allocated. */
char *plan_page_commands (PlanModel *model, guint index);

/* "handrail run shutdown --site prod --set window=5m". Newly allocated. */
char *plan_page_shell (const PlanModel *model);

#endif
