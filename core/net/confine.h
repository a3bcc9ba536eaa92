/* confine.h: how far practice reaches: the folder of its simulated deployment.
 *
 * There is one program, the player: what plays the deployment is it, and what stands in
 * FOLDER/bin must lead to it and nowhere else, under whatever name. Connections go to sockets
 * below FOLDER, reached without a link, that the player's process answers on, and to those
 * loopback ports that it listens on. No name is resolved but localhost. What somebody who
 * is us puts into the folder instead is not followed out of it.
 * Where a Confine is passed, NULL stands for no bounds: the real thing. */
#ifndef HANDRAIL_NET_CONFINE_H
#define HANDRAIL_NET_CONFINE_H

#include <glib.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef enum {
  CONFINE_ERROR_OUTSIDE, /* message: what is out of reach, and what there is instead */
} ConfineError;
#define CONFINE_ERROR (confine_error_quark ())
GQuark confine_error_quark (void);

typedef struct Confine Confine;

/* `folder` and `player`, the file of the program, are absolute paths. */
Confine *confine_new (const char *folder, const char *player);
void confine_free (Confine *confine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Confine, confine_free)

const char *confine_folder (const Confine *confine);

/* The player's process. Before this is said nobody's answers are taken. */
void confine_set_process (Confine *confine, pid_t pid);

/* A port of loopback that it listens on: this one may be connected to. */
void confine_add_port (Confine *confine, guint16 port);

/* The file of the program that `name` stands for, newly allocated; NULL with `error`
 * when it is given by a path, is none of FOLDER/bin, or is not the player. */
char *confine_program (const Confine *confine, const char *name, GError **error);

/* PATH for its programs; newly allocated. */
char *confine_path (const Confine *confine);

/* The sentence for an address that is out of reach; newly allocated. */
char *confine_problem (const char *address);

/* FALSE with `error` where `host` (name or address) or `socket` (a path) must not even be
 * looked for. */
gboolean confine_check_host (const Confine *confine, const char *host, GError **error);
gboolean confine_check_socket (const Confine *confine, const char *socket,
                               GError **error);

/* Whether a socket may be connected to this address: the last word, whatever was checked
 * before. */
gboolean confine_allows (const Confine *confine, const struct sockaddr *address,
                         socklen_t length);

/* Whether the player answers on this connected socket. Of TCP the port alone decides. */
gboolean confine_allows_peer (const Confine *confine, int socket);

#endif
