#include "core/net/confine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/text.h"

#define LOOPBACK_NET 127u

struct Confine {
  char *folder;   /* without a slash at its end */
  gboolean found; /* it was there when the bounds were set */
  char *player;
  pid_t pid;
  int process;   /* a pidfd */
  GArray *ports; /* guint16, of loopback */
};

G_DEFINE_QUARK (handrail_confine_error, confine_error)

static gboolean
is_missing (const char *path)
{
  struct stat status;
  return lstat (path, &status) != 0 && errno == ENOENT;
}

Confine *
confine_new (const ConfineBounds *bounds)
{
  Confine *confine = g_new0 (Confine, 1);
  confine->folder = g_canonicalize_filename (bounds->folder, "/");
  confine->found = !is_missing (confine->folder);
  confine->player = g_strdup (bounds->player);
  confine->pid = bounds->pid;
  confine->process = bounds->process;
  confine->ports = g_array_new (FALSE, FALSE, sizeof (guint16));
  return confine;
}

void
confine_free (Confine *confine)
{
  if (!confine)
    return;
  if (confine->process >= 0)
    close (confine->process);
  g_free (confine->folder);
  g_free (confine->player);
  g_array_unref (confine->ports);
  g_free (confine);
}

const char *
confine_folder (const Confine *confine)
{
  return confine->folder;
}

/* ---- the deployment ----------------------------------------------------------- */

static const char gone[] =
    "the simulated deployment is gone; begin anew with `handrail practice`";

/* A process that has lost its folder ends, but may be held up in that. */
static gboolean
is_gone (const Confine *confine)
{
  struct pollfd ended = { .fd = confine->process, .events = POLLIN };
  return poll (&ended, 1, 0) > 0 || (confine->found && is_missing (confine->folder));
}

int
confine_process (const Confine *confine)
{
  return confine->process;
}

gboolean
confine_is_gone (const Confine *confine, GError **error)
{
  if (!confine || !is_gone (confine))
    return FALSE;
  g_set_error_literal (error, CONFINE_ERROR, CONFINE_ERROR_GONE, gone);
  return TRUE;
}

/* ---- programs -------------------------------------------------------------- */

char *
confine_path (const Confine *confine)
{
  return g_build_filename (confine->folder, "bin", NULL);
}

/* Through whatever links: what comes out is the program of practice. */
static gboolean
is_player (const Confine *confine, const char *path)
{
  struct stat found, wanted;
  return stat (path, &found) == 0 && stat (confine->player, &wanted) == 0 &&
         found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino;
}

char *
confine_program (const Confine *confine, const char *name, char **argv0, GError **error)
{
  g_autofree char *bin = confine_path (confine);
  g_autofree char *path = g_build_filename (bin, name, NULL);
  g_autofree char *shown = text_printable (name, -1);
  struct stat status;
  if (confine_is_gone (confine, error))
    return NULL;
  if (strchr (name, '/') || strcmp (name, "..") == 0 || !*name)
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "%s is not run: in practice programs come from %s alone; give the name "
                 "of one that is there",
                 shown, bin);
  else if (is_player (confine, path)) {
    *argv0 = g_steal_pointer (&path);
    return g_strdup (confine->player);
  } else if (lstat (path, &status) != 0)
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "there is no program %s in practice: it has those in %s and no others",
                 shown, bin);
  else
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "%s is not run: what bears that name in %s is not the program of "
                 "practice; leave that folder as it is, and begin anew with `handrail "
                 "practice`",
                 shown, bin);
  return NULL;
}

/* ---- addresses ------------------------------------------------------------- */

