/* cli.h: the command line: which commands there are, and what each takes. */
#ifndef HANDRAIL_TUI_CLI_H
#define HANDRAIL_TUI_CLI_H

#include <glib.h>
#include <stdio.h>

/* Exit statuses, the same everywhere. */
enum {
  CLI_DONE = 0,
  CLI_PROBLEMS = 1, /* not completed, problems found */
  CLI_USAGE = 2,
  CLI_HELD = 3, /* held or refused by a safety rule */
};

/* One call of a command: its options and arguments. */
typedef struct {
  GStrv arguments; /* never NULL */
  char *site;
  GHashTable *settings; /* --set: name → text; never NULL */
  char *from;
  char *after;
  char *replay;
  char *window;
  char *at_most;
  char *interval;
  char *scenario;
  char *speed;
  char *seed;
  char *theme;
  gboolean dry_run;
  gboolean plain;
  gboolean ascii;
  gboolean json;
  gboolean markdown;
  gboolean pin;
  gboolean list;
  gboolean debrief;
  gboolean end;
  const char *remark; /* for the screen to say first; or NULL */
  FILE *results;      /* where what was asked for goes; NULL: with all else */
} CliCall;

typedef struct {
  const char *name;
  const char *arguments; /* "RUNBOOK", "[RUN]", "FILE…" or "" */
  guint arguments_min, arguments_max;
  const char *const *options; /* long names, NULL-terminated */
  const char *help;           /* one sentence, without a full stop */
  /* NULL: known by name, not in this version. Returns the exit status. */
  int (*run) (const CliCall *call);
} CliCommand;

/* NULL-terminated, in the order of the help. */
extern const CliCommand *const cli_commands[];

int cli_main (int argc, char **argv);

/* A sentence on standard error: "handrail: …". */
void cli_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Text on standard output, in what the locale can show. */
void cli_print (const char *text);

/* For a command that says much before there is what was asked for as JSON: from now on standard
 * output goes to standard error. What it was, for CliCall.results; to be closed by
 * cli_close_results(). NULL: it cannot be, and nothing has changed. */
FILE *cli_open_results (void);

/* FALSE: not all of it was written. */
gboolean cli_close_results (FILE *results);

/* Text that was asked for. */
void cli_print_result (const CliCall *call, const char *text);

/* Whether it is shown on the full screen: standard input and output are a terminal that is
 * not dumb, and --plain was not given. */
gboolean cli_is_full_screen (const CliCall *call);

/* How long a line may be on standard output: one less than the terminal has columns,
 * for some break a full line anew; 0: no terminal, any length. */
guint cli_columns (void);

#endif
