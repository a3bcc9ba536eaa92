noinst_LIBRARIES += core/checks/libchecks.a
core_checks_libchecks_a_SOURCES = \
	core/checks/checks.c \
	core/checks/checks.h \
	core/checks/command.c \
	core/checks/http.c \
	core/checks/queues.c \
	core/checks/queues_judge.c \
	core/checks/queues_judge.h \
	core/checks/queues_memory.c \
	core/checks/queues_memory.h \
	core/checks/queues_sample.c \
	core/checks/queues_sample.h \
	core/checks/queues_window.c \
	core/checks/queues_window.h \
	core/checks/queues_words.c \
	core/checks/queues_words.h \
	core/checks/redis.c \
	core/checks/redis_keeps.c \
	core/checks/redis_keeps.h \
	core/checks/redis_proof.c \
	core/checks/redis_proof.h \
	core/checks/service.c \
	core/checks/tcp.c \
	core/checks/trend.c \
	core/checks/trend.h

check_PROGRAMS += \
	tests/unit/test-check-command \
	tests/unit/test-check-http \
	tests/unit/test-check-queues \
	tests/unit/test-check-queues-workers \
	tests/unit/test-check-redis \
	tests/unit/test-check-service \
	tests/unit/test-check-tcp \
	tests/unit/test-queues \
	tests/unit/test-trend
tests_unit_test_check_command_LDADD = core/checks/libchecks.a $(RUN_LIBS)
tests_unit_test_check_http_LDADD = core/checks/libchecks.a $(RUN_LIBS)
tests_unit_test_check_queues_SOURCES = tests/unit/test-check-queues.c \
	tests/unit/queues_bed.h
tests_unit_test_check_queues_LDADD = core/checks/libchecks.a $(RUN_LIBS) -lm
tests_unit_test_check_queues_workers_SOURCES = tests/unit/test-check-queues-workers.c \
	tests/unit/queues_bed.h
tests_unit_test_check_queues_workers_LDADD = core/checks/libchecks.a $(RUN_LIBS) -lm
tests_unit_test_check_redis_LDADD = core/checks/libchecks.a $(RUN_LIBS) -lm
tests_unit_test_check_service_LDADD = core/checks/libchecks.a $(RUN_LIBS)
tests_unit_test_check_tcp_LDADD = core/checks/libchecks.a $(RUN_LIBS)
tests_unit_test_queues_LDADD = core/checks/libchecks.a $(RUN_LIBS) -lm
tests_unit_test_trend_LDADD = core/checks/libchecks.a $(RUN_LIBS) -lm
