noinst_LIBRARIES += core/debrief/libdebrief.a
core_debrief_libdebrief_a_SOURCES = \
	core/debrief/debrief.c \
	core/debrief/debrief.h \
	core/debrief/debrief_answers.c \
	core/debrief/debrief_course.c \
	core/debrief/debrief_findings.c \
	core/debrief/debrief_json.c \
	core/debrief/debrief_parts.h \
	core/debrief/debrief_queues.c \
	core/debrief/debrief_rules.h \
	core/debrief/debrief_take.c \
	core/debrief/debrief_world.c
