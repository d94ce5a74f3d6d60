extension Model {
    mutating func point(_ mouse: Mouse) -> [Effect] { [] }
}
