import Dashboard
import TerminalDriver

extension Key {
    init?(_ key: TerminalEvent.Key) {
        switch key {
        case .character(let character): self = .character(character)
        case .control(let letter): self = .control(letter)
        case .enter: self.init(.enter)
        case .escape: self.init(.escape)
        case .tab: self.init(.tab)
        case .backtab: self.init(.tab, .shift)
        case .backspace: self.init(.backspace)
        case .delete: self.init(.delete)
        case .insert: self.init(.insert)
        case .up: self.init(.up)
        case .down: self.init(.down)
        case .left: self.init(.left)
        case .right: self.init(.right)
        case .home: self.init(.home)
        case .end: self.init(.end)
        case .pageUp: self.init(.pageUp)
        case .pageDown: self.init(.pageDown)
        case .function(let number): self.init(.function(UInt8(clamping: number)))
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
