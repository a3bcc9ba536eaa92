#include "tui/advice.h"

/* Both files are whole: what is copied from here is sound. */
#define SITE_EXAMPLE                                                                     \
  "  handrail-site: 1\n"                                                                 \
  "  name: lab\n"                                                                        \
  "  production: false          # the default is true: red, and every answer is typed\n" \
  "  platform:\n"                                                                        \
  "    compose: { project: my-project }\n"                                               \
  "  services:                  # the names that the runbooks use\n"                     \
  "    web: {}\n"                                                                        \
  "    worker: { replicas: 2 }\n"                                                        \
  "    database: { managed: the hosting department }   # not yours to stop\n"            \
  "  redis: { url: \"redis://127.0.0.1:6379/0\" }\n"

#define RUNBOOK_EXAMPLE                                              \
  "  handrail: 1\n"                                                  \
  "  title: Stop the web server\n"                                   \
  "  steps:\n"                                                       \
  "    - id: stop-web\n"                                             \
  "      title: Stop web\n"                                          \
  "      why: It takes no requests while the database is changed.\n" \
  "      do: { scale: { service: web, to: 0 } }\n"

static char *
advice_of (char *const *folders, const char *what, const char *example, const char *check,
           const char *then)
{
  g_autofree char *where = g_strjoinv ("/NAME.yaml\n  ", (char **)folders);
  return g_strdup_printf ("Write %s into one of\n\n  %s/NAME.yaml\n\n"
                          "A small one says\n\n%s\n"
                          "What is wrong in it is named with its line:\n\n  %s\n\n%s\n",
                          what, where, example, check, then);
}

char *
advice_site (const FindPlaces *places)
{
  return advice_of (places->sites, "a site file", SITE_EXAMPLE, "handrail check FILE",
                    "What this host has and lacks, and what a production site has to "
                    "prove:\n\n  handrail doctor --site NAME\n  handrail doctor --site "
                    "NAME --pin");
}

char *
advice_runbook (const FindPlaces *places)
{
  return advice_of (places->runbooks, "a runbook", RUNBOOK_EXAMPLE, "handrail check FILE",
                    "All that it can say is in the reference, runbooks/README.md.");
}
