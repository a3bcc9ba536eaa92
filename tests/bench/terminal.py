"""A program in a pseudo-terminal, and what it costs there.

CPU is what the kernel has counted for the process, in nanoseconds, all its threads
together; of the children that it has waited for, what they had taken when it ended. A
program has settled when it neither writes nor works for a while; the while itself is not
counted. Nothing interprets what is drawn: bytes are counted, and searched.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

WIDTH, HEIGHT = 120, 36

# So long neither a byte nor work: longer than a scheduler lets one wait that is ready.
QUIET_S = 0.08

# Nothing here takes so long; it only bounds a hang.
LIMIT_S = 60

READ_BYTES = 65536


def clock_of(pid):
    """The number of the clock that counts what a process has run (clock_getcpuclockid)."""
    return (~pid << 3) | 2


class Terminal:
    def __init__(self, argv, environment, folder=None, width=WIDTH, height=HEIGHT):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        os.set_blocking(self.master, False)
        path = os.ttyname(slave)
        before = os.getcwd()
        os.chdir(folder or before)
        self.started = time.monotonic()
        # Opened by the leader of a session that has none, it becomes its terminal.
        self.pid = os.posix_spawnp(argv[0], [str(word) for word in argv], environment,
                                   setsid=True, file_actions=[
                                       (os.POSIX_SPAWN_OPEN, 0, path, os.O_RDWR, 0),
                                       (os.POSIX_SPAWN_DUP2, 0, 1),
                                       (os.POSIX_SPAWN_DUP2, 0, 2)])
        os.chdir(before)
        os.close(slave)
        self.ended = False

    # ---- bytes ---------------------------------------------------------------------

    def read(self, wait_s):
        """What comes within so long, as soon as something does."""
        if not select.select([self.master], [], [], max(wait_s, 0))[0]:
            return b""
        try:
            return os.read(self.master, READ_BYTES)
        except OSError:
            raise RuntimeError("the program has ended") from None

    def settle(self, quiet_s=QUIET_S):
        """Waits until it has settled; gives what came, and when the last of it did."""
        said, last = b"", time.monotonic()
        worked, since, limit = self.cpu_us(), last, last + LIMIT_S
        while time.monotonic() - since < quiet_s:
            more = self.read(quiet_s / 4)
            if more:
                said, last = said + more, time.monotonic()
            if more or self.cpu_us() != worked:
                worked, since = self.cpu_us(), time.monotonic()
            if since > limit:
                raise RuntimeError("it does not settle")
        return said, last

    def expect(self, text):
        """Waits until this comes; gives all that did."""
        said, limit = b"", time.monotonic() + LIMIT_S
        while text not in said:
            said += self.read(limit - time.monotonic())
            if time.monotonic() > limit:
                raise RuntimeError(f"{text} did not come, but {said[-400:]}")
        return said

    def write(self, keys):
        os.write(self.master, keys)

    def key(self, keys):
        """A key and what it takes until the program has settled: microseconds of CPU, bytes."""
        before = self.cpu_us()
        self.write(keys)
        said, _ = self.settle()
        return self.cpu_us() - before, len(said)

    # ---- cost ------------------------------------------------------------------------

    def cpu_us(self):
        return time.clock_gettime_ns(clock_of(self.pid)) / 1000

    def wakings(self):
        """How often it has waited, all its threads together."""
        count = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/status") as status:
                count += sum(int(line.split()[1]) for line in status
                             if line.startswith("voluntary"))
        return count

    def watch(self, seconds):
        """Lets it be so long: microseconds of CPU, bytes, and how often it woke."""
        cpu, wakings, said = self.cpu_us(), self.wakings(), 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            said += len(self.read(end - time.monotonic()))
        return self.cpu_us() - cpu, said, self.wakings() - wakings

    # ---- its end ---------------------------------------------------------------------

    def close(self):
        """Ends it; gives the microseconds of the children that it had waited for."""
        if self.ended:
            return 0
        self.ended = True
        os.kill(self.pid, signal.SIGKILL)
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        own = self.cpu_us()
        _, _, usage = os.wait4(self.pid, 0)
        os.close(self.master)
        return max((usage.ru_utime + usage.ru_stime) * 1e6 - own, 0)
