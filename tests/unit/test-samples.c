/* Samples of a run: kept as lines that can be replayed, within bounds. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/checks/queues_sample.h"
#include "core/runner/samples.h"

#define SECRET "hunter2-very-secret"

typedef struct {
  char *folder;
  int descriptor;
  Mask *mask;
} Place;

static void
place_init (Place *place, const void *data G_GNUC_UNUSED)
{
  place->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  place->descriptor = open (place->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  place->mask = mask_new ();
  mask_add (place->mask, SECRET);
}

static void
place_finish (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GDir) files = g_dir_open (place->folder, 0, NULL);
  for (const char *name = NULL; (name = g_dir_read_name (files));) {
    g_autofree char *path = g_build_filename (place->folder, name, NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_rmdir (place->folder);
  close (place->descriptor);
  mask_free (place->mask);
  g_free (place->folder);
}

static char *
path_of (const Place *place, const char *name)
{
  return g_build_filename (place->folder, name, NULL);
}

static gboolean
is_there (const Place *place, const char *name)
{
  g_autofree char *path = path_of (place, name);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* How far the Redis' clock is behind this host's. */
#define SKEW_S 7

/* A look at the queues of `section` in second `at`. */
static Reading *
look (const char *section, int at, const char *queue)
{
  Moment now = { (at + SKEW_S) * G_USEC_PER_SEC, at * G_USEC_PER_SEC };
  g_autofree char *key = g_strdup_printf ("queues %s", section);
  return reading_new (
      key, now, now, NULL,
      json_pack ("{s:f, s:[{s:s, s:i, s:f}], s:i, s:i, s:i, s:i, s:[{s:s}]}", "at",
                 (double)at, "queues", "name", queue, "size", 3, "latency", 0.5, "busy",
                 1, "retry", 2, "scheduled", 4, "processed", 5, "processes", "name",
                 "host:1:abc"));
}

static void
add (const Place *place, const char *section, int at, const char *queue)
{
  g_autoptr (Reading) reading = look (section, at, queue);
  g_autoptr (GError) error = NULL;
  samples_add (place->descriptor, 0640, place->mask, reading, &error);
  g_assert_no_error (error);
}

static void
write_file (const Place *place, const char *name, const char *text, gssize length)
{
  g_autofree char *path = path_of (place, name);
  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

/* What a replay makes of the file: "1:default 2:default " */
static char *
replay (const Place *place, const char *name)
{
  g_autofree char *path = path_of (place, name);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_suffix (text, "\n"));
  GString *seen = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (QueuesSample) sample =
        queues_sample_read (lines[i], strlen (lines[i]), &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (sample->busy, ==, 1);
    g_assert_cmpfloat (json_number_value (json_object_get (sample->json, "seen")), ==,
                       sample->at_s + SKEW_S);
    g_string_append_printf (seen, "%g:%s ", sample->at_s,
                            g_array_index (sample->queues, QueuesOne, 0).name);
  }
  return g_string_free (seen, FALSE);
}

static void
assert_replays (const Place *place, const char *name, const char *wanted)
{
  g_autofree char *seen = replay (place, name);
  g_assert_cmpstr (seen, ==, wanted);
}

static void
test_lines (Place *place, const void *data G_GNUC_UNUSED)
{
  add (place, "redis", 1, "default");
  add (place, "redis", 2, "mail " SECRET);
  add (place, "redis-new", 3, "default");
  assert_replays (place, "samples.jsonl", "1:default 2:mail *** ");
  assert_replays (place, "samples-redis-new.jsonl", "3:default ");
}

/* What saw nothing, and what is no look at queues. */
static void
test_others (Place *place, const void *data G_GNUC_UNUSED)
{
  Moment now = { 1, 1 };
  g_autoptr (Reading) failed = reading_new ("queues redis", now, now, "refused", NULL);
  g_autoptr (Reading) other =
      reading_new ("server redis", now, now, NULL, json_pack ("{s:i}", "keys", 1));
  g_assert_true (samples_add (place->descriptor, 0640, place->mask, failed, NULL));
  g_assert_true (samples_add (place->descriptor, 0640, place->mask, other, NULL));
  g_assert_false (is_there (place, "samples.jsonl"));
}

