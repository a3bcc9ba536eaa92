/* INFO: the sections of Redis 7.0, with what they say of a server of its kind. What
 * the simulation has no such thing as (replicas, scripts, evictions) is none. */
#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/resp_write.h"

/* The process id within its container. */
#define PROCESS_ID 1

/* Of an empty server; and about how much a job takes in its list. */
#define MEMORY_BYTES 991064
#define JOB_BYTES 420
#define SYSTEM_BYTES (8LL * 1024 * 1024 * 1024)

/* Processor time that a command takes, and an idle second: seconds. */
#define COMMAND_CPU_S 12e-6
#define IDLE_CPU_S 1e-3

#define DAY_S (24 * 3600)
#define LRU_CLOCK_BITS 24

typedef struct {
  const Redis *redis;
  gint64 uptime_s;
  GString *text;
} Info;

static void add (const Info *info, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
add (const Info *info, const char *name, const char *format, ...)
{
  va_list arguments;
  g_string_append_printf (info->text, "%s:", name);
  va_start (arguments, format);
  g_string_append_vprintf (info->text, format, arguments);
  va_end (arguments);
  g_string_append (info->text, "\r\n");
}

static void
add_number (const Info *info, const char *name, gint64 number)
{
  add (info, name, "%" G_GINT64_FORMAT, number);
}

/* Names separated by spaces, all of that value. */
static void
add_same (const Info *info, const char *names, const char *value)
{
  g_auto (GStrv) each = g_strsplit (names, " ", -1);
  for (char **name = each; *name; name++)
    add (info, *name, "%s", value);
}

/* "967.84K" beside the number itself. */
static void
add_bytes (const Info *info, const char *name, gint64 bytes)
{
  static const char units[] = "KMGT";
  double size = (double)bytes / 1024;
  guint unit = 0;
  g_autofree char *human = g_strconcat (name, "_human", NULL);
  add_number (info, name, bytes);
  for (; size >= 1024 && units[unit + 1]; unit++)
    size /= 1024;
  if (bytes < 1024)
    add (info, human, "%" G_GINT64_FORMAT "B", bytes);
  else
    add (info, human, "%.2f%c", size, units[unit]);
}

/* ---- sections --------------------------------------------------------------------- */

static void
add_server (const Info *info)
{
  gint64 wall_us = world_wall_us (info->redis->world);
  add (info, "redis_version", "%s", REDIS_VERSION);
  add (info, "redis_git_sha1", "00000000");
  add (info, "redis_git_dirty", "0");
  add (info, "redis_build_id", "ae4d7c971a948f0");
  add (info, "redis_mode", "standalone");
  add (info, "os", "Linux 6.1.0-18-amd64 x86_64");
  add (info, "arch_bits", "64");
  add (info, "monotonic_clock", "POSIX clock_gettime");
  add (info, "multiplexing_api", "epoll");
  add (info, "atomicvar_api", "c11-builtin");
  add (info, "gcc_version", "12.2.0");
  add_number (info, "process_id", PROCESS_ID);
  add (info, "process_supervised", "no");
  add (info, "run_id", "%s", world_redis_run_id (info->redis->world));
  add (info, "tcp_port", "0");
  add_number (info, "server_time_usec", wall_us);
  add_number (info, "uptime_in_seconds", info->uptime_s);
  add_number (info, "uptime_in_days", info->uptime_s / DAY_S);
  add (info, "hz", "10");
  add (info, "configured_hz", "10");
  add_number (info, "lru_clock",
              (wall_us / G_USEC_PER_SEC) & ((1 << LRU_CLOCK_BITS) - 1));
  add (info, "executable", "/data/redis-server");
  add (info, "config_file", "%s", "");
  add (info, "io_threads_active", "0");
}

static void
add_clients (const Info *info)
{
  add_number (info, "connected_clients", info->redis->clients);
  add_same (info, "cluster_connections", "0");
  add (info, "maxclients", "10000");
  add (info, "client_recent_max_input_buffer", "20480");
  add_same (info,
            "client_recent_max_output_buffer blocked_clients tracking_clients "
            "clients_in_timeout_table",
            "0");
}

static gint64
memory_of (const Redis *redis)
{
  g_auto (GStrv) keys = world_keys (redis->world);
  gint64 bytes = MEMORY_BYTES;
  for (char **key = keys; *key; key++)
    bytes += (gint64)world_key_length (redis->world, *key) * JOB_BYTES;
  return bytes;
}

/* As they are where nobody has sent a script. */
static void
add_scripts (const Info *info)
{
  add_same (info, "used_memory_lua used_memory_vm_eval", "32768");
  add (info, "used_memory_lua_human", "32.00K");
  add_same (info,
            "used_memory_scripts_eval number_of_cached_scripts number_of_functions "
            "number_of_libraries",
            "0");
  add (info, "used_memory_vm_functions", "33792");
  add_bytes (info, "used_memory_vm_total", 66560);
  add (info, "used_memory_functions", "200");
  add_bytes (info, "used_memory_scripts", 200);
}

static void
add_fragments (const Info *info, gint64 used, gint64 resident)
{
  double ratio = (double)resident / (double)used;
  add (info, "allocator_frag_ratio", "1.00");
  add (info, "allocator_frag_bytes", "0");
  add (info, "allocator_rss_ratio", "%.2f", ratio);
  add_number (info, "allocator_rss_bytes", resident - used);
  add (info, "rss_overhead_ratio", "1.00");
  add (info, "rss_overhead_bytes", "0");
  add (info, "mem_fragmentation_ratio", "%.2f", ratio);
  add_number (info, "mem_fragmentation_bytes", resident - used);
}

static void
add_memory (const Info *info)
{
  gint64 used = memory_of (info->redis), resident = used + used / 4 + 6 * 1024 * 1024;
  add_bytes (info, "used_memory", used);
  add_bytes (info, "used_memory_rss", resident);
  add_bytes (info, "used_memory_peak", used);
  add (info, "used_memory_peak_perc", "100.00%%");
  add_number (info, "used_memory_overhead", MEMORY_BYTES);
  add_number (info, "used_memory_startup", MEMORY_BYTES);
  add_number (info, "used_memory_dataset", used - MEMORY_BYTES);
  add (info, "used_memory_dataset_perc", "%.2f%%",
       100.0 * (double)(used - MEMORY_BYTES) / (double)used);
  add_number (info, "allocator_allocated", used);
  add_number (info, "allocator_active", used);
  add_number (info, "allocator_resident", resident);
  add_bytes (info, "total_system_memory", SYSTEM_BYTES);
  add_scripts (info);
  add_bytes (info, "maxmemory", 0);
  add (info, "maxmemory_policy", "noeviction");
  add_fragments (info, used, resident);
  add_same (info,
            "mem_not_counted_for_evict mem_replication_backlog "
            "mem_total_replication_buffers mem_clients_slaves mem_clients_normal "
            "mem_cluster_links mem_aof_buffer",
            "0");
  add (info, "mem_allocator", "jemalloc-5.3.0");
  add_same (info, "active_defrag_running lazyfree_pending_objects lazyfreed_objects",
            "0");
}

static void
add_aof (const Info *info)
{
  gboolean on = world_redis_keeps (info->redis->world) == SCENARIO_AOF;
  add (info, "aof_enabled", "%d", on);
  add_same (info, "aof_rewrite_in_progress aof_rewrite_scheduled", "0");
  add_same (info, "aof_last_rewrite_time_sec aof_current_rewrite_time_sec", "-1");
  add (info, "aof_last_bgrewrite_status", "ok");
  add_same (info, "aof_rewrites aof_rewrites_consecutive_failures", "0");
  add (info, "aof_last_write_status", "ok");
  add_same (info, "aof_last_cow_size module_fork_in_progress module_fork_last_cow_size",
            "0");
}

static void
add_persistence (const Info *info)
{
  const Redis *redis = info->redis;
  add_same (info,
            "loading async_loading current_cow_peak current_cow_size "
            "current_cow_size_age",
            "0");
  add (info, "current_fork_perc", "0.00");
  add_same (info, "current_save_keys_processed current_save_keys_total", "0");
  add (info, "rdb_changes_since_last_save", "%" G_GUINT64_FORMAT,
       world_redis_changes (redis->world));
  add (info, "rdb_bgsave_in_progress", "0");
  add_number (info, "rdb_last_save_time", redis_saved_wall_s (redis));
  add (info, "rdb_last_bgsave_status", "ok");
  add (info, "rdb_last_bgsave_time_sec", redis->saves ? "0" : "-1");
  add (info, "rdb_current_bgsave_time_sec", "-1");
  add (info, "rdb_saves", "%" G_GUINT64_FORMAT, redis->saves);
  add_same (info,
            "rdb_last_cow_size rdb_last_load_keys_expired rdb_last_load_keys_loaded",
            "0");
  add_aof (info);
}

/* What passes between a primary and its replicas, of which there are none, and what is
 * measured over the last seconds, in which little happens. */
static void
add_traffic (const Info *info)
{
  const Redis *redis = info->redis;
  add (info, "total_connections_received", "%" G_GUINT64_FORMAT, redis->connections);
  add (info, "total_commands_processed", "%" G_GUINT64_FORMAT, redis->commands);
  add (info, "instantaneous_ops_per_sec", "0");
  add (info, "total_net_input_bytes", "%" G_GUINT64_FORMAT, redis->received);
  add (info, "total_net_output_bytes", "%" G_GUINT64_FORMAT, redis->sent);
  add_same (info, "total_net_repl_input_bytes total_net_repl_output_bytes", "0");
  add_same (info,
            "instantaneous_input_kbps instantaneous_output_kbps "
            "instantaneous_input_repl_kbps instantaneous_output_repl_kbps",
            "0.00");
}

static void
add_stats (const Info *info)
{
  const Redis *redis = info->redis;
  add_traffic (info);
  add_same (
      info,
      "rejected_connections sync_full sync_partial_ok sync_partial_err expired_keys",
      "0");
  add (info, "expired_stale_perc", "0.00");
  add_same (info,
            "expired_time_cap_reached_count expire_cycle_cpu_milliseconds evicted_keys "
            "evicted_clients total_eviction_exceeded_time "
            "current_eviction_exceeded_time keyspace_hits keyspace_misses "
            "pubsub_channels pubsub_patterns pubsubshard_channels latest_fork_usec",
            "0");
  add (info, "total_forks", "%" G_GUINT64_FORMAT, redis->saves);
  add_same (info,
            "migrate_cached_sockets slave_expires_tracked_keys active_defrag_hits "
            "active_defrag_misses active_defrag_key_hits active_defrag_key_misses "
            "total_active_defrag_time current_active_defrag_time tracking_total_keys "
            "tracking_total_items tracking_total_prefixes unexpected_error_replies",
            "0");
  add (info, "total_error_replies", "%" G_GUINT64_FORMAT, redis->errors);
  add (info, "dump_payload_sanitizations", "0");
  add (info, "total_reads_processed", "%" G_GUINT64_FORMAT, redis->commands);
  add (info, "total_writes_processed", "%" G_GUINT64_FORMAT, redis->commands);
  add_same (info,
            "io_threaded_reads_processed io_threaded_writes_processed "
            "reply_buffer_shrinks reply_buffer_expands",
            "0");
}

static void
add_replication (const Info *info)
{
  g_autofree char *id = g_strreverse (g_strdup (world_redis_run_id (info->redis->world)));
  g_autofree char *none = g_strnfill (strlen (id), '0');
  add (info, "role", "master");
  add (info, "connected_slaves", "0");
  add (info, "master_failover_state", "no-failover");
  add (info, "master_replid", "%s", id);
  add (info, "master_replid2", "%s", none);
  add (info, "master_repl_offset", "0");
  add (info, "second_repl_offset", "-1");
  add (info, "repl_backlog_active", "0");
  add (info, "repl_backlog_size", "1048576");
  add_same (info, "repl_backlog_first_byte_offset repl_backlog_histlen", "0");
}

static void
add_cpu (const Info *info)
{
  double used_s =
      (double)info->uptime_s * IDLE_CPU_S + (double)info->redis->commands * COMMAND_CPU_S;
  add (info, "used_cpu_sys", "%.6f", used_s / 2);
  add (info, "used_cpu_user", "%.6f", used_s / 2);
  add_same (info, "used_cpu_sys_children used_cpu_user_children", "0.000000");
  add (info, "used_cpu_sys_main_thread", "%.6f", used_s / 2);
  add (info, "used_cpu_user_main_thread", "%.6f", used_s / 2);
}

static void
add_errors (const Info *info)
{
  if (info->redis->errors)
    add (info, "errorstat_ERR", "count=%" G_GUINT64_FORMAT, info->redis->errors);
}

static void
add_cluster (const Info *info)
{
  add (info, "cluster_enabled", "0");
}

static void
add_keyspace (const Info *info)
{
  guint keys, expires;
  gint64 ttl_ms;
  g_autofree char *name = g_strdup_printf ("db%u", info->redis->database);
  redis_database_count (info->redis, &keys, &expires, &ttl_ms);
  if (keys > 0)
    add (info, name, "keys=%u,expires=%u,avg_ttl=%" G_GINT64_FORMAT, keys, expires,
         ttl_ms);
}

/* Without a word all are given; "all" and "everything" say so. */
static const struct {
  const char *title;
  void (*add) (const Info *info); /* NULL: it is always empty */
} sections[] = {
  { "Server", add_server },     { "Clients", add_clients },
  { "Memory", add_memory },     { "Persistence", add_persistence },
  { "Stats", add_stats },       { "Replication", add_replication },
  { "CPU", add_cpu },           { "Modules", NULL },
  { "Errorstats", add_errors }, { "Cluster", add_cluster },
  { "Keyspace", add_keyspace },
};

static gboolean
is_asked_for (const char *title, const GPtrArray *words)
{
  for (guint i = 1; i < words->len; i++)
    if (redis_word_is (words, i, title) || redis_word_is (words, i, "all") ||
        redis_word_is (words, i, "everything") || redis_word_is (words, i, "default"))
      return TRUE;
  return words->len == 1;
}

static void
answer_info (RedisClient *client, const GPtrArray *words, GString *out)
{
  const World *world = client->redis->world;
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 up_us = world_now_us (world) - world_redis_started_us (world);
  Info info = { client->redis, MAX (up_us, 0) / G_USEC_PER_SEC, text };
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++) {
    if (!is_asked_for (sections[i].title, words))
      continue;
    g_string_append_printf (text, "%s# %s\r\n", text->len ? "\r\n" : "",
                            sections[i].title);
    if (sections[i].add)
      sections[i].add (&info);
  }
  resp_write_text (out, text->str, (gssize)text->len);
}

const RedisCommand redis_info_commands[] = {
  { "info", 1, 0, answer_info },
  { 0 },
};
