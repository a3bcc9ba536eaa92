#include "core/runner/vocabulary.h"

#include "core/actions/actions.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"

const Vocabulary vocabulary = { .checks = check_kinds,
                                .actions = action_kinds,
                                .platforms = platform_kinds };
