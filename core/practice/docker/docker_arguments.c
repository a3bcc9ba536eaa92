#include "core/practice/docker/docker_arguments.h"

#include <string.h>

/* No count, time or number of lines that anybody means is larger. */
#define NUMBER_MAX 1000000

/* docker-compose takes the beginning of a name, if there is but one that begins so. */
static const DockerOption *
find_long (const DockerOption *options, const char *name, gsize length,
           ArgumentsStyle style)
{
  const DockerOption *found = NULL;
  guint count = 0;
  for (const DockerOption *option = options; option->name; option++) {
    if (strncmp (option->name, name, length) != 0)
      continue;
    if (strlen (option->name) == length)
      return option;
    found = option;
    count++;
  }
  return style == ARGUMENTS_OF_COMPOSE && length > 0 && count == 1 ? found : NULL;
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

static gboolean
is_given (const DockerArguments *arguments, const DockerOption *option)
{
  return g_ptr_array_find (arguments->given, option, NULL);
}

static void
add (DockerArguments *arguments, const DockerOption *option, const char *value,
     const char *what, ArgumentsStyle style)
{
  if (style == ARGUMENTS_OF_COMPOSE && !option->many && is_given (arguments, option))
    find (arguments, ARGUMENTS_UNKNOWN, g_strdup (what));
  if (option->missing)
    find (arguments, ARGUMENTS_NOT_HERE, g_strdup (what));
  g_ptr_array_add (arguments->given, (void *)option);
  g_ptr_array_add (arguments->values, g_strdup (value));
}

/* A switch that was given a value, as only docker lets people: --all=false. */
static void
add_switch (DockerArguments *arguments, const DockerOption *option, const char *value,
            const char *what, ArgumentsStyle style)
{
  static const char *const on[] = { "1", "t", "T", "TRUE", "true", "True", NULL };
  static const char *const off[] = { "0", "f", "F", "FALSE", "false", "False", NULL };
  g_autofree char *shorter =
      option->letter ? g_strdup_printf ("-%c, ", option->letter) : g_strdup ("");
  if (style == ARGUMENTS_OF_COMPOSE)
    find (arguments, ARGUMENTS_UNKNOWN, g_strdup (what));
  else if (g_strv_contains (on, value))
    add (arguments, option, NULL, what, style);
  else if (!g_strv_contains (off, value))
    find (arguments, ARGUMENTS_NO_SWITCH,
          g_strdup_printf ("invalid argument \"%s\" for \"%s--%s\" flag: "
                           "strconv.ParseBool: parsing \"%s\": invalid syntax",
                           value, shorter, option->name, value));
}

/* --name, --name=value, --name value. Returns how many arguments that were. */
static guint
read_long (DockerArguments *arguments, const DockerOption *options,
           const char *const *argv, ArgumentsStyle style)
{
  const char *name = argv[0] + 2;
  gsize length = strcspn (name, "=");
  const char *value = name[length] ? name + length + 1 : NULL;
  g_autofree char *what = g_strndup (argv[0], length + 2);
  const DockerOption *option = find_long (options, name, length, style);
  gboolean follows = option && option->takes && !value;
  if (strcmp (what, "--help") == 0)
    find (arguments, ARGUMENTS_HELP, NULL);
  else if (!option)
    find (arguments, ARGUMENTS_UNKNOWN, g_strdup (what));
  else if (follows && !argv[1])
    find (arguments, ARGUMENTS_VALUELESS, g_strdup (what));
  else if (!option->takes && value)
    add_switch (arguments, option, value, what, style);
  else
    add (arguments, option, follows ? argv[1] : value, what, style);
  return follows && argv[1] ? 2 : 1;
}

/* -x, -xy, -xVALUE, -x VALUE; of docker's -x=VALUE too. */
static guint
read_short (DockerArguments *arguments, const DockerOption *options,
            const char *const *argv, ArgumentsStyle style)
{
  for (const char *letter = argv[0] + 1; *letter; letter++) {
    const char what[] = { '-', *letter, '\0' };
    const DockerOption *option = find_short (options, *letter);
    gboolean equals = style != ARGUMENTS_OF_COMPOSE && letter[1] == '=';
    if (*letter == 'h' && !option) {
      find (arguments, ARGUMENTS_HELP, NULL);
    } else if (!option) {
      find (arguments, ARGUMENTS_UNKNOWN, g_strdup (what));
      return 1;
    } else if (!option->takes && equals) {
      add_switch (arguments, option, letter + 2, what, style);
      return 1;
    } else if (!option->takes) {
      add (arguments, option, NULL, what, style);
    } else if (letter[1]) {
      add (arguments, option, letter + 1 + equals, what, style);
      return 1;
    } else if (!argv[1]) {
      find (arguments, ARGUMENTS_VALUELESS, g_strdup (what));
    } else {
      add (arguments, option, argv[1], what, style);
      return 2;
    }
  }
  return 1;
}

void
docker_arguments_read (DockerArguments *arguments, const DockerOption *options,
                       const char *const *argv, ArgumentsStyle style)
{
  gboolean words_only = FALSE;
  *arguments = (DockerArguments){ .given = g_ptr_array_new (),
                                  .values = g_ptr_array_new_with_free_func (g_free),
                                  .words = g_ptr_array_new_with_free_func (g_free) };
  while (*argv) {
    const char *word = *argv;
    gboolean ends = strcmp (word, "--") == 0;
    if (words_only || ends || word[0] != '-' || !word[1]) {
      if (words_only || !ends || style == ARGUMENTS_OF_COMPOSE)
        g_ptr_array_add (arguments->words, g_strdup (word));
      words_only |= ends || style != ARGUMENTS_OF_DOCKER;
      argv++;
    } else if (word[1] == '-') {
      argv += read_long (arguments, options, argv, style);
    } else {
      argv += read_short (arguments, options, argv, style);
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
  gint64 value;
  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
    return FALSE;
  *number = CLAMP (value, -NUMBER_MAX, NUMBER_MAX);
  return TRUE;
}
