/* docker_template.c: as much of --format as people use: a template with members in it. What
 * it says of one that is wrong is what Go's templates say. */
#include "core/practice/docker/docker_template.h"

#include <string.h>

#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"
#define BLANKS " \t\r\n"

/* What a template may call, and Go's own words, each between two blanks. */
static const char functions[] =
    " and block break call continue define else end eq false ge gt html if index join js "
    "json le len lower lt ne nil not or pad print printf println range slice split "
    "template title true truncate upper urlquery with ";

/* Members whose own are of any name: one that is not there is nothing, and no mistake. */
static const char maps[] = " Labels Networks PortBindings Ports ";

/* What stands where a member has no value. */
#define NO_VALUE "<no value>"

typedef struct {
  const DockerTemplateData *data;
  const char *text;
  DockerTemplateFinding finding;
  char *problem;
} Rendering;

/* Of the text, without blanks at its ends. */
typedef struct {
  const char *start;
  gsize length;
} Action;

static gboolean
is_among (const char *list, const char *name, gsize length)
{
  g_autofree char *between = g_strdup_printf (" %.*s ", (int)length, name);
  return strstr (list, between) != NULL;
}

/* ---- what it says when it is wrong ----------------------------------------------------- */

static void
find (Rendering *rendering, DockerTemplateFinding finding, char *problem)
{
  if (rendering->finding != DOCKER_TEMPLATE_RIGHT) {
    g_free (problem);
    return;
  }
  rendering->finding = finding;
  rendering->problem = problem;
}

/* The action with its braces, and what follows. */
static void
find_not_here (Rendering *rendering, const Action *action)
{
  const char *open = action->start;
  while (open > rendering->text && *open != '{')
    open--;
  open -= open > rendering->text;
  const char *close = strstr (open, "}}");
  find (rendering, DOCKER_TEMPLATE_NOT_HERE,
        g_strndup (open, close ? (gsize)(close - open) + 2 : strlen (open)));
}

/* The line and the byte in it, as Go counts them: at the second name of a path, if it has
 * one. Takes `what` over. */
static void
find_failed (Rendering *rendering, const Action *path, char *what)
{
  gsize first = 1 + strspn (path->start + 1, NAME_LETTERS);
  const char *at = first < path->length ? path->start + first : path->start;
  const char *begin = rendering->text;
  guint line = 1;
  for (const char *feed = begin; (feed = memchr (feed, '\n', (gsize)(at - feed)));) {
    begin = ++feed;
    line++;
  }
  find (rendering, DOCKER_TEMPLATE_FAILED,
        g_strdup_printf ("template: :%u:%d: executing \"\" at <%.*s>: %s", line,
                         (int)(at - begin), (int)path->length, path->start, what));
  g_free (what);
}

/* ---- members -------------------------------------------------------------------------- */

/* What is wrong with NAME of `of`. NULL: the original may have it. */
static char *
missing_member (const DockerTemplateData *data, const json_t *of, const char *name,
                gsize length)
{
  if (json_is_null (of))
    return g_strdup_printf ("nil pointer evaluating interface {}.%.*s", (int)length,
                            name);
  if (!json_is_object (of))
    return g_strdup_printf ("can't evaluate field %.*s in type %s", (int)length, name,
                            data->type ? "string" : "interface {}");
  if (!data->missing || is_among (data->missing, name, length))
    return NULL;
  if (data->type && of == data->object)
    return g_strdup_printf ("can't evaluate field %.*s in type %s", (int)length, name,
                            data->type);
  return g_strdup_printf ("map has no entry for key \"%.*s\"", (int)length, name);
}

/* The path at the beginning of what is left; FALSE: there is none. */
static gboolean
take_path (Action *left, Action *path)
{
  gsize length = 0;
  gboolean nameless = FALSE;
  if (left->length == 0 || *left->start != '.')
    return FALSE;
  while (length < left->length && left->start[length] == '.') {
    gsize name = strspn (left->start + length + 1, NAME_LETTERS);
    nameless |= name == 0;
    length += 1 + name;
  }
  *path = (Action){ left->start, length };
  left->start += length;
  left->length -= length;
  return length == 1 || !nameless; /* "." is all of it */
}

/* *member is NULL where a map has none of that name. FALSE: it is wrong. */
static gboolean
read_path (Rendering *rendering, const Action *path, const json_t **member)
{
  const json_t *at = rendering->data->object;
  gboolean in_map = FALSE;
  for (gsize i = 1; at && i < path->length;) {
    const char *name = path->start + i;
    gsize length = strspn (name, NAME_LETTERS);
    g_autofree char *key = g_strndup (name, length);
    const json_t *next = json_object_get (at, key);
    if (!next && !in_map) {
      char *what = missing_member (rendering->data, at, name, length);
      if (what)
        find_failed (rendering, path, what);
      else
        find_not_here (rendering, path);
      return FALSE;
    }
    in_map = is_among (maps, name, length);
    at = next;
    i += length + 1;
  }
  *member = at;
  return TRUE;
}

/* As Go's templates print a value; only plain ones. */
static char *
plain (const json_t *value)
{
  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  if (json_is_integer (value))
    return g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
  if (json_is_boolean (value))
    return g_strdup (json_is_true (value) ? "true" : "false");
  return value ? NULL : g_strdup (NO_VALUE);
}

static char *
as_json (const json_t *value)
{
  char *text = value ? json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
  char *copy = g_strdup (text ? text : "null");
  free (text);
  return copy;
}

/* ---- actions --------------------------------------------------------------------------- */

