"""What every bench uses: medians, and rows of the table that ./dev bench prints."""

import subprocess
import time
from pathlib import Path

ROUNDS = 15


def median(values):
    return sorted(values)[len(values) // 2]


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def timed(argv, rounds=ROUNDS, **kwargs):
    """Median seconds of a command from fork to its end."""
    def once():
        start = time.perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, **kwargs)
        return time.perf_counter() - start
    return median([once() for _ in range(rounds)])


def head():
    print(f"{'':44} {'ours':>9} {'':5} {'beside a peer in the same run':44} target")


def row(what, ours, peer_name="", peer=None, target="", unit="ms"):
    ratio = f"{ours / peer:8.2f} x {peer_name} ({peer:.1f})" if peer else ""
    print(f"{what:44} {ours:9.1f} {unit:5} {ratio:44} {target}", flush=True)


def memory_kib(pid, field):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0
