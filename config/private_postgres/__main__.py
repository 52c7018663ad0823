"""``python -m config.private_postgres status|stop|remove``: look after the clone's PostgreSQL by hand."""

import os
import sys
from pathlib import Path

from config.private_postgres.server import Server


def main(arguments: list[str]) -> int:
    var_dir = os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var"
    server = Server(Path(var_dir) / "postgres")
    match arguments:
        case ["status"]:
            pid = server.running_pid()
            print(f"running, process {pid}" if pid else "not running", f"(data in {server.place.home})")
        case ["stop"]:
            server.stop()
        case ["remove"]:
            server.remove()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
