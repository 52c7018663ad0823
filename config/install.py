"""Install what a lock file lists into the environment that runs this: ``python config/install.py requirements.lock``.

By uv, which takes seconds where pip takes half a minute. uv does not read pip's configuration, so it is told what pip
knows of indexes, certificates and proxies; where it fails all the same, pip does the work.
"""

import ast
import os
import subprocess
import sys

UV = "uv>=0.9,<1"
TOLD = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
PIP = [sys.executable, "-m", "pip"]


def pip_settings() -> dict[str, str]:
    """Return pip's configuration: name without its section -> value. What the environment says wins, as for pip."""
    listed = subprocess.run([*PIP, "config", "list"], check=True, capture_output=True, text=True).stdout
    lines = sorted(listed.splitlines(), key=lambda line: line.startswith(":env:"))
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name.partition(".")[2]: ast.literal_eval(value) for name, value in pairs}


def uv_environment() -> dict[str, str]:
    """Return the environment for uv: this one, and what pip knows where nothing else was said to uv."""
    known = pip_settings()
    separator = {"find-links": ","}  # uv's others are separated as pip's, by a space
    told = {TOLD[name]: separator.get(name, " ").join(value.split()) for name, value in known.items() if name in TOLD}
    # The best of all indexes, as pip does it: safe, because the lock file says the hash of every file.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **told, **os.environ}


def install(lock: str) -> int:
    """Install exactly what the lock file lists, and nothing whose hash it does not list. Returns an exit status."""
    arguments = ["install", "--quiet", "--require-hashes", "-r", lock]
    if subprocess.run([*PIP, "install", "-qq", "--disable-pip-version-check", UV]).returncode == 0:
        uv = [sys.executable, "-m", "uv", "pip", *arguments, "--python", sys.executable]
        if subprocess.run(uv, env=uv_environment()).returncode == 0:
            return 0
    print("uv could not install it; pip can, in a minute.", flush=True)
    return subprocess.run([*PIP, *arguments, "--disable-pip-version-check"]).returncode


if __name__ == "__main__":
    sys.exit(install(sys.argv[1]))
