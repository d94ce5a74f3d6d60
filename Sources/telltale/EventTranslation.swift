import Dashboard
import TerminalDriver

extension Key {
    /// The code is named in full: a bare `.enter` would be the terminal's and lead back here.
    init(_ key: TerminalEvent.Key) {
        switch key {
        case .character(let character): self = .character(character)
        case .control(let letter): self = .control(letter)
        case .enter: self.init(Code.enter)
        case .escape: self.init(Code.escape)
        case .tab: self.init(Code.tab)
        case .backtab: self.init(Code.tab, .shift)
        case .backspace: self.init(Code.backspace)
        case .delete: self.init(Code.delete)
        case .insert: self.init(Code.insert)
        case .up: self.init(Code.up)
        case .down: self.init(Code.down)
        case .left: self.init(Code.left)
        case .right: self.init(Code.right)
        case .home: self.init(Code.home)
        case .end: self.init(Code.end)
        case .pageUp: self.init(Code.pageUp)
        case .pageDown: self.init(Code.pageDown)
        case .function(let number): self.init(Code.function(UInt8(clamping: number)))
        }
    }
}

/// Two presses on one cell within 0.4 s are a double click.
struct ClickTimer {
    private var last: (x: Int, y: Int, at: Double)?

    mutating func mouse(_ kind: TerminalEvent.MouseKind, x: Int, y: Int, at seconds: Double) -> Mouse? {
        switch kind {
        case .wheelUp: return Mouse(.wheelUp, x: x, y: y)
        case .wheelDown: return Mouse(.wheelDown, x: x, y: y)
        case .release: return nil
        case .doublePress:
            last = nil
            return Mouse(.doubleClick, x: x, y: y)
        case .press:
            if let last, last.x == x, last.y == y, seconds - last.at < 0.4 {
                self.last = nil
                return Mouse(.doubleClick, x: x, y: y)
            }
            last = (x, y, seconds)
            return Mouse(.click, x: x, y: y)
        }
    }
}
