/* Command lines for docker and docker-compose in practice: each ends, or is left after a
 * minute, says one thing at a time, and leaves a world in balance. A line is a command; its words are parted by blanks. */
#include "core/practice/docker/docker.h"

#include "tests/unit/world_bed.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

#define LINES_MAX 16
#define WORDS_MAX 32
#define STEP_S 15
#define STEPS_MAX 4

static void
run (Bed *bed, Docker *docker, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", WORDS_MAX);
  const char *argv[WORDS_MAX + 2] = { *line == '-' ? "docker-compose" : "docker" };
  guint count = 1;
  for (char **word = words; *word; word++)
    argv[count++] = *word;
  g_autoptr (DockerCommand) command =
      docker_command_new (docker, argv, "/practice/lab", NULL);
  int status;
  for (guint i = 0; i < STEPS_MAX && !docker_command_is_over (command, &status); i++) {
    bed_pass (bed, STEP_S);
    docker_command_go_on (command);
  }
  json_t *said = docker_command_said (command);
  for (size_t i = 0; i < json_array_size (said); i++)
    g_assert_cmpuint (json_object_size (json_array_get (said, i)), ==, 1);
  json_decref (said);
  if (docker_command_is_over (command, &status))
    g_assert_true (status >= 0 && status <= 125);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree char *text = g_strndup ((const char *)bytes, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", LINES_MAX);
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed_begin (&bed, 1);
  g_autoptr (Docker) docker = docker_new ("unix:///practice/control");
  docker_add_project (docker, bed.world, "/practice/lab");
  for (char **line = lines; *line; line++)
    if (g_utf8_validate (*line, -1, NULL)) /* as they come, as JSON */
      run (&bed, docker, *line);
  bed_assert_balance (&bed);
  return 0;
}
