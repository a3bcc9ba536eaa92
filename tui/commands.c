#include "tui/commands.h"

/* Known by name: a typing mistake and a missing feature are told apart. */
static const CliCommand command_dns = { .name = "dns" };
static const CliCommand command_report = { .name = "report" };

const CliCommand *const cli_commands[] = {
  &command_run,  &command_attach,   &command_resume,
  &command_runs, &command_state,    &command_check,
  &command_show, &command_doctor,   &command_queues,
  &command_dns,  &command_practice, &command_report,
  NULL,
};
