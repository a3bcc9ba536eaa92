/* The journal on a real disk: what is there after each way of ending. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runner/journal_file.h"
#include "core/store/store.h"

typedef struct {
  char *folder, *file;
  int descriptor;
} Disk;

static void
disk_init (Disk *disk, const void *data G_GNUC_UNUSED)
{
  disk->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  disk->file = g_build_filename (disk->folder, STORE_JOURNAL, NULL);
  disk->descriptor = open (disk->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
disk_finish (Disk *disk, const void *data G_GNUC_UNUSED)
{
  g_unlink (disk->file);
  g_rmdir (disk->folder);
  close (disk->descriptor);
  g_free (disk->file);
  g_free (disk->folder);
}

static char *
disk_text (const Disk *disk)
{
  char *text = NULL;
  g_assert_true (g_file_get_contents (disk->file, &text, NULL, NULL));
  return text;
}

static char *
add (JournalFile *journal, const char *text)
{
  g_autoptr (Event) event = event_new (
      EVENT_NOTE, json_pack ("{s:s, s:i, s:s}", "text", text, "uid", 0, "user", "ada"));
  return journal_file_add (journal, event);
}

/* Texts of the notes, "a b c ". */
static gboolean
collect (const Event *event, void *data, GError **error G_GNUC_UNUSED)
{
  g_string_append_printf (data, "%s ", event_text (event, "text"));
  return TRUE;
}

static void
test_sync (Disk *disk, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  struct stat status;
  g_autoptr (JournalFile) journal = journal_file_create (disk->descriptor, 0660, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (disk->file, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0660);
  g_autofree char *first = add (journal, "one");
  g_autofree char *second = add (journal, "two");
  g_autofree char *nothing = disk_text (disk);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_true (journal_file_sync (journal, &error));
  g_autofree char *both = g_strconcat (first, second, NULL);
  g_autofree char *written = disk_text (disk);
  g_assert_cmpstr (written, ==, both);
  g_assert_cmpint (journal_file_length (journal), ==, (gint64)strlen (both));
  g_assert_true (journal_file_sync (journal, &error));
  g_assert_null (journal_file_create (disk->descriptor, 0660, &error));
  g_assert_nonnull (error);
}

static void
test_take_back (Disk *disk, const void *data G_GNUC_UNUSED)
{
  g_autoptr (JournalFile) journal = journal_file_create (disk->descriptor, 0600, NULL);
  g_autofree char *first = add (journal, "one");
  g_autofree char *second = add (journal, "two");
  journal_file_take_back (journal, second);
  g_assert_true (journal_file_sync (journal, NULL));
  g_autofree char *written = disk_text (disk);
  g_assert_cmpstr (written, ==, first);
}

/* Whatever of the last line a crash left: it is dropped, by the first write. */
static void
test_torn (Disk *disk, const void *data G_GNUC_UNUSED)
{
  g_autofree char *first = NULL, *second = NULL;
  {
    g_autoptr (JournalFile) journal = journal_file_create (disk->descriptor, 0600, NULL);
    first = add (journal, "one");
    second = add (journal, "two");
    g_assert_true (journal_file_sync (journal, NULL));
  }
  gsize whole = strlen (first) + strlen (second);
  for (gsize length = strlen (first); length < whole; length += 7) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) notes = g_string_new (NULL);
    g_autofree char *both = g_strconcat (first, second, NULL);
    g_assert_true (g_file_set_contents (disk->file, both, (gssize)length, NULL));
    g_autoptr (JournalFile) journal =
        journal_file_open (disk->descriptor, collect, notes, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (notes->str, ==, "one ");
    g_assert_cmpint (journal_file_torn (journal), ==, (gint64)(length - strlen (first)));
    g_autofree char *untouched = disk_text (disk);
    g_assert_cmpuint (strlen (untouched), ==, length);
    g_autofree char *third = add (journal, "three");
    g_assert_true (journal_file_sync (journal, &error));
    g_autofree char *expected = g_strconcat (first, third, NULL);
    g_autofree char *written = disk_text (disk);
    g_assert_cmpstr (written, ==, expected);
  }
}

static void
test_damaged (Disk *disk, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) notes = g_string_new (NULL);
  g_assert_null (journal_file_open (disk->descriptor, collect, notes, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  {
    g_autoptr (JournalFile) journal = journal_file_create (disk->descriptor, 0600, NULL);
    g_free (add (journal, "one"));
    g_free (add (journal, "two"));
    g_assert_true (journal_file_sync (journal, NULL));
  }
  g_autofree char *text = disk_text (disk);
  memcpy (strstr (text, "one"), "eno", 3);
  g_assert_true (g_file_set_contents (disk->file, text, -1, NULL));
  g_assert_null (journal_file_open (disk->descriptor, collect, notes, &error));
  g_assert_error (error, JOURNAL_ERROR, JOURNAL_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "2"));
}

/* A disk that is full: the file ends where it ended before, and what was added is
 * written when there is room again. */
static void
test_full (Disk *disk, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JournalFile) journal = journal_file_create (disk->descriptor, 0600, NULL);
  g_autofree char *first = add (journal, "one");
  g_assert_true (journal_file_sync (journal, NULL));
  struct rlimit before, tight;
  getrlimit (RLIMIT_FSIZE, &before);
  tight = before;
  tight.rlim_cur = strlen (first) + 10;
  setrlimit (RLIMIT_FSIZE, &tight);
  g_autofree char *second = add (journal, "two");
  g_assert_false (journal_file_sync (journal, &error));
  g_assert_nonnull (error);
  setrlimit (RLIMIT_FSIZE, &before);
  g_autofree char *kept = disk_text (disk);
  g_assert_cmpstr (kept, ==, first);
  g_clear_error (&error);
  g_assert_true (journal_file_sync (journal, &error));
  g_autofree char *both = g_strconcat (first, second, NULL);
  g_autofree char *written = disk_text (disk);
  g_assert_cmpstr (written, ==, both);
}

#define ADD(name, test) \
  g_test_add ("/journal-file/" name, Disk, NULL, disk_init, test, disk_finish)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The limit on a file's size is told by an error, not by a signal. */
  signal (SIGXFSZ, SIG_IGN);
  ADD ("sync", test_sync);
  ADD ("take-back", test_take_back);
  ADD ("torn", test_torn);
  ADD ("damaged", test_damaged);
  ADD ("full", test_full);
  return g_test_run ();
}
