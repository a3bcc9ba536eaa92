/* docker_list.c: docker ps. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

#include "core/base/moment.h"
#include "core/practice/docker/docker_filter.h"
#include "core/practice/docker/docker_template.h"

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

/* ---- the list --------------------------------------------------------------------------- */

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* NAME=VALUE, sorted as that. */
static char *
join_labels (json_t *labels)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  json_t *value;
  json_object_foreach (labels, name, value)
  {
    g_ptr_array_add (texts, g_strconcat (name, "=", json_string_value (value), NULL));
  }
  g_ptr_array_sort (texts, compare_texts);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (",", (char **)texts->pdata);
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
                    "State", docker_state (container), "Status", status);
}

/* What stands above each member, and what it has besides. */
static const char *const heads[][2] = {
  { "Command", "COMMAND" },    { "CreatedAt", "CREATED AT" },
  { "ID", "CONTAINER ID" },    { "Image", "IMAGE" },
  { "Labels", "LABELS" },      { "LocalVolumes", "LOCAL VOLUMES" },
  { "Mounts", "MOUNTS" },      { "Names", "NAMES" },
  { "Networks", "NETWORKS" },  { "Ports", "PORTS" },
  { "RunningFor", "CREATED" }, { "State", "STATE" },
  { "Status", "STATUS" },
};

static const char missing[] = " Label Platform Size ";

#define TABLE "table"
#define FORMAT_TABLE                                                                     \
  TABLE " {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t" \
        "{{.Names}}"

/* As Go's tabwriter does: cells end with a tab, and what is behind the last is none. */
static void
say_columns (DockerCommand *command, const GPtrArray *lines)
{
  g_autoptr (GArray) widths = g_array_new (FALSE, TRUE, sizeof (glong));
  for (guint i = 0; i < lines->len; i++) {
    g_auto (GStrv) cells = g_strsplit (lines->pdata[i], "\t", -1);
    guint count = g_strv_length (cells);
    if (widths->len + 1 < count)
      g_array_set_size (widths, count - 1);
    for (guint k = 0; k + 1 < count; k++) {
      glong *width = &g_array_index (widths, glong, k);
      *width = MAX (*width, g_utf8_strlen (cells[k], -1));
    }
  }
  for (guint i = 0; i < lines->len; i++) {
    g_auto (GStrv) cells = g_strsplit (lines->pdata[i], "\t", -1);
    g_autoptr (GString) line = g_string_new (NULL);
    for (guint k = 0; cells[k]; k++) {
      glong width = cells[k + 1] ? g_array_index (widths, glong, k) + GAP : 0;
      width = cells[k + 1] ? MAX (width, COLUMN_MIN) : 0;
      g_string_append (line, cells[k]);
      for (glong at = g_utf8_strlen (cells[k], -1); at < width; at++)
        g_string_append_c (line, ' ');
    }
    docker_out (command, "%s\n", line->str);
  }
}

/* NULL, and said, when the template is wrong. */
static char *
render (DockerCommand *command, const char *format, const DockerTemplateData *data)
{
  static const char *const says[] = {
    [DOCKER_TEMPLATE_UNREAD] = "failed to parse template: ",
    [DOCKER_TEMPLATE_FAILED] = "failed to execute template: ",
    [DOCKER_TEMPLATE_NOT_HERE] =
        "docker: the simulated docker does not know the template ",
  };
  g_autofree char *problem = NULL;
  DockerTemplateFinding finding;
  char *text = docker_template_render (format, data, &finding, &problem);
  if (text)
    return text;
  docker_err (command, "%s%s%s\n", says[finding], problem,
              finding == DOCKER_TEMPLATE_NOT_HERE ? "." : "");
  command->status = 1;
  return NULL;
}

static json_t *
heads_json (void)
{
  json_t *row = json_object ();
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    json_object_set_new (row, heads[i][0], json_string (heads[i][1]));
  return row;
}

/* The head is made in any case: a template that is wrong is so without containers too. */
static void
say_formatted (DockerCommand *command, const json_t *rows, const char *format)
{
  gboolean table = g_str_has_prefix (format, TABLE);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  json_auto_t *head = heads_json ();
  json_auto_t *none = json_object ();
  DockerTemplateData data = { .object = head,
                              .labels = none,
                              .type = "*formatter.ContainerContext",
                              .missing = missing,
                              .from = table ? strlen (TABLE) : 0,
                              .escapes = TRUE,
                              .heads = TRUE };
  data.from += strspn (format + data.from, " ");
  g_autofree char *above = render (command, format, &data);
  if (!above)
    return;
  if (table)
    g_ptr_array_add (lines, g_steal_pointer (&above));
  data.heads = FALSE;
  size_t index;
  json_t *row;
  json_array_foreach (rows, index, row)
  {
    json_auto_t *shown = json_copy (row);
    json_object_del (shown, "labels");
    data.object = shown;
    data.labels = json_object_get (row, "labels");
    char *text = render (command, format, &data);
    if (!text)
      return;
    g_ptr_array_add (lines, text);
  }
  for (guint i = 0; !table && i < lines->len; i++)
    docker_out (command, "%s\n", (char *)lines->pdata[i]);
  if (table)
    say_columns (command, lines);
}

/* What is meant by the words for it; without the blanks at its end. Newly allocated. */
static char *
format_of (const DockerArguments *arguments)
{
  const char *format = docker_arguments_value (arguments, "format");
  if (docker_arguments_has (arguments, "quiet"))
    return g_strdup ("{{.ID}}");
  if (!format || !*format || strcmp (format, TABLE) == 0)
    return g_strdup (FORMAT_TABLE);
  if (strcmp (format, "json") == 0)
    return g_strdup ("{{json .}}");
  char *own = g_strdup (format);
  for (gsize length = strlen (own); length > 0 && own[length - 1] == ' '; length--)
    own[length - 1] = '\0';
  return own;
}

/* The newest first, as docker lists them. NULL, and said, when a filter takes too long. */
static json_t *
list (DockerCommand *command, const DockerArguments *arguments,
      const DockerFilters *filters)
{
  json_auto_t *rows = json_array ();
  const GPtrArray *projects = command->docker->projects;
  gboolean all = docker_arguments_has (arguments, "all") || docker_filters_all (filters);
  gboolean whole = docker_arguments_has (arguments, "no-trunc");
  gboolean passes;
  for (guint i = 0; i < projects->len; i++) {
    const DockerProject *project = projects->pdata[i];
    const GPtrArray *containers = world_containers (project->world);
    for (guint k = containers->len; k > 0; k--) {
      const Container *container = containers->pdata[k - 1];
      json_auto_t *inspect =
          docker_inspect_json (command->docker, project->world, container);
      json_t *labels = json_object_get (json_object_get (inspect, "Config"), "Labels");
      if (!all && !docker_is_running (container))
        continue;
      if (!docker_filters_pass (filters, command, container, labels, &passes))
        return NULL;
      if (!passes)
        continue;
      json_t *row = row_of (command->docker, project->world, container, whole);
      json_object_set (row, "labels", labels);
      json_array_append_new (rows, row);
    }
  }
  return g_steal_pointer (&rows);
}

void
docker_list_begin (DockerCommand *command, const DockerArguments *arguments)
{
  g_autoptr (DockerFilters) filters = docker_filters_new (command, arguments);
  json_auto_t *rows = filters ? list (command, arguments, filters) : NULL;
  g_autofree char *format = format_of (arguments);
  if (rows)
    say_formatted (command, rows, format);
}
