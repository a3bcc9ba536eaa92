/* home_tell.h: what the rows of home say. Pure.
 *
 * Each fills a row that has its kind, part and name. */
#ifndef HANDRAIL_TUI_HOME_TELL_H
#define HANDRAIL_TUI_HOME_TELL_H

#include "core/runbook/runbook.h"
#include "core/runbook/scenario.h"
#include "core/store/glance.h"
#include "tui/home/home_rows.h"

/* `scenario`: of a practice, else NULL. */
void home_tell_unfinished (HomeRow *row, const StoreRun *run, const char *scenario);
void home_tell_broken (HomeRow *row, const StoreRun *run); /* it has no state */

/* A run of practice that is over, whose deployment is still there, down. */
void home_tell_down (HomeRow *row, const StoreRun *run, const char *scenario);

/* A run that is over, from a glance, or from all of its journal: something was noted behind
 * its end, or a rule ended it before it did anything. */
void home_tell_glance (HomeRow *row, const Glance *glance);
void home_tell_over (HomeRow *row, const StoreRun *run);

/* NULL: it cannot be read, and `problems` says why. */
void home_tell_runbook (HomeRow *row, const Runbook *runbook, Problems *problems);
void home_tell_scenario (HomeRow *row, const Scenario *scenario);
void home_tell_site (HomeRow *row, const Site *site, Problems *problems);

/* "2026-11-23 04:10" on this host's clock; newly allocated. */
char *home_tell_date (gint64 wall_us);

#endif
