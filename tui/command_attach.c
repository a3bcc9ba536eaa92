#include "tui/commands.h"
#include "tui/session.h"

static int
run (const CliCall *call)
{
  g_autofree char *root = store_root (NULL);
  g_autofree char *remark = NULL;
  g_autoptr (StoreRun) found =
      session_open (root, call->arguments[0], SESSION_WANTS_LIVE, &remark);
  if (!found)
    return CLI_PROBLEMS;
  if (!found->live && !state_is_unfinished (found->state)) {
    cli_complain ("run %s is over (%s); handrail state %s shows it", found->name,
                  run_phase_name (found->state->phase), found->name);
    return CLI_PROBLEMS;
  }
  if (session_refuse_pipe (found->state->site, found->state->production))
    return CLI_HELD;
  CliCall shown = *call;
  shown.remark = remark;
  return session_join (&shown, found->path, TRUE);
}

const CliCommand command_attach = {
  .name = "attach",
  .arguments = "[RUN]",
  .arguments_max = 1,
  .options = COMMAND_OPTIONS ("plain", COMMAND_SCREEN_OPTIONS),
  .help = "Take part in a run that is running",
  .run = run,
};
