/* docker_list.c: docker ps. */
#include "core/base/pattern.h"
#include "core/practice/docker/docker_command.h"

#include <string.h>

#include "core/base/moment.h"

#define ID_SHORT 12
#define COMMAND_CHARACTERS 20
/* Between two columns, and what a column has at least with that. */
#define GAP 3
#define COLUMN_MIN 10

const DockerOption docker_list_options[] = {
  { .name = "all", .letter = 'a' },
  { .name = "no-trunc" },
  { .name = "quiet", .letter = 'q' },
  { .name = "filter", .letter = 'f', .takes = TRUE },
  { .name = "format", .takes = TRUE },
  { .name = "last", .letter = 'n', .takes = TRUE, .missing = TRUE },
  { .name = "latest", .letter = 'l', .missing = TRUE },
  { .name = "size", .letter = 's', .missing = TRUE },
  { 0 },
};

char *
docker_list_span (gint64 span_us)
{
  gint64 seconds = MAX (span_us, 0) / G_USEC_PER_SEC;
  gint64 minutes = seconds / 60, hours = (seconds + 1800) / 3600;
  if (seconds < 1)
    return g_strdup ("Less than a second");
  if (seconds == 1)
    return g_strdup ("1 second");
  if (seconds < 60)
    return g_strdup_printf ("%" G_GINT64_FORMAT " seconds", seconds);
  if (minutes == 1)
    return g_strdup ("About a minute");
  if (minutes < 60)
    return g_strdup_printf ("%" G_GINT64_FORMAT " minutes", minutes);
  if (hours == 1)
    return g_strdup ("About an hour");
  if (hours < 48)
    return g_strdup_printf ("%" G_GINT64_FORMAT " hours", hours);
  if (hours < 24 * 14)
    return g_strdup_printf ("%" G_GINT64_FORMAT " days", hours / 24);
  return g_strdup_printf ("%" G_GINT64_FORMAT " weeks", hours / 24 / 7);
}

static const char *
health_words (const Container *container)
{
  switch (container->health) {
  case HEALTH_STARTING:
    return " (health: starting)";
  case HEALTH_HEALTHY:
    return " (healthy)";
  case HEALTH_UNHEALTHY:
    return " (unhealthy)";
  case HEALTH_NONE:
    break;
  }
  return "";
}

char *
docker_list_status (const World *world, const Container *container)
{
  gint64 now_us = world_now_us (world);
  if (container->state == CONTAINER_CREATED)
    return g_strdup ("Created");
  if (docker_is_running (container)) {
    g_autofree char *up = docker_list_span (now_us - container->started_us);
    return g_strconcat ("Up ", up, health_words (container), NULL);
  }
  g_autofree char *ago = docker_list_span (now_us - container->finished_us);
  return g_strdup_printf ("Exited (%d) %s ago", container->exit, ago);
}

/* ---- filters ---------------------------------------------------------------------------- */

static const char *
state_name (const Container *container)
{
  return docker_is_running (container)           ? "running"
         : container->state == CONTAINER_CREATED ? "created"
                                                 : "exited";
}

/* NAME or NAME=VALUE, of its labels. */
static gboolean
has_label (const json_t *labels, const char *wanted)
{
  gsize length = strcspn (wanted, "=");
  g_autofree char *name = g_strndup (wanted, length);
  const char *value = json_string_value (json_object_get (labels, name));
  return value && (!wanted[length] || strcmp (value, wanted + length + 1) == 0);
}

/* A regular expression; one that is none names nobody. */
static gboolean
has_name (const Container *container, const char *expression)
{
  g_autoptr (Pattern) pattern = pattern_new (expression, NULL);
  gboolean found = FALSE;
  return pattern &&
         pattern_search (pattern, container->name, strlen (container->name), &found,
                         NULL) &&
         found;
}

static gboolean
passes (const Container *container, const json_t *labels, const char *filter)
{
  if (g_str_has_prefix (filter, "label="))
    return has_label (labels, filter + strlen ("label="));
  if (g_str_has_prefix (filter, "name="))
    return has_name (container, filter + strlen ("name="));
  if (g_str_has_prefix (filter, "status="))
    return strcmp (state_name (container), filter + strlen ("status=")) == 0;
  return g_str_has_prefix (container->id, filter + strlen ("id="));
}

