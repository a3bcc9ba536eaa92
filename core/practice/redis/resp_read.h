/* resp_read.h: answers of RESP 2, read. Pure: more bytes are asked for by a call. */
#ifndef HANDRAIL_PRACTICE_RESP_READ_H
#define HANDRAIL_PRACTICE_RESP_READ_H

#include <glib.h>

typedef enum { RESP_STATUS, RESP_ERROR, RESP_INTEGER, RESP_TEXT, RESP_NIL, RESP_LIST } RespKind;

typedef struct {
  RespKind kind;
  gint64 number;    /* INTEGER */
  GString *text;    /* STATUS, ERROR, TEXT: any bytes; otherwise NULL */
  GPtrArray *items; /* LIST: RespReply *; otherwise NULL */
} RespReply;

/* Appends at least one byte to `bytes`; FALSE: no more will come. */
typedef gboolean (*RespFill) (GString *bytes, void *data);

typedef struct {
  GString *bytes; /* what has come, and is not done with */
  RespFill fill;
  void *data;
} RespReader;

/* The next answer, whose bytes are taken out of the reader. NULL: none comes, or what comes
 * is none. */
RespReply *resp_read (RespReader *reader);
void resp_reply_free (RespReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RespReply, resp_reply_free)

#endif
