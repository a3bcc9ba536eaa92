/* docker_work.c: commands that take time: what is done at once, what after it. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

typedef enum { ACT_STOP, ACT_KILL, ACT_START, ACT_REMOVE } ActKind;

/* One thing that is done to one container. */
typedef struct {
  ActKind kind;
  World *world;
  char *id;
  gint64 grace_us;
  gboolean begun;
} Act;

/* What one line of progress is about: acts, one after the other. */
typedef struct {
  char *label;
  GPtrArray *acts; /* Act * */
  guint at;
  gboolean said; /* that it is over */
} Work;

struct DockerPhase {
  const char *verb;
  GPtrArray *works; /* Work * */
  gboolean begun;
  World *world;  /* in which it makes containers, or is refused */
  char *service; /* of which it makes containers, or NULL */
  guint count;
  gboolean refused;
  char *refusal, *closing; /* said of each, and once of all; or NULL */
  gint64 after_us;         /* until it says so */
  gint64 refuses_at_us;
};

static void
act_free (void *data)
{
  Act *act = data;
  g_free (act->id);
  g_free (act);
}

static void
work_free (void *data)
{
  Work *work = data;
  g_free (work->label);
  g_ptr_array_unref (work->acts);
  g_free (work);
}

DockerPhase *
docker_phase_new (const char *verb)
{
  DockerPhase *phase = g_new0 (DockerPhase, 1);
  phase->verb = verb;
  phase->works = g_ptr_array_new_with_free_func (work_free);
  return phase;
}

void
docker_phase_free (DockerPhase *phase)
{
  if (!phase)
    return;
  g_ptr_array_unref (phase->works);
  g_free (phase->service);
  g_free (phase->refusal);
  g_free (phase->closing);
  g_free (phase);
}

void
docker_phase_add (DockerPhase *phase, const char *label)
{
  Work *work = g_new0 (Work, 1);
  work->label = g_strdup (label);
  work->acts = g_ptr_array_new_with_free_func (act_free);
  g_ptr_array_add (phase->works, work);
}

static void
add_act (const DockerPhase *phase, ActKind kind, World *world, const Container *container,
         gint64 grace_us)
{
  const Work *work = phase->works->pdata[phase->works->len - 1];
  Act *act = g_new0 (Act, 1);
  *act = (Act){
    .kind = kind, .world = world, .id = g_strdup (container->id), .grace_us = grace_us
  };
  g_ptr_array_add (work->acts, act);
}

void
docker_phase_stop (DockerPhase *phase, World *world, const Container *container,
                   gint64 grace_us)
{
  add_act (phase, ACT_STOP, world, container, grace_us);
}

void
docker_phase_start (DockerPhase *phase, World *world, const Container *container)
{
  add_act (phase, ACT_START, world, container, 0);
}

void
docker_phase_kill (DockerPhase *phase, World *world, const Container *container)
{
  add_act (phase, ACT_KILL, world, container, 0);
}

void
docker_phase_remove (DockerPhase *phase, World *world, const Container *container)
{
  add_act (phase, ACT_REMOVE, world, container, 0);
}

void
docker_phase_create (DockerPhase *phase, World *world, const char *service, guint count)
{
  phase->world = world;
  phase->service = g_strdup (service);
  phase->count = count;
}

void
docker_phase_refuse (DockerPhase *phase, World *world, const char *says,
                     const char *closing, gint64 after_us)
{
  phase->world = world;
  phase->refused = TRUE;
  phase->refusal = g_strdup (says);
  phase->closing = g_strdup (closing);
  phase->after_us = after_us;
}

/* ---- doing it --------------------------------------------------------------------------- */

static const Container *
container_of (const World *world, const char *id)
{
  const GPtrArray *containers = world_containers (world);
  for (guint i = 0; i < containers->len; i++) {
    const Container *container = containers->pdata[i];
    if (strcmp (container->id, id) == 0)
      return container;
  }
  return NULL;
}

static void
act_begin (Act *act)
{
  act->begun = TRUE;
  switch (act->kind) {
  case ACT_STOP:
    world_stop (act->world, act->id, act->grace_us);
    break;
  case ACT_KILL:
    world_kill (act->world, act->id);
    break;
  case ACT_START:
    world_start (act->world, act->id);
    break;
  case ACT_REMOVE:
    world_remove (act->world, act->id);
    break;
  }
}

