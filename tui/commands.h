/* commands.h: one record a command, each in its own file. */
#ifndef HANDRAIL_TUI_COMMANDS_H
#define HANDRAIL_TUI_COMMANDS_H

#include "tui/cli.h"

/* Without the name of a command. */
extern const CliCommand command_home;

extern const CliCommand command_run;
extern const CliCommand command_attach;
extern const CliCommand command_resume;
extern const CliCommand command_runs;
extern const CliCommand command_state;
extern const CliCommand command_check;
extern const CliCommand command_show;
extern const CliCommand command_doctor;
extern const CliCommand command_queues;
extern const CliCommand command_practice;

/* The options of a command that comes on a screen (session_screen()). */
#define COMMAND_SCREEN_OPTIONS "ascii", "theme"

/* The option list of a record. */
#define COMMAND_OPTIONS(...)         \
  (const char *const[])              \
  {                                  \
    __VA_ARGS__ __VA_OPT__ (, ) NULL \
  }

#endif
