#!/usr/bin/env python3
"""Our layouts beside graphviz `dot -Tplain` and Graph::Easy, on the same graphs in one run, all from scratch.

  Benchmarks/layout.py BENCH [NODES…]      BENCH: the telltale-layout-bench that was built

Crossings: of dot the intersections of its splines, each cubic flattened to 16 stretches; two edges that share an end never count, though
their splines may cross on the way. Of ours all cells where wires cross, counted in the characters of the picture. Time is the
processor's, of whole processes, the least of five runs. Graph::Easy: its picture's size, and edges it could not place, as far as it ends within a minute.
"""
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile


def timed(command, **options):
    """The least processor time of five runs in milliseconds, start of the process included, and what was printed."""
    best, output = None, None
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000
        best = took if best is None else min(best, took)
        if took > 10_000:
            break
    return best, output


def points(spline, steps=16):
    """A piecewise cubic as a chain of points."""
    chain = [spline[0]]
    for i in range(0, len(spline) - 3, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = spline[i:i + 4]
        for step in range(1, steps + 1):
            t = step / steps
            u = 1 - t
            chain.append((u**3 * ax + 3 * u * u * t * bx + 3 * u * t * t * cx + t**3 * dx,
                          u**3 * ay + 3 * u * u * t * by + 3 * u * t * t * cy + t**3 * dy))
    return chain


def crosses(p, q, r, s):
    """Whether two stretches meet, the ends of both belonging to the next one."""
    dx, dy, ex, ey = q[0] - p[0], q[1] - p[1], s[0] - r[0], s[1] - r[1]
    bend = dx * ey - dy * ex
    if abs(bend) < 1e-12:
        return False
    t = ((r[0] - p[0]) * ey - (r[1] - p[1]) * ex) / bend
    u = ((r[0] - p[0]) * dy - (r[1] - p[1]) * dx) / bend
    return 0 <= t < 1 and 0 <= u < 1


def dot_crossings(plain):
    stretches = []
    for line in plain.splitlines():
        fields = line.split()
        if fields[0] == "edge":
            count = int(fields[3])
            numbers = list(map(float, fields[4:4 + 2 * count]))
            stretches.append((fields[1], fields[2], points(list(zip(numbers[::2], numbers[1::2])))))
    size, grid, seen, total = 0.5, {}, set(), 0
    for number, (tail, head, chain) in enumerate(stretches):
        for place, (p, q) in enumerate(zip(chain, chain[1:])):
            for x in range(int(min(p[0], q[0]) // size), int(max(p[0], q[0]) // size) + 1):
                for y in range(int(min(p[1], q[1]) // size), int(max(p[1], q[1]) // size) + 1):
                    for other, at in grid.setdefault((x, y), []):
                        if other == number or (number, place, other, at) in seen:
                            continue
                        seen.add((number, place, other, at))
                        a, b, other_chain = stretches[other]
                        total += not {tail, head} & {a, b} and crosses(p, q, other_chain[at], other_chain[at + 1])
                    grid[(x, y)].append((number, place))
    return total


def drawn_crossings(picture):
    return sum(picture.count(character) for character in "┼┿╂╋╪╫╬┽┾╀╁╃╄╅╆╇╈╉╊")


def easy(edges):
    """Size of Graph::Easy's picture and the edges it gave up, or nothing."""
    if not shutil.which("graph-easy"):
        return "-"
    source = "graph { flow: east; }\n" + "\n".join(f"[{a}] -> [{b}]" for a, b in edges)
    try:
        run = subprocess.run(["graph-easy", "--as=ascii"], input=source, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "over 60 s"
    lines = run.stdout.splitlines()
    placed = re.search(r"could only place (\d+) edges", run.stderr)
    missing = len(edges) - int(placed.group(1)) if placed else 0
    return f"{max(map(len, lines), default=0)}x{len(lines)}" + (f", {missing} edges missing" if missing else "")


def main():
    bench, sizes = sys.argv[1], [int(n) for n in sys.argv[2:]] or [12, 40, 100, 300, 1000]
    with open(os.path.join(os.path.dirname(__file__), "../docs/graphs/online-boutique.edges"), encoding="utf-8") as file:
        boutique = file.read()
    print("| graph | nodes | edges | crossings | dot's | ms | dot's ms | cells | Graph::Easy's |\n|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for shape in ("mesh", "double"):
            for size in sizes:
                if size == 12 and shape == "mesh":
                    name, text = "Online Boutique", boutique
                else:
                    name, text = shape, subprocess.run([bench, "make", shape, str(size), "1"], capture_output=True, text=True, check=True).stdout
                edges = [line.split() for line in text.splitlines()]
                path, dot_path = os.path.join(folder, "edges"), os.path.join(folder, "dot")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                with open(dot_path, "w", encoding="utf-8") as file:
                    file.write("digraph { rankdir=LR; node [shape=box]\n" + "\n".join(f"{a} -> {b};" for a, b in edges) + "\n}\n")
                took, output = timed([bench, "draw", path])
                ours = json.loads(output)
                picture = subprocess.run([bench, "draw", path, "picture"], capture_output=True, text=True, check=True).stdout
                dot_took, plain = timed(["dot", "-Tplain", dot_path])
                drawn = easy(edges) if size <= 100 else "-"
                print(f"| {name} | {ours['nodes']} | {ours['edges']} | {drawn_crossings(picture)} | {dot_crossings(plain)} | {took:.0f} | {dot_took:.0f} "
                      f"| {ours['width']}x{ours['height']} | {drawn} |", flush=True)


main()
