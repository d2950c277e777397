"""Runs a command and prints its wall time, processor time (threads and children) and peak memory as JSON."""

import json
import resource
import subprocess
import sys
import time

started = time.monotonic()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "status": done.returncode,
            "wallMs": round(1000 * wall),
            "cpuMs": round(1000 * (used.ru_utime + used.ru_stime)),
            "peakBytes": 1024 * used.ru_maxrss,
            "output": (done.stdout + done.stderr)[-2000:],
        }
    )
)
