"""Where a clone's PostgreSQL keeps its data and its socket, and which user it runs as."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from config.private_postgres.errors import PrivatePostgresError

SYSTEM_DIR = Path("/var/lib/asamblea")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes; sockaddr_un has room for 108 with the closing zero


@dataclass(frozen=True)
class Runner:
    """The user that the server runs as, where that is not the user who asks for it."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The directories of one clone's server.

    asked_for: the directory that the server is for.
    home: holds everything below; belongs to the user who asks.
    sockets: short, entered by nobody else, so that whoever can enter it may connect without a password.
    runner: None where the server runs as the user who asks.
    """

    asked_for: Path
    home: Path
    sockets: Path
    runner: Runner | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def make(self) -> None:
        """Make the directories, and nothing above them other than it is."""
        if self.runner:
            make_enterable(SYSTEM_DIR)
            make_enterable(self.home)
        self.home.mkdir(parents=True, exist_ok=True)
        make_private(self.sockets, self.runner)
        if self.runner:  # whoever finds the directory learns whose it is; the server may write its log
            (self.home / "README").write_text(f"The private PostgreSQL of {self.asked_for}.\n")
            self.log.touch(mode=0o600)
            os.chown(self.log, self.runner.uid, self.runner.gid)


def place_for(directory: Path) -> Place:
    """Return where the server of ``directory`` (a clone's ``var/postgres``) lives. Makes nothing.

    An ordinary user keeps the data there. Root cannot: the server then runs as another user, who may not be able to
    enter a directory above the clone, and opening that directory is not ours to do. So root's data live in a system
    directory.
    """
    directory = directory.resolve()
    short_name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    if os.geteuid() == 0:
        home = SYSTEM_DIR / short_name
        return Place(asked_for=directory, home=home, sockets=home / "sockets", runner=another_user())
    # The clone's own path may be too long for a socket. That nobody else made this one is checked before it is used.
    sockets = Path(f"/tmp/asamblea-{os.geteuid()}-{short_name}")  # noqa: S108
    return Place(asked_for=directory, home=directory, sockets=sockets, runner=None)


def another_user() -> Runner:
    """Return the user that root's server runs as: one that this machine has already."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise PrivatePostgresError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


def make_enterable(directory: Path) -> None:
    """Make a directory of root's that every user may enter, whatever the umask; leave one that is there as it is."""
    try:
        directory.mkdir()
    except FileExistsError:
        return
    directory.chmod(0o755)


def make_private(directory: Path, runner: Runner | None) -> None:
    """Make a directory that nobody but its owner may enter; refuse one that somebody else put there before us."""
    owner = runner.uid if runner else os.geteuid()
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if runner:
            os.chown(directory, runner.uid, runner.gid)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise PrivatePostgresError(f"{directory} is not a private directory of the server's user: remove it.")
