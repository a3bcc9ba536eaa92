#include "core/platforms/platforms.h"

static const KindSpec ecs = { .name = "ecs",
                              .help = "Amazon's Elastic Container Service",
                              .later = TRUE };
static const KindSpec kubernetes = { .name = "kubernetes",
                                     .help = "A namespace of a Kubernetes cluster",
                                     .later = TRUE };

const KindSpec *const platform_kinds[] = { &platform_compose.spec, &ecs, &kubernetes,
                                           NULL };
