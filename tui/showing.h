/* showing.h: a runbook with everything that is implied and, for a site, its commands.
 *
 * Nothing is looked at: commands are those for a site with as many instances as its
 * file says (one where it says nothing), and this is said where they are shown. */
#ifndef HANDRAIL_TUI_SHOWING_H
#define HANDRAIL_TUI_SHOWING_H

#include <jansson.h>

#include "core/runbook/runbook.h"

/* What `show --json` prints; the other two forms are made of it. `site` may be NULL.
 * Without the secrets of the site and the passwords of URLs, `settings` (--set, may be
 * NULL) included. Pure; a new reference. */
json_t *showing_json (const Runbook *runbook, const Site *site, GHashTable *settings);

/* For reading on a terminal; descriptions are broken so that no line is longer than
 * `columns` (0: never), commands stay whole, to be copied. Pure, newly allocated. */
char *showing_text (const json_t *shown, guint columns);

/* For paper: to be ticked off and written on, and followed without any tool. Pure. */
char *showing_markdown (const json_t *shown);

/* What `run --dry-run` prints: the text, and what is missing before a run can begin.
 * Returns the exit status. */
int showing_dry_run (const char *runbook_file, const char *site_file,
                     GHashTable *settings);

#endif
