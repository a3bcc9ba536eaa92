#include "tests/screen/stage.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/run/journal.h"
#include "core/run/reading.h"
#include "core/store/store.h"
#include "tests/unit/stories.h"

/* Only bounds a hang. */
#define LIMIT_MS 60000

#define FOLDER "screen-run"

#define SECOND_US ((gint64)G_USEC_PER_SEC)

struct Stage {
  char *folder;
  GString *first; /* what the journal has, and is sent first */
  GArray *story;  /* StoryLine: what is played */
  JournalChain chain;
  Moment began;
  gint64 elapsed_us;
  char *written[2]; /* runbook and site file */
  int listener, viewer;
  GString *heard;
};

/* ---- the story ----------------------------------------------------------------- */

static Moment
now (const Stage *stage)
{
  return (Moment){ stage->began.wall_us + stage->elapsed_us,
                   stage->began.boot_us + stage->elapsed_us };
}

/* The files are where they are, and are what the run began with. */
static void
place_file (json_t *what, const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_autofree char *digest =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)bytes, length);
  json_object_set_new (what, "file", json_string (path));
  json_object_set_new (what, "digest", json_string (digest));
}

static char *
event_line (Stage *stage, const char *text)
{
  g_autoptr (Event) event = stories_event (text);
  if (event->type == EVENT_RUN_BEGAN && stage->written[0]) {
    place_file (json_object_get (event->data, "runbook"), stage->written[0]);
    place_file (json_object_get (event->data, "site"), stage->written[1]);
  }
  event->at = now (stage);
  return journal_write (&stage->chain, event);
}

static char *
reading_line (Stage *stage, const char *key, json_t *body)
{
  g_autoptr (Reading) reading = reading_new (key, now (stage), now (stage), NULL, body);
  json_auto_t *message =
      json_pack ("{ss so}", "live", "reading", "reading", reading_to_json (reading));
  char *line = json_dumps (message, JSON_COMPACT);
  char *copy = g_strdup (line);
  free (line);
  return copy;
}

static const char *
line_at (const Stage *stage, guint index)
{
  return g_array_index (stage->story, StoryLine, index).text;
}

/* What a line of a story sends; NULL: nothing. Newly allocated. */
static char *
line_of (Stage *stage, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line + 1, " ", 2);
  const char *rest = parts[1] ? parts[1] : "";
  if (strcmp (parts[0], "event") == 0)
    return event_line (stage, rest);
  if (strcmp (parts[0], "live") == 0)
    return g_strdup (rest);
  if (strcmp (parts[0], "look") == 0)
    return reading_line (stage, "platform", stories_look (rest));
  if (strcmp (parts[0], "queues") == 0)
    return reading_line (stage, "queues redis", stories_members (rest));
  if (strcmp (parts[0], "time") == 0)
    stage->elapsed_us = (gint64)(g_ascii_strtod (rest, NULL) * G_USEC_PER_SEC);
  if (strcmp (parts[0], "written") == 0) {
    g_auto (GStrv) names = g_strsplit (rest, " ", 2);
    stage->written[0] = stories_file (FOLDER, names[0]);
    stage->written[1] = stories_file (FOLDER, names[1]);
  }
  return NULL;
}

/* ---- the folder ------------------------------------------------------------------ */

static int
listen_in (const char *folder)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = STORE_SOCKET };
  g_autofree char *before = g_get_current_dir ();
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 4), ==, 0);
  g_assert_cmpint (g_chdir (before), ==, 0);
  return listener;
}

static gint64
clock_us (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  return time.tv_sec * SECOND_US + time.tv_nsec / 1000;
}

/* So that the last thing of the story happens now. */
static void
set_clock (Stage *stage)
{
  gint64 last_us = 0;
  for (guint i = 0; i < stage->story->len; i++) {
    const char *line = line_at (stage, i);
    if (g_str_has_prefix (line, ":time "))
      last_us = (gint64)(g_ascii_strtod (line + 6, NULL) * G_USEC_PER_SEC);
  }
  stage->began = (Moment){ clock_us (CLOCK_REALTIME) - last_us,
                           clock_us (CLOCK_BOOTTIME) - last_us };
}

