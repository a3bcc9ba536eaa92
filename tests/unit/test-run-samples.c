/* Samples of job queues that came before the first reading that was told, from files as the
 * runner keeps them. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/store/store.h"
#include "tui/run/run_samples.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
#define WALL (1795335118 * SECOND)
#define BOOT (1000 * SECOND)

typedef struct {
  char *folder;
  GString *taken; /* "SIZE@SECONDS before the first reading" each */
} Bed;

static Bed
bed_new (void)
{
  return (Bed){ g_dir_make_tmp ("samples-XXXXXX", NULL), g_string_new (NULL) };
}

static void
put (const Bed *bed, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (bed->folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
bed_clear (Bed *bed)
{
  static const char *const names[] = { STORE_SAMPLES, STORE_SAMPLES_BEFORE,
                                       "samples-redis-new.jsonl", "" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (bed->folder, names[i], NULL);
    g_remove (path);
  }
  g_free (bed->folder);
  g_string_free (bed->taken, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bed, bed_clear)

/* Samples of `size`, `size` - 1… at so many seconds before the reading, two apart. */
static char *
lines (guint size, guint count, guint before_s)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (out,
                            "{\"at\":1.5,\"queues\":[{\"name\":\"\\\"seen\\\":9\","
                            "\"size\":%u}],\"seen\":%u.5}\n",
                            size - i, 1795335118 - before_s + 2 * i);
  return g_string_free (out, FALSE);
}

static void
take (const Reading *reading, void *data)
{
  Bed *bed = data;
  const json_t *one = json_array_get (json_object_get (reading->body, "queues"), 0);
  gint64 before_us = BOOT - reading->ended.boot_us;
  g_assert_cmpint (WALL - reading->ended.wall_us, ==, before_us);
  g_string_append_printf (bed->taken, "%s%d@%.1f", bed->taken->len > 0 ? " " : "",
                          (int)json_integer_value (json_object_get (one, "size")),
                          (double)before_us / (double)SECOND);
}

static void
assert_taken (Bed *bed, const char *section, gint64 span_s, const char *wanted)
{
  const Moment at = { WALL, BOOT };
  g_autofree char *key = g_strconcat ("queues ", section, NULL);
  g_autoptr (Reading) first = reading_new (key, at, at, NULL, json_object ());
  g_string_truncate (bed->taken, 0);
  run_samples_before (bed->folder, first, span_s * SECOND, take, bed);
  g_assert_cmpstr (bed->taken->str, ==, wanted);
}

static void
test_span (void)
{
  g_auto (Bed) bed = bed_new ();
  assert_taken (&bed, "redis", 100, ""); /* there is no file */
  put (&bed, STORE_SAMPLES, "");
  assert_taken (&bed, "redis", 100, "");
  g_autofree char *text = lines (20, 10, 12); /* the last ones came after the reading */
  put (&bed, STORE_SAMPLES, text);
  assert_taken (&bed, "redis", 100, "20@11.5 19@9.5 18@7.5 17@5.5 16@3.5 15@1.5");
  assert_taken (&bed, "redis", 8, "18@7.5 17@5.5 16@3.5 15@1.5");
  assert_taken (&bed, "redis", 1, "");
  assert_taken (&bed, "redis-new", 100, ""); /* another one's file */
  put (&bed, "samples-redis-new.jsonl", text);
  assert_taken (&bed, "redis-new", 4, "16@3.5 15@1.5");
}

/* What is no sample, or a part of one, is passed over. */
static void
test_damaged (void)
{
  g_auto (Bed) bed = bed_new ();
  g_autofree char *one = lines (9, 1, 8);
  g_autofree char *other = lines (5, 1, 4);
  g_autofree char *text =
      g_strconcat (one, "nonsense\n\n{\"seen\":1795335113.5\n[]\n{\"queues\":1}\n", other,
                   "{\"at\":1,\"queues\":[{\"name\":\"a\",\"size\":7}],\"see", NULL);
  put (&bed, STORE_SAMPLES, text);
  assert_taken (&bed, "redis", 100, "9@7.5 5@3.5");
}

/* The file has been full not long ago. */
static void
test_full (void)
{
  g_auto (Bed) bed = bed_new ();
  g_autofree char *before = lines (8, 3, 8);
  g_autofree char *now = lines (5, 1, 2);
  put (&bed, STORE_SAMPLES_BEFORE, before);
  put (&bed, STORE_SAMPLES, now);
  assert_taken (&bed, "redis", 6, "7@5.5 6@3.5 5@1.5");
}

/* Of a large one its end is read. */
static void
test_large (void)
{
  g_auto (Bed) bed = bed_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *old = lines (9, 1, 50);
  g_autofree char *now = lines (5, 2, 4);
  g_string_append (text, old);
  while (text->len < RUN_SAMPLES_BYTES_MAX)
    g_string_append (text, "{\"queues\":[]}\n");
  g_string_append (text, now);
  put (&bed, STORE_SAMPLES, text->str);
  assert_taken (&bed, "redis", 100, "5@3.5 4@1.5");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-samples/span", test_span);
  g_test_add_func ("/run-samples/damaged", test_damaged);
  g_test_add_func ("/run-samples/full", test_full);
  g_test_add_func ("/run-samples/large", test_large);
  return g_test_run ();
}
