/* stopped_page.h: what is to be read of a run that has stopped unfinished, before it is gone on
 * with: where it stands, since when, what has been done and what comes next. Pure. */
#ifndef HANDRAIL_TUI_STOPPED_PAGE_H
#define HANDRAIL_TUI_STOPPED_PAGE_H

#include "core/store/store.h"
#include "tui/widgets/page.h"

/* `run` has a state; `scenario`: of a practice, or NULL. */
void stopped_page (Page *page, const StoreRun *run, const char *scenario);

#endif
