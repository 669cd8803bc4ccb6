"""Tries the defences of an isolation on this machine, and says what to do about those that do not hold.

Belongs here: what lies outside to be attacked, and the remedies. Does not belong here: the attacks themselves, which
are made from inside (``guest.trials``).
"""

import json
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import jail
from .guest.channel import Closed, receive
from .jobs import SandboxUnavailable

_PATIENCE_S = 60.0
_STRICTER = 'set isolation = "bubblewrap" under [compute] in tracepile.toml'
_KERNEL = "run on a kernel that has it, or in a container that does not take it away"
_REMEDIES = {
    "files": _STRICTER,
    "network": _STRICTER,
    "namespaces": "a newer bubblewrap (0.8 is known to do it)",
    "landlock": f"Landlock takes Linux 5.13 or newer with landlock in the boot option lsm=; or {_STRICTER}",
    "system calls": f"the kernel must filter system calls (CONFIG_SECCOMP_FILTER): {_KERNEL}",
    "the zygote": f"the kernel must filter system calls (CONFIG_SECCOMP_FILTER): {_KERNEL}",
    "limit NPROC": "the limit on processes does not bind root: run as an ordinary user",
}
_NAMESPACES = (
    "bubblewrap is installed, and may not make namespaces here. On Ubuntu 24.04 and later: "
    "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0; on other systems: "
    "sudo sysctl -w user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1; in a container: start it with "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined, or "
    'set isolation = "landlock" under [compute] in tracepile.toml'
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One defence: whether it held, what was found, and the remedy where it did not."""

    name: str
    holds: bool
    says: str
    remedy: str | None = None


def try_out(isolation: str) -> list[Trial]:
    """Attack every defence of an isolation from inside it.

    Raises ``SandboxUnavailable`` where the isolation cannot be set up at all; the message names the remedy.
    """
    ours, theirs = socket.socketpair()
    with (
        ours,
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as said,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        Path(folder).chmod(0o755)
        secret = Path(folder, "outside")
        secret.write_text("outside")
        secret.chmod(0o666)
        outside = json.dumps({"file": str(secret), "port": listening.getsockname()[1]})
        with theirs:
            command, environment = jail.trial_command(isolation, theirs.fileno(), outside)
            process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        ours.settimeout(_PATIENCE_S)
        try:
            found = receive(ours, 1 << 16)
        except (Closed, ValueError):
            process.kill()
            process.wait()
            said.seek(0)
            raise SandboxUnavailable(_unavailable(isolation, said.read(4_000).decode(errors="replace"))) from None
        process.wait()
    return [
        Trial(name, made["holds"], made["says"], None if made["holds"] else _REMEDIES.get(name, _KERNEL))
        for name, made in found.items()
    ]


def _unavailable(isolation: str, said: str) -> str:
    reason = said.strip().splitlines()[-1] if said.strip() else "it said nothing"
    if isolation == "bubblewrap" and "bwrap:" in said:
        return f"{reason}. {_NAMESPACES}"
    return f"{isolation} cannot be entered: {reason}; {_KERNEL}"
