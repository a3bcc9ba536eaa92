# Practice, as it is practised: its deployment, the command, the scenarios.
check_SCRIPTS += \
	tests/practice/test-confined.py \
	tests/practice/test-practice.py \
	tests/practice/test-scenarios.py
EXTRA_DIST += tests/practice/practise.py
