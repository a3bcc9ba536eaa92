/* resp_write.h: answers of RESP 2, each appended whole; a list is its head and then so
 * many answers. Pure. */
#ifndef HANDRAIL_PRACTICE_RESP_WRITE_H
#define HANDRAIL_PRACTICE_RESP_WRITE_H

#include <glib.h>

void resp_write_status (GString *out, const char *text);
/* `format` begins with the kind, "ERR …"; what would end the line becomes a space. */
void resp_write_error (GString *out, const char *format, ...) G_GNUC_PRINTF (2, 3);
void resp_write_integer (GString *out, gint64 number);
/* `length` in bytes, or -1 for one that ends with NUL. */
void resp_write_text (GString *out, const char *text, gssize length);
void resp_write_nil (GString *out);
void resp_write_list (GString *out, gsize count);

#endif
