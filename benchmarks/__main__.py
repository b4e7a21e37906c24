"""Every benchmark, one after another, each in processes of its own; or those that are named: `python -m benchmarks [--quick] [pages journeys …]`."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.results import ORDER, QUICK, is_quick, numbers


def main() -> int:
    began, failed = time.monotonic(), []
    for name in numbers() or ORDER:
        if name not in ORDER:
            sys.exit(f"no benchmark is called {name}; there are {', '.join(ORDER)}")
        command = [sys.executable, "-m", f"benchmarks.{name}", *([QUICK] if is_quick() else [])]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    print(f"{time.monotonic() - began:.0f} s" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
