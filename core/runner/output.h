/* output.h: what the commands of a step print: its file, and lines of it for viewers.
 *
 * Commands write to the file themselves, so that they need no runner to live. While
 * one runs the file is followed; afterwards, where it holds a secret, it is written
 * anew without it, a piece at a time from the loop. */
#ifndef HANDRAIL_RUNNER_OUTPUT_H
#define HANDRAIL_RUNNER_OUTPUT_H

#include <glib.h>

#include "core/base/mask.h"

/* At most this much of a file is shown at each look at it; more is left out. */
#define OUTPUT_SHOWN_BYTES_MAX (64 * 1024)

/* Of what was shown so much is kept for who comes later: more than any screen shows. */
#define OUTPUT_TAIL_BYTES_MAX (32 * 1024)

typedef struct Output Output;

/* `text` are whole lines, masked and printable, without the last line feed. */
typedef void (*OutputLines) (const char *step, const char *text, void *data);

/* The file is as it is kept: masked, and readable for those who may see the run. */
typedef void (*OutputKept) (void *data);

/* Opens (and makes) output/<step>.log in the folder behind `folder` for appending.
 * `mask` is borrowed. */
Output *output_open (int folder, const char *step, guint kept_mode, const Mask *mask,
                     GError **error);
/* Ends following and masking; no callback fires any more. */
void output_free (Output *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Output, output_free)

int output_descriptor (const Output *output);
const char *output_name (const Output *output); /* "output/stop-nginx.log" */

/* Appends the line "$ command". */
gboolean output_write_command (Output *output, const char *const *argv, GError **error);

/* The last lines of what the file holds now, masked and printable, and when (wall time)
 * it was written to last; newly allocated, NULL if it is empty. */
char *output_tail (const Output *output, gint64 *written_us);

/* Calls `lines` as the file grows beyond what it holds now. */
void output_follow (Output *output, OutputLines lines, void *data);

/* The command has ended: shows the rest at once, then masks the file and calls `kept`
 * from the loop. */
void output_keep (Output *output, OutputKept kept, void *data);

#endif
