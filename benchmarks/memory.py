"""Peak memory of this process alone: `ru_maxrss` begins with what the process that started it held."""

from __future__ import annotations

import re
from pathlib import Path


def peak_mib() -> int:
    """The most memory that this process has held since it began, in MiB (Linux' VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)  # type: ignore[index]  # Linux always tells
