package import CellCanvas
import CNcurses
import Glibc

package struct TerminalError: Error, Sendable, CustomStringConvertible {
    package var description: String
}

/// The one terminal of the process, in raw mode on its alternate screen. One owner, one thread; `TerminalWaker` alone may be
/// used from others. Every exit gives the terminal back: `deinit` on return and throw, signals as events, and for a trap
/// the handlers in CNcurses.
package struct Terminal: ~Copyable {
    package let waker: TerminalWaker
    package var theme: Theme
    package let depth: ColorDepth
    private let signals: Int32
    private var pairs: [UInt32: Int32] = [:]
    private var pending: [TerminalEvent] = []
    private var scratch: [wchar_t] = []
    private var paste = PasteBuffer()

    package static func open(theme: Theme, colors: ColorDepth?, mouse: Bool) throws(TerminalError) -> Terminal {
        switch cn_open(mouse ? 1 : 0) {
        case 0: break
        case 1: throw TerminalError(description: "the dashboard needs a terminal for its input and output; for scripts use `telltale services`, `snapshot` or `--headless`")
        default:
            let term = getenv("TERM").map { String(cString: $0) } ?? ""
            throw TerminalError(description: "the terminal type TERM=\(term) is not known here; try TERM=xterm-256color")
        }
        let known: ColorDepth = cn_colors() >= 256 ? .indexed : cn_colors() >= 8 ? .sixteen : .mono
        let wake = cn_wakeup()
        guard wake >= 0 else {
            cn_close()
            throw TerminalError(description: "no event descriptor to be had: \(String(cString: strerror(errno)))")
        }
        return Terminal(waker: TerminalWaker(descriptor: wake), theme: theme, depth: theme.isMono ? .mono : colors ?? known, signals: cn_signals())
    }

    private init(waker: TerminalWaker, theme: Theme, depth: ColorDepth, signals: Int32) {
        self.waker = waker
        self.theme = theme
        self.depth = depth
        self.signals = signals
    }

    deinit { cn_close() }

    package var size: (width: Int, height: Int) {
        var width: Int32 = 0, height: Int32 = 0
        cn_size(&width, &height)
        return (Int(width), Int(height))
    }

    // MARK: - Events

    /// The next event, or nil after the time is up. A negative time waits without end.
    package mutating func nextEvent(timeoutMilliseconds: Int32) -> TerminalEvent? {
        if !pending.isEmpty { return pending.removeFirst() }
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0), pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let ready = poll(&descriptors, nfds_t(descriptors.count), timeoutMilliseconds)
        guard ready > 0 else { return nil }
        if descriptors[1].revents != 0 { readSignals() }
        if descriptors[0].revents & Int16(POLLIN) != 0 {
            readInput()
        } else if descriptors[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
            pending.append(.hangup)
        }
        if descriptors[2].revents != 0, waker.drain() { pending.append(.woken) }
        return pending.isEmpty ? nil : pending.removeFirst()
    }

    private mutating func readInput() {
        // POLLIN with nothing to read is the end of the file: a terminal that went away.
        var isEmpty = true
        for _ in 0..<256 {
            let input = cn_read()
            switch input.kind {
            case Int32(CN_PASTE.rawValue):
                isEmpty = false
                if let text = paste.mark(begins: input.value != 0) { pending.append(.pasted(text)) }
            case Int32(CN_CHARACTER.rawValue) where paste.isOpen:
                isEmpty = false
                if let text = paste.take(UInt32(bitPattern: input.value)) { pending.append(.pasted(text)) }
            case Int32(CN_KEY.rawValue) where paste.isOpen: isEmpty = false
            case Int32(CN_CHARACTER.rawValue):
                isEmpty = false
                if let key = KeyDecoding.character(UInt32(bitPattern: input.value)) { pending.append(.key(key)) }
            case Int32(CN_KEY.rawValue):
                isEmpty = false
                if let key = KeyDecoding.named(input.value) { pending.append(.key(key)) }
            case Int32(CN_MOUSE.rawValue):
                isEmpty = false
                let kinds: [TerminalEvent.MouseKind] = [.press, .release, .wheelUp, .wheelDown, .doublePress]
                if kinds.indices.contains(Int(input.value) - 1) {
                    pending.append(.mouse(x: Int(input.x), y: Int(input.y), kinds[Int(input.value) - 1]))
                }
            case Int32(CN_HANGUP.rawValue):
                pending.append(.hangup)
                return
            default:
                if isEmpty, inputEnded() { pending.append(.hangup) }
                return
            }
        }
    }

    /// Nothing could be read although there was something: half of an escape sequence, or the end.
    private func inputEnded() -> Bool {
        var available: Int32 = 0
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) > 0, descriptor.revents & Int16(POLLIN) != 0 else { return false }
        return ioctl(STDIN_FILENO, UInt(FIONREAD), &available) != 0 || available == 0
    }

    private mutating func readSignals() {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(signals, &bytes, bytes.count)
        guard count > 0 else { return }
        for byte in Set(bytes[..<count]) {
            switch Int32(byte) {
            case SIGWINCH:
                cn_resize()
                pending.append(.resized(width: size.width, height: size.height))
            case SIGHUP: pending.append(.hangup)
            case SIGTSTP: suspend()
            case SIGCONT:
                cn_resume()
                pending.append(.resumed)
                pending.append(.resized(width: size.width, height: size.height))
            default: pending.append(.terminate(signal: Int32(byte)))
            }
        }
    }

    /// Gives the terminal back and stops the process, as Ctrl-Z does; reports the size anew when it goes on.
    package mutating func suspend() {
        cn_suspend()
        pending.append(.resumed)
        pending.append(.resized(width: size.width, height: size.height))
    }

    // MARK: - Painting

    /// Writes what differs; an unchanged frame writes nothing.
    package mutating func paint(_ new: borrowing Canvas, since old: borrowing Canvas) {
        var drew = false
        new.forEachRun(changedSince: old) { x, y, cells in
            drew = true
            draw(cells, x: x, y: y, new)
        }
        if drew { cn_flush() }
    }

    /// Everything is written again with the next paint.
    package func redraw() {
        cn_redraw()
        cn_flush()
    }

    /// The screen is as an empty canvas; the next paint must be since one.
    package func erase() { cn_erase() }

    private mutating func draw(_ cells: ArraySlice<Cell>, x: Int, y: Int, _ canvas: borrowing Canvas) {
        var index = cells.startIndex
        var column = x
        while index < cells.endIndex {
            let style = cells[index].style
            scratch.removeAll(keepingCapacity: true)
            let start = column
            while index < cells.endIndex, cells[index].style == style {
                let cell = cells[index]
                if cell.isGrapheme {
                    for scalar in canvas.text(of: cell).unicodeScalars { scratch.append(wchar_t(bitPattern: scalar.value)) }
                } else if !cell.isTail {
                    scratch.append(wchar_t(bitPattern: cell.scalar))
                }
                column += 1
                index += 1
            }
            let look = theme.look(of: style)
            var attributes: UInt32 = 0
            if look.isBold { attributes |= CN_BOLD.rawValue }
            if look.isDim { attributes |= CN_DIM.rawValue }
            if look.isUnderlined { attributes |= CN_UNDERLINE.rawValue }
            if look.isReversed { attributes |= CN_REVERSE.rawValue }
            cn_draw(Int32(start), Int32(y), scratch, Int32(scratch.count), Int32(attributes), pair(look))
        }
    }

    /// A colour pair of the terminal; 0 where it has no colours or no pair is left.
    private mutating func pair(_ look: Look) -> Int32 {
        guard depth != .mono, look.foreground != nil || look.background != nil else { return 0 }
        let foreground = number(look.foreground), background = number(look.background)
        let key = UInt32(truncatingIfNeeded: foreground + 1) << 16 | UInt32(truncatingIfNeeded: background + 1)
        if let known = pairs[key] { return known }
        let next = Int32(pairs.count + 1)
        guard next < min(cn_pairs(), 32_000) else { return 0 }
        cn_pair(next, Int32(foreground), Int32(background))
        pairs[key] = next
        return next
    }

    private func number(_ color: Color?) -> Int {
        guard let color else { return -1 }
        switch depth {
        case .mono: return -1
        case .sixteen: return cn_colors() >= 16 ? color.index16 : color.index16 % 8
        case .indexed, .trueColor: return color.index256
        }
    }

    /// Puts text on the clipboard of the terminal's machine (OSC 52). Terminals take a limited length.
    package func copy(base64: String) {
        let sequence = "\u{1B}]52;c;\(base64)\u{07}"
        guard sequence.utf8.count < 75_000 else { return }
        sequence.withCString { cn_send($0, strlen($0)) }
    }
}

/// Wakes `nextEvent` from any thread.
package struct TerminalWaker: Sendable {
    let descriptor: Int32

    package func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    func drain() -> Bool {
        var count: UInt64 = 0
        return read(descriptor, &count, 8) == 8
    }
}
