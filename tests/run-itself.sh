#!/bin/sh
# Tries tests/run on tests that pass, fail, skip, crash and hang.
# shellcheck disable=SC2016
set -u
run=${HANDRAIL_SRCDIR:-$(dirname "$0")/..}/tests/run
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
number=0
limit=60

# fake NAME SCRIPT: a test that is a shell script.
fake () {
  mkdir -p "$folder/tests/live" "$folder/tests/unit"
  printf '#!/bin/sh\n%s\n' "$2" >"$folder/$1"
  chmod +x "$folder/$1"
}

# expect WHAT STATUS LAST-LINE TESTS [ARGUMENTS]
expect () {
  number=$((number + 1))
  output=$(cd "$folder" && perl "$run" --source=. --build=. --limit="$limit" --tests="$4" -- ${5:-} 2>&1)
  status=$?
  last=$(printf '%s\n' "$output" | tail -n 1)
  if [ "$status" -eq "$2" ] && [ "$last" = "$3" ]; then
    echo "ok $number $1"
  else
    printf '%s\n' "$output" | sed 's/^/# /'
    echo "not ok $number $1 (status $status)"
  fi
}

# hold WHAT: the output of the last one holds this.
hold () {
  number=$((number + 1))
  case $output in
  *"$1"*) echo "ok $number   it says: $1" ;;
  *) echo "not ok $number   it says: $1" ;;
  esac
}

run=$(cd "$(dirname "$run")" && pwd)/run
fake good 'echo 1..2; echo ok 1 one; echo ok 2 two'
fake bad 'echo 1..3; echo ok 1; echo not ok 2 - wrong; echo ok 3'
fake skips 'echo 1..2; echo ok 1; echo "ok 2 cold # SKIP no dockerd here"'
fake absent 'echo "there is no ruby here" >&2; exit 77'
fake crash 'echo 1..2; echo ok 1; kill -SEGV $$'
fake status 'echo 1..1; echo ok 1; exit 3'
fake bails 'echo 1..1; echo "Bail out! x.c:3: assertion failed"; kill -ABRT $$'
fake silent 'exit 0'
fake short 'echo 1..3; echo ok 1'
fake hangs 'echo 1..2; echo ok 1; sleep 300'
fake holds-pipe 'echo 1..1; echo ok 1; sleep 300 & exit 0'
fake tests/live/one 'echo 1..1; echo ok 1'
fake tests/unit/one 'echo 1..1; [ -d "$G_TEST_SRCDIR" ] && echo ok 1'

echo 1..20
expect 'good tests' 0 '2 passed, 0 failed' good
expect 'a failed test' 1 '2 passed, 1 failed' bad
hold 'not ok 2 - wrong'
expect 'a skipped test' 0 '1 passed, 0 failed, 1 skipped' skips
hold 'no dockerd here'
expect 'a program that skips itself' 0 '0 passed, 0 failed, 1 skipped' absent
hold 'there is no ruby here'
expect 'a program that crashes' 1 '1 passed, 1 failed' crash
expect 'a program that ends badly' 1 '1 passed, 1 failed' status
expect 'an assertion does not end the others' 1 '2 passed, 1 failed' 'bails good'
expect 'a program that says nothing' 1 '0 passed, 1 failed' silent
expect 'a program that lost tests' 1 '1 passed, 1 failed' short
expect 'what a test leaves behind is ended' 0 '1 passed, 0 failed' holds-pipe
expect 'a missing program' 1 '0 passed, 1 failed' nowhere
expect 'nothing to run' 1 '0 passed, 0 failed' 'good' 'no-such-name'
expect 'only live ones' 0 '1 passed, 0 failed' 'good tests/live/one' '--live'
expect 'only unit ones' 0 '3 passed, 0 failed' 'good tests/live/one tests/unit/one' '--unit'
expect 'by name' 0 '2 passed, 0 failed' 'good bad tests/live/one' 'oo'
limit=1
expect 'a program that hangs' 1 '1 passed, 1 failed' hangs
hold 'took longer than 1 s'
