#!/usr/bin/env python3
"""Records a fleet of real Envoys as page files: POD@UNIXTIME.txt.gz, with the truth of what was sent beside them.

    VENV/bin/python record.py --out demo-data/shop [--flavour istio|plain] [--seconds 30] [--pages 5]

The first pages come before any traffic, the last ones after all of it, so that counts over the pages are the truth's.
"""
import argparse, gzip, json, os, shutil, subprocess, sys, tempfile, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
LEAD = 4


def scrape(targets, out):
    for target in targets:
        url = f"http://{target['targets'][0]}{target['labels']['__metrics_path__']}"
        page = urllib.request.urlopen(url, timeout=5).read()
        path = f"{out}/{target['labels']['pod']}@{time.time():.3f}.txt.gz"
        with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
            packed.write(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--flavour", choices=["istio", "plain"], default="istio")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rps", type=float, default=40)
    parser.add_argument("--pages", type=int, default=5)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    for name in os.listdir(args.out):
        os.remove(f"{args.out}/{name}")
    workdir = tempfile.mkdtemp(prefix="telltale-record-")
    fleet = subprocess.Popen([sys.executable, f"{HERE}/fleet.py", "--flavour", args.flavour, "--rps", str(args.rps), "--seconds", str(args.seconds),
                              "--lead", str(LEAD), "--hold", "10", "--trace", "none", "--workdir", workdir], stdout=subprocess.PIPE, text=True)
    try:
        if not any("ready" in line for line in iter(fleet.stdout.readline, "")):
            sys.exit("the fleet ended before it was ready")
        targets = json.load(open(f"{workdir}/targets.json"))
        begin, last = time.time(), LEAD + args.seconds + 3
        for page in range(args.pages):
            time.sleep(max(0, begin + last * page / (args.pages - 1) - time.time()))
            scrape(targets, args.out)
        for name in ("truth.json", "served.json"):
            shutil.copy(f"{workdir}/{name}", args.out)
    finally:
        fleet.terminate()
        fleet.wait()
        shutil.rmtree(workdir, ignore_errors=True)


main()
