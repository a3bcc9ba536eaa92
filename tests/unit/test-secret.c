/* Password files: what is taken from them, and what is said of those that hold none. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/net/secret.h"

typedef struct {
  const char *text; /* with %0 for a zero byte; NULL: there is no such file */
  const char *password;
  const char *problem; /* a pattern */
} Row;

static const Row rows[] = {
  { "pass word\n", "pass word", NULL },
  { "p", "p", NULL },
  { "p\r\nmore\n", "p", NULL },
  { "p\xc3\xa4\xff\n", "p\xc3\xa4\xff", NULL },
  { "", NULL, "*has nothing in its first line; write the password there" },
  { "\nlater\n", NULL, "*has nothing in its first line*" },
  { "a%0b", NULL, "*holds a zero byte*" },
  { NULL, NULL, "*cannot be read (No such file*); correct password-file in the site*" },
};

static char *folder;

static char *
put (const char *name, const char *text)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) bytes = g_string_new (text);
  char *zero = strstr (bytes->str, "%0");
  if (zero)
    zero[0] = zero[1] = '\0';
  g_assert_true (g_file_set_contents (path, bytes->str, (gssize)bytes->len, NULL));
  return path;
}

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        row->text ? put ("pw", row->text) : g_build_filename (folder, "none", NULL);
    g_autofree char *password = secret_read_file (path, &error);
    g_assert_cmpstr (password, ==, row->password);
    g_assert_cmpint (error == NULL, ==, row->problem == NULL);
    if (!row->problem)
      continue;
    g_assert_error (error, SECRET_ERROR, SECRET_ERROR_UNREADABLE);
    g_assert_true (g_pattern_match_simple (row->problem, error->message));
    g_assert_nonnull (strstr (error->message, path));
  }
}

static void
test_bounds (void)
{
  g_autofree char *longest = g_strnfill (SECRET_BYTES_MAX, 'x');
  g_autofree char *longer = g_strconcat (longest, "y", NULL);
  g_autofree char *path = put ("pw", longest);
  g_autofree char *password = secret_read_file (path, NULL);
  g_autofree char *other = put ("longer", longer);
  g_autoptr (GError) error = NULL;
  g_assert_cmpstr (password, ==, longest);
  g_assert_null (secret_read_file (other, &error));
  g_assert_nonnull (strstr (error->message, "is longer than a password"));
  g_assert_null (strstr (error->message, "xxx"));
}

/* A pipe that nobody writes to, a folder: neither is waited for. */
static void
test_no_file (void)
{
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (secret_read_file (pipe, &error));
  g_assert_nonnull (strstr (error->message, "cannot be read"));
  g_clear_error (&error);
  g_assert_null (secret_read_file (folder, &error));
  g_assert_nonnull (strstr (error->message, "cannot be read"));
}

static void
test_paths (void)
{
  g_autoptr (GError) error = NULL;
  g_free (put ("at-home", "there\n"));
  g_autofree char *password = secret_read_file ("~/at-home", NULL);
  g_assert_cmpstr (password, ==, "there");
  g_assert_null (secret_read_file ("at-home", &error));
  g_assert_nonnull (strstr (error->message, "write its whole path"));
}

static void
test_redis (void)
{
  g_autofree char *path = put ("redis", "filed\n");
  const struct {
    SiteRedis redis;
    const char *password;
    gboolean good;
  } sites[] = {
    { { .url = (char *)"redis://h" }, NULL, TRUE },
    { { .url = (char *)"redis://u@h" }, NULL, TRUE },
    { { .url = (char *)"redis://:p%20w@h" }, "p w", TRUE },
    { { .url = (char *)"redis://:url@h", .password_file = path }, "filed", TRUE },
    /* A file that is named counts, even where the URL would do. */
    { { .url = (char *)"redis://:url@h", .password_file = (char *)"/no/file" },
      NULL,
      FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *password = NULL;
    g_assert_cmpint (secret_of_redis (&sites[i].redis, &password, &error), ==,
                     sites[i].good);
    g_assert_cmpstr (password, ==, sites[i].password);
    g_assert_cmpint (error == NULL, ==, sites[i].good);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  g_setenv ("HOME", folder, TRUE);
  g_test_add_func ("/secret/rows", test_rows);
  g_test_add_func ("/secret/bounds", test_bounds);
  g_test_add_func ("/secret/no-file", test_no_file);
  g_test_add_func ("/secret/paths", test_paths);
  g_test_add_func ("/secret/redis", test_redis);
  int status = g_test_run ();
  static const char *const left[] = { "pw", "longer", "pipe", "at-home", "redis" };
  for (guint i = 0; i < G_N_ELEMENTS (left); i++) {
    g_autofree char *path = g_build_filename (folder, left[i], NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
  return status;
}
