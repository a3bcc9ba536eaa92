#include "core/net/confine.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/text.h"

#define LOOPBACK_NET 127u

struct Confine {
  char *folder; /* without a slash at its end */
  char *player;
  pid_t pid;     /* of the player; 0: not known */
  GArray *ports; /* guint16, of loopback */
};

G_DEFINE_QUARK (handrail_confine_error, confine_error)

Confine *
confine_new (const char *folder, const char *player)
{
  Confine *confine = g_new0 (Confine, 1);
  confine->folder = g_canonicalize_filename (folder, "/");
  confine->player = g_strdup (player);
  confine->ports = g_array_new (FALSE, FALSE, sizeof (guint16));
  return confine;
}

void
confine_free (Confine *confine)
{
  if (!confine)
    return;
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

void
confine_set_process (Confine *confine, pid_t pid)
{
  confine->pid = pid;
}

void
confine_add_port (Confine *confine, guint16 port)
{
  g_array_append_val (confine->ports, port);
}

/* ---- programs -------------------------------------------------------------- */

char *
confine_path (const Confine *confine)
{
  return g_build_filename (confine->folder, "bin", NULL);
}

/* Whether that file is the player, by whatever links it is reached. */
static gboolean
is_player (const Confine *confine, const char *path)
{
  struct stat file, player;
  return stat (path, &file) == 0 && stat (confine->player, &player) == 0 &&
         S_ISREG (file.st_mode) && file.st_dev == player.st_dev &&
         file.st_ino == player.st_ino;
}

char *
confine_program (const Confine *confine, const char *name, GError **error)
{
  g_autofree char *bin = confine_path (confine);
  g_autofree char *path = g_build_filename (bin, name, NULL);
  g_autofree char *shown = text_printable (name, -1);
  gboolean is_path = strchr (name, '/') || strcmp (name, "..") == 0 || !*name;
  if (!is_path && is_player (confine, path))
    return g_steal_pointer (&path);
  if (!is_path && g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "%s in %s is not what practice has put there, and is not run; begin "
                 "anew with `handrail practice`",
                 shown, bin);
  else if (is_path)
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "%s is not run: in practice programs come from %s alone; give the name "
                 "of one that is there",
                 shown, bin);
  else
    g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
                 "there is no program %s in practice: it has those in %s and no others",
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

/* Whether a part of the path beyond its first `length` bytes is a link. */
static gboolean
has_link (const char *path, gsize length)
{
  for (const char *end = path + length; *end;) {
    struct stat status;
    end = end + 1 + strcspn (end + 1, "/");
    g_autofree char *part = g_strndup (path, (gsize)(end - path));
    if (lstat (part, &status) == 0 && S_ISLNK (status.st_mode))
      return TRUE;
  }
  return FALSE;
}

/* A path of its own folder, as it is written: nothing in it leads back up, or elsewhere. */
static gboolean
is_within (const Confine *confine, const char *path)
{
  gsize length = strlen (confine->folder);
  g_autofree char *plain = g_canonicalize_filename (path, "/");
  return strcmp (plain, path) == 0 && strncmp (path, confine->folder, length) == 0 &&
         path[length] == '/' && !has_link (path, length);
}

char *
confine_problem (const char *address)
{
  g_autofree char *shown = text_printable (address, -1);
  return g_strdup_printf (
      "%s is not asked: practice reaches nothing beyond its simulated "
      "deployment; leave the address as the practice site has it",
      shown);
}

gboolean
confine_check_host (const Confine *confine, const char *host, GError **error)
{
  if (!confine || is_loopback (host))
    return TRUE;
  g_autofree char *problem = confine_problem (host);
  g_set_error_literal (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE, problem);
  return FALSE;
}

gboolean
confine_check_socket (const Confine *confine, const char *socket, GError **error)
{
  if (!confine || is_within (confine, socket))
    return TRUE;
  g_autofree char *shown = text_printable (socket, -1);
  g_set_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE,
               "%s is not opened: practice reaches no socket outside %s; leave the "
               "address as the practice site has it",
               shown, confine->folder);
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
  return *path == '/' && is_within (confine, path);
}

gboolean
confine_allows (const Confine *confine, const struct sockaddr *address, socklen_t length)
{
  struct sockaddr_in four;
  struct sockaddr_in6 six;
  if (!confine)
    return TRUE;
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
confine_allows_peer (const Confine *confine, int socket)
{
  struct sockaddr_storage address;
  struct ucred peer;
  socklen_t length = sizeof address, size = sizeof peer;
  if (!confine)
    return TRUE;
  if (getpeername (socket, (struct sockaddr *)&address, &length) != 0)
    return FALSE;
  if (address.ss_family != AF_UNIX)
    return TRUE;
  return getsockopt (socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         peer.uid == geteuid () && confine->pid > 0 && peer.pid == confine->pid;
}
