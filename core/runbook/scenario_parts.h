/* scenario_parts.h: a scenario file as it is read, for scenario*.c. */
#ifndef HANDRAIL_RUNBOOK_SCENARIO_PARTS_H
#define HANDRAIL_RUNBOOK_SCENARIO_PARTS_H

#include "core/runbook/reader.h"
#include "core/runbook/scenario.h"

/* All that a file says. */
typedef struct {
  Scenario scenario; /* first: a Scenario * is a ScenarioFile * */
  gint64 format;
  char *like;
  gboolean lost; /* what it is like could not be read: names may be of that one */
} ScenarioFile;

/* One of them is said. */
typedef struct {
  char *stopping, *stopped, *up;
} ScenarioAfter;

/* An event by its keys, of which the kind and the trigger are told. */
typedef struct {
  ScenarioEvent event;
  char *start, *kill, *refuse;
  gint64 flap_us, takes_us, at_us;
  gboolean drop_line;
  ScenarioAfter *after;
} ScenarioEntry;

/* One file on its way into a scenario. */
typedef struct {
  Reader reader;
  Scenario *scenario;
  const TreeNode *root;
  gboolean lost; /* the file's */
} ScenarioReading;

/* The mapping or list under `name`, or NULL, with a problem where it is something else or
 * holds too much. */
const TreeNode *scenario_find_section (ScenarioReading *reading, const char *name,
                                       TreeType type, guint most);

/* Add what the file has of them, in this order, for each names the ones before.
 * scenario_service.c, scenario_event.c */
void scenario_read_services (ScenarioReading *reading);
void scenario_read_queues (ScenarioReading *reading);
void scenario_read_events (ScenarioReading *reading);

/* Free functions of the arrays. */
void scenario_service_free (void *service);
void scenario_queue_free (void *queue);
void scenario_event_free (void *event);

/* Whether the scenario has a service of that name; else a problem at `place`. */
gboolean scenario_check_service (ScenarioReading *reading, const char *name, Place place);

/* The service that is its Redis, or NULL. */
const ScenarioService *scenario_redis (const Scenario *scenario);

#endif
