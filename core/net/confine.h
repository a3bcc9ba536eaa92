/* confine.h: how far practice reaches: the folder of its simulated deployment.
 *
 * Programs are those in FOLDER/bin, found by name. Connections go to sockets below FOLDER,
 * and to those loopback ports that its site file names. No name is resolved but localhost.
 * Where a Confine is passed, NULL stands for no bounds: the real thing. */
#ifndef HANDRAIL_NET_CONFINE_H
#define HANDRAIL_NET_CONFINE_H

#include <glib.h>
#include <sys/socket.h>

typedef enum {
  CONFINE_ERROR_OUTSIDE, /* message: what is out of reach, and what there is instead */
} ConfineError;
#define CONFINE_ERROR (confine_error_quark ())
GQuark confine_error_quark (void);

typedef struct Confine Confine;

/* `folder` is an absolute path. */
Confine *confine_new (const char *folder);
void confine_free (Confine *confine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Confine, confine_free)

const char *confine_folder (const Confine *confine);

/* The port of this http address may be connected to, on loopback. One that names no
 * loopback address, or is none, adds nothing. */
void confine_add_url (Confine *confine, const char *url);

/* The file of the program that `name` stands for, newly allocated; NULL with `error`
 * when it is given by a path, or is none of FOLDER/bin. */
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

#endif
