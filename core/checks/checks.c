#include "core/checks/checks.h"

#define LATER(word, sentence)                     \
  {                                               \
    .name = word, .help = sentence, .later = TRUE \
  }

static const KindSpec dns =
    LATER ("dns", "A name resolves to what it should, everywhere");
static const KindSpec setting = LATER ("setting", "A settings file holds a value");
static const KindSpec database =
    LATER ("database", "A database answers and is as it should be");
static const KindSpec disk = LATER ("disk", "A file system has enough room");

const KindSpec *const check_kinds[] = {
  &check_service.spec,
  &check_tcp.spec,
  &check_command.spec,
  &check_queues.spec,
  &check_redis.spec,
  &check_http.spec,
  &dns,
  &setting,
  &database,
  &disk,
  NULL,
};
