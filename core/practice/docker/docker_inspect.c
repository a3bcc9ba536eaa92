/* docker_inspect.c: docker inspect. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

#include "core/base/moment.h"
#include "core/practice/docker/docker_template.h"

#define LABEL "com.docker.compose."
#define NEVER "0001-01-01T00:00:00Z"
#define ID_SHORT 12

const DockerOption docker_inspect_options[] = {
  { .name = "format", .letter = 'f', .takes = TRUE },
  { .name = "type", .takes = TRUE },
  { .name = "size", .letter = 's', .missing = TRUE },
  { 0 },
};

/* What the container runs, by what its service is. */
static const char *const *
words_of (const ScenarioService *service)
{
  static const char *const plain[] = { "/docker-entrypoint.sh", NULL };
  static const char *const workers[] = { "bundle", "exec", "sidekiq", NULL };
  static const char *const redis[] = { "docker-entrypoint.sh", "redis-server", NULL };
  static const char *const application[] = { "bundle", "exec", "puma", NULL };
  switch ((ScenarioRole)service->role) {
  case SCENARIO_WORKERS:
    return workers;
  case SCENARIO_REDIS:
    return redis;
  case SCENARIO_APPLICATION:
    return application;
  case SCENARIO_PLAIN:
    break;
  }
  return plain;
}

static json_t *
strings (const char *const *words)
{
  json_t *array = json_array ();
  for (; *words; words++)
    json_array_append_new (array, json_string (*words));
  return array;
}

static json_t *
moment_of (const World *world, gint64 world_us, gboolean happened)
{
  g_autofree char *text =
      happened ? moment_format_wall (docker_wall_us (world, world_us)) : NULL;
  return json_string (text ? text : NEVER);
}

/* The same at every look, and another one after each start. */
static int
pid_of (const Container *container)
{
  guint hash = g_str_hash (container->id) ^ (guint)(container->started_us >> 10);
  return docker_is_running (container) ? (int)(1000 + hash % 30000) : 0;
}

static json_t *
state_of (const World *world, const Container *container)
{
  static const char *const health[] = { NULL, "starting", "healthy", "unhealthy" };
  gboolean running = docker_is_running (container);
  gboolean started = container->state != CONTAINER_CREATED;
  gboolean finished = started && container->finished_us != -1;
  const char *status = running ? "running" : started ? "exited" : "created";
  json_t *state =
      json_pack ("{s:s, s:b, s:b, s:b, s:b, s:b, s:i, s:i, s:s, s:o, s:o}", "Status",
                 status, "Running", running, "Paused", FALSE, "Restarting", FALSE,
                 "OOMKilled", FALSE, "Dead", FALSE, "Pid", pid_of (container), "ExitCode",
                 running || !started ? 0 : container->exit, "Error", "", "StartedAt",
                 moment_of (world, container->started_us, started), "FinishedAt",
                 moment_of (world, container->finished_us, finished));
  if (container->health != HEALTH_NONE)
    json_object_set_new (state, "Health",
                         json_pack ("{s:s, s:i, s:[]}", "Status",
                                    health[container->health], "FailingStreak",
                                    container->health == HEALTH_UNHEALTHY ? 3 : 0,
                                    "Log"));
  return state;
}

static json_t *
labels_of (const Docker *docker, const World *world, const Container *container)
{
  const char *project = world_project (world);
  const char *service = container->service->name;
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, service, -1);
  g_autofree char *number = g_strdup_printf ("%u", container->number);
  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", LABEL "config-hash", hash,
                    LABEL "container-number", number, LABEL "oneoff", "False",
                    LABEL "project", project, LABEL "project.config_files",
                    "docker-compose.yml", LABEL "project.working_dir",
                    docker_project (docker, project)->directory, LABEL "service", service,
                    LABEL "version", "1.29.2");
}

