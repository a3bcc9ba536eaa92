/* screen_choose.h: from a runbook to its site, or from a site to its runbook; then the plan
 * is in front. Where there is one alone, it is not asked for. */
#ifndef HANDRAIL_TUI_SCREEN_CHOOSE_H
#define HANDRAIL_TUI_SCREEN_CHOOSE_H

#include "tui/home/home.h"

void screen_choose_site (App *app, const Home *home, const char *runbook_file,
                         const char *title);
void screen_choose_runbook (App *app, const Home *home, const char *site_file,
                            const char *site, gboolean production);

#endif
