/* run.c: runs a program, as it stands in the runbook. */
#include "core/actions/actions.h"

#include <stddef.h>

#include "core/base/text.h"

static const Field fields[] = {
  { .name = "command",
    .type = FIELD_ARGV,
    .offset = offsetof (ActionRunSettings, argv),
    .flags = FIELD_REQUIRED,
    .help = "The program and its arguments; no shell reads them" },
  { .name = "directory",
    .type = FIELD_PATH,
    .offset = offsetof (ActionRunSettings, directory),
    .help = "The folder to run it in" },
  { 0 },
};

/* No word of its own: what is confirmed is the site. No way back is known. */
static Plan *
make_plan (const void *data, const PlanContext *context, GError **error)
{
  const ActionRunSettings *settings = data;
  const char *const *argv = (const char *const *)settings->argv;
  g_autofree char *line = text_command (argv);
  Plan *plan = plan_new ();
  (void)context;
  (void)error;
  plan->word = g_strdup ("");
  plan->change = g_strdup_printf ("run %s", line);
  plan_add_command (plan, argv, settings->directory);
  return plan;
}

const ActionKind action_run = {
  .spec = { .name = "run",
            .help = "Run a program",
            .fields = fields,
            .size = sizeof (ActionRunSettings),
            .shorthand = "command" },
  .plan = make_plan,
};
