#include "tui/probe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/run/reading.h"
#include "core/run/wire.h"
#include "tui/start.h"

/* A program's version is a line. */
#define PROGRAM_BYTES_MAX 4096

/* Reads until the end, a line feed or `bytes_max` (if `line`), or the time is up. FALSE
 * when the time was up first. What is more than `bytes_max` is passed over: a program
 * that nobody listens to would fail. */
static gboolean
read_until (int descriptor, gint64 deadline_us, gsize bytes_max, gboolean line,
            GString *all)
{
  char bytes[4096];
  while (!line || (all->len < bytes_max && !memchr (all->str, '\n', all->len))) {
    gint64 left_ms = (deadline_us - g_get_monotonic_time ()) / 1000;
    struct pollfd ready = { .fd = descriptor, .events = POLLIN };
    int count = left_ms > 0 ? poll (&ready, 1, (int)left_ms) : 0;
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return FALSE;
    ssize_t got = read (descriptor, bytes, sizeof bytes);
    if (got <= 0)
      break;
    if (all->len < bytes_max)
      g_string_append_len (all, bytes, got);
  }
  return TRUE;
}

/* It may have closed its output long before its end. FALSE when the time was up. */
static gboolean
ends_until (GPid pid, gint64 deadline_us)
{
  struct pollfd ended = { .fd = pidfd_open (pid, 0), .events = POLLIN };
  gint64 left_ms = MAX ((deadline_us - g_get_monotonic_time ()) / 1000, 0);
  if (ended.fd < 0)
    return FALSE;
  int count = 0;
  while ((count = poll (&ended, 1, (int)left_ms)) < 0 && errno == EINTR)
    continue;
  close (ended.fd);
  return count > 0;
}

char *
probe_program (const char *const *argv, gint64 limit_us, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) output = g_string_new (NULL);
  GPid pid = 0;
  int descriptor = -1;
  if (!g_spawn_async_with_pipes (NULL, (char **)argv, NULL,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                                     G_SPAWN_STDERR_TO_DEV_NULL,
                                 NULL, NULL, &pid, NULL, &descriptor, NULL, &error)) {
    *why = g_strdup ("not found");
    return NULL;
  }
  gint64 deadline_us = g_get_monotonic_time () + limit_us;
  gboolean in_time =
      read_until (descriptor, deadline_us, PROGRAM_BYTES_MAX, FALSE, output);
  close (descriptor);
  in_time = in_time && ends_until (pid, deadline_us);
  if (!in_time)
    kill (pid, SIGKILL);
  int status = 0;
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    continue;
  if (!in_time || status != 0) {
    *why = g_strdup (in_time ? "it fails when asked for its version"
                             : "no answer within the time limit");
    return NULL;
  }
  g_string_truncate (output, strcspn (output->str, "\n"));
  return text_printable (output->str, -1);
}

/* The first line that the runner answers; takes over `question`. */
static char *
ask_looker (const char *site_file, GHashTable *settings, json_t *question,
            gint64 limit_us, char **why)
{
  g_autofree char *line = wire_line (question);
  g_autoptr (GError) error = NULL;
  int descriptor = start_look (site_file, settings, &error);
  if (descriptor < 0) {
    *why = g_strdup (error->message);
    return NULL;
  }
  g_autoptr (GString) answer = g_string_new (NULL);
  /* Where it is gone already, it may have said why before. */
  if (send (descriptor, line, strlen (line), MSG_NOSIGNAL) < 0)
    shutdown (descriptor, SHUT_WR);
  gint64 deadline_us = g_get_monotonic_time () + limit_us;
  gboolean in_time =
      read_until (descriptor, deadline_us, START_LOOK_BYTES_MAX, TRUE, answer);
  close (descriptor);
  if (in_time && answer->len > 0)
    return g_strndup (answer->str, strcspn (answer->str, "\n"));
  *why = g_strdup (in_time ? "the runner ended without an answer"
                           : "no answer within the time limit");
  return NULL;
}

/* The body of the reading that answers `question`, which is taken over. */
static json_t *
look (const char *site_file, GHashTable *settings, json_t *question, gint64 limit_us,
      char **why)
{
  g_autofree char *line = ask_looker (site_file, settings, question, limit_us, why);
  json_auto_t *message = line ? wire_read (line, strlen (line)) : NULL;
  const char *refused = json_string_value (json_object_get (message, "refused"));
  g_autoptr (Reading) reading =
      message ? reading_from_json (json_object_get (message, "reading")) : NULL;
  if (reading && reading->body)
    return json_incref (reading->body);
  if (!*why)
    *why = g_strdup (reading && reading->error ? reading->error
                     : refused                 ? refused
                                               : "the runner's answer is no reading");
  return NULL;
}

json_t *
probe_site (const char *site_file, GHashTable *settings, gint64 limit_us, char **why)
{
  json_t *question = json_pack ("{ss, ss}", "say", "look", "what", "platform");
  return look (site_file, settings, question, limit_us, why);
}

json_t *
probe_redis (const char *site_file, GHashTable *settings, const char *section,
             gint64 limit_us, char **why)
{
  json_t *question =
      json_pack ("{ss, ss, ss}", "say", "look", "what", "redis", "section", section);
  return look (site_file, settings, question, limit_us, why);
}

gboolean
probe_replace (const char *path, const char *text, GError **error)
{
  struct stat before;
  char *resolved = realpath (path, NULL);
  g_autofree char *target = g_strdup (resolved ? resolved : path);
  free (resolved);
  int mode = stat (target, &before) == 0 ? (int)(before.st_mode & 07777) : 0644;
  return g_file_set_contents_full (
      target, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
      mode, error);
}
