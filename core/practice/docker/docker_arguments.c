#include "core/practice/docker/docker_arguments.h"

#include <string.h>

/* No count, time or number of lines that anybody means is larger. */
#define NUMBER_MAX 1000000

static const DockerOption *
find_long (const DockerOption *options, const char *name, gsize length)
{
  for (const DockerOption *option = options; option->name; option++)
    if (strlen (option->name) == length && strncmp (option->name, name, length) == 0)
      return option;
  return NULL;
}

static const DockerOption *
find_short (const DockerOption *options, char letter)
{
  for (const DockerOption *option = options; option->name; option++)
    if (option->letter == letter)
      return option;
  return NULL;
}

static void
find (DockerArguments *arguments, ArgumentsFinding finding, char *what)
{
  if (arguments->finding != ARGUMENTS_RIGHT) {
    g_free (what);
    return;
  }
  arguments->finding = finding;
  arguments->what = what;
}

static void
add (DockerArguments *arguments, const DockerOption *option, const char *value,
     const char *what)
{
  if (option->missing)
    find (arguments, ARGUMENTS_NOT_HERE, g_strdup (what));
  g_ptr_array_add (arguments->given, (void *)option);
  g_ptr_array_add (arguments->values, g_strdup (value));
}

/* --name, --name=value, --name value. Returns how many arguments that were. */
static guint
read_long (DockerArguments *arguments, const DockerOption *options,
           const char *const *argv)
{
  const char *name = argv[0] + 2;
  gsize length = strcspn (name, "=");
  const char *value = name[length] ? name + length + 1 : NULL;
  g_autofree char *what = g_strndup (argv[0], length + 2);
  const DockerOption *option = find_long (options, name, length);
  gboolean follows = option && option->takes && !value;
  if (strcmp (what, "--help") == 0)
    find (arguments, ARGUMENTS_HELP, NULL);
  else if (!option)
    find (arguments, ARGUMENTS_UNKNOWN, g_strdup (what));
  else if (follows && !argv[1])
    find (arguments, ARGUMENTS_VALUELESS, g_strdup (what));
  else
    add (arguments, option, follows ? argv[1] : value, what);
  return follows && argv[1] ? 2 : 1;
}

/* -x, -xy, -xVALUE, -x VALUE. */
static guint
read_short (DockerArguments *arguments, const DockerOption *options,
            const char *const *argv)
{
  for (const char *letter = argv[0] + 1; *letter; letter++) {
    const char what[] = { '-', *letter, '\0' };
    const DockerOption *option = find_short (options, *letter);
    if (*letter == 'h' && !option) {
      find (arguments, ARGUMENTS_HELP, NULL);
    } else if (!option) {
      find (arguments, ARGUMENTS_UNKNOWN, g_strdup_printf ("%s", what));
      return 1;
    } else if (!option->takes) {
      add (arguments, option, NULL, what);
    } else if (letter[1]) {
      add (arguments, option, letter + 1 + (letter[1] == '='), what);
      return 1;
    } else if (!argv[1]) {
      find (arguments, ARGUMENTS_VALUELESS, g_strdup (what));
    } else {
      add (arguments, option, argv[1], what);
      return 2;
    }
  }
  return 1;
}

void
docker_arguments_read (DockerArguments *arguments, const DockerOption *options,
                       const char *const *argv, gboolean first)
{
  gboolean words_only = FALSE;
  *arguments = (DockerArguments){ .given = g_ptr_array_new (),
                                  .values = g_ptr_array_new_with_free_func (g_free),
                                  .words = g_ptr_array_new_with_free_func (g_free) };
  while (*argv) {
    const char *word = *argv;
    if (words_only || word[0] != '-' || !word[1]) {
      g_ptr_array_add (arguments->words, g_strdup (word));
      words_only |= first;
      argv++;
    } else if (strcmp (word, "--") == 0) {
      words_only = arguments->dashes = TRUE;
      argv++;
    } else if (word[1] == '-') {
      argv += read_long (arguments, options, argv);
    } else {
      argv += read_short (arguments, options, argv);
    }
  }
}

void
docker_arguments_clear (DockerArguments *arguments)
{
  g_clear_pointer (&arguments->what, g_free);
  g_clear_pointer (&arguments->given, g_ptr_array_unref);
  g_clear_pointer (&arguments->values, g_ptr_array_unref);
  g_clear_pointer (&arguments->words, g_ptr_array_unref);
}

gboolean
docker_arguments_has (const DockerArguments *arguments, const char *name)
{
  for (guint i = 0; i < arguments->given->len; i++)
    if (strcmp (((const DockerOption *)arguments->given->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

const char *
docker_arguments_value (const DockerArguments *arguments, const char *name)
{
  const char *value = NULL;
  for (guint i = 0; i < arguments->given->len; i++)
    if (strcmp (((const DockerOption *)arguments->given->pdata[i])->name, name) == 0)
      value = arguments->values->pdata[i];
  return value;
}

gboolean
docker_arguments_number (const char *text, gint64 *number)
{
  return g_ascii_string_to_signed (text, 10, -NUMBER_MAX, NUMBER_MAX, number, NULL);
}
