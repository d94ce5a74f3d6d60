import Panels

/// One line of help: an action with its keys, or a command.
struct HelpRow: Sendable, Equatable {
    enum Subject: Sendable, Equatable {
        case action(Action)
        case command(String)
    }
    var subject: Subject
    var group: String
    var keys: String
    var summary: String

    static func rows(_ table: KeyTable) -> [HelpRow] {
        table.entries.map { entry in
            HelpRow(subject: .action(entry.action), group: entry.group.rawValue,
                    keys: entry.keys.isEmpty ? "not bound" : entry.keys.map { $0 == .character("<") ? "<" : $0.description }.joined(separator: " "), summary: entry.summary)
        }
            + Command.all.map { HelpRow(subject: .command($0.name), group: "Commands", keys: $0.usage, summary: $0.summary) }
    }
}

extension HelpRow: ListRow {
    var rowKey: RowKey {
        switch subject {
        case .action(let action): .action(action)
        case .command(let name): .command(name)
        }
    }
    var stateName: String { "" }
    var isTroubled: Bool { true }
    var urgency: (Double, Double, Double) { (0, 0, 0) }
    func number(_ field: Field) -> Double? { nil }

    func text(_ field: Field) -> String? {
        switch field {
        case .name:
            switch subject {
            case .action(let action): action.rawValue
            case .command(let name): ":" + name
            }
        case .group: group
        case .keys: keys
        case .reason: summary
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool { body(keys) || body(summary) || body(group) || body(text(.name) ?? "") }
}

extension ProxyCounter: ListRow {
    var rowKey: RowKey { .counter(group, name) }
    var stateName: String { isAlarming ? "warning" : "good" }
    var isTroubled: Bool { isAlarming }
    /// What alarms, then what moved, then what stood still; what no proxy exports comes last. Within, the order of the groups.
    var urgency: (Double, Double, Double) { (isAlarming ? 3 : value.map { $0 > 0 ? 2 : 1 } ?? 0, -Double(group.order), 0) }
    func number(_ field: Field) -> Double? { field == .value ? value : nil }
    func text(_ field: Field) -> String? {
        switch field {
        case .name: name
        case .group: group.rawValue
        default: nil
        }
    }
    func anyText(_ body: (String) -> Bool) -> Bool { body(name) || body(group.rawValue) }
}

extension ProxyCounter.Group {
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
