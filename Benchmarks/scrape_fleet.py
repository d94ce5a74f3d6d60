#!/usr/bin/env python3
"""Serves many scrape targets from a few recorded pages of real Envoys, with counters that move unevenly.

    python3 scrape_fleet.py --pages DIR --targets 120 --port 19000 --out targets.json

GET /t/N/metrics answers target N. Each page is rendered once into --variants bodies in which counters and histograms grow;
successive scrapes of a target walk through them and begin again, which a reader sees as a restart of the proxy. A request costs
the server no more than writing a prepared body.
"""
import argparse, asyncio, glob, gzip, json, random


def read(path):
    return (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8").read().splitlines()


def render(path, variants):
    kinds, bodies, samples = {}, [[] for _ in range(variants)], 0
    for line in read(path):
        if line.startswith("# TYPE "):
            kinds[line.split()[2]] = line.split()[3]
        if line.startswith("#") or not line.strip():
            for body in bodies:
                body.append(line)
            continue
        samples += 1
        series, _, text = line.rpartition(" ")
        family = series.split("{", 1)[0]
        base = next((family[: -len(s)] for s in ("_bucket", "_sum", "_count") if family.endswith(s)), family)
        kind = kinds.get(base) if kinds.get(base) == "histogram" else kinds.get(family, "gauge")
        number = float(text)
        if number == 0 or kind not in ("counter", "histogram"):
            for body in bodies:
                body.append(line)
            continue
        noise, grown = random.Random(series), number
        for body in bodies:
            grown += number / 60 * noise.uniform(0, 2)
            body.append(f"{series} {int(grown) if number.is_integer() else repr(round(grown, 6))}")
    return [("\n".join(body) + "\n").encode() for body in bodies], samples


async def main(args):
    paths = sorted(glob.glob(f"{args.pages}/*.txt") + glob.glob(f"{args.pages}/*.txt.gz"))
    rendered = [render(path, args.variants) for path in paths[: args.different]]
    heads = [[f"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {len(b)}\r\n\r\n".encode() for b in bodies]
             for bodies, _ in rendered]
    turn = [i * 7 % args.variants for i in range(args.targets)]

    async def handle(reader, writer):
        try:
            while True:
                target = int((await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].split(b"/")[2])
                page, variant = target % len(rendered), turn[target] % args.variants
                turn[target] += 1
                writer.write(heads[page][variant] + rendered[page][0][variant])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError, IndexError):
            pass
        finally:
            writer.close()

    json.dump([{"targets": [f"127.0.0.1:{args.port}"], "labels": {"__metrics_path__": f"/t/{i}/metrics", "pod": f"pod-{i}", "service": f"service-{i % 25}",
                "namespace": "load", "node": f"node-{i % 7}", "version": f"v{1 + i % 2}"}} for i in range(args.targets)], open(args.out, "w"))
    samples = sum(rendered[i % len(rendered)][1] for i in range(args.targets))
    server = await asyncio.start_server(handle, "127.0.0.1", args.port, limit=1 << 20)
    print(f"{args.targets} targets, {samples} samples a round, port {args.port}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", required=True)
    parser.add_argument("--different", type=int, default=11, help="how many different pages, the first by name")
    parser.add_argument("--targets", type=int, default=120)
    parser.add_argument("--variants", type=int, default=30)
    parser.add_argument("--port", type=int, default=19000)
    parser.add_argument("--out", required=True)
    asyncio.run(main(parser.parse_args()))
