#!/usr/bin/env python3
"""Runs the real dashboard on a pseudo terminal and checks what it leaves behind, whatever ends it.

    terminal_test.py --telltale PATH [--only WORD]

Prints a line per check that fails and 'N passed, N failed'; exits 1 if any failed. Needs Linux and nothing but Python."""
import argparse, base64, fcntl, json, os, pty, re, select, signal, struct, subprocess, sys, tempfile, termios, threading, time

from vt import Screen

TIMEOUT = 30.0


class Session:
    """telltale as a job of a small shell: a session leader that starts it in the foreground and outlives it."""

    def __init__(self, arguments, size=(120, 40), env=None, cwd=None):
        self.output, self.lock, self.events = bytearray(), threading.Lock(), []
        self.master, slave = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(slave)
        commands, self.commands = os.pipe()
        self.reports, reports = os.pipe()
        self.started = time.monotonic()
        self.leader = os.fork()
        if self.leader == 0:
            os.close(self.commands), os.close(self.reports), os.close(self.master)
            self._lead(arguments, slave, commands, reports, env, cwd)
        os.close(commands), os.close(reports)
        self.slave = slave
        self.stop_reading, self.stopped = os.pipe()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.pid = self.event("started")["pid"]

    def _lead(self, arguments, slave, commands, reports, env, cwd):
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT, signal.SIGTSTP):
            signal.signal(number, signal.SIG_IGN)
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(slave, os.getpid())
            for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT, signal.SIGTSTP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            for target in (0, 1, 2):
                os.dup2(slave, target)
            os.closerange(3, 64)
            if cwd:
                os.chdir(cwd)
            os.execve(arguments[0], arguments, dict(os.environ, **{"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})}))

        def report(**event):
            os.write(reports, (json.dumps(event) + "\n").encode())

        report(name="started", pid=job)
        while True:
            pid, status = os.waitpid(job, os.WNOHANG | os.WUNTRACED)
            if pid == job and os.WIFSTOPPED(status):
                os.tcsetpgrp(slave, os.getpgrp())
                report(name="stopped", signal=os.WSTOPSIG(status))
            elif pid == job:
                report(name="ended", code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status))
                os.read(commands, 1)  # until the test has looked
                os._exit(0)
            if select.select([commands], [], [], 0.01)[0]:
                if os.read(commands, 1) != b"c":
                    os._exit(0)
                os.tcsetpgrp(slave, os.getpgid(job))
                os.killpg(job, signal.SIGCONT)

    def _read(self):
        # Through select: a read that waits on a closed number would take from whoever gets the number next.
        while self.stop_reading not in select.select([self.master, self.stop_reading], [], [])[0]:
            try:
                bytes_ = os.read(self.master, 65536)
            except OSError:
                return
            if not bytes_:
                return
            with self.lock:
                self.output += bytes_

    def event(self, name, timeout=TIMEOUT):
        """The next thing the shell reports; it must be of this name."""
        line, end = b"", time.monotonic() + timeout
        while not line.endswith(b"\n"):
            if not select.select([self.reports], [], [], max(0, end - time.monotonic()))[0]:
                raise Failed(f"not {name} within {timeout:.0f} s")
            byte = os.read(self.reports, 1)
            if not byte:
                raise Failed("the shell is gone")
            line += byte
        event = json.loads(line)
        if event["name"] != name:
            raise Failed(f"{event} where {name} was expected")
        return event

    def bytes_since(self, mark=0):
        with self.lock:
            return bytes(self.output[mark:])

    def mark(self):
        with self.lock:
            return len(self.output)

    def wait_for(self, text, timeout=TIMEOUT):
        """Until these words stand on the screen."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if text in self.screen():
                return
            time.sleep(0.02)
        raise Failed(f"“{text}” not on the screen within {timeout:.0f} s:\n{self.screen()}")

    def screen(self):
        """What stands on the screen; after a change of size, of what was written since."""
        width, height, mark = self.size
        screen = Screen(width, height)
        screen.feed(self.bytes_since(mark))
        return screen.text

    def wait_quiet(self, seconds=0.3, timeout=TIMEOUT):
        end, last, since = time.monotonic() + timeout, self.mark(), time.monotonic()
        while time.monotonic() < end:
            time.sleep(0.02)
            if self.mark() != last:
                last, since = self.mark(), time.monotonic()
            elif time.monotonic() - since >= seconds:
                return
        raise Failed("never quiet")

    def open(self):
        self.wait_for("Overview")
        self.wait_quiet()
        return self

    def type(self, keys):
        os.write(self.master, keys.encode())

    def resize(self, width, height):
        self.size = (width, height, self.mark())
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def kill(self, number):
        os.kill(self.pid, number)

    def go_on(self):
        os.write(self.commands, b"c")

    def hang_up(self):
        os.write(self.stopped, b"x")
        self.reader.join()
        for descriptor in (self.slave, self.master):
            try:
                os.close(descriptor)
            except OSError:
                pass

    def modes(self):
        return termios.tcgetattr(self.slave)

    def close(self):
        if self.commands is None:
            return
        try:
            os.kill(self.pid, signal.SIGKILL)
        except OSError:
            pass
        # Said, not only closed: the shell of a later session holds this end, too.
        try:
            os.write(self.commands, b"q")
        except OSError:
            pass
        os.close(self.commands)
        self.commands = None
        if self.reader.is_alive():
            self.hang_up()
        os.waitpid(self.leader, 0)
        for descriptor in (self.reports, self.stop_reading, self.stopped):
            os.close(descriptor)


class Failed(Exception):
    pass


def expect(condition, words):
    if not condition:
        raise Failed(words)


def left_on(output):
    """Modes that are on after all of the output, by name."""
    names = {"1049": "alternate screen", "1000": "mouse", "1002": "mouse drag", "1003": "mouse motion", "1006": "SGR mouse", "1": "application cursor keys",
             "2004": "bracketed paste"}
    on, hidden, keypad, styled = set(), False, False, False
    for match in re.finditer(rb"\x1b\[\?([\d;]+)([hl])|\x1b([=>])|\x1b\[([\d;:]*)m", output):
        if match[1]:
            for number in match[1].decode().split(";"):
                if number == "25":
                    hidden = match[2] == b"l"
                elif number in names:
                    (on.add if match[2] == b"h" else on.discard)(names[number])
        elif match[3]:
            keypad = match[3] == b"="
        else:
            styled = not set(match[4].split(b";")) <= {b"", b"0", b"39", b"49"}
    return sorted(on) + ["hidden cursor"] * hidden + ["application keypad"] * keypad + ["text attributes"] * styled


def expect_restored(session, why):
    session.wait_quiet(0.1)
    expect(left_on(session.bytes_since()) == [], f"{why}: left on: {', '.join(left_on(session.bytes_since()))}")
    expect(session.modes() == session.before, f"{why}: stty differs: {session.before[:4]} before, {session.modes()[:4]} after")


# MARK: checks; each gets a function that opens a session


def quits_by_key(start):
    for keys in ("q", "\x03", ":quit\r"):
        session = start().open()
        session.type(keys)
        expect(session.event("ended")["code"] == 0, f"{keys!r}: exit code")
        expect_restored(session, repr(keys))
        session.close()


def ends_on_signals(start):
    """Of the signal itself, as a shell and a supervisor expect of what was told to end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        session = start().open()
        session.kill(number)
        code = session.event("ended")["code"]
        expect(code == -number, f"{number.name}: ended with {code}")
        expect_restored(session, number.name)
        session.close()


def restores_when_it_dies(start):
    """A trap raises SIGILL or SIGTRAP, a failed allocation SIGABRT."""
    for number in (signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE):
        session = start().open()
        session.kill(number)
        expect(session.event("ended")["code"] == -number, f"{number.name}: it must die of it")
        expect_restored(session, number.name)
        session.close()


def stops_and_goes_on(start):
    for name, stop in (("Ctrl-Z", lambda s: s.type("\x1a")), ("SIGTSTP", lambda s: s.kill(signal.SIGTSTP))):
        session = start().open()
        raw = session.modes()
        stop(session)
        expect(session.event("stopped")["signal"] == signal.SIGTSTP, f"{name}: stopped by another signal")
        expect_restored(session, f"stopped by {name}")
        session.go_on()
        session.wait_for("Overview")
        session.wait_quiet()
        expect("alternate screen" in left_on(session.bytes_since()), f"{name}: back on the alternate screen")
        for mode in ("mouse", "bracketed paste"):
            expect(mode in left_on(session.bytes_since()), f"{name}: {mode} is back")
        expect(session.modes() == raw, f"{name}: raw mode is back")
        session.type("2")
        session.wait_for("NAMESPACE")
        session.type("q")
        expect(session.event("ended")["code"] == 0, f"{name}: exit code after")
        expect_restored(session, f"quit after {name}")
        session.close()


def takes_the_terminal_back(start):
    """SIGSTOP cannot be caught, and a shell sets its own modes while a job is stopped."""
    session = start().open()
    raw = session.modes()
    session.kill(signal.SIGSTOP)
    session.event("stopped")
    termios.tcsetattr(session.slave, termios.TCSANOW, session.before)
    os.write(session.slave, b"\x1b[?1049l\x1b[?25h")
    session.wait_quiet(0.1)
    mark = session.mark()
    session.go_on()
    session.wait_for("Overview")
    session.wait_quiet()
    expect(session.modes() == raw, "raw mode after SIGCONT")
    expect("alternate screen" in left_on(session.bytes_since(mark)), "alternate screen after SIGCONT")
    session.type("q")
    session.event("ended")
    expect_restored(session, "quit after SIGSTOP")
    session.close()


def ends_without_terminal(start):
    session = start().open()
    session.hang_up()
    code = session.event("ended", timeout=5)["code"]
    expect(code == -signal.SIGHUP, f"ended with {code}, not of SIGHUP")
    session.close()


def is_silent_when_nothing_changes(start):
    session = start().open()
    session.type("2")
    session.wait_quiet()
    session.type("g")  # the selection is touched now
    # Data comes every five seconds: begin to listen after it came.
    mark = session.mark()
    end = time.monotonic() + 10
    while session.mark() == mark and time.monotonic() < end:
        time.sleep(0.01)
    session.wait_quiet(0.5)
    mark = session.mark()
    time.sleep(2.5)
    expect(session.mark() == mark, f"{session.mark() - mark} bytes with nothing new: {session.bytes_since(mark)[:80]!r}")
    session.type("ggg")
    time.sleep(0.3)
    expect(session.mark() == mark, f"{session.mark() - mark} bytes for keys that change nothing: {session.bytes_since(mark)[:80]!r}")
    session.close()


def counts_on_while_frozen(start):
    session = start().open()
    session.type(" ")
    session.wait_for("FROZEN")
    session.wait_for("behind")  # without another key
    session.close()


def follows_the_size(start):
    session = start(size=(80, 24)).open()
    for width, height, words in ((200, 50, "Namespaces"), (60, 20, "telltale needs 80x24"), (1, 1, None), (3, 2, None), (300, 100, "Namespaces"), (80, 24, "Overview")):
        session.resize(width, height)
        if words:
            session.wait_for(words)
        session.wait_quiet()
    # What is left of other sizes would show: help is the same whenever one looks.
    fresh = start(size=(80, 24)).open()
    for either in (session, fresh):
        either.type("?")
        either.wait_for("WHAT IT DOES")
        either.wait_quiet()
    expect(session.screen().split("\n")[2:] == fresh.screen().split("\n")[2:], f"something is left of other sizes:\n{session.screen()}")
    fresh.close()
    session.type("?:theme light\r")
    session.wait_quiet()
    expect("Namespaces" not in session.screen() and "WHAT IT DOES" not in session.screen(), f"something is left of the other theme:\n{session.screen()}")
    session.type("q")
    expect(session.event("ended")["code"] == 0, "exit code")
    expect_restored(session, "after resizing")
    session.close()


def reads_keys_and_mouse(start):
    """Each step by what it writes; every named key, since these come through other code than letters."""
    session = start().open()
    steps = [("2", "NAMESPACE"), ("\r", "Requests/s"), ("\x1b", "NAMESPACE"), ("\x1bOB\r", "Requests/s"), ("\x7f", "NAMESPACE"), ("?", "WHAT IT DOES"),
             ("\x1bOP", "NAMESPACE"), ("\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1bOH\x1bOF\x1b[Z\t\x1bOA\x1bOC\x1bOD\x1b[24~x", "x does nothing here"), ("/pay", "3 of 13"),
             ("\x1b", "✓ cart"), (":window 10m\r", "window 10m"), ("-", "window 5m"), (" ", "FROZEN"), ("t", "FROZEN"), (" ", "LIVE"), (":sort p99\r", "P99▼"),
             (":sor\tp9\t\r", "P95▼"), (":\x1bOA\x1bOA\r", "P99▼"), ("b-2m\r", "FROZEN"), ("\x1bOF", "LIVE"), ("e", "errors only"), ("\x1b", "✓ cart"),
             ("\x1b[<0;18;40M\x1b[<0;18;40m", "Services"), ("\x1b[<0;30;40M\x1b[<0;30;40m", "POD"), ("\x1b[<0;6;8M\x1b[<0;6;8m\x1b[<0;6;8M\x1b[<0;6;8m", "Siblings"),
             ("\x1b[<0;3;2M\x1b[<0;3;2m", "5/30"), ("\x1b[<65;6;8M", "POD")]
    for keys, words in steps:
        session.type(keys)
        try:
            session.wait_for(words, timeout=10)
        except Failed as failure:
            raise Failed(f"after {keys!r}: {failure}")
        session.wait_quiet(0.1)
    session.close()


def takes_pasted_text_as_text(start):
    """What stands on a clipboard runs no command and presses no key, whatever is in it."""
    session = start().open()
    session.type("\x1b[200~2q\nq\r\x1b[201~")
    session.wait_for("nothing to paste into")
    expect("Overview  errors" in session.screen(), f"pasted keys were pressed:\n{session.screen()}")
    session.type("2")
    session.wait_for("NAMESPACE")
    session.type("/\x1b[200~pay\r\n:quit\r\t\x1b[201~")
    session.wait_for("/pay  :quit")
    session.type("\x1b:\x1b[200~quit\n\x1b[201~")
    session.wait_for(":quit")
    session.wait_quiet()
    expect("NAMESPACE" in session.screen(), "a pasted line end ran the command")
    session.type("\x1b:\x1b[200~" + "x" * 20_000)
    time.sleep(0.2)
    session.type("y\x1b[2")
    time.sleep(0.2)  # the end mark comes apart
    session.type("01~\x15quit\r")
    expect(session.event("ended")["code"] == 0, "keys are keys again after a paste")
    expect_restored(session, "after pasting")
    session.close()


def copies_and_saves(start):
    with tempfile.TemporaryDirectory() as folder:
        session = start(cwd=folder).open()
        session.type("2")
        session.wait_for("NAMESPACE")
        session.wait_quiet()
        mark = session.mark()
        session.type("y")
        session.wait_for("copied")
        match = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", session.bytes_since(mark))
        expect(match, "no OSC 52 sequence")
        copied = base64.b64decode(match[1]).decode()
        expect("success" in copied and "\x1b" not in copied, f"copied {copied!r}")
        for command, begin in (("s", "telltale-services-"), (":save picture.svg\r", "picture.svg"), (":save picture.ansi\r", "picture.ansi")):
            session.type(command)
            session.wait_for("saved " + begin)
            session.wait_quiet(0.1)
            saved = [name for name in os.listdir(folder) if name.startswith(begin)]
            expect(len(saved) == 1, f"{command!r} saved {os.listdir(folder)}")
            with open(os.path.join(folder, saved[0])) as file:
                expect("payment" in file.read(), f"{saved[0]} does not show the screen")
        session.type(":save /nonexistent/picture.txt\r")
        session.wait_for("No such file")
        session.type("q")
        session.event("ended")
        session.close()


def keeps_to_the_colours_there_are(start):
    def colours(env, arguments=()):
        session = start(env=env, arguments=arguments).open()
        session.type("q")
        session.event("ended")
        output = session.bytes_since()
        session.close()
        found = set()
        for match in re.finditer(rb"\x1b\[([\d;]*)m", output):
            numbers = match[1].decode().split(";")
            if "38" in numbers or "48" in numbers:
                found.add("indexed")
            elif any(n.isdigit() and (30 <= int(n) <= 37 or 40 <= int(n) <= 47 or 90 <= int(n) <= 107) for n in numbers):
                found.add("sixteen")
        return found, output

    expect("indexed" in colours({})[0], "256 colours where the terminal has them")
    expect(colours({"TERM": "xterm"})[0] <= {"sixteen"}, "8 colours on a terminal of 8")
    expect(colours({"TERM": "vt220"})[0] == set(), "none on a terminal without")
    expect(colours({"NO_COLOR": "1"})[0] == set(), "NO_COLOR")
    expect(colours({}, ("--color", "never"))[0] == set(), "--color never")
    ascii_ = re.sub(rb"\x1b\([0B]|[\x0e\x0f]", b"", colours({"LC_ALL": "C"})[1])
    expect(all(byte < 128 for byte in ascii_), "a locale without UTF-8 gets ASCII")


def refuses_in_one_sentence(start, telltale):
    """Where there is no terminal for it, or the command line is wrong: one sentence, no escape sequence."""
    cases = [(["demo"], 2, "terminal"), (["demo", "--theme", "nope"], 2, "nope"), (["demo", "--glyphs", "x"], 2, "glyphs"), (["demo", "--windw", "5m"], 2, "windw"),
             (["demo", "--scenario", "flood"], 2, "flood"), (["snapshot", "--demo", "--screen", "nope"], 2, "nope"), (["snapshot", "--demo", "--size", "x"], 2, "size"),
             (["snapshot", "--demo", "--keys", "<nokey>"], 2, "<nokey>"), (["snapshot", "/nonexistent/page.txt"], 3, "/nonexistent/page.txt"),
             (["demo", "--theme", "/nonexistent/theme.yaml"], 2, "/nonexistent/theme.yaml")]
    for arguments, code, words in cases:
        run = subprocess.run([telltale] + arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        expect(run.returncode == code, f"{arguments}: exit {run.returncode}, not {code}: {run.stderr}")
        expect(words in run.stderr and "\x1b" not in run.stderr + run.stdout, f"{arguments}: {run.stderr!r}")
    for term in ("nonsense", "dumb"):
        session = start(env={"TERM": term})
        code = session.event("ended")["code"]
        session.wait_quiet(0.1)
        output = session.bytes_since()
        expect(code == 2 and term.encode() in output and b"\x1b" not in output, f"TERM={term}: exit {code}, {output!r}")
        expect(session.modes() == session.before, f"TERM={term}: stty")
        session.close()


def first_frame(start):
    """No check: what a person waits for."""
    times = []
    for _ in range(3):
        session = start()
        session.wait_for("Overview")
        times.append(time.monotonic() - session.started)
        session.close()
    print(f"first frame of demo: {min(times):.2f} s (best of {len(times)})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    telltale = os.path.abspath(options.telltale)
    sessions = []

    def start(size=(120, 40), env=None, cwd=None, arguments=()):
        sessions.append(Session([telltale, "demo", *arguments], size, env, cwd))
        return sessions[-1]

    checks = [quits_by_key, ends_on_signals, restores_when_it_dies, stops_and_goes_on, takes_the_terminal_back, ends_without_terminal,
              is_silent_when_nothing_changes, counts_on_while_frozen, follows_the_size, reads_keys_and_mouse, takes_pasted_text_as_text, copies_and_saves, keeps_to_the_colours_there_are,
              lambda start: refuses_in_one_sentence(start, telltale), first_frame]
    passed = failed = 0
    for check in checks:
        name = check.__name__.replace("_", " ").replace("<lambda>", "refuses in one sentence")
        if options.only not in name:
            continue
        try:
            check(start)
            passed += 1
        except Failed as failure:
            failed += 1
            print(f"FAILED {name}: {failure}")
        finally:
            for session in sessions:
                session.close()
            sessions.clear()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
