import Glibc

/// The built telltale, run as a person or a script runs it. Waiting for it leaves the thread to other tests, and no more than two
/// run at once, so that tests with a deadline of their own keep it.
package enum Program {
    package struct Outcome: Sendable {
        /// nil when a signal ended it.
        package var exit: Int32?
        package var output: String
        package var errors: String
    }

    /// Beside the test bundle, whatever the build was for.
    package static let path: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let bundle = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/telltale"
    }()

    /// Built with its scraper, that is without TELLTALE_CORE=1.
    package static var hasNetwork: Bool { get async { await network.value } }
    private static let network = Task { await run(["info"]).output.contains("scraped") }

    private static let environment = ["PATH=/usr/bin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8", "TERM=xterm-256color", "TZ=UTC"]

    /// Waits for its end; its input is empty.
    package static func run(_ arguments: [String], in folder: String? = nil, adding: [String] = []) async -> Outcome {
        await gate.enter()
        let output = temporaryFile(), errors = temporaryFile()
        defer { for file in [output, errors] { close(file) } }
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(input) }
        let exit = await wait(spawn(arguments, folder, adding, files: [input, output, errors]))
        await gate.leave()
        return Outcome(exit: exit, output: contents(output), errors: contents(errors))
    }

    /// With a terminal of 80×24 as input, output and errors; `output` is all that reached it.
    package static func runOnTerminal(_ arguments: [String], in folder: String? = nil) async -> Outcome {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        // unlockpt(3) and ptsname(3), which this Glibc module leaves out.
        var number: Int32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &number) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            return Outcome(exit: nil, output: "", errors: "no terminal to run it on")
        }
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        await gate.enter()
        let process = spawn(arguments, folder, [], files: [slave, slave, slave])
        close(slave)
        // The last writer's end reads as an error that is not EAGAIN.
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(master, &chunk, chunk.count)
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if count < 0, errno == EAGAIN {
                try? await Task.sleep(nanoseconds: 5_000_000)
            } else {
                break
            }
        }
        close(master)
        let exit = await wait(process)
        await gate.leave()
        return Outcome(exit: exit, output: String(decoding: bytes, as: UTF8.self), errors: "")
    }

    private static func spawn(_ arguments: [String], _ folder: String?, _ adding: [String], files: [Int32]) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(number)) }
        let line = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [path] + arguments
        var arguments = line.map { strdup($0) } + [nil]
        var environment = (environment + adding).map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        return posix_spawn(&process, line[0], &actions, nil, &arguments, &environment) == 0 ? process : -1
    }

    private static func wait(_ process: pid_t) async -> Int32? {
        var status: Int32 = 0
        guard process > 0 else { return nil }
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil }
            guard ended == 0 || errno == EINTR else { return nil }
            try? await Task.sleep(nanoseconds: 5_000_000)
        }
    }

    private actor Gate {
        private var free = 2
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func enter() async {
            if free > 0 {
                free -= 1
            } else {
                await withCheckedContinuation { waiting.append($0) }
            }
        }

        func leave() {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
    }

    private static let gate = Gate()

    private static func temporaryFile() -> Int32 {
        var name = Array("/tmp/telltale-test-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(name)
        return file
    }

    /// Of a file by name; empty where there is none.
    package static func contents(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        return contents(file)
    }

    private static func contents(_ file: Int32) -> String {
        lseek(file, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

/// A folder of a test's own, gone when the test is.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() {
        var name = Array("/tmp/telltale-test-XXXXXX".utf8CString)
        _ = mkdtemp(&name)
        path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// - Parameter name: may lie in folders, which are made. `modified` is in seconds since the epoch.
    package func write(_ bytes: [UInt8], to name: String, modified: Int? = nil) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        guard let file = fopen(path + "/" + name, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        guard let modified else { return }
        let times = [timespec(tv_sec: modified, tv_nsec: 0), timespec(tv_sec: modified, tv_nsec: 0)]
        utimensat(AT_FDCWD, path + "/" + name, times, 0)
    }

    package func write(_ text: String, to name: String, modified: Int? = nil) { write(Array(text.utf8), to: name, modified: modified) }

    private static func remove(_ path: String) {
        guard let folder = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if name != ".", name != ".." { remove(path + "/" + name) }
        }
        closedir(folder)
        rmdir(path)
    }
}
