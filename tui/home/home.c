#include "tui/home/home.h"

#include "tui/run/run_io.h"

void
home_join (App *app, const char *folder)
{
  g_autoptr (GError) error = NULL;
  Screen *screen = run_io_screen (app, folder, &error);
  if (screen)
    app_push (app, screen);
  else
    app_say (app, error->message);
}
