/* load.h: runbook, site, theme and practice files from the disk, with everything this
 * program knows. */
#ifndef HANDRAIL_TUI_LOAD_H
#define HANDRAIL_TUI_LOAD_H

#include "core/runbook/runbook.h"
#include "core/runbook/scenario.h"
#include "tui/find.h"
#include "tui/widgets/theme.h"

/* All kinds of checks, actions and platforms there are. */
extern const Vocabulary load_vocabulary;

/* A file's bytes, at most TREE_BYTES_MAX of them; fits RunbookFetch. */
gboolean load_bytes (const char *path, void *data, GBytes **bytes, GError **error);

/* `settings` may be NULL. What cannot be read is a problem too. */
Site *load_site (const char *path, GHashTable *settings, Problems *problems);
Runbook *load_runbook (const char *path, const Site *site, GHashTable *settings,
                       Problems *problems);

/* What stands before the steps: title, about, variables; no problems are told. NULL where
 * nothing does, or it cannot be read. */
Runbook *load_runbook_head (const char *path);

Theme *load_theme (const char *path, Problems *problems);

/* What it is like is looked for beside it, then in the places. */
Scenario *load_scenario (const char *path, const FindPlaces *places, Problems *problems);

/* The secrets of the site and the passwords of URLs in --set values; either may be
 * NULL. */
Mask *load_mask (const Site *site, GHashTable *settings);

/* `text` without those, and without the passwords of its own URLs; newly allocated. */
char *load_masked (const Site *site, GHashTable *settings, const char *text);

#endif
