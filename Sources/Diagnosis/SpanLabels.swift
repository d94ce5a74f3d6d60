package import MeshModel

/// What spans do, by number: each pair of a service and an operation. Numbers stay.
package struct SpanLabels: Sendable {
    package struct Name: Hashable, Sendable {
        /// Number of a service in `Parties`.
        package var service: Int32
        package var operation: Symbol
    }

    package private(set) var names: [Name] = []
    private var numbers: [Name: Int32] = [:]
    package let most: Int
    /// How often an operation was not told apart any more from the rest of its service.
    package private(set) var folded = 0

    /// - Parameter most: operations may be named without end. Beyond it, new ones are their service's one without a name.
    package init(most: Int = 1 << 16) { self.most = most }

    package subscript(_ label: Int32) -> Name { names[Int(label)] }

    package mutating func number(service: Int32, operation: Symbol) -> Int32 {
        var name = Name(service: service, operation: operation)
        if let known = numbers[name] { return known }
        if names.count >= most, !operation.isEmpty {
            folded += 1
            name.operation = .empty
            if let known = numbers[name] { return known }
        }
        let number = Int32(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }
}
