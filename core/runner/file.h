/* file.h: what every writer of files here needs. */
#ifndef HANDRAIL_RUNNER_FILE_H
#define HANDRAIL_RUNNER_FILE_H

#include <glib.h>

/* Writes all of it, however many calls that takes. FALSE: errno says why, and a part may
 * have been written. */
gboolean file_write_all (int descriptor, const char *bytes, gsize length);

#endif
