"""Ports, asked about before anything is started."""

import socket

from core.errors import StartupError


def require_free_port(variable: str, host: str, port: int) -> None:
    """Raises StartupError that names the variable when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise StartupError(
                f"{variable}: port {port} on {host} is taken: stop the program that uses it, "
                f"or set {variable} to a free one."
            ) from None
