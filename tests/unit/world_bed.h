/* world_bed.h: a small deployment made by hand, for the tests of the simulated world. */
#ifndef HANDRAIL_TESTS_WORLD_BED_H
#define HANDRAIL_TESTS_WORLD_BED_H

#include <string.h>

#include "core/practice/world/world.h"

#define BED_S ((gint64)G_USEC_PER_SEC)
#define BED_WALL (1795335122 * BED_S)
#define BED_EVENTS_MAX 8

enum { BED_WEB, BED_APP, BED_WORKERS, BED_REDIS, BED_SERVICES };
enum { BED_DEFAULT, BED_MAIL, BED_QUEUES };

typedef struct {
  Scenario scenario;
  ScenarioService service[BED_SERVICES];
  ScenarioQueue queue[BED_QUEUES];
  ScenarioEvent event[BED_EVENTS_MAX];
  World *world; /* after bed_begin() */
} Bed;

/* Two workers of five threads; `default` is fed by the application, `mail` by nobody in
 * particular, a little. */
static inline void
bed_open (Bed *bed)
{
  *bed = (Bed){
    .service = {
      [BED_WEB] = { .name = (char *)"web", .replicas = 1, .starts_us = BED_S,
                    .stops_us = BED_S },
      [BED_APP] = { .name = (char *)"app", .role = SCENARIO_APPLICATION, .replicas = 2,
                    .starts_us = 5 * BED_S, .stops_us = 2 * BED_S, .checked = TRUE,
                    .version = (char *)"v44.0.1" },
      [BED_WORKERS] = { .name = (char *)"workers", .role = SCENARIO_WORKERS, .replicas = 2,
                        .starts_us = 4 * BED_S, .stops_us = BED_S, .threads = 5,
                        .hands_back_us = 25 * BED_S },
      [BED_REDIS] = { .name = (char *)"redis", .role = SCENARIO_REDIS, .replicas = 1,
                      .starts_us = BED_S, .stops_us = BED_S / 2 },
    },
    .queue = {
      [BED_DEFAULT] = { .name = (char *)"default", .per_minute = 120,
                        .from = (char *)"app", .least_us = BED_S, .most_us = 3 * BED_S },
      [BED_MAIL] = { .name = (char *)"mail", .per_minute = 12, .least_us = BED_S / 10,
                     .most_us = BED_S },
    },
  };
  bed->scenario.services = g_ptr_array_new ();
  bed->scenario.queues = g_ptr_array_new ();
  bed->scenario.events = g_ptr_array_new ();
  for (guint i = 0; i < BED_SERVICES; i++) {
    bed->service[i].running = FIELD_UNSET;
    g_ptr_array_add (bed->scenario.services, &bed->service[i]);
  }
  for (guint i = 0; i < BED_QUEUES; i++)
    g_ptr_array_add (bed->scenario.queues, &bed->queue[i]);
}

static inline void
bed_close (Bed *bed)
{
  g_clear_pointer (&bed->world, world_free);
  g_ptr_array_unref (bed->scenario.services);
  g_ptr_array_unref (bed->scenario.queues);
  g_ptr_array_unref (bed->scenario.events);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bed, bed_close)

static inline void
bed_event (Bed *bed, ScenarioEvent event)
{
  guint index = bed->scenario.events->len;
  g_assert_cmpuint (index, <, BED_EVENTS_MAX);
  bed->event[index] = event;
  g_ptr_array_add (bed->scenario.events, &bed->event[index]);
}

static inline World *
bed_begin (Bed *bed, guint64 seed)
{
  g_clear_pointer (&bed->world, world_free);
  bed->world = world_new (&bed->scenario, "lab", seed, BED_WALL);
  return bed->world;
}

/* Nothing arrives by itself: for tests that count. */
static inline void
bed_quiet (Bed *bed)
{
  for (guint i = 0; i < BED_QUEUES; i++)
    bed->queue[i].per_minute = 0;
}

static inline void
bed_pass (Bed *bed, double seconds)
{
  world_advance (bed->world, world_now_us (bed->world) + (gint64)(seconds * (double)BED_S));
}

static inline const Container *
bed_container (const Bed *bed, const char *service, guint number)
{
  const GPtrArray *containers = world_containers (bed->world);
  for (guint i = 0; i < containers->len; i++) {
    const Container *container = containers->pdata[i];
    if (strcmp (container->service->name, service) == 0 && container->number == number)
      return container;
  }
  return NULL;
}

static inline guint
bed_running (const Bed *bed, const char *service)
{
  const GPtrArray *containers = world_containers (bed->world);
  guint running = 0;
  for (guint i = 0; i < containers->len; i++) {
    const Container *container = containers->pdata[i];
    if (strcmp (container->service->name, service) == 0 &&
        (container->state == CONTAINER_RUNNING || container->state == CONTAINER_STOPPING))
      running++;
  }
  return running;
}

static inline void
bed_stop (Bed *bed, const char *service, double grace_s)
{
  for (guint number = 1; bed_container (bed, service, number); number++)
    world_stop (bed->world, bed_container (bed, service, number)->id,
                (gint64)(grace_s * (double)BED_S));
}

static inline void
bed_start (Bed *bed, const char *service)
{
  for (guint number = 1; bed_container (bed, service, number); number++)
    world_start (bed->world, bed_container (bed, service, number)->id);
}

static inline gint64
bed_tally (const Bed *bed, const char *what)
{
  json_t *tally = world_tally (bed->world);
  const json_t *count = json_object_get (tally, what);
  g_assert_true (json_is_integer (count));
  gint64 value = json_integer_value (count);
  json_decref (tally);
  return value;
}

/* arrived = done + lost + queued + in_work, none below 0. */
static inline void
bed_assert_balance (const Bed *bed)
{
  static const char *const all[] = { "arrived", "done",   "lost",
                                     "queued",  "in_work", "interrupted" };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_assert_cmpint (bed_tally (bed, all[i]), >=, 0);
  g_assert_cmpint (bed_tally (bed, "arrived"), ==,
                   bed_tally (bed, "done") + bed_tally (bed, "lost") +
                       bed_tally (bed, "queued") + bed_tally (bed, "in_work"));
}

/* Events of that kind among `told`; the first of them in *first, borrowed. */
static inline guint
bed_count (const json_t *told, const char *event, const json_t **first)
{
  guint count = 0;
  for (size_t i = 0; i < json_array_size (told); i++) {
    const json_t *one = json_array_get (told, i);
    const char *kind = json_string_value (json_object_get (one, "event"));
    if (strcmp (kind, event) != 0)
      continue;
    if (count++ == 0 && first)
      *first = one;
  }
  return count;
}

static inline const char *
bed_text (const json_t *object, const char *member)
{
  const char *text = json_string_value (json_object_get (object, member));
  return text ? text : "";
}

static inline gint64
bed_number (const json_t *object, const char *member)
{
  const json_t *value = json_object_get (object, member);
  g_assert_true (json_is_integer (value));
  return json_integer_value (value);
}

static inline double
bed_at (const json_t *event)
{
  return json_real_value (json_object_get (event, "at"));
}

#endif
