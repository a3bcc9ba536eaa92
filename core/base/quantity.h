/* quantity.h: durations, sizes and counts as people write them. Pure. */
#ifndef HANDRAIL_BASE_QUANTITY_H
#define HANDRAIL_BASE_QUANTITY_H

#include <glib.h>

/* "90s", "2m", "1h30m", "1d", "250ms", "0": whole numbers with units in falling order.
 * At most 365 days. FALSE, with *duration_us untouched, for anything else. */
gboolean quantity_parse_duration (const char *text, gint64 *duration_us);

/* The shortest form that quantity_parse_duration() reads back: "1h30m". Rounded
 * down to whole seconds above one second. */
char *quantity_format_duration (gint64 duration_us);

/* "512MiB", "3GB", "100": IEC and SI units, no fraction. Bytes, up to 2^60. */
gboolean quantity_parse_size (const char *text, guint64 *size_bytes);
char *quantity_format_size (guint64 size_bytes);

/* A whole number without sign, 0 to 2^53 (what JSON carries exactly). */
gboolean quantity_parse_count (const char *text, guint64 *count);

/* To a millionth, which is finer than anything measured here and short as JSON. */
double quantity_round (double number);

#endif