/* Filters of one kind are alternatives, but for labels, of which all must be there. */
static gboolean
passes_all (const DockerArguments *arguments, const Container *container,
            const json_t *labels)
{
  gboolean wanted[3] = { FALSE }, passed[3] = { FALSE };
  for (guint i = 0; i < arguments->given->len; i++) {
    const DockerOption *option = arguments->given->pdata[i];
    const char *filter = arguments->values->pdata[i];
    if (strcmp (option->name, "filter") != 0)
      continue;
    gboolean passing = passes (container, labels, filter);
    if (*filter == 'l' && !passing)
      return FALSE;
    guint kind = *filter == 'n' ? 0 : *filter == 's' ? 1 : 2;
    wanted[kind] |= *filter != 'l';
    passed[kind] |= passing;
  }
  for (guint kind = 0; kind < G_N_ELEMENTS (wanted); kind++)
    if (wanted[kind] && !passed[kind])
      return FALSE;
  return TRUE;
}

/* FALSE, and said, for a filter that is none, or one that the simulation has not. */
static gboolean
check_filter (DockerCommand *command, const char *filter)
{
  static const char *const here[] = { "label", "name", "status", "id", NULL };
  static const char *const missing[] = { "ancestor", "before",  "expose",    "exited",
                                         "health",   "is-task", "isolation", "network",
                                         "publish",  "since",   "volume",    NULL };
  static const char *const states[] = { "created", "restarting", "running", "removing",
                                        "paused",  "exited",     "dead",    NULL };
  const char *equals = strchr (filter, '=');
  g_autofree char *name = g_strndup (filter, strcspn (filter, "="));
  gboolean known = g_strv_contains (here, name);
  gboolean is_state = strcmp (name, "status") == 0;
  command->status = DOCKER_STATUS_OPTIONS;
  if (!equals) {
    docker_err (command,
                "invalid argument \"%s\" for \"-f, --filter\" flag: bad format of "
                "filter (expected name=value)\nSee 'docker ps --help'.\n",
                filter);
  } else if (g_strv_contains (missing, name)) {
    docker_err (command, "docker: the simulated docker does not know the filter %s.\n",
                filter);
  } else if (!known || (is_state && !g_strv_contains (states, equals + 1))) {
    docker_err (command, "Error response from daemon: Invalid filter '%s'\n",
                known ? filter : name);
    command->status = 1;
  } else {
    command->status = 0;
  }
  return command->status == 0;
}

static gboolean
check_filters (DockerCommand *command, const DockerArguments *arguments)
{
  for (guint i = 0; i < arguments->given->len; i++) {
    const DockerOption *option = arguments->given->pdata[i];
    if (strcmp (option->name, "filter") == 0 &&
        !check_filter (command, arguments->values->pdata[i]))
      return FALSE;
  }
  return TRUE;
}

/* ---- the list --------------------------------------------------------------------------- */

static char *
join_labels (json_t *labels)
{
  GString *text = g_string_new (NULL);
  const char *name;
  json_t *value;
  json_object_foreach (labels, name, value)
  {
    g_string_append_printf (text, "%s%s=%s", text->len ? "," : "", name,
                            json_string_value (value));
  }
  return g_string_free (text, FALSE);
}

/* The command in quotes, cut as docker cuts it. */
static char *
command_of (const json_t *inspect, gboolean whole)
{
  GString *text = g_string_new (json_string_value (json_object_get (inspect, "Path")));
  size_t index;
  json_t *word;
  json_array_foreach (json_object_get (inspect, "Args"), index, word)
  {
    g_string_append_printf (text, " %s", json_string_value (word));
  }
  if (!whole && text->len > COMMAND_CHARACTERS) {
    g_string_truncate (text, COMMAND_CHARACTERS - 1);
    g_string_append (text, "…");
  }
  g_string_prepend_c (text, '"');
  g_string_append_c (text, '"');
  return g_string_free (text, FALSE);
}

static json_t *
row_of (const Docker *docker, World *world, const Container *container, gboolean whole)
{
  json_auto_t *inspect = docker_inspect_json (docker, world, container);
  const json_t *config = json_object_get (inspect, "Config");
  json_t *labels = json_object_get (config, "Labels");
  g_autofree char *created =
      moment_format_wall (docker_wall_us (world, container->created_us));
  g_autofree char *span = docker_list_span (world_now_us (world) - container->created_us);
  g_autofree char *ago = g_strconcat (span, " ago", NULL);
  g_autofree char *status = docker_list_status (world, container);
  g_autofree char *words = command_of (inspect, whole);
  g_autofree char *joined = join_labels (labels);
  g_autofree char *id = g_strndup (container->id, whole ? 64 : ID_SHORT);
  created[10] = ' ';
  created[19] = '\0';
  g_autofree char *zoned = g_strconcat (created, " +0000 UTC", NULL);
  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
                    "Command", words, "CreatedAt", zoned, "ID", id, "Image",
                    json_string_value (json_object_get (config, "Image")), "Labels",
                    joined, "LocalVolumes", "0", "Mounts", "", "Names", container->name,
                    "Networks", "practice_default", "Ports", "", "RunningFor", ago,
                    "State", state_name (container), "Status", status);
}

