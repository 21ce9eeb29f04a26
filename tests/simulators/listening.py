"""A server at a port of this machine."""

from __future__ import annotations

from aiohttp import web


async def listening(app: web.Application, port: int = 0) -> web.AppRunner:
    """Serve ``app``; with port 0, at any port that is free. Whoever hangs up ends what was done for them."""
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


def port_of(runner: web.AppRunner) -> int:
    """Return the port that a server listens at."""
    port: int = runner.addresses[0][1]
    return port
