"""What the screens cost, at 120x36, beside programs that an operator knows: ./dev bench screens

A key is measured from its writing until the program has settled, whatever it draws.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from measure import median, memory_kib, percentile, row
from terminal import HEIGHT, WIDTH, Terminal
from world import ASK, FLOOD, QUEUES, World, done, step

UP, DOWN = b"\x1bOA", b"\x1bOB"
ENTER, ESCAPE = b"\r", b"\x1b"
ROUNDS = 9
KEYS = 24
IDLE_S = 10
WATCH_S = 30
WARM_S = 60
LARGE = 5_000
SMALL = 10
FLOODED = 50_000
FLOOD_KEYS = 300
LINES = 5_000
COMMITS = 200
WRITTEN = 12  # lines that a commit changes
DONE = 40  # steps that there is a way back from
LOW = 18  # lines of a terminal in which help does not fit

CURSOR_SHOWN = b"\x1b[?25h"


class Ours:
    """handrail on a terminal; `at` is what it shows when it is there."""

    def __init__(self, world, *words, at=None, height=HEIGHT):
        self.world, self.words, self.at, self.height = world, words, at, height

    def __call__(self):
        terminal = Terminal([self.world.program, *self.words], self.world.environment,
                            height=self.height)
        if self.at:
            terminal.expect(self.at)
        return terminal


class Peer:
    """Another program, in a folder."""

    def __init__(self, environment, folder, *argv):
        self.environment, self.folder, self.argv = environment, folder, argv

    def __call__(self):
        return Terminal(self.argv, self.environment, self.folder)


# ---- peers -------------------------------------------------------------------------

def commit(number):
    """One that changes some lines, for git fast-import."""
    text = "".join(f"line {line} as number {number} has it\n" for line in range(WRITTEN))
    return (f"commit refs/heads/main\ncommitter A <a@b> {1_700_000_000 + number * 3600} +0000\n"
            f"data <<EOF\nwhat the commit of number {number} does\nEOF\n"
            f"M 100644 inline notes/{number % 8}\ndata <<EOF\n{text}EOF\n")


def peers(folder):
    """Those that are installed; tig and ncdu look at a small repository and its files."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
                   "TERM": "xterm-256color", "XDG_CONFIG_HOME": str(folder)}
    tree = folder / "tree"
    for number in range(40):
        file = tree / f"folder-{number % 8}" / f"file-{number}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text\n" * number)
    stream = "".join(commit(number) for number in range(COMMITS))
    for argv, data in ((["init", "-q", "-b", "main"], None), (["fast-import", "--quiet"], stream),
                       (["reset", "-q", "--hard"], None)):
        subprocess.run(["git", "-C", tree, *argv], input=data, text=True, check=True)
    (folder / "btop").mkdir()
    (folder / "btop" / "btop.conf").write_text("update_ms = 2000\n")
    argvs = {"tig": ["tig"], "ncdu": ["ncdu", "-0", "."], "nnn": ["nnn"],
             "htop": ["htop", "-d", "20"], "btop": ["btop"]}
    return {name: Peer(environment, tree, *argv) for name, argv in argvs.items()
            if subprocess.run(["which", name], capture_output=True, check=False).returncode == 0}


# ---- one after the other -------------------------------------------------------------

def first_screen(start):
    """Medians until the first screen stands: milliseconds of CPU, bytes; and KiB resident."""
    costs, sizes, resident = [], [], 0
    for _ in range(ROUNDS):
        terminal = start()
        said, _ = terminal.settle()
        own, resident = terminal.cpu_us(), max(resident, memory_kib(terminal.pid, "VmRSS"))
        costs.append((own + terminal.close()) / 1000)
        sizes.append(len(said))
    return median(costs), median(sizes), resident


def first_screens(ours, others):
    tig = (None, None, None)
    for name, start in others.items():
        if name == "btop":  # it never settles
            continue
        cpu, size, resident = cost = first_screen(start)
        tig = cost if name == "tig" else tig
        row(f"first screen, {name}: CPU", cpu)
        row("  bytes", size, unit="B")
        row("  resident", resident / 1024, unit="MiB")
    for name, start in ours.items():
        cpu, size, resident = first_screen(start)
        row(f"first screen, {name}: CPU", cpu, "tig", tig[0], "<= tig")
        row("  bytes", size, "tig", tig[1], "<= 6144", "B")
        row("  resident", resident / 1024, "tig", tig[2] and tig[2] / 1024, "<= 6", "MiB")


def settled(start, *keys):
    """A terminal on which so many keys have been typed, one after the other."""
    terminal = start()
    terminal.settle()
    for key in keys:
        terminal.write(key)
        terminal.settle()
    return terminal


def medians(costs):
    """Of microseconds and of bytes, and the most bytes."""
    return (median([cpu for cpu, _ in costs]), median([size for _, size in costs]),
            max(size for _, size in costs))


