/* debrief.h: what a run comes to (core/debrief/debrief.h), as text or JSON. */
#ifndef HANDRAIL_TUI_DEBRIEF_H
#define HANDRAIL_TUI_DEBRIEF_H

#include "core/debrief/debrief.h"
#include "tui/cli.h"

/* Lines are never longer, however wide the terminal is: longer ones are hard to read. */
#define DEBRIEF_COLUMNS_MAX 100
#define DEBRIEF_COLUMNS_MIN 60

/* Reads the run in `folder`: its journal, its samples and, unless it is NULL, what the
 * deployment told. What cannot be read says so on standard error; NULL when there is no
 * event at all. `options` may be NULL. */
Debrief *debrief_read (const char *folder, const char *world_file,
                       const DebriefOptions *options);

/* All of it as lines of at most `columns`, all made printable. `ascii`: of ASCII alone.
 * Pure; newly allocated. */
char *debrief_text (const Debrief *debrief, guint columns, gboolean ascii);

/* debrief_read(), and prints it: with --json as JSON, else as text. The exit status: CLI_DONE,
 * or CLI_PROBLEMS when there is nothing to print. */
int debrief_print (const CliCall *call, const char *folder, const char *world_file,
                   const DebriefOptions *options);

#endif
