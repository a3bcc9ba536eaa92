#include "tui/commands.h"
#include "tui/session.h"

static int
run (const CliCall *call)
{
  g_autofree char *root = store_root (NULL);
  g_autofree char *remark = NULL;
  g_autoptr (StoreRun) found =
      session_open (root, call->arguments[0], SESSION_WANTS_STOPPED, &remark);
  if (!found)
    return CLI_PROBLEMS;
  if (!state_is_unfinished (found->state)) {
    cli_complain ("run %s is over (%s); there is nothing to go on with", found->name,
                  run_phase_name (found->state->phase));
    return CLI_PROBLEMS;
  }
  if (session_refuse_pipe (found->state->site, found->state->production))
    return CLI_HELD;
  CliCall shown = *call;
  shown.remark = remark;
  return session_resume (&shown, found->path);
}

const CliCommand command_resume = {
  .name = "resume",
  .arguments = "[RUN]",
  .arguments_max = 1,
  .options = COMMAND_OPTIONS ("plain", COMMAND_SCREEN_OPTIONS),
  .help = "Go on with a run that was stopped, or whose runner died",
  .run = run,
};
