"""What the tests here share: checks that are counted, ports, and programs that answer once and end."""
import json, socket, threading, time

passed = failed = 0
lock = threading.Lock()
given = set()


def say(*lines):
    with lock:
        print(*lines, sep="\n  ", flush=True)


def check(name, problems):
    global passed, failed
    with lock:
        if problems:
            failed += 1
            print(f"FAILED {name}", *[str(p) for p in problems][:20], sep="\n  ", flush=True)
        else:
            passed += 1
            print(f"ok {name}", flush=True)


def free_ports(count):
    """Of loopback, none twice."""
    sockets, ports = [], []
    with lock:
        while len(ports) < count:
            s = socket.socket()
            s.bind(("127.0.0.1", 0))
            sockets.append(s)
            port = s.getsockname()[1]
            if port not in given:
                given.add(port)
                ports.append(port)
        for s in sockets:
            s.close()
    return ports


def wait_for(port, seconds=20):
    end = time.time() + seconds
    while time.time() < end:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"FAILED nothing listens on port {port}")


def finish(name, process):
    """What it printed as JSON."""
    out, err = process.communicate(timeout=90)
    if err:
        say(err.rstrip())
    check(f"{name}: exits 0", [] if process.returncode == 0 else [f"exit {process.returncode}"])
    return json.loads(out) if out else []


def side_by_side(*parts):
    """Runs (name, function) at once: most of their time they wait. One that breaks off has failed."""
    def run(name, part):
        try:
            part()
        except BaseException as error:
            check(f"{name}: runs to its end", [repr(error)])
    threads = [threading.Thread(target=run, args=part) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def leave():
    print(f"{passed} passed, {failed} failed")
    raise SystemExit(1 if failed else 0)
