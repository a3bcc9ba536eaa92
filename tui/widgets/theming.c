#include "tui/widgets/theming.h"

#include <stdlib.h>
#include <string.h>

#include "tui/find.h"
#include "tui/load.h"

/* COLORFGBG is "foreground;background" in numbers, set by some terminals. */
static gboolean
background_is_light (void)
{
  const char *said = getenv ("COLORFGBG");
  const char *last = said ? strrchr (said, ';') : NULL;
  int number = last ? atoi (last + 1) : 0;
  return number == 7 || (number >= 9 && number <= 15);
}

static Theme *
load (const FindPlaces *places, const char *name, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Problems) problems = problems_new ();
  g_autofree char *path = find_file (places, FIND_THEME, name, &error);
  Theme *theme = path ? load_theme (path, problems) : NULL;
  if (!theme)
    *why = path ? problem_format (problems_get (problems, 0)) : g_strdup (error->message);
  return theme;
}

static const char *
wanted (const FindPlaces *places, const char *name)
{
  const char *said = getenv ("HANDRAIL_THEME");
  if (name)
    return name;
  if (said && *said)
    return said;
  g_autofree char *path = find_file (places, FIND_THEME, "default", NULL);
  return path ? "default" : NULL;
}

Theme *
theming_choose (const char *name, char **remark)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autofree char *why_not = NULL;
  const char *chosen = wanted (places, name);
  *remark = NULL;
  Theme *theme = chosen ? load (places, chosen, remark) : NULL;
  if (!theme)
    theme = load (places, background_is_light () ? "light" : "dark", &why_not);
  if (!theme && !*remark)
    *remark = g_steal_pointer (&why_not);
  return theme ? theme : theme_new_mono ();
}