/* The umask of whoever runs it does not decide who may see the run. */
static void
test_mode (Place *place, const void *data G_GNUC_UNUSED)
{
  struct stat status;
  g_autofree char *path = path_of (place, "samples.jsonl");
  mode_t before = umask (077);
  add (place, "redis", 1, "default");
  umask (before);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
}

static void
test_full (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autofree char *old = g_strnfill (SAMPLES_BYTES_MAX, ' ');
  old[SAMPLES_BYTES_MAX - 1] = '\n';
  write_file (place, "samples.jsonl", old, SAMPLES_BYTES_MAX);
  write_file (place, "samples-1.jsonl", "older\n", -1);
  add (place, "redis", 1, "default");
  add (place, "redis", 2, "default");
  assert_replays (place, "samples.jsonl", "1:default 2:default ");
  struct stat status;
  g_autofree char *aside = path_of (place, "samples-1.jsonl");
  g_assert_cmpint (g_stat (aside, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, SAMPLES_BYTES_MAX);
}

/* A runner was killed while it wrote. */
static void
test_torn (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autofree char *part =
      g_strnfill (10000, 'x'); /* more than one piece to look through */
  add (place, "redis", 1, "default");
  g_autofree char *path = path_of (place, "samples.jsonl");
  g_autofree char *whole = NULL;
  g_assert_true (g_file_get_contents (path, &whole, NULL, NULL));
  g_autofree char *torn = g_strconcat (whole, "{\"at\":2", part, NULL);
  write_file (place, "samples.jsonl", torn, -1);
  add (place, "redis", 3, "default");
  assert_replays (place, "samples.jsonl", "1:default 3:default ");
  write_file (place, "samples.jsonl", torn + strlen (whole), -1);
  add (place, "redis", 4, "default");
  assert_replays (place, "samples.jsonl", "4:default ");
}

/* A line that does not fit on the disk leaves none of itself behind. */
static void
test_no_room (Place *place, const void *data G_GNUC_UNUSED)
{
  struct stat status;
  struct rlimit before, tight;
  g_autofree char *path = path_of (place, "samples.jsonl");
  add (place, "redis", 1, "default");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  tight = before;
  tight.rlim_cur = (rlim_t)status.st_size + 20;
  void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &tight), ==, 0);
  g_autoptr (Reading) reading = look ("redis", 2, "default");
  g_autoptr (GError) error = NULL;
  gboolean added = samples_add (place->descriptor, 0640, place->mask, reading, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, handler);
  g_assert_false (added);
  g_assert_nonnull (strstr (error->message, "cannot be kept"));
  assert_replays (place, "samples.jsonl", "1:default ");
  add (place, "redis", 3, "default");
  assert_replays (place, "samples.jsonl", "1:default 3:default ");
}

/* Nothing outside the folder is written to. */
static void
test_link (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autofree char *path = path_of (place, "samples.jsonl");
  g_autofree char *target = path_of (place, "elsewhere");
  g_assert_cmpint (symlink (target, path), ==, 0);
  g_autoptr (Reading) reading = look ("redis", 1, "default");
  g_autoptr (GError) error = NULL;
  g_assert_false (samples_add (place->descriptor, 0640, place->mask, reading, &error));
  g_assert_nonnull (strstr (error->message, "permissions"));
  g_assert_false (is_there (place, "elsewhere"));
}

#define TEST(name, function) \
  g_test_add ("/samples/" name, Place, NULL, place_init, function, place_finish)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("lines", test_lines);
  TEST ("others", test_others);
  TEST ("mode", test_mode);
  TEST ("full", test_full);
  TEST ("torn", test_torn);
  TEST ("no-room", test_no_room);
  TEST ("link", test_link);
  return g_test_run ();
}
