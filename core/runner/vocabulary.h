/* vocabulary.h: every kind of check, action and platform that this program has. */
#ifndef HANDRAIL_RUNNER_VOCABULARY_H
#define HANDRAIL_RUNNER_VOCABULARY_H

#include "core/runbook/field.h"

extern const Vocabulary vocabulary;

#endif
