/* run_model.h: what a screen knows of a run beyond its state, and what may be said. Pure.
 *
 * The state is folded by the viewer; here is what passes and is not kept: readings, what
 * is waited for, what a command prints, what became of our answers. All screens of a run
 * share one model; whoever owns the connection feeds it and sends what it has to say. */
#ifndef HANDRAIL_TUI_RUN_MODEL_H
#define HANDRAIL_TUI_RUN_MODEL_H

#include "core/run/state.h"

/* What is kept of what the running command printed: more than any screen shows. */
#define RUN_MODEL_OUTPUT_BYTES_MAX 32768

typedef struct RunModel RunModel;

/* `state` is the viewer's and is kept up to date by it; `folder`: the run's, copied. */
RunModel *run_model_new (const RunState *state, const char *folder);
void run_model_free (RunModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunModel, run_model_free)

/* ---- in -------------------------------------------------------------------- */

/* Each gives TRUE when there is something new to draw. */
gboolean run_model_event (RunModel *model, const Event *event); /* the state has it */
gboolean run_model_live (RunModel *model, const json_t *message, gint64 now_us);
void run_model_broken (RunModel *model, const char *problem);

/* The runbook and the site as the run began with them, both taken over: what steps that
 * have not begun are about. Either may be NULL: then screens show less. */
void run_model_set_written (RunModel *model, Runbook *runbook, Site *site);

/* ---- what there is --------------------------------------------------------- */

const RunState *run_model_state (const RunModel *model);
const char *run_model_folder (const RunModel *model);
const Site *run_model_site (const RunModel *model); /* or NULL */
/* Step `index` as the runbook has it, or NULL. */
const Step *run_model_written (const RunModel *model, guint index);
/* The latest reading of that key, a failed one too, with its times on the runner's (this
 * host's) boot clock; NULL: none came. Good until the next message. */
const Reading *run_model_reading (const RunModel *model, const char *key);
/* Calls `take` with each reading of job queues that began after `after_us` (boot time),
 * of the section that was looked at last, the oldest first, and whether it is the last one.
 * Those that were told some minutes ago are not kept (run_samples.h). */
void run_model_queues_since (const RunModel *model, gint64 after_us,
                             void (*take) (const Reading *reading, gboolean last,
                                           void *data),
                             void *data);
/* The deployment as seen last, and when the look began; NULL: not yet. */
const json_t *run_model_deployment (const RunModel *model, gint64 *seen_us);
/* Boot time until which it is known to be still so, unless something else is told; in the
 * past: it is as old as that look. */
gint64 run_model_fresh_until_us (const RunModel *model);
const char *run_model_waiting (const RunModel *model); /* what is missing; or NULL */
/* How check `index` of `section` stands now, while that section is waited for; FALSE: not
 * told, the state's verdict is the last there is. *text is borrowed. */
gboolean run_model_check_now (const RunModel *model, const char *section, guint index,
                              Verdict *verdict, const char **text);
gboolean run_model_caught_up (const RunModel *model); /* what was before has been told */
gboolean run_model_has_seen (const RunModel *model);  /* … and what was seen before, too */
guint run_model_viewer (const RunModel *model);       /* who we are; 0: not known yet */
gboolean run_model_has_controls (const RunModel *model);
/* Who has the controls, "ann (viewer 2)" or "nobody"; newly allocated. */
char *run_model_controller (const RunModel *model);
/* The same with what helps: "ann (viewer 2) has the controls; c takes them". */
char *run_model_who_leads (const RunModel *model);
/* When the running command printed last (boot time); 0: nothing yet. */
gint64 run_model_output_us (const RunModel *model);
/* The end of what the running or last command printed, whole lines; "": nothing. */
const char *run_model_output (const RunModel *model);
/* What was said to us last and not seen yet (somebody took the controls, …); newly
 * allocated, NULL when there is none. */
char *run_model_take_remark (RunModel *model);
/* Why our last answer was not taken, until there is another one; or NULL. */
const char *run_model_refusal (const RunModel *model);
/* What a safety rule said no to in this step at the instant of acting; or NULL. */
const char *run_model_held_back (const RunModel *model);
/* The connection is over, and with which exit status `handrail run` ends; `why` (may be
 * NULL) is set to a sentence, or NULL. */
gboolean run_model_is_over (const RunModel *model, int *status, const char **why);

/* Events told so far, oldest first (Event *, owned): for the time line. */
const GPtrArray *run_model_events (const RunModel *model);

/* ---- what may be said ------------------------------------------------------ */

/* Whether an answer is awaited from us now: a question stands or a wait takes words, we
 * have the controls, and no answer is under way. */
gboolean run_model_wants_answer (const RunModel *model);

/* An answer of ours is being looked at. */
gboolean run_model_is_under_way (const RunModel *model);

/* What typing `text` would come to, before it is sent: NULL if it would be taken, else
 * why not. Newly allocated. (question_read(); the runner judges again.) */
char *run_model_check (const RunModel *model, const char *text);

void run_model_answer (RunModel *model, const char *text);
void run_model_note (RunModel *model, const char *text);
void run_model_take (RunModel *model);
void run_model_give (RunModel *model, guint viewer);
void run_model_detach (RunModel *model);

/* Calls `wants_sending` (NULL: nobody) when there is a message to send. */
void run_model_set_sender (RunModel *model, void (*wants_sending) (void *data),
                           void *data);

/* The next message to send, or NULL; a new reference. */
json_t *run_model_take_message (RunModel *model);

#endif
