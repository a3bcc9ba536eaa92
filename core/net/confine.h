/* confine.h: how far practice reaches: its simulated deployment, as long as that lives.
 *
 * One program is run, that of practice, under the names that FOLDER/bin has for it. Connections
 * go to sockets below FOLDER that the deployment's process listens on, and to the loopback
 * ports that this process says are its own. No name is resolved but localhost. What stands in
 * FOLDER is not believed: it may have been changed, or moved away. Where a Confine is passed,
 * NULL stands for no bounds: the real thing. */
#ifndef HANDRAIL_NET_CONFINE_H
#define HANDRAIL_NET_CONFINE_H

#include <glib.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef enum {
  CONFINE_ERROR_OUTSIDE, /* message: what is out of reach, and what there is instead */
  CONFINE_ERROR_GONE,    /* the deployment has ended, or lost its folder: nothing is reached */
} ConfineError;
#define CONFINE_ERROR (confine_error_quark ())
GQuark confine_error_quark (void);

typedef struct Confine Confine;

/* All of it is copied but the descriptor, which is taken over. */
typedef struct {
  const char *folder; /* path from / */
  const char *player; /* the file of the program that plays deployments; path from / */
  pid_t pid;          /* of the process that plays this one */
  int process;        /* a pidfd of it */
} ConfineBounds;

Confine *confine_new (const ConfineBounds *bounds);
void confine_free (Confine *confine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Confine, confine_free)

const char *confine_folder (const Confine *confine);

/* This port may be connected to, on loopback. */
void confine_add_port (Confine *confine, guint16 port);

/* A descriptor that becomes readable when the deployment's process has ended; borrowed. */
int confine_process (const Confine *confine);

/* TRUE, with `error` (may be NULL), once the deployment's process has ended, or its FOLDER, which
 * was there when the bounds were set, is missing. */
gboolean confine_is_gone (const Confine *confine, GError **error);

/* The file to run where `name` is asked for, and *argv0 as its first word, by which it knows
 * what it stands in for; both newly allocated. The file is the bounds' own whatever becomes of
 * FOLDER/bin meanwhile. NULL with `error` when `name` is a path, or FOLDER/bin has nothing of
 * that name, or something else. */
char *confine_program (const Confine *confine, const char *name, char **argv0,
                       GError **error);

/* PATH for its programs; newly allocated. */
char *confine_path (const Confine *confine);

/* The sentence for an address that was not allowed; newly allocated. */
char *confine_problem (const Confine *confine, const char *address);

/* FALSE with `error` where `host` (name or address) or `socket` (a path) must not even be
 * looked for. */
gboolean confine_check_host (const Confine *confine, const char *host, GError **error);
gboolean confine_check_socket (const Confine *confine, const char *socket,
                               GError **error);

/* Whether a socket may be connected to this address: the last word before that. */
gboolean confine_allows (const Confine *confine, const struct sockaddr *address,
                         socklen_t length);

/* The last word on a Unix socket that is connected, before anything is said on it: whether
 * the deployment's process is at its other end, whatever its path has led to. */
gboolean confine_allows_peer (const Confine *confine, int descriptor);

#endif
