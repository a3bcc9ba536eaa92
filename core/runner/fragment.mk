noinst_LIBRARIES += core/runner/librunner.a
core_runner_librunner_a_SOURCES = \
	core/runner/carry.c \
	core/runner/file.c \
	core/runner/file.h \
	core/runner/hear.c \
	core/runner/hold.c \
	core/runner/hold.h \
	core/runner/inputs.c \
	core/runner/inputs.h \
	core/runner/journal_file.c \
	core/runner/journal_file.h \
	core/runner/lock.c \
	core/runner/lock.h \
	core/runner/looking.c \
	core/runner/looking.h \
	core/runner/naming.c \
	core/runner/naming.h \
	core/runner/output.c \
	core/runner/output.h \
	core/runner/practice.c \
	core/runner/practice.h \
	core/runner/record.c \
	core/runner/refusal.c \
	core/runner/refusal.h \
	core/runner/runner.c \
	core/runner/runner.h \
	core/runner/samples.c \
	core/runner/samples.h \
	core/runner/server.c \
	core/runner/server.h \
	core/runner/sights.c \
	core/runner/sights.h \
	core/runner/vocabulary.c \
	core/runner/vocabulary.h

libexec_PROGRAMS += handrail-runner
handrail_runner_SOURCES = core/runner/main.c
handrail_runner_LDADD = core/runner/librunner.a core/store/libstore.a \
	core/net/libnet.a $(PURE_LIBS) $(CURL_LIBS) $(HIREDIS_LIBS)

# The whole of it, over its socket; as two people share it; and on a real Redis.
check_SCRIPTS += tests/unit/test-runner.py tests/unit/test-shared.py \
	tests/unit/test-redis-actions.py
check_SCRIPTS += tests/unit/test-looking.py
EXTRA_DIST += tests/unit/runs.py

RUNNER_TEST_LIBS = core/runner/librunner.a core/store/libstore.a core/net/libnet.a \
	$(PURE_LIBS) $(CURL_LIBS) $(HIREDIS_LIBS)
check_PROGRAMS += \
	tests/unit/test-journal-file \
	tests/unit/test-lock \
	tests/unit/test-output \
	tests/unit/test-samples \
	tests/unit/test-server \
	tests/unit/test-sights
tests_unit_test_journal_file_LDADD = $(RUNNER_TEST_LIBS)
tests_unit_test_lock_LDADD = $(RUNNER_TEST_LIBS)
tests_unit_test_output_LDADD = $(RUNNER_TEST_LIBS)
tests_unit_test_samples_LDADD = $(RUNNER_TEST_LIBS)
tests_unit_test_server_LDADD = $(RUNNER_TEST_LIBS)
tests_unit_test_sights_LDADD = $(RUNNER_TEST_LIBS)
