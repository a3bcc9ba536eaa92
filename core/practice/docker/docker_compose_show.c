/* docker_compose_show.c: what docker-compose shows of containers. */
#include "core/practice/docker/docker_compose.h"

#include <string.h>

#define COLUMNS 4
#define GAP 3
/* Of the command; compose cuts it there. */
#define COMMAND_CHARACTERS 26
/* Between the longest name and the bar: room for a number of three digits. */
#define PREFIX_ROOM 3

const DockerOption docker_compose_list_options[] = {
  { .name = "quiet", .letter = 'q' },
  { .name = "all", .letter = 'a' },
  { .name = "services", .missing = TRUE },
  { .name = "filter", .takes = TRUE, .missing = TRUE },
  { 0 },
};

const DockerOption docker_compose_logs_options[] = {
  { .name = "tail", .takes = TRUE },
  { .name = "no-color" },
  { .name = "timestamps", .letter = 't' },
  { .name = "no-log-prefix" },
  { .name = "follow", .letter = 'f', .missing = TRUE },
  { 0 },
};

/* ---- ps ------------------------------------------------------------------------------------- */

static char *
command_of (const DockerCompose *compose, const Container *container)
{
  json_auto_t *inspect =
      docker_inspect_json (compose->command->docker, compose->world, container);
  GString *text = g_string_new (json_string_value (json_object_get (inspect, "Path")));
  size_t index;
  json_t *word;
  json_array_foreach (json_object_get (inspect, "Args"), index, word)
  {
    g_string_append_printf (text, " %s", json_string_value (word));
  }
  if (text->len > COMMAND_CHARACTERS) {
    g_string_truncate (text, COMMAND_CHARACTERS);
    g_string_append (text, " ...");
  }
  return g_string_free (text, FALSE);
}

static char *
state_of (const Container *container)
{
  static const char *const up[] = { "Up", "Up (health: starting)", "Up (healthy)",
                                    "Up (unhealthy)" };
  if (docker_is_running (container))
    return g_strdup (up[container->health]);
  if (container->state == CONTAINER_CREATED)
    return g_strdup ("Created");
  return g_strdup_printf ("Exit %d", container->exit);
}

/* Head cells stand in the middle of their column, others at its left. */
static void
add_cell (GString *line, const char *cell, gsize width, gboolean head, gboolean last)
{
  gsize room = width - strlen (cell);
  gsize left = head ? room / 2 : 0;
  g_string_append_printf (line, "%*s%s%*s", (int)left, "", cell, (int)(room - left), "");
  if (!last)
    g_string_append_printf (line, "%*s", GAP, "");
}

static void
say_row (DockerCommand *command, const char *const *cells, const gsize *widths,
         gboolean head)
{
  GString *line = g_string_new (NULL);
  for (guint i = 0; i < COLUMNS; i++)
    add_cell (line, cells[i], widths[i], head, i + 1 == COLUMNS);
  docker_out (command, "%s\n", line->str);
  g_string_free (line, TRUE);
}

static void
say_table (DockerCommand *command, const GPtrArray *rows)
{
  static const char *const head[COLUMNS + 1] = { "Name", "Command", "State", "Ports" };
  gsize widths[COLUMNS], all = (COLUMNS - 1) * GAP;
  for (guint i = 0; i < COLUMNS; i++) {
    widths[i] = strlen (head[i]);
    for (guint k = 0; k < rows->len; k++)
      widths[i] = MAX (widths[i], strlen (((GStrv)rows->pdata[k])[i]));
    all += widths[i];
  }
  g_autofree char *rule = g_strnfill (all, '-');
  say_row (command, head, widths, TRUE);
  docker_out (command, "%s\n", rule);
  for (guint k = 0; k < rows->len; k++)
    say_row (command, (const char *const *)rows->pdata[k], widths, FALSE);
}

static GStrv
row_of (const DockerCompose *compose, const Container *container)
{
  GStrv row = g_new0 (char *, COLUMNS + 1);
  row[0] = g_strdup (container->name);
  row[1] = command_of (compose, container);
  row[2] = state_of (container);
  row[3] = g_strdup ("");
  return row;
}

/* By name, as compose lists them. */
static int
compare_rows (const void *a, const void *b)
{
  const GStrv left = *(const GStrv *)a, right = *(const GStrv *)b;
  return strcmp (left[0], right[0]);
}

void
docker_compose_list (DockerCompose *compose, const DockerArguments *arguments)
{
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  gboolean quiet = docker_arguments_has (arguments, "quiet");
  for (guint i = 0; services && i < services->len; i++) {
    g_autoptr (GPtrArray) containers =
        docker_compose_containers (compose, services->pdata[i]);
    for (guint k = 0; k < containers->len; k++) {
      const Container *container = containers->pdata[k];
      if (quiet)
        docker_out (compose->command, "%s\n", container->id);
      else
        g_ptr_array_add (rows, row_of (compose, container));
    }
  }
  g_ptr_array_sort (rows, compare_rows);
  if (services && !quiet)
    say_table (compose->command, rows);
}

/* ---- logs ------------------------------------------------------------------------------------- */

static int
prefix_width (const Scenario *scenario)
{
  gsize width = 0;
  for (guint i = 0; i < scenario->services->len; i++)
    width = MAX (width,
                 strlen (((const ScenarioService *)scenario->services->pdata[i])->name));
  return (int)width + PREFIX_ROOM;
}

static void
say_log (const DockerCompose *compose, const DockerArguments *arguments,
         const Container *container, gint64 lines)
{
  g_autofree char *name =
      g_strdup_printf ("%s_%u", container->service->name, container->number);
  gboolean bare = docker_arguments_has (arguments, "no-log-prefix");
  gboolean stamped = docker_arguments_has (arguments, "timestamps");
  guint all = container->log->len;
  guint from = lines >= 0 && lines < all ? all - (guint)lines : 0;
  for (guint i = from; i < all; i++) {
    const char *line = container->log->pdata[i];
    const char *tab = strchr (line, '\t');
    if (!bare)
      docker_out (compose->command, "%-*s | ", prefix_width (compose->scenario), name);
    if (stamped && tab)
      docker_out (compose->command, "%.*s ", (int)(tab - line), line);
    docker_out (compose->command, "%s\n", tab ? tab + 1 : line);
  }
}

void
docker_compose_logs (DockerCompose *compose, const DockerArguments *arguments)
{
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  const char *tail = docker_arguments_value (arguments, "tail");
  gint64 lines = -1;
  if (!services)
    return;
  if (tail && strcmp (tail, "all") != 0 &&
      (!docker_arguments_number (tail, &lines) || !g_ascii_isdigit (*tail))) {
    docker_err (compose->command, "tail flag must be all or a number\n");
    compose->command->status = 1;
    return;
  }
  GString *names = g_string_new (NULL);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  for (guint i = 0; i < services->len; i++) {
    g_autoptr (GPtrArray) containers =
        docker_compose_containers (compose, services->pdata[i]);
    for (guint k = containers->len; k > 0; k--) {
      const Container *container = containers->pdata[k - 1];
      g_string_append_printf (names, "%s%s", names->len ? ", " : "", container->name);
      g_ptr_array_add (all, (void *)container);
    }
  }
  docker_out (compose->command, "Attaching to %s\n", names->str);
  for (guint i = 0; i < all->len; i++)
    say_log (compose, arguments, all->pdata[i], lines);
  g_string_free (names, TRUE);
}
