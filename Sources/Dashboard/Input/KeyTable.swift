/// Which key does what, per context. Help, hints and the `keys` listing are made from it.
package struct KeyTable: Sendable {
    /// What is wrong with an override, in words that name it.
    package struct Problem: Error, CustomStringConvertible, Equatable {
        package var description: String
    }

    private var actions: [Action.Context: [Key: Action]] = [:]
    private var chords: [Action: [Key]] = [:]

    /// The keys telltale comes with.
    package static let standard: KeyTable = {
        var table = KeyTable()
        for action in Action.allCases { table.bind(action, to: action.defaultChords.compactMap { Key(notation: $0) }) }
        return table
    }()

    private init() {}

    /// `overrides`: action name → its keys in notation, replacing the standard ones. A standard key of another
    /// action that is claimed here is lost to it; a key claimed twice is an error.
    package init(overrides: [String: [String]]) throws(Problem) {
        self = .standard
        var claimed: [Action.Context: [Key: Action]] = [:]
        for (name, notations) in overrides.sorted(by: { $0.key < $1.key }) {
            guard let action = Action(rawValue: name) else {
                throw Problem(description: "unknown action \"\(name)\"\(Self.suggestion(for: name))")
            }
            for key in chords[action] ?? [] where claimed[action.context]?[key] == nil { actions[action.context]?[key] = nil }
            var keys: [Key] = []
            for notation in notations {
                guard let key = Key(notation: notation) else {
                    throw Problem(description: "unknown key \"\(notation)\" for \(name); keys are written j, <enter>, <c-d>, <s-tab>, <f1>")
                }
                if let other = claimed[action.context]?[key], other != action {
                    throw Problem(description: "\(key) is given to both \(other.rawValue) and \(name)")
                }
                if let owner = actions[action.context]?[key], owner != action { chords[owner]?.removeAll { $0 == key } }
                claimed[action.context, default: [:]][key] = action
                keys.append(key)
            }
            bind(action, to: keys)
        }
    }

    private mutating func bind(_ action: Action, to keys: [Key]) {
        chords[action] = keys
        for key in keys { actions[action.context, default: [:]][key] = action }
    }

    package func action(for key: Key, in context: Action.Context) -> Action? { actions[context]?[key] }

    /// Its keys, the one for hints first; empty when configuration took them all.
    package func keys(for action: Action) -> [Key] { chords[action] ?? [] }

    /// One line an action: what `telltale keys` prints and help shows.
    package struct Entry: Sendable, Equatable {
        package var group: Action.Group
        package var action: Action
        package var keys: [Key]
        package var summary: String { action.summary }
    }

    /// Every action in the order of help.
    package var entries: [Entry] {
        Action.Group.allCases.flatMap { group in
            Action.allCases.filter { $0.group == group }.map { Entry(group: group, action: $0, keys: keys(for: $0)) }
        }
    }

    private static func suggestion(for name: String) -> String {
        let near = Action.allCases.first { $0.rawValue.hasPrefix(name) || name.hasPrefix($0.rawValue) }
        return near.map { " (did you mean \($0.rawValue)?)" } ?? "; `telltale keys` lists them"
    }
}
