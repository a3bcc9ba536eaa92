/* docker_info.c: docker info and docker version. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

#include "core/base/moment.h"
#include "core/practice/docker/docker_template.h"

#define VERSION "20.10.24+dfsg1"
#define API "1.41"

const DockerOption docker_info_options[] = {
  { .name = "format", .letter = 'f', .takes = TRUE },
  { 0 },
};

const DockerOption docker_version_options[] = {
  { .name = "format", .letter = 'f', .takes = TRUE, .missing = TRUE },
  { .name = "kubeconfig", .takes = TRUE, .missing = TRUE },
  { 0 },
};

static void
count_containers (const Docker *docker, int *all, int *running)
{
  *all = *running = 0;
  for (guint i = 0; i < docker->projects->len; i++) {
    const DockerProject *project = docker->projects->pdata[i];
    const GPtrArray *containers = world_containers (project->world);
    *all += (int)containers->len;
    for (guint k = 0; k < containers->len; k++)
      *running += docker_is_running (containers->pdata[k]);
  }
}

static void
add_platform (json_t *info)
{
  static const char *const texts[][2] = {
    { "LoggingDriver", "json-file" },
    { "CgroupDriver", "systemd" },
    { "CgroupVersion", "2" },
    { "KernelVersion", "6.1.0-13-amd64" },
    { "OperatingSystem", "Debian GNU/Linux 12 (bookworm)" },
    { "OSVersion", "12" },
    { "OSType", "linux" },
    { "Architecture", "x86_64" },
    { "IndexServerAddress", "https://index.docker.io/v1/" },
    { "DockerRootDir", "/var/lib/docker" },
    { "HttpProxy", "" },
    { "HttpsProxy", "" },
    { "NoProxy", "" },
    { "Name", "practice" },
    { "ServerVersion", VERSION },
    { "DefaultRuntime", "runc" },
    { "Isolation", "" },
    { "InitBinary", "docker-init" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_new (info, texts[i][0], json_string (texts[i][1]));
}

static json_t *
info_json (const Docker *docker)
{
  const DockerProject *first = docker->projects->pdata[0];
  g_autofree char *now = moment_format_wall (world_wall_us (first->world));
  int all, running;
  count_containers (docker, &all, &running);
  json_t *info = json_pack (
      "{s:s, s:i, s:i, s:i, s:i, s:i, s:s, s:b, s:b, s:b, s:s, s:i, s:I}", "ID",
      world_engine_id (first->world), "Containers", all, "ContainersRunning", running,
      "ContainersPaused", 0, "ContainersStopped", all - running, "Images",
      (int)world_scenario (first->world)->services->len, "Driver", "overlay2",
      "MemoryLimit", TRUE, "SwapLimit", TRUE, "Debug", FALSE, "SystemTime", now, "NCPU",
      2, "MemTotal", (json_int_t)8 << 30);
  add_platform (info);
  json_object_set_new (info, "Labels", json_array ());
  json_object_set_new (info, "ExperimentalBuild", json_false ());
  json_object_set_new (info, "LiveRestoreEnabled", json_false ());
  json_object_set_new (info, "Swarm",
                       json_pack ("{s:s, s:s, s:s, s:b}", "NodeID", "", "NodeAddr", "",
                                  "LocalNodeState", "inactive", "ControlAvailable",
                                  FALSE));
  json_object_set_new (info, "Warnings", json_null ());
  json_object_set_new (info, "ClientInfo",
                       json_pack ("{s:b, s:s, s:[], s:n}", "Debug", FALSE, "Context",
                                  "default", "Plugins", "Warnings"));
  return info;
}

/* The lines that people look for. */
static void
say_plainly (DockerCommand *command, const json_t *info)
{
  static const char *const rows[][2] = {
    { "Containers", "Containers" },
    { " Running", "ContainersRunning" },
    { " Paused", "ContainersPaused" },
    { " Stopped", "ContainersStopped" },
    { "Images", "Images" },
    { "Server Version", "ServerVersion" },
    { "Storage Driver", "Driver" },
    { "Logging Driver", "LoggingDriver" },
    { "Cgroup Driver", "CgroupDriver" },
    { "Cgroup Version", "CgroupVersion" },
    { "Kernel Version", "KernelVersion" },
    { "Operating System", "OperatingSystem" },
    { "OSType", "OSType" },
    { "Architecture", "Architecture" },
    { "CPUs", "NCPU" },
    { "Name", "Name" },
    { "ID", "ID" },
    { "Docker Root Dir", "DockerRootDir" },
  };
  docker_out (command, "Client:\n Context:    default\n Debug Mode: false\n\nServer:\n");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const json_t *value = json_object_get (info, rows[i][1]);
    if (json_is_string (value))
      docker_out (command, " %s: %s\n", rows[i][0], json_string_value (value));
    else
      docker_out (command, " %s: %" JSON_INTEGER_FORMAT "\n", rows[i][0],
                  json_integer_value (value));
  }
}

void
docker_info_begin (DockerCommand *command, const DockerArguments *arguments)
{
  json_auto_t *info = info_json (command->docker);
  const char *format = docker_arguments_value (arguments, "format");
  const DockerTemplateData data = { .object = info };
  g_autofree char *problem = NULL;
  DockerTemplateFinding finding;
  if (!format || !*format) {
    say_plainly (command, info);
    return;
  }
  g_autofree char *text = docker_template_render (format, &data, &finding, &problem);
  if (text)
    docker_out (command, "%s\n", text);
  else if (finding == DOCKER_TEMPLATE_UNREAD)
    docker_err (command, "template parsing error: %s\n", problem);
  else
    docker_err (command, "docker: the simulated docker does not know the template %s.\n",
                problem);
  if (finding == DOCKER_TEMPLATE_FAILED || finding == DOCKER_TEMPLATE_NOT_HERE)
    docker_out (command, "\n");
  command->status = text                                ? 0
                    : finding == DOCKER_TEMPLATE_UNREAD ? DOCKER_STATUS_TEMPLATE
                                                        : 1;
}

void
docker_version_begin (DockerCommand *command, const DockerArguments *arguments)
{
  (void)arguments;
  docker_out (command,
              "Client:\n Version:           " VERSION "\n API version:       " API
              "\n Go version:        go1.19.8\n Git commit:        297e128\n"
              " OS/Arch:           linux/amd64\n Context:           default\n"
              " Experimental:      true\n\nServer:\n Engine:\n"
              "  Version:          " VERSION "\n  API version:      " API
              " (minimum version 1.12)\n  Go version:       go1.19.8\n"
              "  Git commit:       5d6db84\n  OS/Arch:          linux/amd64\n"
              "  Experimental:     false\n");
}
