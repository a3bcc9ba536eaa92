/* serve_control.c: one command a connection, as lines of JSON.
 *
 *   {"argv": […], "cwd": …, "environment": [NAME=value, …]}
 *                             a stand-in's: {"out": text}* {"err": text}* {"exit": status}
 *   {"reach": true}           {"pid", "ports": […]}: who answers here, and the ports of
 *                             loopback that it listens on
 *   {"tally": true}           how many jobs became what
 *   {"viewer": pid}           another process is the one whose line may be cut
 *   {"end": true}             the tally, and then the end of all
 * What it does not understand it answers with {"refused": sentence}. */
#include "core/practice/serve/serve_inside.h"

#include <string.h>

/* A command line with everything that a stand-in may be given. */
#define REQUEST_BYTES_MAX (256 * 1024)

typedef struct {
  Serve *serve;
  PortLine *line;
  GString *request; /* until its line feed has come */
  gboolean heard;
  DockerCommand *command; /* or NULL */
} Control;

static void *
control_open (void *owner, PortLine *line)
{
  Control *control = g_new0 (Control, 1);
  control->serve = owner;
  control->line = line;
  control->request = g_string_new (NULL);
  return control;
}

static void
control_close (void *what)
{
  Control *control = what;
  g_ptr_array_remove (control->serve->waiting, control);
  docker_command_free (control->command);
  g_string_free (control->request, TRUE);
  g_free (control);
}

/* Takes over `message`. */
static void
add_line (GString *out, json_t *message)
{
  char *text = json_dumps (message, JSON_COMPACT);
  g_string_append_printf (out, "%s\n", text);
  free (text);
  json_decref (message);
}

static void
refuse (GString *out, const char *why)
{
  add_line (out, json_pack ("{s:s}", "refused", why));
}

/* ---- the stand-ins' commands ------------------------------------------------------------ */

/* Adds what has been said; FALSE: that was all. */
static gboolean
add_said (const Control *control, GString *out)
{
  json_auto_t *said = docker_command_said (control->command);
  int status;
  size_t index;
  json_t *part;
  json_array_foreach (said, index, part)
  {
    add_line (out, json_incref (part));
  }
  if (!docker_command_is_over (control->command, &status))
    return TRUE;
  add_line (out, json_pack ("{s:i}", "exit", status));
  return FALSE;
}

/* NULL unless all of them are strings. */
static GPtrArray *
read_strings (const json_t *array)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  size_t index;
  json_t *word;
  json_array_foreach (array, index, word)
  {
    if (!json_is_string (word))
      return NULL;
    g_ptr_array_add (argv, (void *)json_string_value (word));
  }
  g_ptr_array_add (argv, NULL);
  return g_steal_pointer (&argv);
}

static gboolean
begin_command (Control *control, const json_t *request, GString *out)
{
  g_autoptr (GPtrArray) argv = read_strings (json_object_get (request, "argv"));
  g_autoptr (GPtrArray) environment =
      read_strings (json_object_get (request, "environment"));
  const char *directory = json_string_value (json_object_get (request, "cwd"));
  if (!argv || argv->len < 2 || !environment || !directory || *directory != '/') {
    refuse (out,
            "a command needs argv and environment, lists of strings, and cwd, a path "
            "from /");
    return FALSE;
  }
  control->command =
      docker_command_new (control->serve->docker, (const char *const *)argv->pdata,
                          directory, (const char *const *)environment->pdata);
  if (!add_said (control, out))
    return FALSE;
  g_ptr_array_add (control->serve->waiting, control);
  return TRUE;
}

void
serve_control_go_on (Serve *serve)
{
  for (guint i = serve->waiting->len; i > 0; i--) {
    const Control *control = serve->waiting->pdata[i - 1];
    GString *out = g_string_new (NULL);
    docker_command_go_on (control->command);
    gboolean more = add_said (control, out);
    if (!more)
      g_ptr_array_remove_index (serve->waiting, i - 1);
    port_line_send (control->line, out->str, out->len);
    if (!more)
      port_line_end (control->line);
    g_string_free (out, TRUE);
  }
}

/* ---- the others ----------------------------------------------------------------------------- */

/* TRUE: there is more to come on this line. */
static gboolean
hear (Control *control, const json_t *request, GString *out)
{
  Serve *serve = control->serve;
  const json_t *viewer = json_object_get (request, "viewer");
  if (json_object_get (request, "argv"))
    return begin_command (control, request, out);
  if (json_is_true (json_object_get (request, "reach"))) {
    add_line (out, serve_reach (serve));
  } else if (json_is_true (json_object_get (request, "tally"))) {
    add_line (out, serve_tally (serve));
  } else if (json_is_true (json_object_get (request, "end"))) {
    add_line (out, serve_tally (serve));
    serve_end (serve);
  } else if (json_is_integer (viewer)) {
    json_int_t pid = json_integer_value (viewer);
    if (pid > 0 && pid <= G_MAXINT && serve_set_viewer (serve, (int)pid))
      add_line (out, json_pack ("{s:I}", "viewer", pid));
    else
      refuse (out, "there is no such process");
  } else {
    refuse (out, "this is none of argv, reach, tally, viewer and end");
  }
  return FALSE;
}

static gboolean
control_take (void *what, const char *bytes, gsize length, GString *out)
{
  Control *control = what;
  if (control->heard) /* what comes after its command is none */
    return TRUE;
  g_string_append_len (control->request, bytes, (gssize)length);
  const char *end = memchr (control->request->str, '\n', control->request->len);
  if (!end && control->request->len <= REQUEST_BYTES_MAX)
    return TRUE;
  control->heard = TRUE;
  json_auto_t *request =
      end ? json_loadb (control->request->str, (size_t)(end - control->request->str),
                        JSON_REJECT_DUPLICATES, NULL)
          : NULL;
  if (!json_is_object (request)) {
    refuse (out, "this is no line with a JSON object");
    return FALSE;
  }
  gboolean more = hear (control, request, out);
  serve_wake (control->serve);
  return more;
}

const PortCalls serve_control_calls = {
  .before = serve_ask, .open = control_open, .take = control_take, .close = control_close
};
