import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct SelectionTests {
    private func services(_ change: (inout [EntityRow]) -> Void) -> FrameData {
        var data = Shop.frame(version: 2)
        var rows = Shop.services
        change(&rows)
        data.entities[.service] = rows
        return data
    }

    @Test func theWorstStandsFirst() throws {
        var driver = Driver(place: .services)
        var order: [String] = []
        for _ in 0..<10 {
            order.append(driver.selected ?? "")
            try driver.play("j")
        }
        #expect(Set(order[..<4]) == ["gateway", "frontend", "payment", "checkout"])
        #expect(Array(order[4..<7]) == ["shipping", "inventory", "cart"])
        #expect(order.last == "recommendation")
        #expect(driver.selected == "recommendation", "down at the end stays")
    }

    @Test func resortingKeepsTheSelection() throws {
        var driver = try Driver(place: .services).playing("jjjj")
        let held = driver.selected
        driver.send(.frame(services { $0.reverse() }))
        #expect(driver.selected == held)
        driver.send(.frame(services { rows in for index in rows.indices { rows[index] = rows[index].with(state: index % 2 == 0 ? .failing : .idle) } }))
        #expect(driver.selected == held)
        try driver.play(">>>r<lt>")
        #expect(driver.selected == held)
    }

    @Test func aVanishedRowIsNotReplacedSilently() throws {
        var driver = try Driver(place: .services).playing("/cart<enter><esc>")
        #expect(driver.selected == "cart")
        let without = services { $0.removeAll { $0.key.name == "cart" } }
        driver.send(.frame(without))
        #expect(driver.selected == "cart", "the selection waits")
        driver.send(.key(Key(.enter)))
        #expect(driver.titles == ["Services"])
        #expect(driver.model.message?.text == "cart is not in this list any more")
        driver.send(.frame(Shop.frame(version: 3)))
        #expect(driver.selected == "cart", "it came back")
        driver.send(.frame(without))
        driver.send(.key(.character("j")))
        let next = driver.selected
        #expect(next != "cart")
        driver.send(.frame(Shop.frame(version: 4)))
        driver.send(.key(.character("k")))
        #expect(driver.selected == "cart", "down from the gap led to what stood below it")
    }

    @Test func movement() throws {
        var driver = Driver(Shop.hugeFrame(1000), width: 80, height: 24, place: .pods)
        let first = driver.selected
        try driver.play("G")
        let last = driver.selected
        #expect(first != last)
        let visible = driver.model.screen.pane.listing.order.count - driver.model.screen.pane.scroll
        #expect(visible == 19, "20 rows of body, one of them the header")
        try driver.play("<pgup><pgdn>")
        #expect(driver.selected == last)
        try driver.play("g")
        #expect(driver.selected == first)
        #expect(driver.model.screen.pane.scroll == 0)
        try driver.play("<c-d><c-u>")
        #expect(driver.selected == first)
    }

    @Test func filteringMovesToTheFirstMatchAndCancelBack() throws {
        var driver = try Driver(place: .services).playing("jjj")
        let before = driver.selected
        try driver.play("/led")
        #expect(driver.selected == "ledger")
        #expect(driver.shown == 1)
        try driver.play("<esc>")
        #expect(driver.selected == before)
        #expect(driver.shown == 10)
        try driver.play("/led<enter>")
        #expect(driver.model.screen.pane.filter.text == "led")
        try driver.play("<esc>")
        #expect(driver.shown == 10, "Esc clears a kept filter first")
        #expect(driver.titles == ["Services"])
        #expect(driver.selected == "ledger")
    }

    @Test func errorsOnly() throws {
        let driver = try Driver(place: .services).playing("e")
        #expect(driver.shown == 7)
        #expect(try driver.playing("e").shown == 10)
    }

    @Test func sorting() throws {
        var driver = try Driver(place: .services).playing(":sort rate<enter>g")
        #expect(driver.selected == "inventory")
        try driver.play("rg")
        #expect(driver.selected == "shipping")
        try driver.play(":sort name<enter>g")
        #expect(driver.selected == "cart")
        try driver.play(":sort conn up<enter>G")
        #expect(driver.selected == "recommendation", "unknown stands last")
        try driver.play(":sort conn down<enter>G")
        #expect(driver.selected == "recommendation", "in either direction")
        try driver.play(":sort nothing<enter>")
        #expect(driver.model.message?.isError == true)
    }

    @Test func copyAndSave() throws {
        var driver = try Driver(place: .services).playing("/payment<enter>y")
        guard case .copy(let text)? = driver.effects.last else {
            Issue.record("nothing was copied")
            return
        }
        #expect(text.hasPrefix("payment  failing  namespace shop  rate 82.1  success 93.8 % (server)"))
        #expect(text.hasSuffix("errors 6.2 % > 5 % (server), all of v2"))
        try driver.play("s:save here.svg<enter>")
        #expect(driver.effects.suffix(2) == [.saveScreen(path: "telltale-services-20261123T200433.txt"), .saveScreen(path: "here.svg")])
    }

    @Test func copiedTextHoldsNoControlCharacters() throws {
        var data = Shop.frame()
        let first = Shop.services[0]
        data.entities[.service] = [EntityRow(key: Shop.key(.service, "evil\u{1b}]52;c;AAAA\u{7}"), entity: first.entity, signals: first.signals)]
        let driver = try Driver(data, place: .services).playing("y")
        guard case .copy(let text)? = driver.effects.last else { return }
        #expect(text.hasPrefix("evil]52;c;AAAA"))
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 32 })
    }
}

@Suite struct UntouchedListTests {
    @Test func theWorstIsSelectedUntilTheFirstMove() {
        var data = Shop.hugeFrame(200)
        var driver = Driver(data, width: 80, height: 24, place: .services)
        let before = driver.selected
        // What was worst recovers and sinks to the end.
        let first = Int(driver.model.screen.pane.listing.order[0])
        if let row = data.entities[.service]?[first] {
            var signals = row.signals
            signals.errors = 0
            data.entities[.service]?[first] = row.with(signals: signals, state: .idle)
        }
        data.version = 2
        driver.data = data
        driver.send(.frame(data))
        let worst = driver.selected
        #expect(worst != before, "nobody chose a row: what is worst now is selected")
        #expect(driver.model.screen.pane.scroll == 0)
        driver.send(.key(.character("j")))
        let chosen = driver.selected
        #expect(chosen != worst && driver.model.screen.pane.scroll == 0)
        data.entities[.service]?.reverse()
        data.version = 3
        driver.send(.frame(data))
        #expect(driver.selected == chosen, "from the first move on it is by identity")
    }
}
