"""The results as a section of Markdown."""
import importlib.metadata
import os
import platform
import statistics
import subprocess
import time


def load():
    return os.getloadavg()[0]


def section(taken, loads):
    """taken: by kernel, a list of (figures by name, lines lost), one for each round."""
    names, rounds = list(taken), len(loads)
    lines = [f"## {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, commit {commit()}", "", about(rounds, loads), "",
             "| ms | " + " | ".join(names) + " | Riffle is |", "|---|" + "---|" * (len(names) + 1)]
    for figure in taken[names[0]][0][0]:
        values = {n: [r[0][figure] for r in taken[n]] for n in names}
        lines.append(f"| {figure} | " + " | ".join(spread(values[n]) for n in names) + f" | {verdict(values)} |")
    lost = [f"{sum(r[1] for r in taken[n])} of {50_000 * rounds}" for n in names]
    lines.append("| lines lost of the 50,000 | " + " | ".join(lost) + " | |")
    return "\n".join(lines) + "\n"


def about(rounds, loads):
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("ipykernel", "xeus-python", "pyzmq"))
    return (f"{rounds} rounds; {versions}, Python {platform.python_version()}; {os.cpu_count()} cores. "
            f"Load of the machine (1 min) before each round: {', '.join(f'{l:.1f}' for l in loads)}. Least / **median** / greatest.")


def commit():
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip() or "unknown"


def spread(values):
    if None in values:
        return "the kernel ends"
    return f"{short(min(values))} / **{short(statistics.median(values))}** / {short(max(values))}"


def short(ms):
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}"


def verdict(values):
    """Ahead of both, or behind whom: by the medians."""
    medians = {n: statistics.median(v) for n, v in values.items() if None not in v}
    own = medians.pop(next(iter(values)))
    behind = [n for n, m in medians.items() if m <= own]
    return "behind " + " and ".join(behind) if behind else f"ahead, {min(medians.values()) / own:.1f} times"
