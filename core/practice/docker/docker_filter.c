#include "core/practice/docker/docker_filter.h"

#include <string.h>

#include "core/base/pattern.h"

/* Several of one kind are alternatives, but for labels, of which all must be there. */
typedef enum {
  FILTER_LABEL,
  FILTER_NAME,
  FILTER_STATUS,
  FILTER_ID,
  FILTER_HEALTH,
  FILTER_EXITED,
  FILTER_KINDS
} FilterKind;

static const char *const kind_names[FILTER_KINDS] = { "label", "name",   "status",
                                                      "id",    "health", "exited" };

/* What docker has besides. */
static const char *const missing_kinds[] = { "ancestor",  "before",  "expose",  "is-task",
                                             "isolation", "network", "publish", "since",
                                             "volume",    NULL };

static const char *const states[] = { "created",  "dead",       "exited",  "paused",
                                      "removing", "restarting", "running", NULL };

static const char *const healths[] = { [HEALTH_NONE] = "none",
                                       [HEALTH_STARTING] = "starting",
                                       [HEALTH_HEALTHY] = "healthy",
                                       [HEALTH_UNHEALTHY] = "unhealthy",
                                       NULL };

typedef struct {
  FilterKind kind;
  char *value;
  Pattern *pattern; /* of a name; NULL: no name is so */
  gint64 exit;
} Filter;

struct DockerFilters {
  GPtrArray *filters; /* Filter * */
};

static void
filter_free (void *data)
{
  Filter *filter = data;
  g_free (filter->value);
  pattern_free (filter->pattern);
  g_free (filter);
}

void
docker_filters_free (DockerFilters *filters)
{
  if (!filters)
    return;
  g_ptr_array_unref (filters->filters);
  g_free (filters);
}

/* ---- reading them ------------------------------------------------------------------------ */

/* Whether Go's expressions know it, which have less than others: no looking around, no going
 * back to what was found. One that is wrong is no error, but matches nothing. */
static gboolean
is_of_go (const char *text)
{
  gboolean in_set = FALSE;
  for (; *text; text++) {
    if (*text == '\\') {
      if (g_ascii_isdigit (text[1]) && text[1] != '0')
        return FALSE;
      text += text[1] != '\0';
    } else if (in_set) {
      in_set = *text != ']';
    } else if (*text == '[') {
      in_set = TRUE;
      text += text[1] == '^';
      text += text[1] == ']';
    } else if (*text == '(' && text[1] == '?') {
      gsize flags = strspn (text + 2, "imsU-");
      if (!g_str_has_prefix (text + 2, "P<") && text[2 + flags] != ':' &&
          text[2 + flags] != ')')
        return FALSE;
    } else if ((*text == '(' && text[1] == '*') ||
               (strchr ("*+?", *text) && text[1] == '+')) {
      return FALSE;
    }
  }
  return TRUE;
}

/* FALSE, and said, when there is no such value. */
static gboolean
check_value (DockerCommand *command, Filter *filter)
{
  if (filter->kind == FILTER_STATUS && !g_strv_contains (states, filter->value)) {
    docker_refuse (command, "Invalid filter 'status=%s'", filter->value);
  } else if (filter->kind == FILTER_HEALTH && !g_strv_contains (healths, filter->value)) {
    docker_refuse (command, "Unrecognised filter value for health: %s", filter->value);
  } else if (filter->kind == FILTER_EXITED &&
             !docker_arguments_number (filter->value, &filter->exit)) {
    docker_refuse (command, "strconv.Atoi: parsing \"%s\": invalid syntax",
                   filter->value);
  } else {
    if (filter->kind == FILTER_NAME && is_of_go (filter->value))
      filter->pattern = pattern_new (filter->value, NULL);
    return TRUE;
  }
  return FALSE;
}

/* FILTER_KINDS, and said, where it is none of them. */
static FilterKind
read_kind (DockerCommand *command, const char *name, const char *whole)
{
  for (guint i = 0; i < FILTER_KINDS; i++)
    if (strcmp (kind_names[i], name) == 0)
      return (FilterKind)i;
  if (g_strv_contains (missing_kinds, name)) {
    docker_err (command, "docker: the simulated docker does not know the filter %s.\n",
                whole);
    command->status = DOCKER_STATUS_OPTIONS;
  } else {
    docker_refuse (command, "Invalid filter '%s'", name);
  }
  return FILTER_KINDS;
}

