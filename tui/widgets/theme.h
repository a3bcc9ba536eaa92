/* theme.h: what everything on a screen looks like, by role. Pure.
 *
 * A screen says what something is (its role); a theme says how that looks: two colours
 * and attributes. Themes are YAML files over the names below. Meaning never rests on
 * colour alone: each state has its own mark as well. */
#ifndef HANDRAIL_TUI_THEME_H
#define HANDRAIL_TUI_THEME_H

#include "core/base/problem.h"

/* ROLE (identifier, name in a theme file, what it is). The template, the reference and the
 * test that every theme fills every role are made from this list. */
#define THEME_ROLES(ROLE)                                                              \
  ROLE (TEXT, "text", "ordinary text and the background of everything")                \
  ROLE (DIM, "dim", "what matters less: explanations, units, what is over")            \
  ROLE (TITLE, "title", "the title of what is shown")                                  \
  ROLE (HEADING, "heading", "heads of columns and parts")                              \
  ROLE (FRAME, "frame", "lines between parts")                                         \
  ROLE (PRODUCTION, "production", "the banner of a production site; red in any theme") \
  ROLE (PRODUCTION_FRAME, "production-frame", "its lines between parts; red likewise") \
  ROLE (PRACTICE, "practice", "the banner of practice")                                \
  ROLE (SELECTED, "selected", "the line that the keys act on")                         \
  ROLE (CURRENT, "current", "the step at hand")                                        \
  ROLE (GOOD, "good", "what holds and what is done")                                   \
  ROLE (BAD, "bad", "what failed, what will not come true by itself")                  \
  ROLE (WAITING, "waiting", "what may still come true")                                \
  ROLE (STALE, "stale", "what was not seen lately enough to go by")                    \
  ROLE (QUESTION, "question", "what is asked of the operator")                         \
  ROLE (INPUT, "input", "what is typed, and where")                                    \
  ROLE (WRONG, "wrong", "typed text that is not what is wanted")                       \
  ROLE (COMMAND, "command", "a command as it is run")                                  \
  ROLE (KEY, "key", "a key in the hints and the help")                                 \
  ROLE (CHART, "chart", "bars of charts")                                              \
  ROLE (CHART_PEAK, "chart-peak", "the highest bars of a chart")                       \
  ROLE (FOUND, "found", "text that was searched for")                                  \
  ROLE (MESSAGE, "message", "a passing message at the foot")

typedef enum {
#define THEME_ENUM(identifier, name, what) ROLE_##identifier,
  THEME_ROLES (THEME_ENUM)
#undef THEME_ENUM
      ROLES
} Role;

typedef enum {
  LOOK_BOLD = 1 << 0,
  LOOK_DIM = 1 << 1,
  LOOK_UNDERLINE = 1 << 2,
  LOOK_REVERSE = 1 << 3,
} LookAttributes;

/* The terminal's own colour, whatever it is. */
#define COLOUR_DEFAULT (-1)

typedef struct {
  gint32 foreground, background; /* 0xRRGGBB or COLOUR_DEFAULT */
  guint8 attributes;             /* LookAttributes */
} Look;

typedef struct {
  char *name;
  gboolean dark; /* its background is */
  Look looks[ROLES];
} Theme;

/* Less contrast than this is hard to read (WCAG 2.1, 1.4.3), and a problem of a theme. */
#define THEME_CONTRAST_MIN 4.5

/* Reads a theme file; every problem with its place. NULL if it is not fit to use. A role
 * that it leaves out looks as "text", and so does a colour that a role leaves out. */
Theme *theme_read (const char *file, const char *bytes, gsize length, Problems *problems);
void theme_free (Theme *theme);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Theme, theme_free)

/* Attributes only, no colour: for terminals without, NO_COLOR, and the theme "mono". */
Theme *theme_new_mono (void);

/* How a role looks where there are colours: as the theme says, but that production is red
 * in every theme. */
Look theme_look (const Theme *theme, Role role);

const char *theme_role_name (Role role);
const char *theme_role_help (Role role);

/* A theme file that lists every role with what it is; newly allocated. */
char *theme_template (void);

#endif