static json_t *
config_of (const Docker *docker, const World *world, const Container *container)
{
  const ScenarioService *service = container->service;
  g_autofree char *host = g_strndup (container->id, ID_SHORT);
  gboolean versioned = service->role == SCENARIO_APPLICATION && service->version;
  g_autofree char *image =
      g_strdup_printf ("%s:%s", service->name, versioned ? service->version : "practice");
  json_t *config = json_pack (
      "{s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:n, s:o, s:s, s:n, s:s, s:n, s:n, "
      "s:o}",
      "Hostname", host, "Domainname", "", "User", "", "AttachStdin", FALSE,
      "AttachStdout", FALSE, "AttachStderr", FALSE, "Tty", FALSE, "OpenStdin", FALSE,
      "StdinOnce", FALSE, "Env", "Cmd", strings (words_of (service)), "Image", image,
      "Volumes", "WorkingDir", "", "Entrypoint", "OnBuild", "Labels",
      labels_of (docker, world, container));
  if (container->health != HEALTH_NONE)
    json_object_set_new (config, "Healthcheck",
                         json_pack ("{s:[s,s], s:I}", "Test", "CMD", "/healthcheck",
                                    "Interval", (json_int_t)30 * 1000 * 1000 * 1000));
  return config;
}

static json_t *
host_config (void)
{
  return json_pack ("{s:n, s:{s:s, s:{}}, s:s, s:{}, s:{s:s, s:i}, s:b, s:b, s:i, s:s}",
                    "Binds", "LogConfig", "Type", "json-file", "Config", "NetworkMode",
                    "practice_default", "PortBindings", "RestartPolicy", "Name",
                    "unless-stopped", "MaximumRetryCount", 0, "AutoRemove", FALSE,
                    "Privileged", FALSE, "Memory", 0, "Runtime", "runc");
}

json_t *
docker_inspect_json (const Docker *docker, World *world, const Container *container)
{
  const char *const *words = words_of (container->service);
  g_autofree char *name = g_strconcat ("/", container->name, NULL);
  g_autofree char *created =
      moment_format_wall (docker_wall_us (world, container->created_us));
  return json_pack (
      "{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:i, s:s, s:s, s:n, s:o, s:[], s:o, s:{s:s, "
      "s:{}, s:{}}}",
      "Id", container->id, "Created", created, "Path", words[0], "Args",
      strings (words + 1), "State", state_of (world, container), "Image",
      container->image, "Name", name, "RestartCount", (int)container->restarts, "Driver",
      "overlay2", "Platform", "linux", "ExecIDs", "HostConfig", host_config (), "Mounts",
      "Config", config_of (docker, world, container), "NetworkSettings", "IPAddress", "",
      "Ports", "Networks");
}

/* ---- the command -------------------------------------------------------------------------- */

/* What the original's containers have besides what these have. */
static const char missing[] =
    " ResolvConfPath HostnamePath HostsPath LogPath MountLabel ProcessLabel "
    "AppArmorProfile GraphDriver SizeRw SizeRootFs ContainerIDFile VolumeDriver "
    "VolumesFrom CapAdd CapDrop CgroupnsMode Dns DnsOptions DnsSearch ExtraHosts "
    "GroupAdd IpcMode Cgroup Links OomScoreAdj PidMode PublishAllPorts ReadonlyRootfs "
    "SecurityOpt StorageOpt Sysctls Tmpfs UTSMode UsernsMode ShmSize ConsoleSize "
    "Isolation CpuShares NanoCpus CgroupParent BlkioWeight BlkioWeightDevice "
    "BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps "
    "CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems "
    "Devices DeviceCgroupRules DeviceRequests KernelMemory KernelMemoryTCP "
    "MemoryReservation MemorySwap MemorySwappiness OomKillDisable PidsLimit Ulimits "
    "CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth Init MaskedPaths "
    "ReadonlyPaths ArgsEscaped ExposedPorts MacAddress NetworkDisabled Shell StopSignal "
    "StopTimeout Bridge SandboxID HairpinMode LinkLocalIPv6Address "
    "LinkLocalIPv6PrefixLen SandboxKey SecondaryIPAddresses SecondaryIPv6Addresses "
    "EndpointID Gateway GlobalIPv6Address GlobalIPv6PrefixLen IPPrefixLen IPv6Gateway "
    "Retries StartPeriod Timeout ";

