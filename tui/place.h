/* place.h: where a site is, in a few words. Pure. */
#ifndef HANDRAIL_TUI_PLACE_H
#define HANDRAIL_TUI_PLACE_H

#include "core/runbook/site.h"

/* "compose tines", and "prod · compose tines". Newly allocated. */
char *place_words (const Site *site);
char *place_site_words (const Site *site);

#endif
