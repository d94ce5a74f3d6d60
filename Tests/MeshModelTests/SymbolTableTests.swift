import MeshModel
import TestSupport
import Testing

@Suite struct SymbolTableTests {
    @Test func oneNumberForOneText() {
        let table = SymbolTable()
        #expect(table.intern("").isEmpty)
        #expect(table.string(.empty) == "")
        let cart = table.intern("cart")
        #expect(table.intern("cart") == cart)
        #expect(table.intern("Cart") != cart)
        #expect(table.string(cart) == "cart")
        #expect(table.intern("ü€😀\0x") == table.intern("ü€😀\0x"))
        #expect(table.string(table.intern("ü€😀\0x")) == "ü€😀\0x")
    }

    /// Against a dictionary: random texts, many of them twice, through several growths.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func agreesWithADictionary(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let table = SymbolTable()
        var model: [String: Symbol] = ["": .empty]
        for _ in 0..<5000 {
            let text = String(repeating: "ab/", count: Int.random(in: 0...12, using: &random)) + String(Int.random(in: 0..<1500, using: &random))
            let symbol = table.intern(text)
            if let known = model[text] { #expect(symbol == known) } else { model[text] = symbol }
        }
        #expect(table.count == model.count)
        #expect(Set(model.values).count == model.count)
        for (text, symbol) in model { #expect(table.string(symbol) == text) }
    }

    @Test func whatItHoldsIsCounted() {
        let table = SymbolTable()
        let before = table.bytes
        for index in 0..<10_000 { _ = table.intern("a rather long label value number \(index)") }
        #expect(table.bytes - before > 400_000)
    }
}