static const char *const columns[][2] = {
  { "CONTAINER ID", "ID" },    { "IMAGE", "Image" },   { "COMMAND", "Command" },
  { "CREATED", "RunningFor" }, { "STATUS", "Status" }, { "PORTS", "Ports" },
  { "NAMES", "Names" },
};

static const char *
cell_of (const json_t *row, guint column)
{
  return row ? json_string_value (json_object_get (row, columns[column][1]))
             : columns[column][0];
}

static void
say_line (DockerCommand *command, const json_t *row, const glong *widths)
{
  GString *line = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    const char *cell = cell_of (row, i);
    g_string_append (line, cell);
    for (glong at = g_utf8_strlen (cell, -1);
         i + 1 < G_N_ELEMENTS (columns) && at < MAX (widths[i] + GAP, COLUMN_MIN); at++)
      g_string_append_c (line, ' ');
  }
  docker_out (command, "%s\n", line->str);
  g_string_free (line, TRUE);
}

static void
say_table (DockerCommand *command, const json_t *rows)
{
  glong widths[G_N_ELEMENTS (columns)];
  size_t index;
  json_t *row;
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    widths[i] = (glong)strlen (columns[i][0]);
    json_array_foreach (rows, index, row)
    {
      widths[i] = MAX (widths[i], g_utf8_strlen (cell_of (row, i), -1));
    }
  }
  say_line (command, NULL, widths);
  json_array_foreach (rows, index, row)
  {
    say_line (command, row, widths);
  }
}

static void
say_formatted (DockerCommand *command, const json_t *rows, const char *format)
{
  size_t index;
  json_t *row;
  if (strcmp (format, "json") == 0)
    format = "{{json .}}";
  if (g_str_has_prefix (format, "table")) {
    docker_err (command, "docker: the simulated docker does not know the format %s.\n",
                format);
    command->status = 1;
    return;
  }
  json_array_foreach (rows, index, row)
  {
    g_autofree char *problem = NULL;
    const json_t *labels = json_object_get (row, "labels");
    json_auto_t *shown = json_copy (row);
    json_object_del (shown, "labels");
    g_autofree char *text = docker_template_render (format, shown, labels, &problem);
    if (!text) {
      docker_err (command,
                  "docker: the simulated docker does not know the template %s.\n",
                  problem);
      command->status = 1;
      return;
    }
    docker_out (command, "%s\n", text);
  }
}

/* The newest first, as docker lists them. */
static json_t *
list (const Docker *docker, const DockerArguments *arguments)
{
  json_t *rows = json_array ();
  gboolean all = docker_arguments_has (arguments, "all");
  gboolean whole = docker_arguments_has (arguments, "no-trunc");
  for (guint i = 0; i < docker->projects->len; i++) {
    const DockerProject *project = docker->projects->pdata[i];
    const GPtrArray *containers = world_containers (project->world);
    for (guint k = containers->len; k > 0; k--) {
      const Container *container = containers->pdata[k - 1];
      json_auto_t *inspect = docker_inspect_json (docker, project->world, container);
      json_t *labels = json_object_get (json_object_get (inspect, "Config"), "Labels");
      if ((!all && !docker_is_running (container)) ||
          !passes_all (arguments, container, labels))
        continue;
      json_t *row = row_of (docker, project->world, container, whole);
      json_object_set (row, "labels", labels);
      json_array_append_new (rows, row);
    }
  }
  return rows;
}

void
docker_list_begin (DockerCommand *command, const DockerArguments *arguments)
{
  const char *format = docker_arguments_value (arguments, "format");
  if (!check_filters (command, arguments))
    return;
  json_auto_t *rows = list (command->docker, arguments);
  if (docker_arguments_has (arguments, "quiet"))
    say_formatted (command, rows, "{{.ID}}");
  else if (format)
    say_formatted (command, rows, format);
  else
    say_table (command, rows);
}
