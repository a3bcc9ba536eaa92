"""Drives the full screen of `handrail` as an operator would: keys are typed, and what is
waited for is what the screen shows. The terminal is tests/screen/terminal.c."""

import os
import subprocess

import driver
import tap

TERMINAL = os.path.join(driver.BUILD, "tests", "screen", "terminal")


def needed():
    driver.needed()
    if not os.access(TERMINAL, os.X_OK):
        tap.skip_all("%s is not built" % TERMINAL)


def written(text):
    """As in C: what is no plain character by its number."""
    return "".join(character if " " <= character < "\x7f" and character != "\\"
                   else "".join("\\%03o" % byte for byte in character.encode())
                   for character in text)


class Screen:
    """A program in a terminal of its own."""

    def __init__(self, argv, env, columns=110, lines=32):
        """`env`: beside the terminal's small one (harness.h)."""
        trees = {"G_TEST_SRCDIR": os.path.abspath(driver.SOURCE),
                 "G_TEST_BUILDDIR": os.path.abspath(driver.BUILD)}
        self.process = subprocess.Popen(
            [TERMINAL, "%dx%d" % (columns, lines),
             *("%s=%s" % pair for pair in env.items()), "--", *argv],
            env={**os.environ, **trees}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said = self.process.stdout

    def ask(self, request):
        """(how it came out, what was said)"""
        try:
            self.process.stdin.write(request.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = b"#"
        while line.startswith(b"#"):  # what GLib's tests remark
            line = self.said.readline()
        outcome, _, length = line.decode().partition(" ")
        if not outcome:
            raise AssertionError("the terminal has ended with status %d at: %s"
                                 % (self.process.wait(), request))
        return outcome, self.said.read(int(length)).decode("utf-8", "replace")

    def wait(self, text, limit_s=driver.LIMIT_S, gone=False):
        """Until it stands on the screen; gives the screen."""
        outcome, seen = self.ask("%s %d %s" % ("gone" if gone else "wait", limit_s * 1000,
                                               written(text)))
        if outcome != "ok":
            raise AssertionError("%s: %s %r on the screen:\n%s"
                                 % (outcome, "still" if gone else "no", text, seen))
        return seen

    def type(self, text):
        """Key by key, each dealt with before the next."""
        self.ask("type " + written(text))

    def send(self, text):
        self.ask("send " + written(text))

    def text(self):
        return self.ask("text")[1]

    def picture(self, title):
        """SVG."""
        return self.ask("svg " + written(title))[1]

    def resize(self, columns, lines):
        self.ask("resize %dx%d" % (columns, lines))

    def end(self):
        """Waits for the program's end, and gives its exit status."""
        return int(self.ask("end")[1])

    def close(self):
        """Ends the program where it has not ended."""
        self.process.stdin.close()
        self.process.wait(driver.LIMIT_S)
        self.said.close()
