# Tests on a real Docker engine; each is skipped, with its reason, where there is none.
check_SCRIPTS += \
	tests/live/test-jobs-kept.py \
	tests/live/test-killed.py \
	tests/live/test-practice-docker.py \
	tests/live/test-queues.py \
	tests/live/test-refused.py \
	tests/live/test-screen.py \
	tests/live/test-shipped.py \
	tests/live/test-shutdown-startup.py \
	tests/live/test-stubborn.py \
	tests/live/test-viewers.py \
	tests/live/test-watched-queues.py
EXTRA_DIST += \
	tests/live/app.py \
	tests/live/bed.py \
	tests/live/driver.py \
	tests/live/jobs.py \
	tests/live/kill_at.c \
	tests/live/pictures.py \
	tests/live/screen.py \
	tests/live/tap.py \
	tests/live/tiny.py \
	tests/live/worker.rb
