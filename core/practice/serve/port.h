/* port.h: a place where others connect, and the lines to those who have.
 *
 * It can be closed and opened again: closed, nobody is listening there, and whoever was
 * connected is not any more. A line that sends faster than it takes its answers is read
 * no further; no function here waits. */
#ifndef HANDRAIL_PRACTICE_PORT_H
#define HANDRAIL_PRACTICE_PORT_H

#include <glib.h>

/* Of one port at a time; more are turned away. */
#define PORT_LINES_MAX 64

/* What waits to be sent on one line: nothing that is answered here is larger. */
#define PORT_WAITING_BYTES_MAX (16 * 1024 * 1024)

typedef struct Port Port;
typedef struct PortLine PortLine;

/* What is spoken there. `owner` is the port's. All fire from the loop. */
typedef struct {
  /* Before anything that came is looked at; ports may be opened and closed, lines ended. */
  void (*before) (void *owner);
  /* Somebody is there; what stands for it. */
  void *(*open) (void *owner, PortLine *line);
  /* Bytes have come; what is to be sent is appended. FALSE: nothing more is said, the
   * line closes when all is sent. Lines may not be freed, ports not be closed. */
  gboolean (*take) (void *what, const char *bytes, gsize length, GString *out);
  /* It is gone. */
  void (*close) (void *what);
} PortCalls;

/* Nothing listens yet. */
Port *port_new (const PortCalls *calls, void *owner);
void port_free (Port *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Port, port_free)

/* Where it will listen. A Unix socket, for our own user only; or the loopback address and a
 * port of the kernel's choice, which stays ours while nobody listens. */
gboolean port_set_path (Port *port, const char *path, GError **error);
gboolean port_set_loopback (Port *port, guint16 *number, GError **error);

/* Opens or closes it; nothing happens where that is so already. FALSE with `error` if it
 * cannot be opened. */
gboolean port_set_open (Port *port, gboolean open, GError **error);

/* More is said on a line, not from within take(). */
void port_line_send (PortLine *line, const char *text, gsize length);

/* Nothing more is said: it closes when all is sent. */
void port_line_end (PortLine *line);

#endif
