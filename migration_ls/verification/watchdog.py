"""Ends a throwaway server and its directory when the process that started them is gone.

Run as a program of its own with the server's directory as argument. It reads its standard input: a line is the id of
the server's process, or `done` when the owner has cleaned up by itself. The end of the input means that the owner has
ended, however it ended. Standard library only, so that it is ready at once.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

_PATIENCE_SECONDS = 5.0


def watch(directory: str) -> None:
    """Wait for the owner to end, then end the server and remove the directory."""
    process = 0
    for line in sys.stdin:
        if line.strip() == "done":
            return
        process = int(line)
    if process:
        _end(process)
    shutil.rmtree(directory, ignore_errors=True)


def _end(process: int) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process)], check=False, capture_output=True)
        return
    try:
        # an immediate shutdown takes the server's children along and frees its shared memory
        os.kill(process, signal.SIGQUIT)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            os.kill(process, 0)
            time.sleep(0.002)
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    watch(sys.argv[1])
