/* outputs.h: what the commands of a run print: which files there are, and to read them.
 *
 * The runner appends what a step's commands print to a file in the run's folder. While a
 * command runs it is readable by its owner alone, for secrets are masked only at the end;
 * then it may be written anew, under the same name. */
#ifndef HANDRAIL_TUI_OUTPUTS_H
#define HANDRAIL_TUI_OUTPUTS_H

#include "tui/run/run_model.h"

typedef enum {
  OUTPUT_RUNNING,
  OUTPUT_ENDED,
  OUTPUT_FAILED, /* it ended badly, or could not be run */
  OUTPUT_LOST,   /* nobody saw how it ended */
} OutputStanding;

/* A file, and the last command whose output it got. */
typedef struct {
  char *name;  /* "output/stop-web.log" */
  char *step;  /* id */
  char *title; /* of the step */
  char *command;
  Purpose purpose;
  guint index, count; /* it is command `index` (from 0) of so many */
  Moment began;
  OutputStanding standing;
  char *end; /* how it ended: "ended well after 12s"; NULL while it runs */
} OutputOf;

typedef struct Outputs Outputs;
Outputs *outputs_new (const RunModel *model);
void outputs_free (Outputs *outputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outputs, outputs_free)

/* Takes in what has happened since. */
void outputs_update (Outputs *outputs);

/* In the order in which they came to be; good until the next update. */
guint outputs_count (const Outputs *outputs);
const OutputOf *outputs_at (const Outputs *outputs, guint index);
/* The one a command has printed into last, or NULL. */
const OutputOf *outputs_latest (const Outputs *outputs);
const OutputOf *outputs_named (const Outputs *outputs, const char *name); /* or NULL */

/* ---- one of the files -------------------------------------------------------- */

typedef struct {
  int descriptor; /* -1: not open */
  guint64 bytes;
  gint64 written_us; /* wall time */
  char *problem;     /* a sentence why it cannot be read; or NULL */
} OutputFile;

/* Opens `name` below the run's folder, anew if it is another file by now, and looks how
 * long it is. TRUE if it is another one than before. Never blocks. */
gboolean output_file_look (OutputFile *file, const char *folder, const char *name);
void output_file_close (OutputFile *file);

#endif
