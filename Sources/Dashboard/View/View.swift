package import CellCanvas
package import Panels

/// Paints the screen on top from the model and the data. Data the model has not yet taken in is taken into a copy
/// first, so that a picture never mixes two frames.
package func view(_ model: Model, _ data: FrameData, into canvas: inout Canvas) {
    var model = model
    if !model.holds(data) { model.take(data) }
    var painter = Painter(&canvas, glyphs: model.settings.glyphs, trends: data.trends)
    painter.paint(model, data)
    painter.finish(&canvas)
}

extension Model {
    /// Whether the lists were made from this data: same version and instant, same panels.
    func holds(_ data: FrameData) -> Bool {
        guard let frame else { return false }
        return frame.version == data.version && frame.now == data.now && frame.window == data.window
            && frame.edges.count == data.edges.count && frame.entities.count == data.entities.count && frame.details.count == data.details.count
            && frame.entities.allSatisfy { data.entities[$0.key]?.count == $0.value.count }
            && frame.details.keys.allSatisfy { data.details[$0] != nil }
            && frame.callTrend == data.callTrend && frame.timeline == data.timeline && frame.traces?.count == data.traces?.count && frame.trace?.row.id == data.trace?.row.id && frame.span?.id == data.span?.id
            && frame.sources?.count == data.sources?.count && (frame.mesh == nil) == (data.mesh == nil)
            && frame.verdicts == data.verdicts && frame.why == data.why && frame.latency == data.latency && frame.comparison == data.comparison
    }
}

extension Painter {
    mutating func paint(_ model: Model, _ data: FrameData) {
        guard ScreenLayout.fits(model) else {
            tooSmall(model)
            return
        }
        let layout = ScreenLayout(model)
        header(model, data)
        breadcrumb(model, data)
        switch model.screen.place {
        case .overview: overview(model, data, layout)
        case .services, .pods, .nodes, .help: list(model, data, layout)
        case .sources: sources(model, data, layout)
        case .detail(let key): detail(key, model, data, layout)
        case .graph: graph(model, layout)
        case .call(let level, let edge): call(level, edge, model, data, layout)
        case .traces: traces(model, layout)
        case .trace(let id): trace(id, model, data, layout)
        case .paths: ways(model, layout)
        case .why(let subject): why(subject, model, data, layout)
        case .latency(let key): latency(key, model, data, layout)
        case .compare: compare(model, data, layout)
        }
        if let playback = model.time.playback { timeline(playback, data) }
        footer(model)
    }

    /// In place of a screen that would lie by leaving things out.
    private mutating func tooSmall(_ model: Model) {
        let lines = [
            "telltale needs \(ScreenLayout.minWidth)x\(ScreenLayout.minHeight)", "this is \(model.width)x\(model.height)",
        ]
        let oneLine = lines.joined(separator: ", ")
        let shown = oneLine.count <= model.width || model.height < 2 ? [oneLine] : lines
        let top = max(0, (model.height - shown.count) / 2)
        for (index, line) in shown.enumerated() where top + index < model.height {
            text(line, x: max(0, (model.width - line.count) / 2), y: top + index, .warning, limit: model.width)
        }
    }
}
