"""A line between a browser and the server that can be slow, cut, half-open or full of resets: a TCP proxy of ours."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal

CHUNK = 16 * 1024
State = Literal["open", "cut", "half-open"]
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: closing sends RST


@dataclass
class Weather:
    """How the line is. `bits`: a second in each direction, 0 for no limit; `delay_s`: one way; `resets`: share of
    chunks after which the connection is reset."""

    bits: int = 0
    delay_s: float = 0.0
    resets: float = 0.0


class Line:
    """Listens on `port` and passes everything on to `target`, as the weather lets it. Runs in a thread of its own."""

    def __init__(self, target: int, weather: Weather | None = None, *, seed: int = 1) -> None:
        self.target, self.weather, self.state = target, weather or Weather(), "open"
        self.chance = random.Random(seed)
        self.writers: set[asyncio.StreamWriter] = set()
        self.free_at = {"up": 0.0, "down": 0.0}
        self.count = {"connections": 0, "resets": 0, "refused": 0, "bytes up": 0}
        self.loop = asyncio.new_event_loop()
        self.port = 0
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()
        server.close()
        self.loop.run_until_complete(self._end())
        self.loop.close()

    async def _end(self) -> None:
        """Nothing of the line is left: its tasks are cancelled, its connections reset, and both have heard of it."""
        for writer in list(self.writers):
            _reset(writer)
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.1)

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def cut(self) -> None:
        """Every connection is reset and new ones are refused."""
        self._call(self._change("cut"))

    def half_open(self) -> None:
        """Connections stay and new ones are taken, but nothing passes any more."""
        self._call(self._change("half-open"))

    def mend(self) -> None:
        """Everything passes again; connections that were half-open are reset."""
        self._call(self._change("open"))

    async def _change(self, state: State) -> None:
        before, self.state = self.state, state
        if state == "cut" or before == "half-open":
            for writer in list(self.writers):
                _reset(writer)

    def close(self) -> None:
        """Ends the line."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.state == "cut":
            self.count["refused"] += 1
            _reset(writer)
            return
        self.count["connections"] += 1
        self.writers.add(writer)
        try:
            if self.state == "half-open":
                await asyncio.sleep(3600)
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            self.writers.add(back)
            try:
                await asyncio.gather(self._pass(reader, back, "up"), self._pass(there, writer, "down"))
            finally:
                self.writers.discard(back)
                back.close()
        except (OSError, asyncio.CancelledError):
            _reset(writer)  # the server is away: so is the connection
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        while data := await reader.read(CHUNK):
            while self.state == "half-open":
                await asyncio.sleep(0.1)
            await self._wait(len(data), way)
            if self.chance.random() < self.weather.resets:
                self.count["resets"] += 1
                _reset(writer)
                raise ConnectionResetError
            writer.write(data)
            await writer.drain()
            if way == "up":
                self.count["bytes up"] += len(data)
        if writer.can_write_eof():
            writer.write_eof()

    async def _wait(self, size: int, way: str) -> None:
        """One queue for all connections of a direction, as on a real line."""
        if not self.weather.bits:
            await asyncio.sleep(self.weather.delay_s)
            return
        begin = max(time.monotonic(), self.free_at[way])
        self.free_at[way] = begin + size * 8 / self.weather.bits
        await asyncio.sleep(self.free_at[way] - time.monotonic() + self.weather.delay_s)


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    if writer.transport is not None:
        writer.transport.abort()
