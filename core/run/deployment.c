#include "core/run/deployment.h"

#include <string.h>

#include "core/base/text.h"

static json_t *
without_clock (const json_t *body)
{
  json_t *rest = json_copy ((json_t *)body); /* of one level: the services are shared */
  json_object_del (rest, "clock_us");
  return rest;
}

gboolean
deployment_is_same (const json_t *body, const json_t *other)
{
  if (!body || !other)
    return body == other;
  json_auto_t *one = without_clock (body), *two = without_clock (other);
  return json_equal (one, two);
}

const json_t *
deployment_service (const json_t *body, const char *service)
{
  return json_object_get (json_object_get (body, "services"), service);
}

static const json_t *
instances_of (const json_t *body, const char *service)
{
  return json_object_get (deployment_service (body, service), "instances");
}

guint
deployment_instances (const json_t *body, const char *service)
{
  return (guint)json_array_size (instances_of (body, service));
}

static gboolean
is_running (const json_t *instance)
{
  return json_is_true (json_object_get (instance, "running"));
}

guint
deployment_running (const json_t *body, const char *service)
{
  guint running = 0;
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    if (is_running (instance))
      running++;
  }
  return running;
}

/* Containers call themselves by the first characters of their id. */
#define HOSTNAME_OF_ID 12

char *
deployment_hostname (const json_t *instance)
{
  const char *name = json_string_value (json_object_get (instance, "hostname"));
  const char *id = json_string_value (json_object_get (instance, "id"));
  return name ? g_strdup (name) : g_strndup (id ? id : "", HOSTNAME_OF_ID);
}

GStrv
deployment_hostnames (const json_t *body, const char *service)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    g_autofree char *name = deployment_hostname (instance);
    g_strv_builder_add (names, name);
  }
  return g_strv_builder_end (names);
}

const char *
deployment_empty (const json_t *body)
{
  return json_string_value (json_object_get (body, "empty"));
}

const json_t *
deployment_unlisted (const json_t *body)
{
  return json_object_get (body, "unlisted");
}

gboolean
deployment_settled (const json_t *body, const char *service)
{
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    if (!json_is_true (json_object_get (instance, "settled")))
      return FALSE;
  }
  return TRUE;
}

/* The instance of that id in an earlier body, or NULL. */
static const json_t *
find_instance (const json_t *body, const char *service, const char *id)
{
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    const char *other = json_string_value (json_object_get (instance, "id"));
    if (g_strcmp0 (id, other) == 0)
      return instance;
  }
  return NULL;
}

static gint64
number_of (const json_t *object, const char *member)
{
  return json_integer_value (json_object_get (object, member));
}

static gboolean
is_ready (const json_t *instance, gint64 clock_us, const json_t *earlier, gint64 up_us)
{
  const char *health = json_string_value (json_object_get (instance, "health"));
  const char *state = json_string_value (json_object_get (instance, "state"));
  if (!is_running (instance) || g_strcmp0 (state, "running") != 0)
    return FALSE;
  if (health && strcmp (health, "healthy") != 0)
    return FALSE;
  if (earlier && number_of (instance, "restarts") > number_of (earlier, "restarts"))
    return FALSE;
  return clock_us - number_of (instance, "since_us") >= up_us;
}

guint
deployment_ready (const json_t *body, const char *service, const json_t *before,
                  gint64 up_us)
{
  gint64 clock_us = number_of (body, "clock_us");
  guint ready = 0;
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    const char *id = json_string_value (json_object_get (instance, "id"));
    if (is_ready (instance, clock_us, find_instance (before, service, id), up_us))
      ready++;
  }
  return ready;
}

char *
deployment_reason (const json_t *body, const char *service)
{
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    const char *name = json_string_value (json_object_get (instance, "name"));
    const char *reason = json_string_value (json_object_get (instance, "reason"));
    g_autofree char *line = NULL;
    if (!reason)
      continue;
    line = g_strdup_printf ("%s %s", name ? name : service, reason);
    return text_printable (line, -1);
  }
  return NULL;
}

static int
compare_texts (const void *left, const void *right)
{
  return strcmp (*(char *const *)left, *(char *const *)right);
}

/* Leftovers that do not run say nothing of what runs: they count only when
 * nothing else is there. */
char *
deployment_images (const json_t *body, const char *service)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new ();
  gboolean any = deployment_running (body, service) == 0;
  size_t index;
  json_t *instance;
  json_array_foreach (instances_of (body, service), index, instance)
  {
    const char *image = json_string_value (json_object_get (instance, "image"));
    if (image && (any || is_running (instance)) &&
        !g_ptr_array_find_with_equal_func (images, image, g_str_equal, NULL))
      g_ptr_array_add (images, (void *)image);
  }
  g_ptr_array_sort (images, compare_texts);
  g_ptr_array_add (images, NULL);
  return g_strjoinv (" ", (char **)images->pdata);
}

gint64
deployment_grace_s (const json_t *body, const char *service)
{
  const json_t *grace = json_object_get (deployment_service (body, service), "grace_s");
  return json_is_integer (grace) ? json_integer_value (grace) : -1;
}

const char *
deployment_single (const json_t *body, const char *service)
{
  return json_string_value (
      json_object_get (deployment_service (body, service), "single"));
}

const char *
deployment_identity (const json_t *body, const char *name)
{
  return json_string_value (json_object_get (json_object_get (body, "identity"), name));
}

const char *
deployment_tool (const json_t *body)
{
  return json_string_value (json_object_get (body, "tool"));
}
