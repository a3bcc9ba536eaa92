"""Test points as TAP lines, for scripts that talk to real servers.

A script calls run() with its test functions. Each may report any number of
points with ok(), equal() and so on; a function that raises is one failed point
and the next one goes on. Those that mostly wait may run several at a time: what
each says is printed when it is over. A script that cannot run at all ends with
status 77.
"""

import collections
import sys
import threading
import time
import traceback

_lock = threading.Lock()
_here = threading.local()
_count = 0
_failed = 0


def _say(line, point=None):
    """A line of the test that runs in this thread; `point`: whether it is one that holds."""
    if hasattr(_here, "lines"):
        _here.lines.append((line, point))
    else:
        _print([(line, point)])


def _print(lines):
    global _count, _failed
    with _lock:
        for line, point in lines:
            if point is not None:
                _count += 1
                _failed += not point
                line = "%sok %d - %s" % ("" if point else "not ", _count, line)
            sys.stdout.write(line + "\n")
        sys.stdout.flush()


def note(text):
    for line in str(text).splitlines() or [""]:
        _say("# " + line)


def ok(holds, name, *why):
    """One test point; what `why` holds is printed when it fails."""
    _say(name.replace("#", ""), bool(holds))
    if not holds:
        for text in why:
            note(text)
    return holds


def equal(found, wanted, name):
    return ok(found == wanted, name, "found:  %r" % (found,), "wanted: %r" % (wanted,))


def contains(text, part, name):
    return ok(part in text, name, "looked for %r in" % part, text)


def skip(name, reason):
    _say("%s # SKIP %s" % (name, reason), True)


def skip_all(reason):
    _print([("1..0 # SKIP " + reason, None)])
    sys.exit(77)


def _run_one(test):
    note(test.__name__.replace("_", " "))
    began = time.monotonic()
    try:
        test()
    except Exception:  # the next test must still run
        ok(False, test.__name__.replace("_", " "), traceback.format_exc())
    note("%.1f s" % (time.monotonic() - began))


def _run_quietly(test):
    _here.lines = []
    try:
        _run_one(test)
    finally:
        lines = _here.lines
        del _here.lines
        _print(lines)


def _run_together(tests, at_a_time):
    """The threads are daemons: a signal that ends this program waits for none of them."""
    left = collections.deque(tests)

    def work():
        while left:
            try:
                test = left.popleft()
            except IndexError:
                return
            _run_quietly(test)
    threads = [threading.Thread(target=work, daemon=True) for _ in range(at_a_time)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(*tests, at_a_time=1):
    """Runs the test functions, so many at a time, and ends the program; with words on the
    command line, only those whose name has one of them."""
    words = sys.argv[1:]
    chosen = [test for test in tests
              if not words or any(word in test.__name__ for word in words)]
    if at_a_time == 1:
        for test in chosen:
            _run_one(test)
    else:
        _run_together(chosen, at_a_time)
    _print([("1..%d" % _count, None)])
    sys.exit(1 if _failed else 0)
