#include "tui/app.h"
#include "tui/commands.h"
#include "tui/home.h"
#include "tui/screen_home.h"
#include "tui/session.h"

/* What home is left for. */
typedef struct {
  Home home;
  char *folder; /* of the run to take part in; or NULL */
  gboolean resumed;
} Leaving;

static void
leaving_clear (Leaving *leaving)
{
  g_free (leaving->home.root);
  g_clear_pointer (&leaving->home.places, find_places_free);
  g_free (leaving->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Leaving, leaving_clear)

static void
join (App *app, const char *folder, gboolean resumed, void *data)
{
  Leaving *leaving = data;
  leaving->folder = g_strdup (folder);
  leaving->resumed = resumed;
  app_leave (app, CLI_DONE);
}

static Screen *
first (App *app, void *data)
{
  return screen_home_new (app, data);
}

static int
run (const CliCall *call)
{
  const AppOptions options = { .ascii = call->ascii };
  g_auto (Leaving) leaving = { 0 };
  g_autoptr (GError) error = NULL;
  leaving.home.root = store_root (&leaving.home.shared);
  leaving.home.places = find_places ();
  leaving.home.join = join;
  leaving.home.data = &leaving;
  int status = app_run (&options, first, &leaving.home, &error);
  if (status < 0) {
    cli_complain ("%s", error->message);
    return CLI_USAGE;
  }
  return leaving.folder ? session_join (leaving.folder, leaving.resumed) : status;
}

const CliCommand command_home = {
  .name = "",
  .arguments = "",
  .options = COMMAND_OPTIONS ("ascii"),
  .help = "Choose what to do on a screen",
  .run = run,
};
