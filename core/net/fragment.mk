noinst_LIBRARIES += core/net/libnet.a
core_net_libnet_a_SOURCES = \
	core/net/confine.c \
	core/net/confine.h \
	core/net/curl.c \
	core/net/curl.h \
	core/net/look.c \
	core/net/look.h \
	core/net/look_redis.c \
	core/net/look_redis.h \
	core/net/process.c \
	core/net/process.h \
	core/net/redis.c \
	core/net/redis.h \
	core/net/redis_link.c \
	core/net/redis_link.h \
	core/net/redis_server.c \
	core/net/redis_server.h \
	core/net/redis_set.c \
	core/net/redis_set.h \
	core/net/secret.c \
	core/net/secret.h \
	core/net/sidekiq.c \
	core/net/sidekiq.h \
	core/net/sidekiq_job.c \
	core/net/sidekiq_job.h \
	core/net/sidekiq_process.c \
	core/net/sidekiq_process.h \
	core/net/tls_words.c \
	core/net/tls_words.h
core_net_libnet_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(HIREDIS_CFLAGS)

check_PROGRAMS += tests/unit/test-confine tests/unit/test-process tests/unit/test-look \
	tests/unit/test-secret
tests_unit_test_confine_LDADD = $(NET_LIBS)
tests_unit_test_process_LDADD = $(NET_LIBS)
tests_unit_test_look_LDADD = $(NET_LIBS)
tests_unit_test_secret_LDADD = $(NET_LIBS)

# Web addresses.
check_PROGRAMS += tests/unit/test-http
EXTRA_DIST += tests/unit/certificates.py tests/unit/http_server.py
tests_unit_test_http_LDADD = $(NET_LIBS)

# Redis.
check_PROGRAMS += tests/unit/test-sidekiq
tests_unit_test_sidekiq_SOURCES = tests/unit/test-sidekiq.c tests/unit/canned_redis.h
tests_unit_test_sidekiq_LDADD = $(NET_LIBS)

check_PROGRAMS += \
	tests/unit/test-redis \
	tests/unit/test-redis-faults \
	tests/unit/test-redis-link \
	tests/unit/test-redis-tls
REDIS_BED = tests/unit/redis_bed.h tests/unit/fake_kinds.h
EXTRA_DIST += tests/unit/fault_proxy.py
tests_unit_test_redis_SOURCES = tests/unit/test-redis.c $(REDIS_BED)
tests_unit_test_redis_LDADD = $(NET_LIBS)
tests_unit_test_redis_faults_SOURCES = tests/unit/test-redis-faults.c $(REDIS_BED)
tests_unit_test_redis_faults_LDADD = $(NET_LIBS)
tests_unit_test_redis_link_SOURCES = tests/unit/test-redis-link.c $(REDIS_BED)
tests_unit_test_redis_link_LDADD = $(NET_LIBS)
tests_unit_test_redis_tls_SOURCES = tests/unit/test-redis-tls.c $(REDIS_BED)
tests_unit_test_redis_tls_LDADD = $(NET_LIBS)
