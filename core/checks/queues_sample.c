#include "core/checks/queues_sample.h"

#include <math.h>

#include "core/base/text.h"

G_DEFINE_QUARK (handrail_queues_sample_error, queues_sample_error)

static void fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
fail (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_propagate_error (error,
                     g_error_new_valist (QUEUES_SAMPLE_ERROR, QUEUES_SAMPLE_ERROR_SHAPE,
                                         format, arguments));
  va_end (arguments);
}

/* A member that is missing or null is NAN, unless it is `needed`. */
static gboolean
read_number (const json_t *object, const char *name, gboolean needed, double least,
             double *number, GError **error)
{
  const json_t *value = json_object_get (object, name);
  *number = NAN;
  if (!needed && (!value || json_is_null (value)))
    return TRUE;
  double read = json_number_value (value);
  if (!json_is_number (value))
    fail (error, "\"%s\" %s; give a number", name, value ? "is no number" : "is missing");
  else if (read < least || read > QUEUES_NUMBER_MAX)
    fail (error, "\"%s\" is %g; give a number from %g to %g", name, read, least,
          QUEUES_NUMBER_MAX);
  else
    *number = read;
  return !isnan (*number);
}

/* As read_number(): how many of something there are. */
static gboolean
read_count (const json_t *object, const char *name, gboolean needed, double *count,
            GError **error)
{
  if (!read_number (object, name, needed, 0, count, error))
    return FALSE;
  if (isnan (*count) || !(floor (*count) < *count))
    return TRUE;
  fail (error, "\"%s\" is %g; give a whole number", name, *count);
  return FALSE;
}

static gboolean
read_queue (const json_t *value, GHashTable *names, QueuesOne *one, GError **error)
{
  const json_t *name = json_object_get (value, "name");
  one->name = json_string_value (name);
  if (!json_is_object (value))
    fail (error, "it is no object; give {\"name\", \"size\", \"latency\"}");
  else if (!one->name)
    fail (error, "\"name\" %s; give a text", name ? "is no text" : "is missing");
  else if (!g_hash_table_add (names, (gpointer)one->name))
    fail (error, "it has the name of another; leave one of them out");
  else
    return read_count (value, "size", TRUE, &one->size, error) &&
           read_number (value, "latency", FALSE, -QUEUES_NUMBER_MAX, &one->latency_s,
                        error);
  return FALSE;
}

static void
prefix_queue (GError **error, gsize index, const char *name)
{
  g_autofree char *printable = name ? text_printable (name, -1) : NULL;
  g_autofree char *shown = printable ? text_cut_middle (printable, 60) : NULL;
  if (shown)
    g_prefix_error (error, "queue %zu (%s): ", index + 1, shown);
  else
    g_prefix_error (error, "queue %zu: ", index + 1);
}

static gboolean
read_queues (const json_t *queues, GArray *read, GError **error)
{
  if (!json_is_array (queues)) {
    fail (error, "\"queues\" %s; give a list", queues ? "is no list" : "is missing");
    return FALSE;
  }
  gsize count = json_array_size (queues);
  if (count > QUEUES_MAX) {
    fail (error, "\"queues\" has %zu items; give at most %d", count, QUEUES_MAX);
    return FALSE;
  }
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize i = 0; i < count; i++) {
    QueuesOne one = { 0 };
    if (!read_queue (json_array_get (queues, i), names, &one, error)) {
      prefix_queue (error, i, one.name);
      return FALSE;
    }
    g_array_append_val (read, one);
  }
  return TRUE;
}

static gboolean
read_members (QueuesSample *sample, GError **error)
{
  const json_t *json = sample->json;
  return read_number (json, "at", TRUE, -QUEUES_NUMBER_MAX, &sample->at_s, error) &&
         read_count (json, "busy", FALSE, &sample->busy, error) &&
         read_count (json, "retry", FALSE, &sample->retry, error) &&
         read_count (json, "scheduled", FALSE, &sample->scheduled, error) &&
         read_count (json, "processed", FALSE, &sample->processed, error) &&
         read_queues (json_object_get (json, "queues"), sample->queues, error);
}

QueuesSample *
queues_sample_take (json_t *json, GError **error)
{
  g_autoptr (QueuesSample) sample = g_new0 (QueuesSample, 1);
  sample->queues = g_array_new (FALSE, FALSE, sizeof (QueuesOne));
  sample->json = json;
  if (!json_is_object (json)) {
    fail (error, "it is no object; give {\"at\", \"queues\", …}");
    return NULL;
  }
  return read_members (sample, error) ? g_steal_pointer (&sample) : NULL;
}

QueuesSample *
queues_sample_read (const char *line, gsize length, GError **error)
{
  if (length > QUEUES_LINE_BYTES_MAX) {
    fail (error, "the line is longer than %d bytes", QUEUES_LINE_BYTES_MAX);
    return NULL;
  }
  json_error_t wrong;
  json_t *json = json_loadb (line, length, JSON_REJECT_DUPLICATES, &wrong);
  if (json)
    return queues_sample_take (json, error);
  g_autofree char *text = text_printable (wrong.text, -1);
  fail (error, "it is no JSON (%s); give one object a line", text);
  return NULL;
}

void
queues_sample_free (QueuesSample *sample)
{
  if (!sample)
    return;
  g_array_unref (sample->queues);
  json_decref (sample->json);
  g_free (sample);
}
