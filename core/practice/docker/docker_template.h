/* docker_template.h: the templates of --format. Pure. */
#ifndef HANDRAIL_PRACTICE_DOCKER_TEMPLATE_H
#define HANDRAIL_PRACTICE_DOCKER_TEMPLATE_H

#include <glib.h>
#include <jansson.h>

typedef enum {
  DOCKER_TEMPLATE_RIGHT,
  DOCKER_TEMPLATE_UNREAD, /* it is no template: Go's sentence about it */
  DOCKER_TEMPLATE_FAILED, /* it asks for what there is not: Go's sentence about that */
  DOCKER_TEMPLATE_NOT_HERE, /* the original takes this part of it, the simulation does not */
} DockerTemplateFinding;

typedef struct {
  const json_t *object;
  const json_t *labels; /* of .Label "name"; NULL: there is no such thing */
  const char *type;    /* Go's name for the object's, which has such members and no other;
                         * NULL: it is a map */
  const char *missing; /* what the original has besides, each between two blanks; NULL:
                         * anything may be among that */
  gsize from;          /* so many bytes at the beginning are none of it */
  gboolean escapes;    /* \t and \n are meant so */
  gboolean heads;      /* the object holds what stands above each column of a table */
} DockerTemplateData;

/* {{.A.B}}, {{json .A}}, {{index .A "b"}}, {{.Label "a"}} and text. NULL, with *finding and
 * *problem (newly allocated), for anything else. */
char *docker_template_render (const char *text, const DockerTemplateData *data,
                              DockerTemplateFinding *finding, char **problem);

#endif
