#include "core/net/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/runbook/redis_address.h"

G_DEFINE_QUARK (handrail_secret_error, secret_error)

static void
set_problem (GError **error, const char *path, const char *what)
{
  g_autofree char *shown = text_printable (path, -1);
  g_set_error (error, SECRET_ERROR, SECRET_ERROR_UNREADABLE, "the password file %s %s",
               shown, what);
}

static char *
find_path (const char *path, GError **error)
{
  if (g_str_has_prefix (path, "~/"))
    return g_build_filename (g_get_home_dir (), path + 2, NULL);
  if (*path == '/')
    return g_strdup (path);
  set_problem (error, path,
               "is given without its folder; write its whole path, from / or ~/ on, into "
               "the site file");
  return NULL;
}

/* Reads until the end or until the buffer is full; FALSE with errno set. */
static gboolean
read_whole (int file, char *bytes, gsize size, gsize *length)
{
  ssize_t got;
  *length = 0;
  do {
    got = read (file, bytes + *length, size - *length);
    if (got > 0)
      *length += (gsize)got;
  } while (got > 0 || (got < 0 && errno == EINTR));
  return got == 0;
}

/* What is no file (a pipe, above all) might never come to its end. */
static gboolean
read_path (const char *path, char *bytes, gsize size, gsize *length)
{
  struct stat status;
  int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return FALSE;
  gboolean good = fstat (file, &status) == 0;
  if (good && !S_ISREG (status.st_mode)) {
    errno = EINVAL;
    good = FALSE;
  }
  good = good && read_whole (file, bytes, size, length);
  int failure = errno;
  close (file);
  errno = failure;
  return good;
}

/* NULL if these bytes hold a password, which *line is then. */
static const char *
find_line (const char *bytes, gsize length, char **line)
{
  if (length > SECRET_BYTES_MAX)
    return "is longer than a password; name a file that holds nothing else";
  if (memchr (bytes, '\0', length))
    return "holds a zero byte; write the password as text into its first line";
  g_autofree char *text = g_strndup (bytes, length);
  text[strcspn (text, "\r\n")] = '\0';
  if (!*text)
    return "has nothing in its first line; write the password there";
  *line = g_steal_pointer (&text);
  return NULL;
}

char *
secret_read_file (const char *path, GError **error)
{
  char bytes[SECRET_BYTES_MAX + 1];
  gsize length = 0;
  char *line = NULL;
  g_autofree char *found = find_path (path, error);
  if (!found)
    return NULL;
  if (!read_path (found, bytes, sizeof bytes, &length)) {
    g_autofree char *what = g_strdup_printf (
        "cannot be read (%s); correct password-file in the site file, or its mode",
        g_strerror (errno));
    set_problem (error, path, what);
    return NULL;
  }
  const char *wrong = find_line (bytes, length, &line);
  if (wrong)
    set_problem (error, path, wrong);
  return line;
}

gboolean
secret_of_redis (const SiteRedis *redis, char **password, GError **error)
{
  g_autoptr (RedisAddress) address = NULL;
  g_autofree char *wrong = NULL;
  *password = NULL;
  if (redis->password_file) {
    *password = secret_read_file (redis->password_file, error);
    return *password != NULL;
  }
  wrong = redis_address_read (redis->url, &address);
  if (!wrong)
    *password = g_strdup (address->password);
  return TRUE;
}
