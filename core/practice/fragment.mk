noinst_LIBRARIES += core/practice/libpractice.a
core_practice_libpractice_a_SOURCES = \
	core/practice/world/chance.c \
	core/practice/world/chance.h \
	core/practice/world/job_list.c \
	core/practice/world/job_list.h \
	core/practice/world/timetable.c \
	core/practice/world/timetable.h \
	core/practice/world/world.c \
	core/practice/world/world.h \
	core/practice/world/world_containers.c \
	core/practice/world/world_events.c \
	core/practice/world/world_health.c \
	core/practice/world/world_inside.h \
	core/practice/world/world_jobs.c \
	core/practice/world/world_keys.c \
	core/practice/world/world_processes.c \
	core/practice/world/world_redis.c \
	core/practice/world/world_tell.c \
	core/practice/world/world_workers.c

check_PROGRAMS += \
	tests/unit/test-practice-parts \
	tests/unit/test-world \
	tests/unit/test-world-events \
	tests/unit/test-world-redis \
	tests/unit/test-world-scenarios \
	tests/unit/test-world-workers
tests_unit_test_practice_parts_LDADD = $(PRACTICE_LIBS)
tests_unit_test_world_SOURCES = tests/unit/test-world.c tests/unit/world_bed.h
tests_unit_test_world_LDADD = $(PRACTICE_LIBS)
tests_unit_test_world_events_SOURCES = tests/unit/test-world-events.c tests/unit/world_bed.h
tests_unit_test_world_events_LDADD = $(PRACTICE_LIBS)
tests_unit_test_world_redis_SOURCES = tests/unit/test-world-redis.c tests/unit/world_bed.h
tests_unit_test_world_redis_LDADD = $(PRACTICE_LIBS)
tests_unit_test_world_scenarios_LDADD = $(PRACTICE_LIBS)
tests_unit_test_world_workers_SOURCES = tests/unit/test-world-workers.c tests/unit/world_bed.h
tests_unit_test_world_workers_LDADD = $(PRACTICE_LIBS)

# What it speaks: Redis' protocol and commands, and HTTP.
core_practice_libpractice_a_SOURCES += \
	core/practice/web/http.c \
	core/practice/web/http.h \
	core/practice/redis/redis.c \
	core/practice/redis/redis.h \
	core/practice/redis/redis_clients.c \
	core/practice/redis/redis_config.c \
	core/practice/redis/redis_database.c \
	core/practice/redis/redis_info.c \
	core/practice/redis/redis_inside.h \
	core/practice/redis/redis_keys.c \
	core/practice/redis/redis_looks.c \
	core/practice/redis/redis_match.c \
	core/practice/redis/redis_names.c \
	core/practice/redis/redis_state.c \
	core/practice/redis/redis_values.c \
	core/practice/redis/redis_words.c \
	core/practice/redis/redis_words.h \
	core/practice/redis/resp.c \
	core/practice/redis/resp.h \
	core/practice/redis/resp_write.c \
	core/practice/redis/resp_write.h

# redis-cli connects and blocks; what is pure of it stands with the rest.
core_practice_libpractice_a_SOURCES += \
	core/practice/redis/redis_cli_options.c \
	core/practice/redis/redis_cli_options.h \
	core/practice/redis/redis_cli_show.c \
	core/practice/redis/redis_cli_show.h \
	core/practice/redis/resp_read.c \
	core/practice/redis/resp_read.h

noinst_LIBRARIES += core/practice/libredis-cli.a
core_practice_libredis_cli_a_SOURCES = \
	core/practice/redis/redis_cli.c \
	core/practice/redis/redis_cli.h \
	core/practice/redis/redis_cli_link.c \
	core/practice/redis/redis_cli_link.h

check_PROGRAMS += tests/unit/test-practice-http tests/unit/test-practice-redis
tests_unit_test_practice_http_SOURCES = \
	tests/unit/test-practice-http.c tests/unit/world_bed.h
tests_unit_test_practice_http_LDADD = $(PRACTICE_LIBS)
tests_unit_test_practice_redis_SOURCES = \
	tests/unit/test-practice-redis.c tests/unit/world_bed.h
tests_unit_test_practice_redis_LDADD = $(PRACTICE_LIBS)

check_PROGRAMS += tests/unit/test-practice-redis-cli
tests_unit_test_practice_redis_cli_SOURCES = \
	tests/unit/test-practice-redis-cli.c tests/unit/world_bed.h
tests_unit_test_practice_redis_cli_LDADD = \
	core/practice/libredis-cli.a $(PRACTICE_LIBS)

# docker and docker-compose: what they do and say.
core_practice_libpractice_a_SOURCES += \
	core/practice/docker/docker.c \
	core/practice/docker/docker.h \
	core/practice/docker/docker_arguments.c \
	core/practice/docker/docker_arguments.h \
	core/practice/docker/docker_change.c \
	core/practice/docker/docker_cli.c \
	core/practice/docker/docker_command.h \
	core/practice/docker/docker_compose.c \
	core/practice/docker/docker_compose.h \
	core/practice/docker/docker_compose_change.c \
	core/practice/docker/docker_compose_project.c \
	core/practice/docker/docker_compose_show.c \
	core/practice/docker/docker_filter.c \
	core/practice/docker/docker_filter.h \
	core/practice/docker/docker_info.c \
	core/practice/docker/docker_inspect.c \
	core/practice/docker/docker_list.c \
	core/practice/docker/docker_template.c \
	core/practice/docker/docker_template.h \
	core/practice/docker/docker_work.c

check_PROGRAMS += tests/unit/test-practice-docker
tests_unit_test_practice_docker_SOURCES = tests/unit/test-practice-docker.c tests/unit/world_bed.h
tests_unit_test_practice_docker_LDADD = $(PRACTICE_LIBS)

# The deployment as a process, and its stand-ins.
noinst_LIBRARIES += core/practice/libserve.a
core_practice_libserve_a_SOURCES = \
	core/practice/serve/client.c \
	core/practice/serve/client.h \
	core/practice/serve/port.c \
	core/practice/serve/port.h \
	core/practice/serve/serve.c \
	core/practice/serve/serve.h \
	core/practice/serve/serve_control.c \
	core/practice/serve/serve_folder.c \
	core/practice/serve/serve_folder.h \
	core/practice/serve/serve_inside.h \
	core/practice/serve/serve_gone.c \
	core/practice/serve/serve_make.c \
	core/practice/serve/serve_servers.c

libexec_PROGRAMS += handrail-practice
handrail_practice_SOURCES = core/practice/main.c
handrail_practice_LDADD = core/practice/libserve.a core/practice/libredis-cli.a \
	$(PRACTICE_LIBS)

# The whole of it, as a process.
check_SCRIPTS += tests/unit/test-practice-serve.py
EXTRA_DIST += tests/unit/served.py

# Beside a real Redis and a real Sidekiq.
check_SCRIPTS += tests/unit/test-practice-contract.py
