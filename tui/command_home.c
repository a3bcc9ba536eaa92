#include "tui/app.h"
#include "tui/commands.h"
#include "tui/screen_home.h"
#include "tui/session.h"

static Screen *
first (App *app, void *data)
{
  return screen_home_new (app, data);
}

static int
run (const CliCall *call)
{
  const AppOptions options = { .ascii = call->ascii };
  g_autoptr (GError) error = NULL;
  g_autoptr (FindPlaces) places = find_places ();
  Home home = { .places = places };
  g_autofree char *root = home.root = store_root (&home.shared);
  int status = app_run (&options, first, &home, &error);
  if (status >= 0)
    return status;
  cli_complain ("%s", error->message);
  return CLI_USAGE;
}

const CliCommand command_home = {
  .name = "",
  .arguments = "",
  .options = COMMAND_OPTIONS ("ascii"),
  .help = "Choose what to do on a screen",
  .run = run,
};
