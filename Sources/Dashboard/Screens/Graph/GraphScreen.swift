import CellCanvas
import GraphLayout
import MeshModel
import Panels

extension ScreenLayout {
    /// The picture, or in its place the table of its calls, over what is known of the selection.
    mutating func graph(_ model: Model) {
        let (main, below) = body.splitBottom(body.height >= 40 ? 10 : body.height >= 30 ? 9 : 7)
        tile = below
        areas[model.screen.focus] = main
    }
}

extension Painter {
    mutating func graph(_ model: Model, _ layout: ScreenLayout) {
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let area = layout.tile ?? layout.notes { panel(of: model.graphSubject, model.graphPane?.graph.calls.level ?? .service, area, model) }
    }

    mutating func graphPane(pane index: Int, _ model: Model, _ layout: ScreenLayout) {
        guard let area = layout.area(pane: index) else { return }
        hit(area, .graph(pane: index))
        let graph = model.screen.panes[index].graph
        guard model.frame?.edges[graph.scope.level] != nil else {
            if model.frame?.mesh == nil { empty(["waiting for data…"], in: area) }
            return
        }
        guard !graph.picture.boxes.isEmpty || graph.isBehind else {
            empty(EmptyState.lines(model.screen.panes[index], model), in: area)
            return
        }
        picture(pane: index, model, area)
    }
}
