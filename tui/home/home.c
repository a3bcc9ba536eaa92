#include "tui/home/home.h"

#include "tui/practice/practice_kept.h"
#include "tui/practice/practice_world.h"
#include "tui/run/run_io.h"

void
home_join (App *app, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeKept) practice = practice_kept_of (folder);
  if (practice)
    practice_world_take_viewer (practice->folder);
  Screen *screen = run_io_screen (app, folder, &error);
  if (screen)
    app_push (app, screen);
  else
    app_say (app, error->message);
}