static gboolean
is_loopback (const char *name)
{
  struct in_addr four;
  struct in6_addr six;
  gsize length = strlen (name);
  gboolean bracketed = length > 2 && name[0] == '[' && name[length - 1] == ']';
  g_autofree char *host = bracketed ? g_strndup (name + 1, length - 2) : g_strdup (name);
  if (inet_pton (AF_INET, host, &four) == 1)
    return ntohl (four.s_addr) >> 24 == LOOPBACK_NET;
  if (inet_pton (AF_INET6, host, &six) == 1)
    return IN6_IS_ADDR_LOOPBACK (&six);
  /* What libcurl answers by itself, as RFC 6761 (6.3) wants it. */
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

/* Of its own folder, as it is written: nothing in it leads back up. */
static gboolean
is_within (const Confine *confine, const char *path)
{
  gsize length = strlen (confine->folder);
  g_autofree char *plain = g_canonicalize_filename (path, "/");
  return strcmp (plain, path) == 0 && strncmp (path, confine->folder, length) == 0 &&
         path[length] == '/';
}

/* A folder below its own (or that itself) with no link on the way; its own may be reached by
 * some. */
static gboolean
is_plain_folder (const Confine *confine, const char *path)
{
  g_autofree char *own = realpath (confine->folder, NULL);
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *wanted =
      own ? g_strconcat (own, path + strlen (confine->folder), NULL) : NULL;
  return real && wanted && strcmp (real, wanted) == 0;
}

/* There is no link in it. What is not there leads nowhere. */
static gboolean
is_plain (const Confine *confine, const char *path)
{
  struct stat status;
  g_autofree char *folder = g_path_get_dirname (path);
  if (lstat (path, &status) != 0)
    return errno == ENOENT;
  return !S_ISLNK (status.st_mode) && is_plain_folder (confine, folder);
}

void
confine_add_port (Confine *confine, guint16 port)
{
  g_array_append_val (confine->ports, port);
}

char *
confine_problem (const Confine *confine, const char *address)
{
  g_autofree char *shown = text_printable (address, -1);
  if (is_gone (confine))
    return g_strdup (gone);
  return g_strdup_printf (
      "%s is not asked: practice reaches nothing beyond its simulated deployment, which "
      "does not listen there; leave the addresses and the folder of practice as they are",
      shown);
}

gboolean
confine_check_host (const Confine *confine, const char *host, GError **error)
{
  if (confine_is_gone (confine, error))
    return FALSE;
  if (!confine || is_loopback (host))
    return TRUE;
  g_autofree char *problem = confine_problem (confine, host);
  g_set_error_literal (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE, problem);
  return FALSE;
}

gboolean
confine_check_socket (const Confine *confine, const char *socket, GError **error)
{
  if (confine_is_gone (confine, error))
    return FALSE;
  if (!confine)
    return TRUE;
  g_autofree char *shown = text_printable (socket, -1);
  if (!is_within (confine, socket))
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "%s is not opened: practice reaches no socket outside %s; leave the "
                 "address as the practice site has it",
                 shown, confine->folder);
  else if (!is_plain (confine, socket))
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "%s is not opened: there is a link in it now, and practice follows "
                 "none; leave that folder as it is, and begin anew with `handrail "
                 "practice`",
                 shown);
  else
    return TRUE;
  return FALSE;
}

static gboolean
allows_port (const Confine *confine, guint16 port)
{
  for (guint i = 0; i < confine->ports->len; i++)
    if (g_array_index (confine->ports, guint16, i) == port)
      return TRUE;
  return FALSE;
}

static gboolean
allows_path (const Confine *confine, const struct sockaddr_un *address, socklen_t length)
{
  gsize most = length - offsetof (struct sockaddr_un, sun_path);
  g_autofree char *path = g_strndup (address->sun_path, most);
  return *path == '/' && is_within (confine, path) && is_plain (confine, path);
}

gboolean
confine_allows (const Confine *confine, const struct sockaddr *address, socklen_t length)
{
  struct sockaddr_in four;
  struct sockaddr_in6 six;
  if (!confine)
    return TRUE;
  if (is_gone (confine))
    return FALSE;
  switch (address->sa_family) {
  case AF_UNIX:
    return length > offsetof (struct sockaddr_un, sun_path) &&
           allows_path (confine, (const struct sockaddr_un *)(const void *)address,
                        length);
  case AF_INET:
    memcpy (&four, address, MIN (length, sizeof four));
    return length >= sizeof four && ntohl (four.sin_addr.s_addr) >> 24 == LOOPBACK_NET &&
           allows_port (confine, ntohs (four.sin_port));
  case AF_INET6:
    memcpy (&six, address, MIN (length, sizeof six));
    return length >= sizeof six && IN6_IS_ADDR_LOOPBACK (&six.sin6_addr) &&
           allows_port (confine, ntohs (six.sin6_port));
  default:
    return FALSE;
  }
}

gboolean
confine_allows_peer (const Confine *confine, int descriptor)
{
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (!confine)
    return TRUE;
  return getsockopt (descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
         peer.pid == confine->pid && !is_gone (confine);
}
