/* Themes: those that come with it, their readability, what is wrong in a file. */
#include <string.h>

#include "tui/widgets/colours.h"

static const char *const shipped[] = { "contrast", "dark", "light", "mono", NULL };

static char *
read_file (const char *folder, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  g_autofree char *file = g_strconcat (name, ".yaml", NULL);
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "themes", folder, file, NULL);
  g_file_get_contents (path, &bytes, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

static Theme *
read_text (const char *text, char **problems)
{
  g_autoptr (Problems) found = problems_new ();
  Theme *theme = theme_read ("theme.yaml", text, strlen (text), found);
  *problems = problems_format (found);
  return theme;
}

static Theme *
read_shipped (const char *name)
{
  g_autofree char *text = read_file (".", name);
  g_autofree char *problems = NULL;
  Theme *theme = read_text (text, &problems);
  g_assert_cmpstr (problems, ==, "");
  g_assert_nonnull (theme);
  g_assert_cmpstr (theme->name, ==, name);
  return theme;
}

static void
test_every_role (void)
{
  for (guint i = 0; shipped[i]; i++) {
    g_autofree char *text = read_file (".", shipped[i]);
    for (Role role = 0; role < ROLES; role++) {
      g_autofree char *line = g_strdup_printf ("\n  %s:", theme_role_name (role));
      if (!strstr (text, line))
        g_error ("%s.yaml lacks the role %s", shipped[i], theme_role_name (role));
    }
  }
}

/* A look in a terminal's numbers, as the colours that it shows. */
static double
contrast_shown (Look look, gboolean dark, guint colours)
{
  gint32 shown[] = { look.foreground, look.background };
  for (guint i = 0; i < 2 && colours <= 256; i++)
    if (shown[i] != COLOUR_DEFAULT)
      shown[i] = colour_of_256 ((guint)shown[i]);
  return colour_contrast (colour_assume (shown[0], dark, TRUE),
                          colour_assume (shown[1], dark, FALSE));
}

static void
test_can_be_read (void)
{
  static const struct {
    guint colours;
    double least;
  } kinds[] = { { 8, 3 }, { 16, 3 }, { 256, 4.5 }, { 1 << 24, 4.5 } };
  for (guint i = 0; shipped[i]; i++) {
    g_autoptr (Theme) theme = read_shipped (shipped[i]);
    for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
      for (Role role = 0; role < ROLES; role++) {
        Look look = colour_fit (theme_look (theme, role), theme->looks[ROLE_TEXT],
                                theme->dark, kinds[kind].colours);
        double contrast = contrast_shown (look, theme->dark, kinds[kind].colours);
        if (contrast < kinds[kind].least)
          g_error ("%s: %s has a contrast of %.2f in %u colours", shipped[i],
                   theme_role_name (role), contrast, kinds[kind].colours);
      }
  }
}

/* In few colours a selected line is not to look like any other. */
static void
test_selection_is_seen (void)
{
  for (guint i = 0; shipped[i]; i++) {
    g_autoptr (Theme) theme = read_shipped (shipped[i]);
    for (guint colours = 0; colours <= 256; colours = colours ? colours * 2 : 8) {
      if (colours == 32 || colours == 64 || colours == 128)
        continue;
      Look text = theme->looks[ROLE_TEXT];
      Look plain = colour_fit (text, text, theme->dark, colours);
      Look look = colour_fit (theme->looks[ROLE_SELECTED], text, theme->dark, colours);
      if (colours == 0) {
        g_autoptr (Theme) mono = theme_new_mono ();
        look = mono->looks[ROLE_SELECTED];
      }
      g_assert_true (look.background != plain.background ||
                     look.attributes & LOOK_REVERSE);
    }
  }
}

static void
test_mono_has_no_colour (void)
{
  g_autoptr (Theme) read = read_shipped ("mono");
  g_autoptr (Theme) made = theme_new_mono ();
  for (Role role = 0; role < ROLES; role++) {
    g_assert_cmpint (read->looks[role].foreground, ==, COLOUR_DEFAULT);
    g_assert_cmpint (read->looks[role].background, ==, COLOUR_DEFAULT);
    g_assert_cmpint (read->looks[role].attributes, ==, made->looks[role].attributes);
  }
}

static gboolean
is_red (gint32 colour)
{
  int red = colour >> 16 & 0xff, green = colour >> 8 & 0xff, blue = colour & 0xff;
  return red >= 0xa0 && green < red / 2 && blue < red / 2;
}

static void
test_production_is_red (void)
{
  g_autofree char *problems = NULL;
  g_autoptr (Theme) green = read_text (
      "handrail-theme: 1\nname: green\nroles:\n"
      "  production: { foreground: \"#000000\", background: \"#00ff00\" }\n"
      "  production-frame: { foreground: \"#00ff00\", background: \"#000000\" }\n",
      &problems);
  g_assert_nonnull (green);
  g_assert_true (is_red (theme_look (green, ROLE_PRODUCTION).background));
  g_assert_true (is_red (theme_look (green, ROLE_PRODUCTION_FRAME).foreground));
  for (guint i = 0; shipped[i]; i++) {
    g_autoptr (Theme) theme = read_shipped (shipped[i]);
    g_assert_true (is_red (theme_look (theme, ROLE_PRODUCTION).background));
  }
}

static void
test_template (void)
{
  g_autofree char *template = theme_template ();
  g_autofree char *problems = NULL;
  g_autoptr (Theme) theme = read_text (template, &problems);
  g_assert_cmpstr (problems, ==, "");
  g_assert_nonnull (theme);
  if (g_strcmp0 (g_getenv ("HANDRAIL_SCREENS"), "write") == 0) {
    g_autofree char *path =
        g_test_build_filename (G_TEST_DIST, "themes", "example", "theme.yaml", NULL);
    g_file_set_contents (path, template, -1, NULL);
  }
  g_autofree char *stored = read_file ("example", "theme");
  g_assert_cmpstr (stored, ==, template);
}

static const struct {
  const char *name, *text, *problem;
} broken[] = {
  { "unknown role", "roles: { titel: { bold: true } }",
    "theme.yaml:3:10: unknown key \"titel\"; did you mean \"title\"?\n" },
  { "unknown attribute", "roles: { title: { blink: true } }",
    "theme.yaml:3:19: unknown key \"blink\"; write foreground, background, bold, dim, "
    "underline or reverse\n" },
  { "no colour", "roles: { title: { foreground: red } }",
    "theme.yaml:3:31: \"foreground\" is \"red\"; write a colour such as \"#d0d0d0\", or "
    "default\n" },
  { "short colour", "roles: { title: { foreground: \"#fff\" } }",
    "theme.yaml:3:31: \"foreground\" is \"#fff\"; write a colour such as \"#d0d0d0\", or "
    "default\n" },
  { "no hexadecimal", "roles: { title: { foreground: \"#ffggff\" } }",
    "theme.yaml:3:31: \"foreground\" is \"#ffggff\"; write a colour such as \"#d0d0d0\", "
    "or default\n" },
  { "a comment", "roles:\n  title:\n    foreground: #ffffff\n",
    "theme.yaml:5:16: \"foreground\" is empty; write the colour in quotes, \"#d0d0d0\", "
    "or "
    "default (without quotes, # begins a comment)\n" },
  { "a list", "roles: { title: { foreground: [1] } }",
    "theme.yaml:3:31: \"foreground\" is a list; write a colour such as \"#d0d0d0\", or "
    "default\n" },
  { "unreadable", "roles: { text: { foreground: \"#555555\", background: \"#444444\" } }",
    "theme.yaml:3:53: \"text\" is hard to read on its background: the contrast is 1.3; "
    "choose colours further apart, with 4.5 at least\n" },
  { "no roles", "dark: true",
    "theme.yaml:1:1: \"the theme\" lacks the key \"roles\"; add it: a mapping\n" },
};

static void
test_problems (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *problems = NULL;
    g_autofree char *text =
        g_strdup_printf ("handrail-theme: 1\nname: broken\n%s", broken[i].text);
    g_autoptr (Theme) theme = read_text (text, &problems);
    g_test_message ("%s", broken[i].name);
    g_assert_cmpstr (problems, ==, broken[i].problem);
    g_assert_null (theme);
  }
}

