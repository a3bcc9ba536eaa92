/* private_line.h: a line to a process of our own, by a socket in a folder of our own. */
#ifndef HANDRAIL_STORE_PRIVATE_LINE_H
#define HANDRAIL_STORE_PRIVATE_LINE_H

#include <glib.h>
#include <sys/types.h>

/* Connects to the socket `name` in `folder`; the descriptor is the caller's to close. -1:
 * nobody listens there, or the folder is not private (store_is_private()), or the socket is a
 * link, or who listens is somebody else. *pid (may be NULL): the process that does. */
int private_line_open (const char *folder, const char *name, pid_t *pid);

/* Says `request`, one line without its line feed, and waits until the other end closes the
 * line, at most `limit_ms`: what it has done for us is done then. Gives the first line of at
 * most PRIVATE_LINE_BYTES_MAX that came, newly allocated without its line feed; NULL: none. */
#define PRIVATE_LINE_BYTES_MAX 65536
char *private_line_ask (int line, const char *request, int limit_ms);

#endif
