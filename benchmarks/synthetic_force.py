"""How long does the whole synthetic force take, and how much memory? Goal: under 60 s and 4 GB on two cores at scale 1.

Usage: python benchmarks/synthetic_force.py [scale]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MAKE = """
import json, sys
from pathlib import Path
from bestvalue.dataset.synthetic import make_force
force = make_force(Path(sys.argv[1]) / "data", scale=float(sys.argv[2]))
print(json.dumps({"rows": dict(force.rows), "bytes": sum(path.stat().st_size for path in force.folder.rglob("*") if path.is_file())}))
"""


def main() -> None:
    """Make one force in a process of its own and print what it took."""
    scale = sys.argv[1] if len(sys.argv) > 1 else "1"
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", MAKE, str(Path(folder)), scale], capture_output=True, text=True, check=True)
        wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = json.loads(done.stdout)
    rows = made["rows"]
    print(f"scale {scale}, {os.cpu_count()} cores")
    print(f"wall         {wall:8.1f} s   (goal 60 at scale 1: {wall / 60:.2f} of it)")
    print(f"CPU          {used.ru_utime + used.ru_stime:8.1f} s")
    print(f"peak memory  {used.ru_maxrss / 1e6:8.2f} GB  (goal 4 at scale 1: {used.ru_maxrss / 4e6:.2f} of it)")
    print(f"on disk      {made['bytes'] / 1e9:8.2f} GB")
    print(f"incidents    {rows['incidents']:>12,}   deployments {rows['deployments']:>12,}   duties {rows['duties']:>10,}")
    print(f"all rows     {sum(rows.values()):>12,}   in {len(rows)} tables")


if __name__ == "__main__":
    main()
