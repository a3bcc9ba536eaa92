/* Which theme it is: from the folders of an operator who has some of his own. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tui/widgets/theming.h"

/* One configuration for all: GLib asks for it once a process. */
static char *themes;

static void
put (const char *name, const char *text)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.yaml", themes, name);
  if (text)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  else
    g_unlink (path);
}

static char *
theme_text (const char *name)
{
  return g_strdup_printf ("handrail-theme: 1\nname: %s\nroles: {}\n", name);
}

static void
expect (const char *asked, const char *name, const char *remark)
{
  g_autofree char *said = NULL;
  g_autoptr (Theme) theme = theming_choose (asked, &said);
  g_assert_cmpstr (theme->name, ==, name);
  if (remark)
    g_assert_true (said && strstr (said, remark));
  else
    g_assert_null (said);
}

static void
set_up (void)
{
  g_unsetenv ("HANDRAIL_THEME");
  g_unsetenv ("COLORFGBG");
  static const char *const names[] = { "dark", "light", "mine", "ours" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *text = theme_text (names[i]);
    put (names[i], text);
  }
  put ("default", NULL);
  put ("broken", "handrail-theme: 1\nname: broken\nroles: { titel: {} }\n");
}

static void
test_order (void)
{
  set_up ();
  expect (NULL, "dark", NULL);
  g_setenv ("COLORFGBG", "0;15", TRUE);
  expect (NULL, "light", NULL);
  g_setenv ("COLORFGBG", "15;default;0", TRUE);
  expect (NULL, "dark", NULL);
  g_autofree char *text = theme_text ("of-choice");
  put ("default", text);
  expect (NULL, "of-choice", NULL);
  g_setenv ("HANDRAIL_THEME", "ours", TRUE);
  expect (NULL, "ours", NULL);
  expect ("mine", "mine", NULL);
}

static void
test_broken (void)
{
  set_up ();
  expect ("broken", "dark", "did you mean \"title\"?");
  expect ("mien", "dark", "did you mean mine?");
  put ("dark", "handrail-theme: 1\n");
  expect (NULL, "mono", "lacks the key");
  expect ("mine", "mine", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *top = g_dir_make_tmp ("theming-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "handrail", NULL);
  themes = g_build_filename (folder, "themes", NULL);
  g_mkdir_with_parents (themes, 0700);
  g_setenv ("XDG_CONFIG_HOME", top, TRUE);
  g_test_add_func ("/theming/order", test_order);
  g_test_add_func ("/theming/broken", test_broken);
  int status = g_test_run ();
  set_up ();
  static const char *const made[] = { "dark", "light", "mine", "ours", "broken" };
  for (gsize i = 0; i < G_N_ELEMENTS (made); i++)
    put (made[i], NULL);
  g_rmdir (themes);
  g_rmdir (folder);
  g_rmdir (top);
  g_free (themes);
  return status;
}
