"""The command line that starts a zygote: in a bubblewrap jail, or bare where another isolation was asked for by name.

Belongs here: namespaces, mounts and environment of the jail, and finding what the interpreter needs. Does not belong
here: talking to the zygote (``worker``) and what it does, Landlock included (``guest``).

Of the file system the jail holds the interpreter, its standard library, the shared libraries these load, and ``guest``;
for programs that import them also the packages of ``packages``. Under ``landlock`` these and the standard library alone
can be read. Under ``process`` files are as open as to any process of
nobody, or of the user: only limits and the system-call filter stand.
"""

import functools
import os
import shutil
import struct
import subprocess
import sys
import sysconfig
from pathlib import Path

from .guest import landlock
from .jobs import SandboxUnavailable

ISOLATIONS = ("bubblewrap", "landlock", "process")
_GUEST = Path(__file__).parent / "guest"
_HASH_SEEDS = {"base": "0", "twin": "20231"}
_RANDOM_SEEDS = {"base": "0", "twin": "7919"}
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Threads would not outlive the fork of a child, and would add up numbers in any order."""
_PACKAGES = "/packages"


def command(
    isolation: str,
    role: str,
    control_fd: int,
    line_fd: int,
    memory_fd: int,
    memory_size: int,
    packages: Path | None = None,
) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of a zygote; ``role`` is ``base`` or ``twin``; the files are open ones; ``packages`` is
    the folder of packages that programs may import.

    Raises ``SandboxUnavailable`` where the isolation is not to be had, and ``ValueError`` for one that there is not.
    """
    inside = str(packages or "") if isolation != "bubblewrap" else _PACKAGES if packages else ""
    files = [str(control_fd), str(line_fd), str(memory_fd), str(memory_size)]
    tail = [*files, _RANDOM_SEEDS[role], role, isolation, inside]
    return _command(isolation, role, "zygote", tail, packages)