static void
test_other_files (void)
{
  g_autofree char *problems = NULL;
  g_assert_null (read_text ("handrail: 1\ntitle: x\n", &problems));
  g_assert_cmpstr (problems, ==,
                   "theme.yaml: this is a runbook, not a theme; a theme begins with "
                   "\"handrail-theme: 1\"\n");
}

static void
test_contrast (void)
{
  g_assert_cmpfloat_with_epsilon (colour_contrast (0x000000, 0xffffff), 21, 0.01);
  g_assert_cmpfloat_with_epsilon (colour_contrast (0x777777, 0xffffff), 4.48, 0.01);
  g_assert_cmpfloat (colour_contrast (0x123456, 0x123456), ==, 1);
}

static void
test_nearest (void)
{
  g_assert_cmpuint (colour_nearest (0xd0d0d0, 256), ==, 252);
  g_assert_cmpuint (colour_nearest (0x1c1c1c, 256), ==, 234);
  g_assert_cmpuint (colour_nearest (0xff0000, 256), ==, 196);
  for (guint i = 16; i < 256; i++) /* some of the greys are in the cube as well */
    g_assert_cmpint (colour_of_256 (colour_nearest (colour_of_256 (i), 256)), ==,
                     colour_of_256 (i));
  g_assert_cmpuint (colour_nearest (0x87d787, 8), ==, 2); /* pale green is green */
  g_assert_cmpuint (colour_nearest (0xffd787, 8), ==, 3); /* and pale yellow yellow */
  g_assert_cmpuint (colour_nearest (0xff8787, 16), ==, 9);
  g_assert_cmpuint (colour_nearest (0x1c1c1c, 16), ==, 0);
  g_assert_cmpuint (colour_nearest (0x808080, 16), ==, 8);
  g_assert_cmpuint (colour_nearest (0xffffff, 16), ==, 15);
}

static void
test_readable (void)
{
  static const gint32 backgrounds[] = { 0x000000, 0x1c1c1c, 0xffffff, 0x005f87 };
  for (gsize i = 0; i < G_N_ELEMENTS (backgrounds); i++)
    for (guint number = 0; number < 256; number++) {
      gint32 colour = colour_readable (colour_of_256 (number), backgrounds[i]);
      g_assert_cmpfloat (colour_contrast (colour, backgrounds[i]), >=, 4.5);
    }
  g_assert_cmpint (colour_readable (0xffffff, 0x000000), ==, 0xffffff);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/theme/every-role", test_every_role);
  g_test_add_func ("/theme/can-be-read", test_can_be_read);
  g_test_add_func ("/theme/selection-is-seen", test_selection_is_seen);
  g_test_add_func ("/theme/mono-has-no-colour", test_mono_has_no_colour);
  g_test_add_func ("/theme/production-is-red", test_production_is_red);
  g_test_add_func ("/theme/template", test_template);
  g_test_add_func ("/theme/problems", test_problems);
  g_test_add_func ("/theme/other-files", test_other_files);
  g_test_add_func ("/colours/contrast", test_contrast);
  g_test_add_func ("/colours/nearest", test_nearest);
  g_test_add_func ("/colours/readable", test_readable);
  return g_test_run ();
}
