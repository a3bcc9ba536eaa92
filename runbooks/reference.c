/* Prints a part of what is made from the tables of the file formats. Not installed:
 * `make reference` writes runbooks/README.md and the schemas with it. */
#include <stdio.h>
#include <string.h>

#include "core/actions/actions.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"
#include "core/runbook/reference.h"

static const Vocabulary vocabulary = {
  .checks = check_kinds,
  .actions = action_kinds,
  .platforms = platform_kinds,
};

static int
print_json (json_t *json)
{
  g_autofree char *text = json_dumps (json, JSON_INDENT (2));
  json_decref (json);
  puts (text);
  return 0;
}

int
main (int argc, char **argv)
{
  const char *part = argc == 2 ? argv[1] : "";
  if (strcmp (part, "runbook-schema") == 0)
    return print_json (reference_runbook_schema (&vocabulary));
  if (strcmp (part, "site-schema") == 0)
    return print_json (reference_site_schema (&vocabulary));
  if (strcmp (part, "practice-schema") == 0)
    return print_json (reference_scenario_schema ());
  if (strcmp (part, "markdown") == 0) {
    g_autofree char *text = reference_markdown (&vocabulary);
    fputs (text, stdout);
    return 0;
  }
  fputs ("usage: reference markdown | runbook-schema | site-schema | practice-schema\n",
         stderr);
  return 2;
}
