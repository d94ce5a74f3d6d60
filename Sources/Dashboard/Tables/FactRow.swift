/// A line of what is known of something: one of a group, with a name and a value.
protocol FactRow: CellRow {
    var groupName: String { get }
    var key: String { get }
    var value: String { get }
}

extension FactRow {
    func number(_ field: Field) -> Double? { nil }
    func text(_ field: Field) -> String? {
        switch field {
        case .name: key
        case .reason: value
        case .group: groupName
        default: nil
        }
    }
    func anyText(_ body: (String) -> Bool) -> Bool { body(key) || body(value) || body(groupName) }
    func cellText(_ field: Field) -> String { text(field) ?? "" }
}
