"""One web process on a socket that is bound already: `python -m web.server FD`. Several processes share one socket.

The supervisor holds it, so whoever calls while a process is started again waits instead of being refused.
"""

from __future__ import annotations

import argparse
import socket

import uvicorn

DRAIN_S = 5  # open requests when it is asked to stop


def main() -> None:
    """Serves until SIGTERM. The list of requests is off: it would show candidates' links."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fd", type=int, help="the listening socket, inherited")
    parser.add_argument("--log-config", help="logging configuration as JSON")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    given = parser.parse_args()
    config = uvicorn.Config(
        "web.app:create",
        factory=True,
        access_log=False,
        server_header=False,
        log_config=given.log_config,
        ssl_certfile=given.tls_cert,
        ssl_keyfile=given.tls_key,
        timeout_graceful_shutdown=DRAIN_S,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=given.fd)])


if __name__ == "__main__":
    main()
