import CNcurses

package enum KeyDecoding {
    /// A code point as typed: control characters are keys of their own. ^H is Backspace, ^M and ^J are Enter, ^I is Tab.
    package static func character(_ value: UInt32) -> TerminalEvent.Key? {
        switch value {
        case 8, 127: return .backspace
        case 9: return .tab
        case 10, 13: return .enter
        case 27: return .escape
        case 1...26: return Unicode.Scalar(value + 96).map { .control(Character($0)) }
        case 0..<32, 128..<160: return nil
        default: return Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    package static func named(_ value: Int32) -> TerminalEvent.Key? {
        switch value {
        case Int32(CN_UP.rawValue): .up
        case Int32(CN_DOWN.rawValue): .down
        case Int32(CN_LEFT.rawValue): .left
        case Int32(CN_RIGHT.rawValue): .right
        case Int32(CN_HOME.rawValue): .home
        case Int32(CN_END.rawValue): .end
        case Int32(CN_PAGE_UP.rawValue): .pageUp
        case Int32(CN_PAGE_DOWN.rawValue): .pageDown
        case Int32(CN_BACKSPACE.rawValue): .backspace
        case Int32(CN_DELETE.rawValue): .delete
        case Int32(CN_INSERT.rawValue): .insert
        case Int32(CN_ENTER.rawValue): .enter
        case Int32(CN_BACKTAB.rawValue): .backtab
        case Int32(CN_F1.rawValue)..<Int32(CN_F1.rawValue) + 12: .function(Int(value) - Int(CN_F1.rawValue) + 1)
        default: nil
        }
    }
}
