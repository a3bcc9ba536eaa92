#include "core/practice/serve/serve_inside.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "core/practice/serve/serve_folder.h"

/* Of machine time. What happens meanwhile happens at its own time all the same: it is only
 * seen so much later, and a fast world does not keep the machine busy. */
#define REST_MS 10

#define IDLE_US (3600 * (gint64)G_USEC_PER_SEC)

/* How soon it sees that nobody needs it. A watch of the kernel would say so at once, and would
 * hold up the end of a process that is killed: then others see its sockets close long before. */
#define NEEDED_LOOK_S 2

/* A world in which nothing comes to pass turns once a minute. */
#define REST_MAX_MS (60 * (gint64)1000)

/* An hour's worth of a restless world is a few hundred KiB. */
#define TOLD_BYTES_MAX (16 * 1024 * 1024)

G_DEFINE_QUARK (handrail_serve_error, serve_error)

gint64
serve_boot_us (void)
{
  struct timespec now;
  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* ---- what is written down ------------------------------------------------------------- */

/* Takes over `event`. After the bound nothing more is written. */
static void
write_event (Serve *serve, json_t *event)
{
  char *text = json_dumps (event, JSON_COMPACT);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize length = strlen (line);
  free (text);
  json_decref (event);
  if (serve->told_bytes + length > TOLD_BYTES_MAX)
    return;
  serve->told_bytes += length;
  for (gsize done = 0; done < length;) {
    ssize_t written = write (serve->told, line + done, length - done);
    if (written < 0 && errno != EINTR)
      return; /* the disk is full: practice goes on */
    done += written > 0 ? (gsize)written : 0;
  }
}

static void
write_told (Serve *serve)
{
  json_auto_t *told = world_told (serve->world);
  size_t index;
  json_t *event;
  json_array_foreach (told, index, event)
  {
    write_event (serve, json_incref (event));
  }
  if (serve->other) /* nobody hears of that one */
    json_decref (world_told (serve->other));
}

/* Its second 0 on this host's clock, by which what it tells is put beside what others do. */
static void
write_began (Serve *serve)
{
  gint64 passed_us = serve_boot_us () - serve->begin_boot_us;
  double wall_s = (double)(g_get_real_time () - passed_us) / G_USEC_PER_SEC;
  write_event (
      serve, json_pack ("{s:f, s:s, s:f}", "at", 0.0, "event", "began", "wall", wall_s));
}

/* Nothing is told after it but how many jobs became what. */
static void
write_ended (Serve *serve)
{
  double at_s = (double)world_now_us (serve->world) / G_USEC_PER_SEC;
  write_told (serve);
  write_event (serve, json_pack ("{s:f, s:s}", "at", at_s, "event", "ended"));
  json_decref (serve_tally (serve));
}

json_t *
serve_reach (const Serve *serve)
{
  return json_pack ("{s:i, s:[i]}", "pid", (int)getpid (), "ports",
                    (int)serve->http_number);
}

json_t *
serve_tally (Serve *serve)
{
  json_t *tally = world_tally (serve->world);
  json_t *event =
      json_pack ("{s:f, s:s}", "at", (double)world_now_us (serve->world) / G_USEC_PER_SEC,
                 "event", "tally");
  write_told (serve);
  json_object_update (event, tally);
  write_event (serve, event);
  return tally;
}

/* ---- turns -------------------------------------------------------------------------------- */

static gboolean
on_turn (void *data)
{
  Serve *serve = data;
  serve->turn_source = 0;
  serve_turn (serve);
  return G_SOURCE_REMOVE;
}

static gint64
next_us (const Serve *serve)
{
  gint64 next = world_next_us (serve->world);
  gint64 other = serve->other ? world_next_us (serve->other) : -1;
  return other >= 0 && (next < 0 || other < next) ? other : next;
}

/* In machine time from now; -1: never. */
static gint64
rest_ms (const Serve *serve)
{
  gint64 next = next_us (serve);
  if (serve->waiting->len > 0)
    return REST_MS;
  if (next < 0)
    return -1;
  gint64 left_us = (next - world_now_us (serve->world)) / serve->order->speed;
  return CLAMP (left_us / 1000 + 1, REST_MS, REST_MAX_MS);
}

void
serve_wake (Serve *serve)
{
  gint64 rest = rest_ms (serve);
  g_clear_handle_id (&serve->turn_source, g_source_remove);
  if (rest >= 0)
    serve->turn_source = g_timeout_add ((guint)rest, on_turn, serve);
}

static void
cut_line (const Serve *serve)
{
  if (serve->viewer >= 0)
    pidfd_send_signal (serve->viewer, SIGHUP, NULL, 0);
}

/* A port that could be opened before can be again, unless this process has no descriptor left:
 * then the next turn tries. */
static void
open_ports (const Serve *serve)
{
  json_auto_t *health = world_health (serve->world);
  port_set_open (serve->redis_port, world_redis (serve->world) == REDIS_UP, NULL);
  port_set_open (serve->http_port, health != NULL, NULL);
}

void
serve_turn (Serve *serve)
{
  gint64 now_us = (serve_boot_us () - serve->begin_boot_us) * serve->order->speed;
  world_advance (serve->world, now_us);
  if (serve->other)
    world_advance (serve->other, now_us);
  serve_control_go_on (serve);
  open_ports (serve);
  write_told (serve);
  if (world_drops_line (serve->world))
    cut_line (serve);
  serve_wake (serve);
}

void
serve_ask (void *owner)
{
  Serve *serve = owner;
  serve->asked_boot_us = serve_boot_us ();
  serve_turn (serve);
}

/* ---- the end -------------------------------------------------------------------------------- */

static gboolean
on_quit (void *data)
{
  Serve *serve = data;
  serve->quit_source = 0;
  g_main_loop_quit (serve->loop);
  return G_SOURCE_REMOVE;
}

void
serve_end (Serve *serve)
{
  if (!serve->quit_source)
    serve->quit_source = g_idle_add (on_quit, serve);
}

static gboolean
on_signal (void *data)
{
  serve_end (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_needed_look (void *data)
{
  Serve *serve = data;
  if (serve_boot_us () - serve->asked_boot_us > IDLE_US || serve_folder_is_gone (serve))
    serve_end (serve);
  return G_SOURCE_CONTINUE;
}

gboolean
serve_set_viewer (Serve *serve, int pid)
{
  int descriptor = pidfd_open (pid, 0);
  if (descriptor < 0)
    return FALSE;
  if (serve->viewer >= 0)
    close (serve->viewer);
  serve->viewer = descriptor;
  return TRUE;
}

/* ---- the whole ---------------------------------------------------------------------------- */

Serve *
serve_new (const ServeOrder *order, GError **error)
{
  g_autoptr (Serve) serve = g_new0 (Serve, 1);
  serve->order = order;
  serve->told = serve->viewer = -1;
  serve->waiting = g_ptr_array_new ();
  serve->loop = g_main_loop_new (NULL, FALSE);
  serve->term_source = g_unix_signal_add (SIGTERM, on_signal, serve);
  serve->int_source = g_unix_signal_add (SIGINT, on_signal, serve);
  if (!serve_folder_check (order->folder, error))
    return NULL;
  serve_know_folder (serve);
  if (!serve_make_worlds (serve, error) || !serve_make_ports (serve, error) ||
      !serve_make_folder (serve, error) ||
      !port_set_open (serve->control_port, TRUE, error))
    return NULL;
  write_began (serve);
  if (order->viewer > 0) /* one that is gone has no line to be cut */
    serve_set_viewer (serve, order->viewer);
  serve_turn (serve);
  return g_steal_pointer (&serve);
}

void
serve_free (Serve *serve)
{
  if (!serve)
    return;
  guint *sources[] = { &serve->turn_source, &serve->needed_source, &serve->term_source,
                       &serve->int_source, &serve->quit_source };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_handle_id (sources[i], g_source_remove);
  port_free (serve->control_port);
  port_free (serve->redis_port);
  port_free (serve->http_port);
  g_ptr_array_unref (serve->waiting);
  g_clear_pointer (&serve->redis, redis_free);
  docker_free (serve->docker);
  world_free (serve->other);
  world_free (serve->world);
  if (serve->still)
    g_ptr_array_unref (serve->still->events);
  g_free (serve->still);
  scenario_free (serve->scenario);
  g_free (serve->health);
  if (serve->told >= 0)
    close (serve->told);
  if (serve->viewer >= 0)
    close (serve->viewer);
  g_main_loop_unref (serve->loop);
  g_free (serve);
}

char *
serve_hello (const Serve *serve)
{
  const ServeOrder *order = serve->order;
  g_autofree char *site = g_build_filename (order->folder, SERVE_FOLDER_SITE, NULL);
  json_auto_t *hello = json_pack (
      "{s:s, s:s, s:s?, s:s, s:I, s:I, s:i}", "site", site, "folder", order->folder,
      "health", serve->health, "project", SERVE_PROJECT, "seed", (json_int_t)order->seed,
      "speed", (json_int_t)order->speed, "pid", (int)getpid ());
  char *text = json_dumps (hello, JSON_COMPACT);
  char *line = g_strconcat (text, "\n", NULL);
  free (text);
  return line;
}

void
serve_run (Serve *serve)
{
  serve->needed_source = g_timeout_add_seconds (NEEDED_LOOK_S, on_needed_look, serve);
  g_main_loop_run (serve->loop);
  write_ended (serve);
}
