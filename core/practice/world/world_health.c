#include "core/practice/world/world_inside.h"

/* The service of this name, where there is one, is the application's database. */
#define DATABASE "postgres"

static const Service *
find_application (const World *world)
{
  for (guint i = 0; i < world->services->len; i++) {
    const Service *service = world->services->pdata[i];
    if (service->spec->role == SCENARIO_APPLICATION &&
        world_containers_up (world, service) > 0)
      return service;
  }
  return NULL;
}

static const char *
database_problem (const World *world)
{
  const Service *database = world_containers_service (world, DATABASE);
  return !database || world_containers_up (world, database) > 0
             ? NULL
             : "connection to server failed: Connection refused";
}

static const char *
workers_problem (const World *world)
{
  if (world_redis (world) != REDIS_UP)
    return "not known without redis";
  return world_processes_live (world) > 0 ? NULL : "no process is running";
}

json_t *
world_health (const World *world)
{
  const Service *application = find_application (world);
  if (!application)
    return NULL;
  const char *database = database_problem (world);
  const char *redis = world_redis (world) == REDIS_UP
                          ? NULL
                          : "Error connecting to Redis: Connection refused";
  const char *workers = workers_problem (world);
  return json_pack ("{s:b, s:{s:s?, s:s?, s:s?}, s:s}", "healthy",
                    !database && !redis && !workers, "errors", "db", database, "redis",
                    redis, "sidekiq", workers, "version",
                    application->spec->version ? application->spec->version : "");
}
