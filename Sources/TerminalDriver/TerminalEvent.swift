/// What comes from the terminal or about it.
package enum TerminalEvent: Sendable, Equatable {
    package enum Key: Sendable, Equatable {
        case character(Character)
        /// Ctrl with a letter, `a`…`z`.
        case control(Character)
        case enter, escape, tab, backtab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        case function(Int)
    }
    package enum MouseKind: Sendable, Equatable { case press, release, wheelUp, wheelDown, doublePress }

    case key(Key)
    case mouse(x: Int, y: Int, MouseKind)
    /// Text from the clipboard, as the terminal marks it; line ends and other controls as they came.
    case pasted(String)
    case resized(width: Int, height: Int)
    /// Somebody called `wake`.
    case woken
    /// The process was stopped and goes on; everything is to be drawn again.
    case resumed
    /// SIGINT, SIGTERM, SIGQUIT: end in good order.
    case terminate(signal: Int32)
    /// The terminal is gone (SIGHUP, end of file, an error): end without touching it.
    case hangup
}
