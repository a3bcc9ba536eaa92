/* find.h: where runbooks, sites, themes and practice scenarios are, by name. */
#ifndef HANDRAIL_TUI_FIND_H
#define HANDRAIL_TUI_FIND_H

#include <glib.h>

typedef enum {
  FIND_ERROR_NONE,      /* the message says where was looked, and what there is */
  FIND_ERROR_AMBIGUOUS, /* no name given and several to choose from */
} FindError;
#define FIND_ERROR (find_error_quark ())
GQuark find_error_quark (void);

typedef enum { FIND_RUNBOOK, FIND_SITE, FIND_THEME, FIND_SCENARIO } FindType;

/* The folders that names are looked for in, the first one that has the name wins. */
typedef struct {
  GStrv runbooks;
  GStrv sites;
  GStrv themes;
  GStrv scenarios;
} FindPlaces;

/* $XDG_CONFIG_HOME/handrail, /etc/handrail; for all but sites then the source tree that this
 * program was built in, and what is installed. */
FindPlaces *find_places (void);
void find_places_free (FindPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FindPlaces, find_places_free)

/* The file that `name` means: with a slash or ending in .yaml a path as it is,
 * otherwise NAME.yaml in the folders. NULL for a site: the only one there is. Newly
 * allocated; NULL with `error`. A path is not looked at. */
char *find_file (const FindPlaces *places, FindType type, const char *name,
                 GError **error);

/* Every name there is, sorted: of files that say that they are of the type ("handrail: 1",
 * "handrail-site: 1", "handrail-theme: 1", "handrail-practice: 1"); a folder may hold other
 * ones too. */
GStrv find_names (const FindPlaces *places, FindType type);

#endif