/* FALSE, and said, when it is wrong. */
static gboolean
add (DockerFilters *filters, DockerCommand *command, const char *whole)
{
  g_auto (GStrv) parts = g_strsplit (whole, "=", 2);
  if (!parts[0] || !parts[1]) {
    docker_err (command,
                "invalid argument \"%s\" for \"-f, --filter\" flag: bad format of "
                "filter (expected name=value)\nSee 'docker ps --help'.\n",
                whole);
    command->status = DOCKER_STATUS_OPTIONS;
    return FALSE;
  }
  g_autofree char *name = g_ascii_strdown (g_strstrip (parts[0]), -1);
  FilterKind kind = read_kind (command, name, whole);
  if (kind == FILTER_KINDS)
    return FALSE;
  Filter *filter = g_new0 (Filter, 1);
  filter->kind = kind;
  filter->value = g_strdup (g_strstrip (parts[1]));
  g_ptr_array_add (filters->filters, filter);
  return check_value (command, filter);
}

DockerFilters *
docker_filters_new (DockerCommand *command, const DockerArguments *arguments)
{
  g_autoptr (DockerFilters) filters = g_new0 (DockerFilters, 1);
  filters->filters = g_ptr_array_new_with_free_func (filter_free);
  for (guint i = 0; i < arguments->given->len; i++) {
    const DockerOption *option = arguments->given->pdata[i];
    if (strcmp (option->name, "filter") == 0 &&
        !add (filters, command, arguments->values->pdata[i]))
      return NULL;
  }
  return g_steal_pointer (&filters);
}

gboolean
docker_filters_all (const DockerFilters *filters)
{
  for (guint i = 0; i < filters->filters->len; i++) {
    const Filter *filter = filters->filters->pdata[i];
    if (filter->kind == FILTER_STATUS)
      return TRUE;
  }
  return FALSE;
}

/* ---- one container ------------------------------------------------------------------------- */

/* NAME or NAME=VALUE, of its labels. */
static gboolean
has_label (const json_t *labels, const char *wanted)
{
  gsize length = strcspn (wanted, "=");
  g_autofree char *name = g_strndup (wanted, length);
  const char *value = json_string_value (json_object_get (labels, name));
  return value && (!wanted[length] || strcmp (value, wanted + length + 1) == 0);
}

/* With and without the stroke that the engine has before a name. */
static gboolean
has_name (const Filter *filter, const Container *container, gboolean *passes,
          GError **error)
{
  g_autofree char *whole = g_strconcat ("/", container->name, NULL);
  *passes = FALSE;
  return !filter->pattern ||
         (pattern_search (filter->pattern, whole, strlen (whole), passes, error) &&
          (*passes || pattern_search (filter->pattern, container->name,
                                      strlen (container->name), passes, error)));
}

static gboolean
pass (const Filter *filter, const Container *container, const json_t *labels,
      gboolean *passes, GError **error)
{
  gboolean ended = container->state == CONTAINER_EXITED;
  switch (filter->kind) {
  case FILTER_LABEL:
    *passes = has_label (labels, filter->value);
    break;
  case FILTER_NAME:
    return has_name (filter, container, passes, error);
  case FILTER_STATUS:
    *passes = strcmp (docker_state (container), filter->value) == 0;
    break;
  case FILTER_ID:
    *passes = *filter->value && g_str_has_prefix (container->id, filter->value);
    break;
  case FILTER_HEALTH:
    *passes = strcmp (healths[container->health], filter->value) == 0;
    break;
  case FILTER_EXITED:
    *passes = ended && container->exit == filter->exit;
    break;
  case FILTER_KINDS:
    break;
  }
  return TRUE;
}

gboolean
docker_filters_pass (const DockerFilters *filters, DockerCommand *command,
                     const Container *container, const json_t *labels, gboolean *passes)
{
  gboolean wanted[FILTER_KINDS] = { FALSE }, passed[FILTER_KINDS] = { FALSE };
  g_autoptr (GError) error = NULL;
  *passes = TRUE;
  for (guint i = 0; i < filters->filters->len; i++) {
    const Filter *filter = filters->filters->pdata[i];
    gboolean one = FALSE;
    if (!pass (filter, container, labels, &one, &error)) {
      docker_err (command, "docker: %s.\n", error->message);
      command->status = DOCKER_STATUS_OPTIONS;
      return FALSE;
    }
    *passes = *passes && (one || filter->kind != FILTER_LABEL);
    wanted[filter->kind] = TRUE;
    passed[filter->kind] |= one;
  }
  for (guint kind = 0; kind < FILTER_KINDS; kind++)
    *passes = *passes && (passed[kind] || !wanted[kind]);
  return TRUE;
}
