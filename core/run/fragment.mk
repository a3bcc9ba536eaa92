noinst_LIBRARIES += core/run/librun.a
core_run_librun_a_SOURCES = \
	core/run/acceptance.c \
	core/run/acceptance.h \
	core/run/answer.c \
	core/run/answer.h \
	core/run/asking.c \
	core/run/byhand.c \
	core/run/deciding.c \
	core/run/deciding.h \
	core/run/deployment.c \
	core/run/deployment.h \
	core/run/event.c \
	core/run/event.h \
	core/run/folding.h \
	core/run/journal.c \
	core/run/journal.h \
	core/run/judging.c \
	core/run/kind.c \
	core/run/kind.h \
	core/run/ledger.c \
	core/run/login.c \
	core/run/login.h \
	core/run/next.c \
	core/run/next.h \
	core/run/plan.c \
	core/run/question.c \
	core/run/question.h \
	core/run/reading.c \
	core/run/reading.h \
	core/run/recording.c \
	core/run/redis_cli.c \
	core/run/redis_cli.h \
	core/run/review.c \
	core/run/skipped.c \
	core/run/skipped.h \
	core/run/spelling.c \
	core/run/spelling.h \
	core/run/state.c \
	core/run/state.h \
	core/run/state_json.c \
	core/run/telling.c \
	core/run/transition.c \
	core/run/wire.c \
	core/run/wire.h \
	core/run/workers.c \
	core/run/workers.h

check_PROGRAMS += \
	tests/unit/test-deployment \
	tests/unit/test-ledger \
	tests/unit/test-plan \
	tests/unit/test-reading \
	tests/unit/test-workers
tests_unit_test_deployment_LDADD = $(RUN_LIBS)
tests_unit_test_ledger_LDADD = $(RUN_LIBS)
tests_unit_test_plan_LDADD = $(RUN_LIBS)
tests_unit_test_reading_LDADD = $(RUN_LIBS)
tests_unit_test_workers_LDADD = $(RUN_LIBS)
EXTRA_DIST += tests/unit/kinds.h

check_PROGRAMS += \
	tests/unit/test-question \
	tests/unit/test-run \
	tests/unit/test-state
tests_unit_test_question_LDADD = $(RUN_LIBS)
tests_unit_test_run_LDADD = $(PURE_LIBS)
tests_unit_test_state_LDADD = $(RUN_LIBS)
check_PROGRAMS += tests/unit/test-journal tests/unit/test-wire
tests_unit_test_journal_LDADD = $(RUN_LIBS)
tests_unit_test_wire_LDADD = $(RUN_LIBS)
