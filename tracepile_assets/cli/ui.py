"""`tracepile ui`: Dagster's web server and daemon on this home, until Ctrl-C. They are Dagster's own programs."""

import signal
import socket
import subprocess
import sys
import time
from importlib.resources import files
from typing import Annotated

import typer

from .console import complain, console

HOST = "127.0.0.1"
"""The web server has no authentication, so it is reachable from this machine only."""

PATIENCE = 20.0
"""Seconds that a server has to end after it was asked to."""


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
    read_only: Annotated[bool, typer.Option("--read-only", help="For viewers: no runs, no daemon.")] = False,
) -> None:
    """Serve the asset graph and its history, and run the sensors and the daily schedule.

    Example: `tracepile ui --port 3001`
    """
    from tracepile_assets.home import HomeError, open_home

    from .instance import open_instance

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise HomeError(f"port {port} is in use ({error.strerror}); choose another with --port") from error
    home = open_home()
    with open_instance(home):  # makes Dagster's home and brings its storage up to date, once, before two servers do
        pass
    workspace = ["-w", str(files("tracepile_assets.automation").joinpath("workspace.yaml"))]
    commands = [[sys.executable, "-m", "dagster_webserver", *workspace, "-h", HOST, "-p", str(port)]]
    if read_only:
        commands[0].append("--read-only")
    else:
        commands.append([sys.executable, "-m", "dagster._daemon", "run", *workspace])
    console().print(f"Dagster on [bold]http://{HOST}:{port}[/] (Ctrl-C ends it), home {home.root}", soft_wrap=True)
    _serve(commands)


def _serve(commands: list[list[str]]) -> None:
    """Run the servers until one of them ends or we are told to, then end the others."""
    told = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: told.append(number))
    servers = [subprocess.Popen(command, start_new_session=True) for command in commands]
    while not told and all(server.poll() is None for server in servers):
        time.sleep(0.2)
    ended = [server for server in servers if server.poll() is not None]
    for server in servers:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
    for server in servers:
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
    if ended and not told:
        complain(f"{' '.join(ended[0].args[1:3])} ended with exit code {ended[0].returncode}")
        raise typer.Exit(1)
