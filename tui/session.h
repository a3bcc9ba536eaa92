/* session.h: taking part in a run: what run, attach and resume have in common. */
#ifndef HANDRAIL_TUI_SESSION_H
#define HANDRAIL_TUI_SESSION_H

#include "core/store/store.h"
#include "tui/cli.h"
#include "tui/launch.h"
#include "tui/widgets/app.h"

/* Says "= …" where runs are kept, when that is for us alone. Returns the root. */
char *session_root (void);

/* How the full screen is drawn; its texts are borrowed from `call`. */
AppOptions session_screen (const CliCall *call);

/* Joins the run in `folder`, on the full screen where `call` has it so; returns the exit
 * status. */
int session_join (const CliCall *call, const char *folder, gboolean brief);

/* Begins or goes on with a run, asking what is to be asked, and joins it; returns the exit
 * status. */
int session_launch (const CliCall *call, Launch *launch);

/* Starts a runner that goes on with the run in `folder`, after showing and asking about
 * what differs, and joins it. A run that is running already is joined. */
int session_resume (const CliCall *call, const char *folder);

/* On a production site answers come from a terminal. TRUE, having said so, when they
 * would not. */
gboolean session_refuse_pipe (const char *site, gboolean production);

/* Which run is meant where none is named: one that lives, before one that has stopped and can be
 * gone on with; or the other way round. Of these real ones first, then what went on last. */
typedef enum { SESSION_WANTS_LIVE, SESSION_WANTS_STOPPED } SessionWants;

/* Opens the run that is meant (`name` may be NULL); NULL, having said why, if there is none or
 * its journal is damaged. `remark` (may be NULL, or what it points to is) is set to a sentence
 * where others are as likely, and that is said on standard error, too; newly allocated. */
StoreRun *session_open (const char *root, const char *name, SessionWants wants,
                        char **remark);

/* Prints why the runner would not, with problems and who holds the site. */
void session_print_refusal (const Started *started);

#endif
