#!/usr/bin/env python3
"""Repeats a recording of length-prefixed OTLP trace requests until it holds so many spans: each copy has trace ids of its own, and its
times stand behind those of the copy before. The same arguments give the same file.

    python3 Benchmarks/million_spans.py RECORDING.otlp[.gz] OUT.otlp[.gz] [SPANS]

A name that ends in .gz is packed, and one that ends in .pb is one message without lengths.
"""
import gzip, struct, sys

# Messages on the way to what is changed: field -> what it is.
REQUEST = {1: ("message", {2: ("message", {2: ("span", None)})})}  # resource_spans, scope_spans, spans
SPAN = {1: "trace", 7: "time", 8: "time", 11: "event", 13: "link"}
EVENT = {1: "time"}
LINK = {1: "trace"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data, at, end):
    while at < end:
        tag, at = varint(data, at)
        size = {1: 8, 5: 4}.get(tag & 7)
        if tag & 7 == 0:
            _, after = varint(data, at)
            size = after - at
        elif tag & 7 == 2:
            size, at = varint(data, at)
        yield tag >> 3, at, at + size
        at += size


def find(data, at, end, ids, times):
    """Where trace ids and times of a request stand; how many spans it has."""
    count = 0
    stack = [(at, end, REQUEST)]
    while stack:
        at, end, known = stack.pop()
        for field, start, stop in fields(data, at, end):
            what = known.get(field)
            if what is None:
                continue
            kind, inner = what if isinstance(what, tuple) else (what, None)
            if kind == "message":
                stack.append((start, stop, inner))
            elif kind == "span":
                count += 1
                stack.append((start, stop, SPAN))
            elif kind == "event":
                stack.append((start, stop, EVENT))
            elif kind == "link":
                stack.append((start, stop, LINK))
            elif kind == "trace":
                ids.append(start)
            elif kind == "time":
                times.append(start)
    return count


def main(source, target, spans):
    with (gzip.open if source.endswith(".gz") else open)(source, "rb") as file:
        data = bytearray(file.read())
    ids, times, lengths, at, each = [], [], [], 0, 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        each += find(data, at + 4, at + 4 + size, ids, times)
        lengths.append((at, size))
        at += 4 + size
    ids = [(place, bytes(data[place:place + 4])) for place in ids]
    times = [(place, struct.unpack_from("<Q", data, place)[0]) for place in times]
    times = [(place, value) for place, value in times if value]
    span = max(value for _, value in times) - min(value for _, value in times) + 1_000_000
    copies = max(1, -(-spans // each))
    out = gzip.open(target, "wb", compresslevel=6) if target.endswith(".gz") else open(target, "wb")
    with out:
        for copy in range(copies):
            mark = copy * 0x9E3779B1 & 0xFFFFFFFF
            for place, first in ids:
                struct.pack_into(">I", data, place, int.from_bytes(first, "big") ^ mark)
            for place, value in times:
                struct.pack_into("<Q", data, place, value + copy * span)
            if ".pb" in target:
                for start, size in lengths:
                    out.write(data[start + 4:start + 4 + size])
            else:
                out.write(data)
    print(f"{copies * each} spans, {copies * len(data)} bytes before packing, {span / 1e9:.1f} s a copy")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else 1_000_000)
