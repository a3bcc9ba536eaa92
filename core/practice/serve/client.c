#include "core/practice/serve/client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/practice/docker/docker.h"
#include "core/practice/serve/serve_folder.h"

/* One message is a line; the longest is a whole inspection. */
#define LINE_BYTES_MAX (16 * 1024 * 1024)
#define READ_BYTES 65536

static void
write_all (int descriptor, const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t written = write (descriptor, bytes, length);
    if (written < 0 && errno != EINTR)
      return;
    bytes += MAX (written, 0);
    length -= (gsize)MAX (written, 0);
  }
}

static void
print (const json_t *said)
{
  const json_t *out = json_object_get (said, "out");
  const json_t *err = json_object_get (said, "err");
  if (out)
    write_all (STDOUT_FILENO, json_string_value (out), json_string_length (out));
  if (err)
    write_all (STDERR_FILENO, json_string_value (err), json_string_length (err));
}

/* Whether the other end is of our own user, and whose process it is. */
static gboolean
is_ours (int line, pid_t *pid)
{
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt (line, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 ||
      peer.uid != geteuid ())
    return FALSE;
  *pid = peer.pid;
  return TRUE;
}

/* A line to the deployment, or -1. What is a link was put there by somebody else: a real
 * engine may be behind it. */
static int
connect_to (const char *folder, pid_t *pid)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct stat status;
  g_autofree char *path = g_build_filename (folder, SERVE_FOLDER_CONTROL, NULL);
  if (strlen (path) >= sizeof address.sun_path || lstat (path, &status) != 0 ||
      !S_ISSOCK (status.st_mode))
    return -1;
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  int line = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (line >= 0 &&
      connect (line, (const struct sockaddr *)&address, sizeof address) == 0 &&
      is_ours (line, pid))
    return line;
  if (line >= 0)
    close (line);
  return -1;
}

pid_t
client_world (const char *folder)
{
  pid_t pid = 0;
  int line = connect_to (folder, &pid);
  if (line >= 0)
    close (line);
  return line >= 0 ? pid : 0;
}

/* What docker and docker-compose read of it. */
static json_t *
environment_json (void)
{
  json_t *variables = json_array ();
  g_auto (GStrv) all = g_get_environ ();
  for (char **variable = all; *variable; variable++) {
    g_autofree char *valid = g_utf8_make_valid (*variable, -1);
    if (g_str_has_prefix (valid, "DOCKER_") || g_str_has_prefix (valid, "COMPOSE_"))
      json_array_append_new (variables, json_string (valid));
  }
  return variables;
}

/* FALSE when it could not be said. */
static gboolean
ask (int line, const char *const *argv)
{
  json_auto_t *words = json_array ();
  g_autofree char *directory = g_get_current_dir ();
  g_autofree char *valid = g_utf8_make_valid (directory, -1);
  for (; *argv; argv++) {
    g_autofree char *word = g_utf8_make_valid (*argv, -1);
    json_array_append_new (words, json_string (word));
  }
  json_auto_t *request = json_pack ("{s:O, s:s, s:o}", "argv", words, "cwd", valid,
                                    "environment", environment_json ());
  char *text = json_dumps (request, JSON_COMPACT);
  g_autofree char *whole = g_strconcat (text, "\n", NULL);
  gsize length = strlen (whole), done = 0;
  free (text);
  while (done < length) {
    ssize_t sent = send (line, whole + done, length - done, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR)
      return FALSE;
    done += sent > 0 ? (gsize)sent : 0;
  }
  return TRUE;
}

/* Takes the whole lines off `bytes` and prints what they say; TRUE with *status: that was
 * all. */
static gboolean
take_lines (GString *bytes, int *status)
{
  const char *end;
  while ((end = memchr (bytes->str, '\n', bytes->len))) {
    gsize length = (gsize)(end - bytes->str);
    json_auto_t *said = json_loadb (bytes->str, length, 0, NULL);
    const json_t *over = json_object_get (said, "exit");
    const char *refused = json_string_value (json_object_get (said, "refused"));
    print (said);
    if (refused)
      write_all (STDERR_FILENO, refused, strlen (refused));
    *status = over ? (int)json_integer_value (over) : 1;
    if (over || refused)
      return TRUE;
    g_string_erase (bytes, 0, (gssize)length + 1);
  }
  return FALSE;
}

/* FALSE: the other end was gone before all was said. */
static gboolean
follow (int line, int *status)
{
  char buffer[READ_BYTES];
  GString *bytes = g_string_new (NULL);
  gboolean over = FALSE;
  while (!over && bytes->len <= LINE_BYTES_MAX) {
    ssize_t got = recv (line, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    g_string_append_len (bytes, buffer, got);
    over = take_lines (bytes, status);
  }
  g_string_free (bytes, TRUE);
  return over;
}

int
client_run (const char *folder, const char *const *argv)
{
  int status = 1;
  pid_t world;
  int line = connect_to (folder, &world);
  gboolean answered = line >= 0 && ask (line, argv) && follow (line, &status);
  if (line >= 0)
    close (line);
  if (answered)
    return status;
  json_auto_t *said = docker_without_engine (argv, &status);
  size_t index;
  json_t *part;
  json_array_foreach (said, index, part)
  {
    print (part);
  }
  return status;
}
