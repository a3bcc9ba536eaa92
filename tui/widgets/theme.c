#include "tui/widgets/theme.h"

#include <string.h>

#include "core/runbook/reader.h"
#include "tui/widgets/colours.h"

#define FORMAT "1"

/* The look of production that no theme takes away: white on red, and red lines that are
 * read on a dark and on a light background. */
#define PRODUCTION_RED 0xaf0000
#define PRODUCTION_LINE_ON_DARK 0xff5f5f
#define PRODUCTION_WHITE 0xffffff

typedef struct {
  gboolean given;
  gint32 value;
} Colour;

/* A role as its file says it. */
typedef struct {
  Colour foreground, background;
  gboolean bold, dim, underline, reverse;
  Place place; /* of the last colour that was read */
} RoleLook;

typedef struct {
  RoleLook *looks[ROLES];
} RoleLooks;

typedef struct {
  gint64 format;
  char *name;
  gboolean dark;
  RoleLooks *roles;
} ThemeFile;

#define ATTRIBUTE(field, text)                                                      \
  {                                                                                 \
    .name = #field, .type = FIELD_YES, .offset = G_STRUCT_OFFSET (RoleLook, field), \
    .help = text                                                                    \
  }

static const Field look_fields[] = {
  { .name = "foreground",
    .type = FIELD_SPECIAL,
    .offset = G_STRUCT_OFFSET (RoleLook, foreground),
    .help = "Colour of the text: \"#rrggbb\" or default" },
  { .name = "background",
    .type = FIELD_SPECIAL,
    .offset = G_STRUCT_OFFSET (RoleLook, background),
    .help = "Colour behind it: \"#rrggbb\" or default" },
  ATTRIBUTE (bold, "Heavier letters"),
  ATTRIBUTE (dim, "Fainter letters"),
  ATTRIBUTE (underline, "A line below"),
  ATTRIBUTE (reverse, "The two colours exchanged"),
  { 0 },
};