/* FALSE, and said, when it cannot be read: then nothing is looked for. */
static gboolean
check_format (DockerCommand *command, const char *format)
{
  const DockerTemplateData data = { .object = NULL };
  g_autofree char *problem = NULL;
  DockerTemplateFinding finding;
  g_autofree char *text = docker_template_render (format, &data, &finding, &problem);
  if (text || finding != DOCKER_TEMPLATE_UNREAD)
    return TRUE;
  docker_err (command, "template parsing error: %s\n", problem);
  command->status = DOCKER_STATUS_TEMPLATE;
  return FALSE;
}

/* FALSE, and said, when it asks for what there is not. */
static gboolean
say_one (DockerCommand *command, const json_t *object, const char *format)
{
  const DockerTemplateData data = { .object = object, .missing = missing };
  g_autofree char *problem = NULL;
  DockerTemplateFinding finding;
  g_autofree char *text = docker_template_render (format, &data, &finding, &problem);
  if (text) {
    docker_out (command, "%s\n", text);
    return TRUE;
  }
  if (finding == DOCKER_TEMPLATE_NOT_HERE)
    docker_err (command, "docker: the simulated docker does not know the template %s.\n",
                problem);
  else
    docker_err (command, "template parsing error: %s\n", problem);
  command->status = 1;
  return FALSE;
}

/* Where nothing came of it, there is an empty line. */
static void
say_formatted (DockerCommand *command, const json_t *found, const char *format)
{
  gboolean any = FALSE;
  size_t index;
  json_t *object;
  json_array_foreach (found, index, object)
  {
    any |= say_one (command, object, format);
  }
  if (!any)
    docker_out (command, "\n");
}

static void
say_whole (DockerCommand *command, const json_t *found)
{
  char *text = json_dumps (found, JSON_INDENT (4));
  docker_out (command, "%s\n", text);
  free (text);
}

/* FALSE, and said, when it is no type, or the template is none. */
static gboolean
check_options (DockerCommand *command, const char *type, const char *format)
{
  static const char *const types[] = { "config", "container", "image",  "network",
                                       "node",   "plugin",    "secret", "service",
                                       "task",   "volume",    NULL };
  if (type && !g_strv_contains (types, type)) {
    docker_err (command, "\"%s\" is not a valid value for --type\n", type);
    command->status = 1;
    return FALSE;
  }
  return check_format (command, format);
}

void
docker_inspect_begin (DockerCommand *command, const DockerArguments *arguments)
{
  const char *given = docker_arguments_value (arguments, "format");
  const char *format = given ? given : "";
  const char *type = docker_arguments_value (arguments, "type");
  if (!check_options (command, type, format))
    return;
  json_auto_t *found = json_array ();
  GString *absent = g_string_new (NULL);
  for (guint i = 0; i < arguments->words->len; i++) {
    const char *word = arguments->words->pdata[i];
    const Container *container = NULL;
    World *world = NULL;
    gboolean wanted = !type || strcmp (type, "container") == 0;
    if (wanted && docker_find (command->docker, word, &container, &world) == 1)
      json_array_append_new (found,
                             docker_inspect_json (command->docker, world, container));
    else
      g_string_append_printf (absent, "Error: No such %s: %s\n", type ? type : "object",
                              word);
  }
  if (*format)
    say_formatted (command, found, format);
  else
    say_whole (command, found);
  if (absent->len > 0) {
    docker_err (command, "%s", absent->str);
    command->status = 1;
  }
  g_string_free (absent, TRUE);
}