def trial_command(isolation: str, control_fd: int, outside: str) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of a process that tries the defences; raises what ``command`` raises.

    ``outside`` says as JSON what there is outside to be reached.
    """
    return _command(isolation, "base", "trials", [str(control_fd), "", "", "", outside, isolation])


def _command(
    isolation: str, role: str, module: str, tail: list[str], packages: Path | None = None
) -> tuple[list[str], dict[str, str]]:
    check(isolation)
    # What programs may import comes first: what is loaded after it lies close together, on fewer pages to be copied.
    load = f"hiding.load('memory').gather_memory(); hiding.load('preload').preload(); hiding.load({module!r}).main()"
    start = f"import sys; sys.path.insert(0, {{!r}}); import guest.hiding as hiding; {load}"
    flags = ["-s", "-P", "-S", "-B", "-W", "ignore", "-c"]
    if isolation == "bubblewrap":
        return [*_bubblewrap(role, packages), "/python/bin/python", *flags, start.format("/jail"), *tail], {}
    environment = {"PYTHONHASHSEED": _HASH_SEEDS[role], "PYTHONUTF8": "1", "TZ": "UTC", **_ONE_THREAD}
    environment |= _library_path(os.environ)
    return [str(_interpreter()), *flags, start.format(str(_GUEST.parent)), *tail], environment


def _library_path(environment) -> dict[str, str]:
    return {name: environment[name] for name in ("LD_LIBRARY_PATH",) if name in environment}


def check(isolation: str) -> None:
    """Raise ``SandboxUnavailable`` if the isolation is not to be had, ``ValueError`` if there is no such one."""
    if isolation not in ISOLATIONS:
        raise ValueError(f"isolation is one of {', '.join(ISOLATIONS)}, not {isolation!r}")
    if isolation == "bubblewrap":
        _bubblewrap_path()
    elif isolation == "landlock":
        try:
            landlock.version()
        except OSError as error:
            raise SandboxUnavailable(
                f"this kernel offers no Landlock ({error.strerror or error}): it takes Linux 5.13 or newer, "
                'with landlock in its boot option lsm=. Or install bubblewrap and set isolation = "bubblewrap" '
                "in tracepile.toml"
            ) from None


def _bubblewrap_path() -> str:
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable(
            "programs are run in a bubblewrap jail, and bubblewrap is not installed. Install it with: "
            "sudo apt-get install bubblewrap"
        )
    return found


def _bubblewrap(role: str, packages: Path | None) -> list[str]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    arguments = [_bubblewrap_path(), "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += [
        "--unshare-cgroup-try",
        "--hostname",
        "jail",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
    ]
    if os.getuid() == 0:
        # Root's own processes escape the limit on their number: the zygote becomes another user as it starts.
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        arguments += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
    arguments += ["--clearenv"]
    environment = {
        "PYTHONHASHSEED": _HASH_SEEDS[role],
        "PYTHONHOME": "/python",
        "PYTHONUTF8": "1",
        "LD_LIBRARY_PATH": "/python/lib",
        "TZ": "UTC",
        **_ONE_THREAD,
    }
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    arguments += ["--perms", "0755", "--tmpfs", "/"]
    for folder in ("/python", "/python/bin", "/python/lib", "/jail"):
        arguments += ["--perms", "0755", "--dir", folder]
    arguments += ["--ro-bind", str(_interpreter()), "/python/bin/python"]
    library = f"/python/lib/{version}"
    arguments += ["--ro-bind", sysconfig.get_path("stdlib", vars=_base_vars()), library]
    for hidden in ("site-packages", "dist-packages"):
        if (Path(sysconfig.get_path("stdlib", vars=_base_vars())) / hidden).is_dir():
            arguments += ["--tmpfs", f"{library}/{hidden}"]
    for inside, outside in _shared_libraries(packages):
        arguments += ["--ro-bind", outside, inside]
    if packages is not None:
        arguments += ["--ro-bind", str(packages), _PACKAGES]
    arguments += ["--ro-bind", str(_GUEST), "/jail/guest", "--dir", "/tmp", "--remount-ro", "/", "--tmpfs", "/tmp"]
    return [*arguments, "--chdir", "/tmp", "--"]


def _base_vars() -> dict[str, str]:
    return {"installed_base": sys.base_prefix, "base": sys.base_prefix, "platbase": sys.base_exec_prefix}


@functools.cache
def _interpreter() -> Path:
    """The real executable: not the link in a virtual environment."""
    base = Path(getattr(sys, "_base_executable", None) or sys.executable)
    return base.resolve()


@functools.cache
def _shared_libraries(packages: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Path inside and outside the jail of each shared library that the preloaded interpreter maps."""
    script = (
        f"import sys; sys.path.insert(0, {str(_GUEST.parent)!r});"
        "from guest import preload, confine; preload.preload();"
        + (f"preload.preload_packages({str(packages)!r});" if packages else "")
        + "print(open('/proc/self/maps').read())"
    )
    environment = {"PATH": os.environ.get("PATH", ""), **_ONE_THREAD, **_library_path(os.environ)}
    found = subprocess.run(
        [str(_interpreter()), "-s", "-P", "-S", "-B", "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if found.returncode:
        raise SandboxUnavailable(
            f"the interpreter {_interpreter()} does not start alone: {found.stderr.strip()[-300:]}"
        )
    mapped = {
        Path(line.split(maxsplit=5)[5]) for line in found.stdout.splitlines() if line.count("/") and ".so" in line
    }
    stdlib = Path(sysconfig.get_path("stdlib", vars=_base_vars())).resolve()
    pairs: dict[str, str] = {}
    for path in sorted(mapped):
        if path.is_relative_to(stdlib) or not path.is_file() or (packages and path.is_relative_to(packages)):
            continue
        pairs[f"/python/lib/{path.name}"] = str(path)
        # The loader asks by soname, which is a link to the file that it maps.
        for link in path.parent.glob(f"{path.name.partition('.so')[0].partition('-')[0]}*.so*"):
            if link.is_symlink() and link.resolve() == path.resolve():
                pairs[f"/python/lib/{link.name}"] = str(path)
    loader = _loader(_interpreter())
    if loader is not None:
        pairs[loader] = str(Path(loader).resolve())
    return tuple(sorted(pairs.items()))


def _loader(executable: Path) -> str | None:
    """The dynamic loader that an ELF executable names; None for a static one."""
    with executable.open("rb") as file:
        head = file.read(64)
        if head[:5] != b"\x7fELF\x02":
            raise SandboxUnavailable(f"{executable} is no 64-bit ELF executable: the jail runs on Linux only")
        offset, size, count = (*struct.unpack_from("<Q", head, 32), *struct.unpack_from("<HH", head, 54))
        for number in range(count):
            file.seek(offset + number * size)
            entry = file.read(size)
            if struct.unpack_from("<I", entry)[0] == 3:
                start, length = struct.unpack_from("<Q", entry, 8)[0], struct.unpack_from("<Q", entry, 32)[0]
                file.seek(start)
                return file.read(length).rstrip(b"\0").decode()
    return None
