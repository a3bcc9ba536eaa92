/* inputs.h: what a run is made from: the site, the runbook and its includes, read from
 * disk once and kept, so that the run goes on with what it began with. */
#ifndef HANDRAIL_RUNNER_INPUTS_H
#define HANDRAIL_RUNNER_INPUTS_H

#include "core/base/mask.h"
#include "core/net/confine.h"
#include "core/runbook/runbook.h"

typedef struct {
  Site *site;
  Runbook *runbook;      /* NULL when only a site was asked for */
  Mask *mask;            /* the site's secrets */
  GHashTable *settings;  /* --set: name → text */
  char *runbook_file;    /* absolute; or NULL */
  GHashTable *sources;   /* file name → GBytes: all that was read */
  Confine *confine;      /* how far practice reaches; NULL: the real thing */
} Inputs;

/* What inputs are read from; borrowed but `settings`. */
typedef struct {
  const char *site_file;
  const char *runbook_file; /* NULL: only the site */
  GHashTable *settings;     /* --set: name → text; taken over */
  GHashTable *answers;      /* name → text; or NULL */
  const char *practice;     /* folder of the simulated deployment; NULL: the real thing */
} InputsFrom;

/* NULL with *refusal set (a new reference, refusal.h) when there are problems. */
Inputs *inputs_load (const InputsFrom *from, json_t **refusal);
void inputs_free (Inputs *inputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Inputs, inputs_free)

/* The runbook anew from the same bytes, with what has been answered ({name: text}).
 * FALSE with a sentence in `error`, and the old one kept, if it has problems now. */
gboolean inputs_answer (Inputs *inputs, const json_t *answers, GError **error);

/* {name: text} as a table of texts. */
GHashTable *inputs_table (const json_t *object);

/* Writes masked copies of everything that was read into the folder inputs/ of the
 * run's folder. */
gboolean inputs_copy (const Inputs *inputs, int folder, guint mode, GError **error);

#endif
