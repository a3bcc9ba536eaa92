#include "core/actions/actions.h"

#define LATER(word, sentence)                     \
  {                                               \
    .name = word, .help = sentence, .later = TRUE \
  }

static const KindSpec edit = LATER ("edit", "Change values in a settings file");
static const KindSpec apply =
    LATER ("apply", "Have the platform take over changed settings");
static const KindSpec dump = LATER ("dump", "Write a database into a dump file");
static const KindSpec restore = LATER ("restore", "Read a dump file into a database");
static const KindSpec analyze = LATER ("analyze", "Gather a database's statistics anew");
static const KindSpec read_only = LATER ("read-only", "Let nobody write to a database");
static const KindSpec prove = LATER ("prove", "Prove that two databases hold the same");

const KindSpec *const action_kinds[] = {
  &action_scale.spec,
  &action_restart.spec,
  &action_run.spec,
  &action_quiet.spec,
  &action_redis_save.spec,
  &edit,
  &apply,
  &dump,
  &restore,
  &analyze,
  &read_only,
  &prove,
  NULL,
};