/* A start is over at once: whether what has been started stays up is another question.
 * One that somebody else has removed is done with. */
static gboolean
act_is_over (const Act *act)
{
  const Container *container = container_of (act->world, act->id);
  return !container || act->kind == ACT_START || act->kind == ACT_REMOVE ||
         !docker_is_running (container);
}

/* TRUE: it is over. */
static gboolean
work_go_on (Work *work)
{
  while (work->at < work->acts->len) {
    Act *act = work->acts->pdata[work->at];
    if (!act->begun && container_of (act->world, act->id))
      act_begin (act);
    if (!act_is_over (act))
      return FALSE;
    work->at++;
  }
  return TRUE;
}

void
docker_phase_measure (const DockerPhase *phase, DockerCommand *command)
{
  for (guint i = 0; phase->verb && i < phase->works->len; i++) {
    const Work *work = phase->works->pdata[i];
    command->width =
        MAX (command->width, strlen (phase->verb) + 1 + strlen (work->label));
  }
}

void
docker_say_progress (DockerCommand *command, const char *verb, const char *label,
                     const char *how)
{
  g_autofree char *line = g_strconcat (verb, " ", label, NULL);
  command->width = MAX (command->width, strlen (line));
  docker_err (command, "%-*s ... %s\n", (int)command->width, line, how);
}

static void
say (const DockerPhase *phase, DockerCommand *command, const Work *work, const char *how)
{
  if (phase->verb)
    docker_say_progress (command, phase->verb, work->label, how);
}

/* The containers that were not there before are its works. */
static void
create (DockerPhase *phase)
{
  g_autoptr (GHashTable) before =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const GPtrArray *containers = world_containers (phase->world);
  for (guint i = 0; i < containers->len; i++)
    g_hash_table_add (before, g_strdup (((const Container *)containers->pdata[i])->id));
  world_create (phase->world, phase->service, phase->count);
  containers = world_containers (phase->world);
  for (guint i = 0; i < containers->len; i++) {
    const Container *container = containers->pdata[i];
    if (!g_hash_table_contains (before, container->id)) {
      docker_phase_add (phase, container->name);
      docker_phase_start (phase, phase->world, container);
    }
  }
}

void
docker_phase_begin (DockerPhase *phase, DockerCommand *command)
{
  if (phase->begun)
    return;
  phase->begun = TRUE;
  if (phase->service && phase->refused)
    docker_phase_add (phase, phase->service);
  else if (phase->service)
    create (phase);
  docker_phase_measure (phase, command);
  for (guint i = 0; i < phase->works->len; i++)
    say (phase, command, phase->works->pdata[i], "");
  if (phase->refused)
    phase->refuses_at_us = world_now_us (phase->world) + phase->after_us;
}

static void
give_up (const DockerPhase *phase, DockerCommand *command)
{
  for (guint i = 0; i < phase->works->len; i++)
    say (phase, command, phase->works->pdata[i], "error");
  for (guint i = 0; phase->refusal && i < phase->works->len; i++)
    docker_err (command, "\nERROR: for %s  %s\n",
                ((const Work *)phase->works->pdata[i])->label, phase->refusal);
  if (phase->closing)
    docker_err (command, "%s\n", phase->closing);
  command->status = 1;
}

gboolean
docker_phase_go_on (DockerPhase *phase, DockerCommand *command)
{
  docker_phase_begin (phase, command);
  if (phase->refused) {
    if (world_now_us (phase->world) < phase->refuses_at_us)
      return FALSE;
    give_up (phase, command);
    return TRUE;
  }
  gboolean over = TRUE;
  for (guint i = 0; i < phase->works->len; i++) {
    Work *work = phase->works->pdata[i];
    if (!work->said && work_go_on (work)) {
      work->said = TRUE;
      say (phase, command, work, "done");
      if (!phase->verb)
        docker_out (command, "%s\n", work->label);
    }
    over &= work->said;
  }
  return over;
}

gboolean
docker_phase_was_refused (const DockerPhase *phase)
{
  return phase->refused;
}

gboolean
docker_phase_is_empty (const DockerPhase *phase)
{
  return phase->works->len == 0 && !phase->service;
}
