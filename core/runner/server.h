/* server.h: the run's socket. Viewers come, get the journal so far, then each line as
 * it is written, and say things (run/wire.h).
 *
 * A viewer that does not read, or that writes what is not the protocol, loses its own
 * connection and nothing else. No function here waits. */
#ifndef HANDRAIL_RUNNER_SERVER_H
#define HANDRAIL_RUNNER_SERVER_H

#include <glib.h>
#include <jansson.h>
#include <sys/types.h>

/* More at a time are turned away. */
#define SERVER_VIEWERS_MAX 32

typedef struct Server Server;

/* All fire from the loop, never from within a function of this file. Everything but
 * server_free() may be called within. */
typedef struct {
  /* A viewer is here; what is sent to it now goes before the journal. */
  void (*came) (guint viewer, gint64 uid, const char *user, void *data);
  void (*left) (guint viewer, void *data);
  /* `message` is borrowed. */
  void (*said) (guint viewer, gint64 uid, const char *user, const json_t *message,
                void *data);
  /* Once, of a viewer that asked for readings: it has the journal, and is to be told what
   * was seen before it came. From here on it has each new reading. */
  void (*looks) (guint viewer, void *data);
} ServerCalls;

/* Listens on the socket in the folder behind `folder`. `shared`: whoever may connect by
 * the socket's mode is let in; else only our own user and root. `first_viewer`: the
 * number that the first one gets. `folder` is borrowed. */
Server *server_new (int folder, gboolean shared, guint first_viewer,
                    const ServerCalls *calls, void *data, GError **error);
void server_free (Server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

/* Nobody can come any more, and the socket is gone; who is here stays. */
void server_close_door (Server *server);

/* The journal: its first `length` bytes are sent to every viewer that comes. */
void server_set_history (Server *server, int descriptor, gint64 length);

/* `line` (with line feed) has just been added to the journal. */
void server_publish (Server *server, const char *line);

/* Whom a message that is not kept goes to: viewers that have caught up and … */
typedef enum {
  SERVER_QUICK,         /* … are not slow */
  SERVER_QUICK_LOOKERS, /* … asked for readings, have the earlier ones, and are not slow */
  SERVER_LOOKERS,       /* … likewise, slow or not: it is not said again soon */
} ServerAudience;
/* Takes the message over. */
void server_pass (Server *server, json_t *message, ServerAudience audience);

/* What every viewer is told right after it has caught up; takes it over. NULL: nothing. */
void server_set_standing (Server *server, json_t *message);

/* A message for one viewer; takes it over. */
void server_tell (Server *server, guint viewer, json_t *message);

/* What a user is called here, its number if it has no name. Newly allocated. */
char *server_user_name (uid_t uid);

/* Someone has each new reading. */
gboolean server_has_lookers (const Server *server);
guint server_viewers (const Server *server);

/* A viewer has come since the socket listens, also one that has left again. */
gboolean server_had_viewers (const Server *server);

/* Something still waits to be sent. */
gboolean server_is_busy (const Server *server);

#endif
