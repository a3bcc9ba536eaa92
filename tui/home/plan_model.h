/* plan_model.h: what would be done, and how things stand: a runbook on a site, before it is
 * run. Its files are read by plan_model_load() alone; the rest is pure. */
#ifndef HANDRAIL_TUI_PLAN_MODEL_H
#define HANDRAIL_TUI_PLAN_MODEL_H

#include "core/run/kind.h"

typedef struct PlanModel PlanModel;

/* Absolute paths, which are copied. */
PlanModel *plan_model_new (const char *runbook_file, const char *site_file);
void plan_model_free (PlanModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlanModel, plan_model_free)

/* Reads the files anew; what was set and seen stays. */
void plan_model_load (PlanModel *model);

const char *plan_model_runbook_file (const PlanModel *model);
const char *plan_model_site_file (const PlanModel *model);

/* As read last, owned by the model; NULL where a file cannot be used. */
const Runbook *plan_model_runbook (const PlanModel *model);
const Site *plan_model_site (const PlanModel *model);

/* What is wrong in the files: "file:line:column: text", without secrets (char *). */
const GPtrArray *plan_model_problems (const PlanModel *model);
/* What a run cannot begin without, in sound files (char *). */
const GPtrArray *plan_model_missing (const PlanModel *model);
gboolean plan_model_is_fit (const PlanModel *model); /* neither of the two */

/* What is not to be shown, until it is loaded anew; NULL without a runbook. */
const Mask *plan_model_mask (const PlanModel *model);

/* --set values, owned by the model. */
GHashTable *plan_model_settings (const PlanModel *model);

/* Gives a variable its value and reads the files with it. NULL, or why it cannot be that:
 * a sentence, newly allocated; then nothing has changed. "" takes the default again. */
char *plan_model_set (PlanModel *model, const char *variable, const char *value);

/* A step with its commands (showing_step_json()): for what was seen last, where that says
 * something else than the site file. Owned by the model, until it is loaded or has seen
 * something. */
const json_t *plan_model_step (PlanModel *model, guint index);

/* ---- how things stand -------------------------------------------------------------- */

/* Takes over a reading of the platform. TRUE: something is not as it was. */
gboolean plan_model_saw (PlanModel *model, Reading *reading);
/* Why nothing more will be seen. */
void plan_model_blind (PlanModel *model, const char *why);

const json_t *plan_model_deployment (const PlanModel *model); /* NULL: not seen yet */
Moment plan_model_seen (const PlanModel *model);              /* when; 0: never */
/* Why the last look failed, or there will be none: a sentence; or NULL. */
const char *plan_model_trouble (const PlanModel *model);

/* Judges a check of the step by what was seen last. FALSE: it takes more than a look at the
 * platform, or nothing was seen. */
gboolean plan_model_judge (PlanModel *model, guint index, const Clause *clause,
                           Judgement *judgement);

/* Whether what the step is to bring about is so already, as far as it can be seen. */
gboolean plan_model_is_so (PlanModel *model, guint index);

/* "4→0", "by hand", "2": what the step does to the instances of its service, as far as it
 * has been seen; "" where that is nothing. Owned by the model, as plan_model_step(). */
const char *plan_model_change (PlanModel *model, guint index);

#endif
