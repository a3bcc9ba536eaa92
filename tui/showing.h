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

/* One of its steps, as it stands there, with "prior" and "planned" ({service: count}) of its
 * actions. Where `deployment` (the body of a look; NULL: none) says what an action comes to
 * now, it is that, and the action has a member "seen". `mask`: of showing_mask(). */
json_t *showing_step_json (const Runbook *runbook, const Site *site, guint index,
                           const json_t *deployment, const Mask *mask);

/* The secrets of the site and the passwords of URLs in settings and runbook. */
Mask *showing_mask (const Runbook *runbook, const Site *site, GHashTable *settings);

/* What keeps a run from beginning though the files are sound: a sentence each (GPtrArray of
 * char *), what has to be typed for it included. */
GPtrArray *showing_missing (const Runbook *runbook, const Site *site);

/* The sentence of them that says that a production site has no identity; newly allocated, or NULL:
 * it has. */
char *showing_unproved (const Site *site);

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
