/* Output files: followed while they grow, masked afterwards. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runner/output.h"

#define SECRET "hunter2-very-secret"

typedef struct {
  char *folder, *file;
  int descriptor;
  Mask *mask;
  Output *output;
  GString *lines;
  gboolean kept;
} Place;

static void
place_init (Place *place, const void *data G_GNUC_UNUSED)
{
  place->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  place->file = g_build_filename (place->folder, "output", "step.log", NULL);
  place->descriptor = open (place->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  place->mask = mask_new ();
  place->lines = g_string_new (NULL);
  place->output = output_open (place->descriptor, "step", 0640, place->mask, NULL);
  g_assert_nonnull (place->output);
}

static void
place_finish (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autofree char *output = g_build_filename (place->folder, "output", NULL);
  output_free (place->output);
  g_unlink (place->file);
  g_assert_cmpint (g_rmdir (output), ==, 0); /* nothing else was left there */
  g_rmdir (place->folder);
  close (place->descriptor);
  mask_free (place->mask);
  g_string_free (place->lines, TRUE);
  g_free (place->file);
  g_free (place->folder);
}

static void
on_lines (const char *step, const char *text, void *data)
{
  Place *place = data;
  g_assert_cmpstr (step, ==, "step");
  g_string_append_printf (place->lines, "%s|", text);
}

static void
on_kept (void *data)
{
  ((Place *)data)->kept = TRUE;
}

static void
print (const Place *place, const char *text)
{
  gssize length = (gssize)strlen (text);
  g_assert_cmpint (write (output_descriptor (place->output), text, (gsize)length), ==,
                   length);
}

static void
until_shown (Place *place, const char *text)
{
  while (!strstr (place->lines->str, text))
    g_main_context_iteration (NULL, TRUE);
}

static void
keep (Place *place)
{
  output_keep (place->output, on_kept, place);
  while (!place->kept)
    g_main_context_iteration (NULL, TRUE);
}

static char *
place_text (const Place *place)
{
  char *text = NULL;
  g_assert_true (g_file_get_contents (place->file, &text, NULL, NULL));
  return text;
}

static void
test_followed (Place *place, const void *data G_GNUC_UNUSED)
{
  g_assert_true (output_write_command (
      place->output, (const char *const[]){ "echo", "two words", NULL }, NULL));
  output_follow (place->output, on_lines, place);
  print (place, "first\nsecond\nthi");
  until_shown (place, "second|");
  print (place, "rd\033[2J\nlast");
  until_shown (place, "third\\x1B[2J|");
  keep (place);
  g_assert_cmpstr (place->lines->str, ==, "first\nsecond|third\\x1B[2J|last|");
  g_autofree char *text = place_text (place);
  g_assert_cmpstr (text, ==, "$ echo 'two words'\nfirst\nsecond\nthird\033[2J\nlast");
}

static void
test_left_out (Place *place, const void *data G_GNUC_UNUSED)
{
  output_follow (place->output, on_lines, place);
  for (guint i = 0; i < 20000; i++)
    print (place, "0123456789\n");
  keep (place);
  g_assert_true (g_str_has_prefix (place->lines->str, "("));
  g_assert_nonnull (strstr (place->lines->str, "bytes left out here; output/step.log"));
  g_assert_cmpuint (place->lines->len, <=, OUTPUT_SHOWN_BYTES_MAX + 200);
  /* What is shown begins with a whole line. */
  g_assert_true (g_str_has_prefix (strchr (place->lines->str, '\n'), "\n0123456789\n"));
}

static void
test_masked (Place *place, const void *data G_GNUC_UNUSED)
{
  struct stat status;
  mask_add (place->mask, SECRET);
  output_follow (place->output, on_lines, place);
  print (place, "password " SECRET "\n");
  g_assert_cmpint (stat (place->file, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  keep (place);
  g_assert_cmpstr (place->lines->str, ==, "password ***|");
  g_autofree char *text = place_text (place);
  g_assert_cmpstr (text, ==, "password ***\n");
  g_assert_cmpint (stat (place->file, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0640);
}

/* A secret wherever the pieces may be cut, without a line's end in reach. */
static void
test_masked_across_pieces (Place *place, const void *data G_GNUC_UNUSED)
{
  const gsize piece = 128 * 1024;
  mask_add (place->mask, SECRET);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  for (gsize at = piece - 5; text->len < 4 * piece; at = text->len + piece - 9) {
    while (text->len < at) {
      g_string_append_c (text, 'x');
      g_string_append_c (expected, 'x');
    }
    g_string_append (text, SECRET);
    g_string_append (expected, "***");
  }
  print (place, text->str);
  keep (place);
  g_autofree char *found = place_text (place);
  g_assert_cmpuint (strlen (found), ==, expected->len);
  g_assert_true (strcmp (found, expected->str) == 0);
}

/* The same with a URL that nobody knew of. */
static void
test_urls_across_pieces (Place *place, const void *data G_GNUC_UNUSED)
{
  const gsize piece = 128 * 1024;
  static const char url[] = "http://user:unknown@host/";
  mask_hide_urls (place->mask);
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize at = piece - 1030; text->len < 2 * piece; at = text->len + piece - 1040) {
    while (text->len < at)
      g_string_append_c (text, ' ');
    g_string_append (text, url);
  }
  print (place, text->str);
  keep (place);
  g_autofree char *found = place_text (place);
  g_assert_nonnull (strstr (found, "http://user:***@host/"));
  g_assert_null (strstr (found, "unknown"));
}

static void
test_nothing_to_mask (Place *place, const void *data G_GNUC_UNUSED)
{
  struct stat before, after;
  mask_add (place->mask, SECRET);
  print (place, "plain\n");
  g_assert_cmpint (stat (place->file, &before), ==, 0);
  keep (place);
  g_assert_cmpint (stat (place->file, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_cmpuint (after.st_mode & 0777, ==, 0640);
}

#define ADD(name, test) \
  g_test_add ("/output/" name, Place, NULL, place_init, test, place_finish)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("followed", test_followed);
  ADD ("left-out", test_left_out);
  ADD ("masked", test_masked);
  ADD ("masked-across-pieces", test_masked_across_pieces);
  ADD ("urls-across-pieces", test_urls_across_pieces);
  ADD ("nothing-to-mask", test_nothing_to_mask);
  return g_test_run ();
}
