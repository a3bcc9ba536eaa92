#include "tui/commands.h"
#include "tui/home/screen_home.h"
#include "tui/session.h"
#include "tui/widgets/app.h"

static Screen *
first (App *app, void *data)
{
  return screen_home_new (app, data);
}

static int
run (const CliCall *call)
{
  const AppOptions options = session_screen (call);
  g_autoptr (GError) error = NULL;
  g_autoptr (FindPlaces) places = find_places ();
  gboolean shared = FALSE;
  g_autofree char *root = store_root (&shared);
  Home home = { .root = root, .shared = shared, .places = places };
  int status = app_run (&options, first, &home, &error);
  if (status >= 0)
    return status;
  cli_complain ("%s", error->message);
  return CLI_USAGE;
}

const CliCommand command_home = {
  .name = "",
  .arguments = "",
  .options = COMMAND_OPTIONS (COMMAND_SCREEN_OPTIONS),
  .help = "Choose what to do on a screen",
  .run = run,
};