static const Field role_fields[] = {
#define ROLE_FIELD(identifier, words, what)                          \
  { .name = words,                                                   \
    .type = FIELD_OBJECT,                                            \
    .offset = G_STRUCT_OFFSET (RoleLooks, looks[ROLE_##identifier]), \
    .fields = look_fields,                                           \
    .size = sizeof (RoleLook),                                       \
    .help = what },
  THEME_ROLES (ROLE_FIELD)
#undef ROLE_FIELD
      { 0 },
};

static const Field theme_fields[] = {
  { .name = "handrail-theme",
    .type = FIELD_COUNT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (ThemeFile, format),
    .min = 1,
    .max = 1,
    .help = "Format of the file" },
  { .name = "name",
    .type = FIELD_WORD,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (ThemeFile, name),
    .help = "The theme's name" },
  { .name = "dark",
    .type = FIELD_YES,
    .offset = G_STRUCT_OFFSET (ThemeFile, dark),
    .fallback = "true",
    .help = "Its background is dark" },
  { .name = "roles",
    .type = FIELD_OBJECT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (ThemeFile, roles),
    .fields = role_fields,
    .size = sizeof (RoleLooks),
    .help = "What each thing looks like" },
  { 0 },
};

/* ---- names ------------------------------------------------------------------ */

const char *
theme_role_name (Role role)
{
  return role_fields[role].name;
}

const char *
theme_role_help (Role role)
{
  return role_fields[role].help;
}

/* ---- reading ---------------------------------------------------------------- */

/* "#d0d0d0"; FALSE if it is none. */
static gboolean
colour_from_text (const char *text, gint32 *colour)
{
  if (text[0] != '#' || strlen (text) != 7)
    return FALSE;
  *colour = 0;
  for (const char *at = text + 1; *at; at++) {
    if (!g_ascii_isxdigit (*at))
      return FALSE;
    *colour = *colour << 4 | g_ascii_xdigit_value (*at);
  }
  return TRUE;
}

static void
read_colour (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  RoleLook *look = settings;
  Colour *colour = G_STRUCT_MEMBER_P (settings, field->offset);
  look->place = node->place;
  colour->value = COLOUR_DEFAULT;
  if (node->type != TREE_SCALAR)
    problems_add (reader->problems, node->place,
                  "\"%s\" is %s; write a colour such as \"#d0d0d0\", or default",
                  field->name, tree_type_name (node));
  else if (tree_is_null (node)) /* what is left of foreground: #d0d0d0 */
    problems_add (reader->problems, node->place,
                  "\"%s\" is empty; write the colour in quotes, \"#d0d0d0\", or default "
                  "(without quotes, # begins a comment)",
                  field->name);
  else if (strcmp (node->text, "default") == 0 ||
           colour_from_text (node->text, &colour->value))
    colour->given = TRUE;
  else
    problems_add (reader->problems, node->place,
                  "\"%s\" is \"%.20s\"; write a colour such as \"#d0d0d0\", or default",
                  field->name, node->text);
}

static guint8
attributes_of (const RoleLook *from)
{
  return (guint8)((from->bold ? LOOK_BOLD : 0) | (from->dim ? LOOK_DIM : 0) |
                  (from->underline ? LOOK_UNDERLINE : 0) |
                  (from->reverse ? LOOK_REVERSE : 0));
}

static Look
look_from (const RoleLook *from, Look text)
{
  Look look = text;
  if (!from)
    return look;
  look.attributes = attributes_of (from);
  if (from->foreground.given)
    look.foreground = from->foreground.value;
  if (from->background.given)
    look.background = from->background.value;
  return look;
}

static double
contrast_of (Look look, gboolean dark)
{
  return colour_contrast (colour_assume (look.foreground, dark, TRUE),
                          colour_assume (look.background, dark, FALSE));
}

static void
check_contrast (const Theme *theme, const RoleLooks *from, Problems *problems)
{
  for (Role role = 0; role < ROLES; role++) {
    double contrast = contrast_of (theme->looks[role], theme->dark);
    const RoleLook *look = from->looks[role];
    if (look && look->place.file && contrast < THEME_CONTRAST_MIN)
      problems_add (problems, look->place,
                    "\"%s\" is hard to read on its background: the contrast is %.1f; "
                    "choose colours further apart, with %.1f at least",
                    theme_role_name (role), contrast, THEME_CONTRAST_MIN);
  }
}

static Theme *
theme_from (const ThemeFile *from, Problems *problems)
{
  const Look plain = { COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
  Theme *theme = g_new0 (Theme, 1);
  theme->name = g_strdup (from->name);
  theme->dark = from->dark;
  Look text = look_from (from->roles->looks[ROLE_TEXT], plain);
  for (Role role = 0; role < ROLES; role++)
    theme->looks[role] = look_from (from->roles->looks[role], text);
  check_contrast (theme, from->roles, problems);
  return theme;
}

static const ReaderFormat theme_format = { "handrail-theme", FORMAT, "a theme",
                                           "handrail", "a runbook" };

Theme *
theme_read (const char *file, const char *bytes, gsize length, Problems *problems)
{
  guint before = problems_mark (problems);
  g_autoptr (TreeDocument) document = tree_read (file, bytes, length, problems);
  const Place whole = { g_intern_string (file), 0, 0 };
  if (!document ||
      !reader_check_format (problems, tree_root (document), whole, &theme_format))
    return NULL;
  ThemeFile read = { 0 };
  Reader reader = { .problems = problems, .special = read_colour };
  reader_read (&reader, "the theme", theme_fields, tree_root (document), &read);
  g_autoptr (Theme) theme = read.name && read.roles ? theme_from (&read, problems) : NULL;
  field_clear (theme_fields, &read);
  return problems_mark (problems) == before ? g_steal_pointer (&theme) : NULL;
}

void
theme_free (Theme *theme)
{
  if (!theme)
    return;
  g_free (theme->name);
  g_free (theme);
}

/* ---- what is built in -------------------------------------------------------- */

Theme *
theme_new_mono (void)
{
  static const guint8 attributes[ROLES] = {
    [ROLE_DIM] = LOOK_DIM,
    [ROLE_TITLE] = LOOK_BOLD,
    [ROLE_HEADING] = LOOK_BOLD,
    [ROLE_PRODUCTION] = LOOK_BOLD | LOOK_REVERSE,
    [ROLE_PRODUCTION_FRAME] = LOOK_BOLD,
    [ROLE_PRACTICE] = LOOK_REVERSE,
    [ROLE_SELECTED] = LOOK_REVERSE,
    [ROLE_CURRENT] = LOOK_BOLD,
    [ROLE_BAD] = LOOK_BOLD,
    [ROLE_STALE] = LOOK_DIM,
    [ROLE_QUESTION] = LOOK_BOLD,
    [ROLE_INPUT] = LOOK_UNDERLINE,
    [ROLE_WRONG] = LOOK_BOLD | LOOK_UNDERLINE,
    [ROLE_COMMAND] = LOOK_BOLD,
    [ROLE_KEY] = LOOK_BOLD,
    [ROLE_CHART_PEAK] = LOOK_BOLD,
    [ROLE_FOUND] = LOOK_REVERSE,
    [ROLE_MESSAGE] = LOOK_BOLD,
  };
  Theme *theme = g_new0 (Theme, 1);
  theme->name = g_strdup ("mono");
  theme->dark = TRUE;
  for (Role role = 0; role < ROLES; role++)
    theme->looks[role] = (Look){ COLOUR_DEFAULT, COLOUR_DEFAULT, attributes[role] };
  return theme;
}

Look
theme_look (const Theme *theme, Role role)
{
  Look look = theme->looks[role];
  if (role == ROLE_PRODUCTION)
    return (Look){ PRODUCTION_WHITE, PRODUCTION_RED, LOOK_BOLD };
  if (role == ROLE_PRODUCTION_FRAME) {
    look.background = theme->looks[ROLE_TEXT].background;
    look.foreground =
        colour_readable (theme->dark ? PRODUCTION_LINE_ON_DARK : PRODUCTION_RED,
                         colour_assume (look.background, theme->dark, FALSE));
  }
  return look;
}

char *
theme_template (void)
{
  GString *out = g_string_new (
      "# A theme of your own: put a copy of this into "
      "~/.config/handrail/themes/NAME.yaml,\n"
      "# change what you like, and let `handrail check FILE` look at it. It is taken "
      "with\n"
      "# --theme NAME or HANDRAIL_THEME=NAME, and one named \"default\" by itself. What "
      "a "
      "role\n"
      "# leaves out is as in \"text\". Colours are \"#rrggbb\", in quotes, or default: "
      "the\n"
      "# terminal's own. Attributes: bold, dim, underline, reverse. Production is red in "
      "every\n"
      "# theme where there are colours.\n"
      "handrail-theme: " FORMAT "\n"
      "name: mine\n"
      "dark: true\n"
      "roles:\n");
  g_autoptr (Theme) mono = theme_new_mono ();
  for (Role role = 0; role < ROLES; role++) {
    guint8 attributes = mono->looks[role].attributes;
    g_string_append_printf (out, "  # %s\n  %s: { foreground: %s, background: default",
                            theme_role_help (role), theme_role_name (role),
                            role == ROLE_TEXT ? "\"#d0d0d0\"" : "default");
    for (guint i = 0; i < G_N_ELEMENTS (look_fields) - 3; i++)
      if (attributes & (1u << i))
        g_string_append_printf (out, ", %s: true", look_fields[2 + i].name);
    g_string_append (out, " }\n");
  }
  return g_string_free (out, FALSE);
}
