noinst_LIBRARIES += core/net/libnet.a
core_net_libnet_a_SOURCES = \
	core/net/curl.c \
	core/net/curl.h \
	core/net/look.c \
	core/net/look.h \
	core/net/process.c \
	core/net/process.h
core_net_libnet_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(HIREDIS_CFLAGS)

check_PROGRAMS += tests/unit/test-process tests/unit/test-look
tests_unit_test_process_LDADD = $(NET_LIBS)
tests_unit_test_look_LDADD = $(NET_LIBS)

# Web addresses.
check_PROGRAMS += tests/unit/test-http
EXTRA_DIST += tests/unit/http_server.py
tests_unit_test_http_LDADD = $(NET_LIBS)
