noinst_LIBRARIES += core/runbook/librunbook.a
core_runbook_librunbook_a_SOURCES = \
	core/runbook/clause.c \
	core/runbook/field.c \
	core/runbook/field.h \
	core/runbook/include.c \
	core/runbook/load.c \
	core/runbook/load.h \
	core/runbook/pin.c \
	core/runbook/reader.c \
	core/runbook/reader.h \
	core/runbook/redis_address.c \
	core/runbook/redis_address.h \
	core/runbook/reference.c \
	core/runbook/reference.h \
	core/runbook/runbook.c \
	core/runbook/runbook.h \
	core/runbook/scenario.c \
	core/runbook/scenario.h \
	core/runbook/scenario_event.c \
	core/runbook/scenario_parts.h \
	core/runbook/scenario_read.c \
	core/runbook/scenario_service.c \
	core/runbook/schema.c \
	core/runbook/site.c \
	core/runbook/site.h \
	core/runbook/step.c \
	core/runbook/step.h \
	core/runbook/variables.c \
	core/runbook/variables.h \
	core/runbook/variables_read.c \
	core/runbook/writer.c

check_PROGRAMS += \
	tests/unit/test-tree \
	tests/unit/test-problems \
	tests/unit/test-read \
	tests/unit/test-redis-address \
	tests/unit/test-reference \
	tests/unit/test-runbook \
	tests/unit/test-scenario \
	tests/unit/test-site
tests_unit_test_tree_SOURCES = tests/unit/test-tree.c
tests_unit_test_tree_LDADD = $(BASE_LIBS)
tests_unit_test_problems_SOURCES = tests/unit/test-problems.c tests/unit/fake_kinds.h
tests_unit_test_problems_LDADD = $(RUNBOOK_LIBS)
tests_unit_test_read_SOURCES = tests/unit/test-read.c
tests_unit_test_read_LDADD = $(PURE_LIBS)
tests_unit_test_redis_address_LDADD = $(RUNBOOK_LIBS)
tests_unit_test_reference_SOURCES = tests/unit/test-reference.c tests/unit/fake_kinds.h
tests_unit_test_reference_LDADD = $(RUNBOOK_LIBS)
tests_unit_test_runbook_SOURCES = tests/unit/test-runbook.c tests/unit/fake_kinds.h
tests_unit_test_runbook_LDADD = $(RUNBOOK_LIBS)
tests_unit_test_scenario_LDADD = $(RUNBOOK_LIBS)
tests_unit_test_site_SOURCES = tests/unit/test-site.c tests/unit/fake_kinds.h
tests_unit_test_site_LDADD = $(RUNBOOK_LIBS)

EXTRA_DIST += \
	tests/unit/data/read \
	tests/unit/data/runbook \
	tests/unit/data/scenario \
	tests/unit/data/site
