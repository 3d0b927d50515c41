#!/usr/bin/env python3
"""Puts a server far away: forwards TCP with a delay on each way and a limit of bytes a second.

usage: distance.py PORT UPSTREAM_PORT MILLISECONDS_THERE_AND_BACK BYTES_A_SECOND

Where the kernel has it, `tc netem` does the same for a network namespace; many kernels of virtual
machines have not. What this cannot show is a slow start: here a new connection is as fast as an old one
but for the way there and back that its first bytes take more.
"""

import asyncio
import socket
import sys

BLOCK = 1 << 16


class Line:
    """One direction, which all connections share: its bytes leave one after another."""

    def __init__(self, rate):
        self.rate = rate
        self.free = 0.0

    def leaves(self, count):
        """When the last of some bytes is on its way, by the loop's clock."""
        now = asyncio.get_running_loop().time()
        self.free = max(self.free, now) + count / self.rate
        return self.free


async def pump(reader, writer, line, delay, first):
    """Carries bytes in their order; the first ones take `first` seconds more."""
    loop = asyncio.get_running_loop()
    waiting = asyncio.Queue(maxsize=64)

    async def write():
        while (item := await waiting.get()) is not None:
            due, block = item
            await asyncio.sleep(max(0.0, due - loop.time()))
            writer.write(block)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    writing = asyncio.create_task(write())
    extra = first
    try:
        while block := await reader.read(BLOCK):
            await waiting.put((line.leaves(len(block)) + delay + extra, block))
            extra = 0.0
        await waiting.put(None)
        await writing
    except (ConnectionError, OSError):
        writing.cancel()


async def main(port, upstream, there_and_back, rate):
    up, down = Line(rate), Line(rate)

    async def serve(reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", upstream)
        for one in (writer, far_writer):
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await asyncio.gather(
                pump(reader, far_writer, up, there_and_back / 2, there_and_back),
                pump(far_reader, writer, down, there_and_back / 2, 0.0))
        finally:
            writer.close()
            far_writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(
        int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000, float(sys.argv[4])))