static void
skip_blanks (Action *left)
{
  while (left->length > 0 && strchr (BLANKS, *left->start)) {
    left->start++;
    left->length--;
  }
}

static gboolean
take_word (Action *left, const char *word)
{
  gsize length = strlen (word);
  if (left->length <= length || strncmp (left->start, word, length) != 0 ||
      !strchr (BLANKS, left->start[length]))
    return FALSE;
  left->start += length;
  left->length -= length;
  skip_blanks (left);
  return TRUE;
}

/* "text" as the last of an action. Newly allocated, or NULL. */
static char *
take_last_text (Action *left)
{
  skip_blanks (left);
  if (left->length < 2 || *left->start != '"' ||
      memchr (left->start + 1, '"', left->length - 2) ||
      left->start[left->length - 1] != '"' || memchr (left->start, '\\', left->length))
    return NULL;
  return g_strndup (left->start + 1, left->length - 2);
}

/* Of a table's head the last part of the label's name. */
static char *
label (const DockerTemplateData *data, Action left)
{
  g_autofree char *name = take_last_text (&left);
  if (!name || !data->labels)
    return NULL;
  if (data->heads) {
    const char *dot = strrchr (name, '.');
    return g_strdelimit (g_strdup (dot ? dot + 1 : name), "-_", ' ');
  }
  const char *text = json_string_value (json_object_get (data->labels, name));
  return g_strdup (text ? text : "");
}

/* index PATH "key" */
static char *
entry (Rendering *rendering, Action left)
{
  Action path;
  const json_t *map;
  if (!take_path (&left, &path))
    return NULL;
  g_autofree char *key = take_last_text (&left);
  if (!key || !read_path (rendering, &path, &map) || !json_is_object (map))
    return NULL;
  const json_t *value = json_object_get (map, key);
  g_autofree char *whole = g_strndup (path.start, path.length);
  gboolean texts = g_str_has_suffix (whole, ".Labels"); /* whose zero is no text */
  return !value && texts ? g_strdup ("") : plain (value);
}

/* What stands in its place; NULL: it is wrong, or not here. */
static char *
act (Rendering *rendering, const Action *action)
{
  Action left = *action, path;
  const json_t *member;
  gboolean dumps = take_word (&left, "json");
  if (!dumps && take_word (&left, ".Label"))
    return label (rendering->data, left);
  if (!dumps && take_word (&left, "index"))
    return entry (rendering, left);
  if (!take_path (&left, &path) || left.length > 0 ||
      !read_path (rendering, &path, &member))
    return NULL;
  return dumps ? as_json (member) : plain (member);
}

/* ---- the text ---------------------------------------------------------------------------- */

/* The next action from `text` on: *action, and where its braces begin and what follows them.
 * FALSE: there is none, or it has no end and *open is where it begins. */
static gboolean
next_action (const char *text, Action *action, const char **open, const char **after)
{
  *open = strstr (text, "{{");
  const char *close = *open ? strstr (*open + 2, "}}") : NULL;
  if (!close)
    return FALSE;
  *action = (Action){ *open + 2, (gsize)(close - *open) - 2 };
  skip_blanks (action);
  while (action->length > 0 && strchr (BLANKS, action->start[action->length - 1]))
    action->length--;
  *after = close + 2;
  return TRUE;
}

/* All of it is read before any of it is done. */
static void
check (Rendering *rendering)
{
  Action action;
  const char *open, *after;
  for (const char *at = rendering->text; next_action (at, &action, &open, &after);
       at = after) {
    gsize length = strspn (action.start, NAME_LETTERS);
    length = MIN (length, action.length);
    if (action.length == 0)
      find (rendering, DOCKER_TEMPLATE_UNREAD,
            g_strdup ("template: :1: missing value for command"));
    else if (length > 0 && !g_ascii_isdigit (*action.start) &&
             !is_among (functions, action.start, length))
      find (rendering, DOCKER_TEMPLATE_UNREAD,
            g_strdup_printf ("template: :1: function \"%.*s\" not defined", (int)length,
                             action.start));
  }
  if (open)
    find (rendering, DOCKER_TEMPLATE_UNREAD, g_strdup ("template: :1: unclosed action"));
}

/* docker ps takes \t and \n for what they mean. */
static void
add_text (GString *out, const char *text, gsize length, gboolean escapes)
{
  for (gsize i = 0; i < length; i++) {
    char next = escapes && text[i] == '\\' && i + 1 < length ? text[i + 1] : '\0';
    if (next == 't' || next == 'n')
      g_string_append_c (out, next == 't' ? '\t' : '\n');
    else
      g_string_append_c (out, text[i]);
    i += next == 't' || next == 'n';
  }
}

char *
docker_template_render (const char *text, const DockerTemplateData *data,
                        DockerTemplateFinding *finding, char **problem)
{
  Rendering rendering = { .data = data, .text = text };
  g_autoptr (GString) out = g_string_new (NULL);
  Action action;
  const char *open, *after, *at = text + data->from;
  check (&rendering);
  while (rendering.finding == DOCKER_TEMPLATE_RIGHT &&
         next_action (at, &action, &open, &after)) {
    g_autofree char *value = act (&rendering, &action);
    if (!value)
      find_not_here (&rendering, &action);
    add_text (out, at, (gsize)(open - at), data->escapes);
    g_string_append (out, value ? value : "");
    at = after;
  }
  add_text (out, at, strlen (at), data->escapes);
  *finding = rendering.finding;
  *problem = rendering.problem;
  return rendering.finding == DOCKER_TEMPLATE_RIGHT ? g_strdup (out->str) : NULL;
}
