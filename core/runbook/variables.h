/* variables.h: the variables of one runbook file, and their place in texts. Pure. */
#ifndef HANDRAIL_RUNBOOK_VARIABLES_H
#define HANDRAIL_RUNBOOK_VARIABLES_H

#include "core/runbook/runbook.h"

typedef struct {
  GPtrArray *list;    /* Variable *, in file order */
  GHashTable *by_name; /* name → Variable *, borrowed */
} Variables;

Variables *variables_new (void);
void variables_free (Variables *variables);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Variables, variables_free)

void variable_free (Variable *variable);

/* Takes over `variable`, whose name must be new. */
void variables_add (Variables *variables, Variable *variable);

Variable *variables_get (const Variables *variables, const char *name);

/* The name most like `name`, or NULL. */
const char *variables_nearest (const Variables *variables, const char *name);

/* The row that a value of this variable must satisfy; bounds included. */
Field variable_field (const Variable *variable);

/* NULL if `text` may be the value, else the rest of a sentence ("is 99, out of
 * bounds; …"), newly allocated. */
char *variable_problem (const Variable *variable, const char *text);

/* Whether a value of that type may stand alone in such a field. */
gboolean variable_fits (const Variable *variable, FieldType type);

/* Both texts are values of that type and mean the same ("60s", "1m"). */
gboolean variable_equal (const Variable *variable, const char *a, const char *b);

/* A scalar of the file with its variables replaced. */
typedef struct {
  char *text;               /* variables without a value stand there as written */
  GPtrArray *missing;       /* their names, borrowed; or NULL */
  const Variable *sole;     /* the scalar is this variable and nothing else */
  gboolean begins_with_value; /* its first character came out of a variable */
  char *problem;            /* undefined variable, bad spelling; or NULL */
} Substituted;
void substituted_clear (Substituted *substituted);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Substituted, substituted_clear)

/* Whether `text` has anything to replace. */
gboolean variables_occur (const char *text);

/* `quoted`: values stand for themselves within a regular expression. */
void variables_substitute (const Variables *variables, const char *text, gboolean quoted,
                           Substituted *substituted);

#endif
