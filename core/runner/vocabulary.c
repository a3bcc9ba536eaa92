#include "core/runner/vocabulary.h"

const Vocabulary vocabulary;
