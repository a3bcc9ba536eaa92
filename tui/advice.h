/* advice.h: what to do where there is nothing yet. Pure. */
#ifndef HANDRAIL_TUI_ADVICE_H
#define HANDRAIL_TUI_ADVICE_H

#include "tui/find.h"

/* How a first site file, a first runbook is written, and where to. Newly allocated. */
char *advice_site (const FindPlaces *places);
char *advice_runbook (const FindPlaces *places);

#endif
