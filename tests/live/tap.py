"""Test points as TAP lines, for scripts that talk to real servers.

A script calls run() with its test functions. Each may report any number of
points with ok(), equal() and so on; a function that raises is one failed point
and the next one goes on. A script that cannot run at all ends with status 77.
"""

import sys
import time
import traceback

_count = 0
_failed = 0


def _say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text):
    for line in str(text).splitlines() or [""]:
        _say("# " + line)


def ok(holds, name, *why):
    """One test point; what `why` holds is printed when it fails."""
    global _count, _failed
    _count += 1
    _say("%sok %d - %s" % ("" if holds else "not ", _count, name.replace("#", "")))
    if not holds:
        _failed += 1
        for text in why:
            note(text)
    return holds


def equal(found, wanted, name):
    return ok(found == wanted, name, "found:  %r" % (found,), "wanted: %r" % (wanted,))


def contains(text, part, name):
    return ok(part in text, name, "looked for %r in" % part, text)


def skip(name, reason):
    global _count
    _count += 1
    _say("ok %d - %s # SKIP %s" % (_count, name, reason))


def skip_all(reason):
    _say("1..0 # SKIP " + reason)
    sys.exit(77)


def run(*tests):
    """Runs the test functions in turn and ends the program; with words on the command
    line, only those whose name has one of them."""
    words = sys.argv[1:]
    for test in [test for test in tests
                 if not words or any(word in test.__name__ for word in words)]:
        note(test.__name__.replace("_", " "))
        began = time.monotonic()
        try:
            test()
        except Exception:  # the next test must still run
            ok(False, test.__name__.replace("_", " "), traceback.format_exc())
        note("%.1f s" % (time.monotonic() - began))
    _say("1..%d" % _count)
    sys.exit(1 if _failed else 0)