Stage *
stage_new (const char *story)
{
  Stage *stage = g_new0 (Stage, 1);
  stage->chain = (JournalChain)JOURNAL_CHAIN_INIT;
  stage->viewer = -1;
  stage->heard = g_string_new (NULL);
  stage->first = g_string_new (NULL);
  stage->story = stories_read (FOLDER, story);
  stage->folder = g_dir_make_tmp ("stage-XXXXXX", NULL);
  set_clock (stage);
  while (stage->first->len == 0) {
    g_autofree char *line = line_of (stage, line_at (stage, 0));
    if (line)
      g_string_append_printf (stage->first, "%s\n", line);
    g_array_remove_index (stage->story, 0);
  }
  g_autofree char *journal = g_build_filename (stage->folder, STORE_JOURNAL, NULL);
  g_assert_true (g_file_set_contents (journal, stage->first->str, -1, NULL));
  stage->listener = listen_in (stage->folder);
  return stage;
}

void
stage_free (Stage *stage)
{
  static const char *const files[] = { STORE_JOURNAL, STORE_SOCKET, "" };
  if (!stage)
    return;
  stage_die (stage);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (stage->folder, files[i], NULL);
    g_remove (path);
  }
  g_free (stage->written[0]);
  g_free (stage->written[1]);
  g_array_unref (stage->story);
  g_string_free (stage->first, TRUE);
  g_string_free (stage->heard, TRUE);
  g_free (stage->folder);
  g_free (stage);
}

const char *
stage_folder (const Stage *stage)
{
  return stage->folder;
}

void
stage_die (Stage *stage)
{
  int *ends[] = { &stage->viewer, &stage->listener };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    if (*ends[i] >= 0)
      close (*ends[i]);
    *ends[i] = -1;
  }
}

/* ---- the talk ------------------------------------------------------------------------ */

static void
say (Stage *stage, const char *bytes, gsize length)
{
  for (gsize sent = 0; sent < length;) {
    ssize_t put = send (stage->viewer, bytes + sent, length - sent, MSG_NOSIGNAL);
    g_assert_cmpint (put, >, 0);
    sent += (gsize)put;
  }
}

void
stage_accept (Stage *stage)
{
  struct pollfd coming = { stage->listener, POLLIN, 0 };
  g_assert_cmpint (poll (&coming, 1, LIMIT_MS), ==, 1);
  if (stage->viewer >= 0)
    close (stage->viewer);
  stage->viewer = accept (stage->listener, NULL, NULL);
  say (stage, stage->first->str, stage->first->len);
}

Harness *
stage_attach (Stage *stage, int width, int height, const char *const *more,
              const char *const *environment)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) "handrail");
  g_ptr_array_add (argv, (gpointer) "attach");
  g_ptr_array_add (argv, stage->folder);
  for (guint i = 0; more && more[i]; i++)
    g_ptr_array_add (argv, (gpointer)more[i]);
  g_ptr_array_add (argv, NULL);
  Harness *harness =
      harness_start (width, height, (const char *const *)argv->pdata, environment);
  for (guint i = 0; i < stage->story->len; i++) {
    g_autofree char *line = line_of (stage, line_at (stage, i));
    if (line)
      g_string_append_printf (stage->first, "%s\n", line);
  }
  stage_accept (stage);
  /* The end of the target in the head, which is known when the site file is read: last. */
  if (stage->written[1]) {
    harness_expect (harness, "ose tines");
    harness_type (harness, "\r"); /* does nothing anywhere; after it all is drawn */
  }
  return harness;
}

void
stage_play (Stage *stage, const char *lines)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1);
  for (guint i = 0; all[i]; i++) {
    g_autofree char *line = all[i][0] == ':' ? line_of (stage, all[i]) : NULL;
    g_autofree char *whole = line ? g_strconcat (line, "\n", NULL) : NULL;
    if (whole)
      say (stage, whole, strlen (whole));
  }
}

void
stage_expect (Stage *stage, const char *text)
{
  char bytes[4096];
  const char *at = NULL;
  while (!(at = strstr (stage->heard->str, text))) {
    struct pollfd coming = { stage->viewer, POLLIN, 0 };
    g_assert_cmpint (poll (&coming, 1, LIMIT_MS), ==, 1);
    ssize_t got = read (stage->viewer, bytes, sizeof bytes);
    if (got <= 0)
      g_error ("\"%s\" was not said, but \"%s\"", text, stage->heard->str);
    g_string_append_len (stage->heard, bytes, got);
  }
  g_string_erase (stage->heard, 0, at + (gssize)strlen (text) - stage->heard->str);
}