def cost_of(terminal, keys):
    terminal.settle()
    return medians([terminal.key(key) for key in keys])


def costs_of(terminal, keys, peer):
    """The same, and that of as many keys of a peer, each typed after one of ours: how fast
    the machine is moves from second to second."""
    terminal.settle()
    costs, beside = [], []
    for number, key in enumerate(keys):
        costs.append(terminal.key(key))
        if peer:
            beside.append(peer.key(there_and_back(KEYS // 2)[number % KEYS]))
    return medians(costs), medians(beside) if peer else (None, None, None)


def there_and_back(count):
    return [DOWN] * count + [UP] * count


def keys(world, others):
    """A key on each screen. Where the list is short it is gone through several times."""
    run = ("attach", world.latest_run())
    screens = {
        "home": (Ours(world), [], there_and_back(KEYS // 2)),
        "plan": (Ours(world), [b"/many", ENTER, ENTER, b"/lab", ENTER, ENTER],
                 there_and_back(SMALL)),
        "run, steps": (Ours(world, *run), [], there_and_back(SMALL)),
        "run, a letter": (Ours(world, *run), [], [b"x"] * KEYS),
        "time line": (Ours(world, *run), [ESCAPE, b"t", UP], [UP] * SMALL),
        "way back": (Ours(world, "attach", world.far), [ESCAPE, b"u"],
                     there_and_back(DONE)),
        "output, a line": (Ours(world, *run), [ESCAPE, b"l"], [UP] * KEYS),
        "output, a page": (Ours(world, *run), [ESCAPE, b"l"], [b"\x1b[5~"] * KEYS),
        f"help, {LOW} lines": (Ours(world, *run, height=LOW), [ESCAPE, b"?"],
                               there_and_back(SMALL)),
    }
    for name in ("tig", "ncdu", "nnn", "htop"):
        if name in others:
            show_peer(name, cost_of(settled(others[name]), there_and_back(KEYS // 2)))
    split = split_of(others)
    tig = settled(others["tig"]) if "tig" in others else None
    for name, (start, before, typed) in screens.items():
        terminal = settled(start, *before)
        show_key(name, *costs_of(terminal, typed, tig),
                 split if name in FOLLOWED else None)
        terminal.close()


# A list and what is selected in it, beside a log and the diff that follows it; what git takes
# for that is not counted.
SPLIT = "tig, log and diff"
FOLLOWED = ("plan", "run, steps")


def split_of(others):
    if "tig" not in others:
        return None
    cost = cost_of(settled(others["tig"], ENTER), there_and_back(KEYS // 2))
    show_peer(SPLIT, cost)
    return cost


def show_peer(name, cost):
    cpu, size, _ = cost
    row(f"a key, {name}: CPU", cpu, unit="us")
    row("  bytes", size, unit="B")


def show_key(name, cost, beside, split):
    """300 us is the bar where a key of tig takes 171: it is one in keys of tig, too."""
    cpu, size, most = cost
    row(f"a key, {name}: CPU", cpu, "tig", beside[0], "<= 300, <= 1.75 x tig", "us")
    peer, other = (SPLIT, split[1]) if split else ("tig", beside[1])
    row(f"  bytes (at most {most})", size, peer, other, "<= 300", "B")


def idle(ours):
    for name, start in ours.items():
        terminal = settled(start)
        cpu, size, wakings = terminal.watch(IDLE_S)
        row(f"idle for {IDLE_S} s, {name}: thousandths of a core", cpu / IDLE_S / 1000, unit="")
        row("  bytes", size, target="0", unit="B")
        row("  wake-ups", wakings, unit="")
        terminal.close()


def queues(world, others):
    """A busy site's queues, watched every 2 s; then a key, when the chart is full."""
    terminal = Ours(world, "queues", "--site", "lab", at=b"queue-0")()
    worked(world, terminal, WARM_S)
    cpu, size = worked(world, terminal, WATCH_S)
    for name in ("htop", "btop"):
        peer_cpu, peer_size = watched(others[name]) if name in others else (None, None)
        row(f"{QUEUES} queues every 2 s: thousandths of a core", cpu, name, peer_cpu, "<= 2", "")
        row("  bytes a second", size, name, peer_size, "<= 400", "B/s")
    row("  resident", memory_kib(terminal.pid, "VmRSS") / 1024, target="<= 6", unit="MiB")
    split = split_of(others)
    tig = settled(others["tig"]) if "tig" in others else None
    for name, typed in (("another queue", [UP] * QUEUES + [DOWN] * QUEUES),
                        ("the chart's time", [b"z"] * SMALL)):
        show_key(name, *costs_of(terminal, typed, tig), split)
    terminal.close()


def worked(world, terminal, seconds):
    """Thousandths of a core and bytes a second while the queues move."""
    cpu = size = 0
    for _ in range(seconds):
        world.redis.work()
        more = terminal.watch(1)
        cpu, size = cpu + more[0], size + more[1]
    return cpu / seconds / 1000, size / seconds


def watched(start):
    terminal = start()
    terminal.watch(4)
    cpu, size, _ = terminal.watch(WATCH_S)
    terminal.close()
    return cpu / WATCH_S / 1000, size / WATCH_S


# ---- large, and loud -----------------------------------------------------------------

def large(world):
    """A run of 5,000 steps, drawn and scrolled, beside one of ten."""
    costs = {}
    for count in (SMALL, LARGE):
        world.put_site(f"of-{count}", False)
        world.put_runbook(f"of-{count}", [step(number) for number in range(count)])
        begin = Ours(world, "run", f"of-{count}", "--site", f"of-{count}", at=b"Stop nginx")
        settled(begin).close()
        attach = Ours(world, "attach", world.latest_run(), at=b"Stop nginx")
        cpu, _, _ = first_screen(attach)
        shown = []
        for _ in range(ROUNDS):
            terminal = attach()
            shown.append((time.monotonic() - terminal.started) * 1000)
            terminal.close()
        terminal = settled(attach, ESCAPE)
        costs[count] = (median(shown), cpu, cost_of(terminal, [DOWN] * (SMALL - 2))[0])
        terminal.close()
    few, many = costs[SMALL], costs[LARGE]
    row(f"{LARGE:,} steps, until they are drawn", many[0], f"{SMALL} steps", few[0], "<= 150")
    row("  CPU until it has settled", many[1], f"{SMALL} steps", few[1])
    row("  CPU of a key", many[2], f"{SMALL} steps", few[2], "as fast", "us")


def flood(world):
    """From a key that opens a field to the bytes that show its cursor, while a command prints."""
    script = world.put("flood.py", (FLOOD % FLOODED).encode())
    world.put_site("loud", False)
    world.put_runbook("loud", [{"id": "print", "title": "Print", "confirm": "key", "do": {
        "run": ["/usr/bin/python3", str(script)]}}])
    terminal = settled(Ours(world, "run", "loud", "--site", "loud", at=b"Print"), b"y\r")
    output = world.folder / "state/handrail/runs" / world.latest_run() / "output"
    terminal.write(ESCAPE)
    terminal.watch(1)
    answered("closed", terminal, b"n", output)
    terminal.write(b"l")
    terminal.watch(1)
    answered("open", terminal, b"/", output)
    terminal.close()


def answered(name, terminal, key, output):
    times, begun = [], (time.monotonic(), printed(output))
    cpu = terminal.cpu_us()
    for number in range(FLOOD_KEYS):
        start = time.monotonic()
        terminal.write(key)
        terminal.expect(CURSOR_SHOWN)
        times.append((time.monotonic() - start) * 1000)
        terminal.write(ESCAPE)
        terminal.watch(0.09 + number % 17 / 1000)
    took = time.monotonic() - begun[0]
    row(f"flooded, output {name}: thousand lines a second",
        (printed(output) - begun[1]) / took / 1000, unit="k/s")
    row("  answer to a key, median", median(times), unit="ms")
    row("  p99", percentile(times, 0.99), target="<= 5", unit="ms")
    row("  thousandths of a core", (terminal.cpu_us() - cpu) / took / 1000, unit="")


def printed(output):
    """Lines, by the length of one in the middle of many."""
    file = next(output.iterdir())
    with open(file, "rb") as lines:
        lines.seek(max(file.stat().st_size - 200, 0))
        return file.stat().st_size / len(lines.read().splitlines(True)[-2])


# ---- all of it -----------------------------------------------------------------------

def prepare(world):
    """A run whose first command has printed, and which waits at its second question; and one
    that has come far."""
    world.kept()
    world.put_site("far", False)
    world.put_runbook("far", [*[done(number) for number in range(DONE)], ASK])
    world.talk("far", "far", *["y"] * DONE)
    world.far = world.latest_run()
    world.put_runbook("many", [step(number) for number in range(SMALL)])
    world.put_site("busy", False)
    world.put_runbook("busy", [
        {"id": "print", "title": "Print", "confirm": "key",
         "do": {"run": ["seq", "-f", "line %g of many that a command may print", "1",
                        str(LINES)]}}, *[step(number) for number in range(SMALL)], ASK])
    begin = Ours(world, "run", "busy", "--site", "busy", at=b"Print")
    settled(begin, b"y\r").close()


def screens(source, build):
    world = World(build, source)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(world, peers(Path(folder)))
    finally:
        world.close()


def measure(world, others):
    prepare(world)
    print(f"at {WIDTH}x{HEIGHT}, beside {', '.join(others) or 'nobody: none is installed'}")
    ours = {"home": Ours(world), "run": Ours(world, "attach", world.latest_run())}
    first_screens(ours, others)
    keys(world, others)
    idle(ours)
    queues(world, others)
    large(world)
    flood(world)
