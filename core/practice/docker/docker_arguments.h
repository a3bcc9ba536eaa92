/* docker_arguments.h: the options and words of a command line, as docker and
 * docker-compose take them. Pure. */
#ifndef HANDRAIL_PRACTICE_DOCKER_ARGUMENTS_H
#define HANDRAIL_PRACTICE_DOCKER_ARGUMENTS_H

#include <glib.h>

typedef struct {
  const char *name; /* "timeout"; NULL ends a table */
  char letter;      /* 't', 0: none */
  gboolean takes;   /* a value */
  gboolean missing; /* the original has it, the simulation has not */
  gboolean many;    /* docker-compose takes it more than once */
} DockerOption;

/* Whose rules hold. */
typedef enum {
  ARGUMENTS_OF_DOCKER,      /* options may stand after words */
  ARGUMENTS_BEFORE_COMMAND, /* docker's own: they end at the first word */
  ARGUMENTS_OF_COMPOSE,     /* so they do in all of docker-compose, where "--" is a word too;
                             * their names may be cut short */
} ArgumentsStyle;

typedef enum {
  ARGUMENTS_RIGHT,
  ARGUMENTS_HELP,      /* --help is among them */
  ARGUMENTS_UNKNOWN,   /* an option that there is not: `what` as it was given */
  ARGUMENTS_VALUELESS, /* the option `what` takes a value, and there is none */
  ARGUMENTS_NOT_HERE,  /* the original has the option `what`, the simulation has not */
  ARGUMENTS_NO_SWITCH, /* a switch is neither on nor off: `what` is docker's sentence */
} ArgumentsFinding;

typedef struct {
  ArgumentsFinding finding;
  char *what;        /* "--frob", "-x"; NULL unless the finding names one */
  GPtrArray *given;  /* const DockerOption *, in order; borrowed from the table */
  GPtrArray *values; /* char *, or NULL where the option takes none; beside `given` */
  GPtrArray *words;  /* char *: what is no option */
  gboolean dashes;   /* "--" stood before them */
} DockerArguments;

void docker_arguments_read (DockerArguments *arguments, const DockerOption *options,
                            const char *const *argv, ArgumentsStyle style);
void docker_arguments_clear (DockerArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DockerArguments, docker_arguments_clear)

gboolean docker_arguments_has (const DockerArguments *arguments, const char *name);

/* The last value of that option, NULL if it was not given. */
const char *docker_arguments_value (const DockerArguments *arguments, const char *name);

/* A number of seconds, or what else is whole, cut down to what is meant by any. FALSE, *number
 * untouched, for anything else. */
gboolean docker_arguments_number (const char *text, gint64 *number);

#endif
