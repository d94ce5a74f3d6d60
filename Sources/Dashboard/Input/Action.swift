/// Everything a key can do. The raw value is the name configuration and `keys` use; `update` switches on actions
/// and never on keys.
package enum Action: String, Sendable, CaseIterable, Hashable {
    // Screens
    case overview, services, pods, nodes, graph, traces, paths, sources
    // Moving
    case up, down, columnsLeft = "columns-left", columnsRight = "columns-right", top, bottom
    case pageUp = "page-up", pageDown = "page-down", halfPageUp = "half-page-up", halfPageDown = "half-page-down"
    case nextPane = "next-pane", previousPane = "previous-pane"
    case open, back, clear
    // Lists
    case filter, errorsOnly = "errors-only", sortPrevious = "sort-previous", sortNext = "sort-next", sortReverse = "sort-reverse"
    case zoom, copy, save
    // Traces
    case tracesOf = "traces-of", fold, foldAll = "fold-all", foldLess = "fold-less", foldMore = "fold-more", parent
    case nextError = "next-error", previousError = "previous-error", slowestChild = "slowest-child"
    case openService = "open-service", openPod = "open-pod"
    // Failures
    case why, warning, sampleTrace = "sample-trace", latency, compare
    // Graph
    case focusOn = "focus-on", hopsMore = "hops-more", hopsLess = "hops-less", level, overlay, hideIdle = "hide-idle", chain
    case panLeft = "pan-left", panDown = "pan-down", panUp = "pan-up", panRight = "pan-right", middle
    // Time
    case freeze, stepBack = "step-back", stepForward = "step-forward", jump, live, faster, slower
    case nextFailure = "next-failure", previousFailure = "previous-failure", windowLonger = "window-longer"
    case windowShorter = "window-shorter"
    // The program
    case predicate, command, help, redraw, suspend, quit
    // Editing one line
    case accept, cancel, complete, completePrevious = "complete-previous", historyPrevious = "history-previous"
    case historyNext = "history-next", deleteBackward = "delete-backward", deleteForward = "delete-forward"
    case deleteWord = "delete-word", deleteToStart = "delete-to-start", cursorLeft = "cursor-left", cursorRight = "cursor-right"
    case cursorStart = "cursor-start", cursorEnd = "cursor-end"
}

extension Action {
    /// Where its keys count: on a screen, or while a line is edited.
    package enum Context: String, Sendable, CaseIterable, Hashable {
        case screen, line
    }

    /// How help groups actions.
    package enum Group: String, Sendable, CaseIterable {
        case screens = "Screens", moving = "Moving", lists = "Lists", traces = "Traces", failures = "Failures", picture = "Graph", time = "Time", program = "Program", line = "Line editing"
    }

    package var context: Context { group == .line ? .line : .screen }

    package var group: Group {
        switch self {
        case .overview, .services, .pods, .nodes, .graph, .traces, .paths, .sources: .screens
        case .up, .down, .columnsLeft, .columnsRight, .top, .bottom, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .nextPane,
            .previousPane, .open, .back, .clear: .moving
        case .filter, .errorsOnly, .sortPrevious, .sortNext, .sortReverse, .zoom, .copy, .save: .lists
        case .tracesOf, .fold, .foldAll, .foldLess, .foldMore, .parent, .nextError, .previousError, .slowestChild, .openService, .openPod: .traces
        case .why, .warning, .sampleTrace, .latency, .compare: .failures
        case .focusOn, .hopsMore, .hopsLess, .level, .overlay, .hideIdle, .chain, .panLeft, .panRight, .panUp, .panDown, .middle: .picture
        case .freeze, .stepBack, .stepForward, .jump, .live, .faster, .slower, .nextFailure, .previousFailure, .windowLonger, .windowShorter: .time
        case .predicate, .command, .help, .redraw, .suspend, .quit: .program
        case .accept, .cancel, .complete, .completePrevious, .historyPrevious, .historyNext, .deleteBackward, .deleteForward,
            .deleteWord, .deleteToStart, .cursorLeft, .cursorRight, .cursorStart, .cursorEnd: .line
        }
    }

    /// One line for help and the `keys` listing.
    package var summary: String {
        switch self {
        case .overview: "the mesh at a glance: what fails, services, namespaces, nodes"
        case .services: "all services"
        case .pods: "all pods"
        case .nodes: "all nodes"
        case .graph: "who calls whom, as a picture"
        case .traces: "all traces, and when they began and how long they took"
        case .paths: "failing paths: where failures begin, the worst first"
        case .sources: "where the numbers come from, and how well"
        case .up: "one row up"
        case .down: "one row down"
        case .columnsLeft: "show the columns to the left; in the graph: along a call to who makes it"
        case .columnsRight: "show the columns to the right that do not fit; in the graph: along a call"
        case .top: "first row"
        case .bottom: "last row"
        case .pageUp: "one page up"
        case .pageDown: "one page down"
        case .halfPageUp: "half a page up"
        case .halfPageDown: "half a page down"
        case .nextPane: "next pane of the screen"
        case .previousPane: "previous pane of the screen"
        case .open: "open what is selected"
        case .back: "back to the screen before"
        case .clear: "clear the filter, else leave the expanded pane, else go back"
        case .filter: "filter while typing: text, regex, !not, key=value, rate>10"
        case .errorsOnly: "only rows with errors, denials or warnings"
        case .sortPrevious: "sort by the column to the left"
        case .sortNext: "sort by the column to the right"
        case .sortReverse: "reverse the sort"
        case .zoom: "expand the pane to the whole screen, and back"
        case .copy: "copy the selected row as text to the clipboard"
        case .save: "save the screen to a file"
        case .tracesOf: "the traces through the selected service, pod, call or span"
        case .fold: "fold or unfold what is below the selected span; in the graph its namespace; of times the ways to one operation"
        case .foldAll: "fold every subtree, in the graph every namespace; again: unfold all"
        case .foldLess: "show one level more of the trace, more of each box of the graph"
        case .foldMore: "show one level less of the trace, less of each box of the graph"
        case .parent: "go to the span that called the selected one"
        case .nextError: "go to the next failed span or failing box; in a search to the next one found"
        case .previousError: "go to the failed or found span, or the failing box, before"
        case .slowestChild: "go to the slowest child of the selected span"
        case .openService: "the page of the selected span's service, of a failing path's origin"
        case .openPod: "the page of the selected span's pod, of the pod where a failing path begins"
        case .why: "why it fails: the origin, the way to it, and what says so"
        case .compare: "what changed since then: new, gone, failing, slower, and what failing traces have in common"
        case .warning: "to what the first warning of the header speaks of"
        case .latency: "where the time of a service's requests goes, what would be won, what is called again and again"
        case .sampleTrace: "a failing trace that shows where a failing path begins"
        case .focusOn: "draw only what is around the selected box, a failing path's origin; there again: the whole"
        case .hopsMore: "draw what is one call further away"
        case .hopsLess: "draw one call less far"
        case .level: "calls by service, version, workload, pod, app, namespace, machine"
        case .overlay: "what colours tell: errors, latency, rate, mTLS, versions"
        case .hideIdle: "hide who neither calls nor is called, and show them again"
        case .chain: "light up all that leads to the selection and follows from it; in a trace: the critical path"
        case .panLeft: "move the picture: what lies to the left"
        case .panDown: "move the picture: what lies below"
        case .panUp: "move the picture: what lies above"
        case .panRight: "move the picture: what lies to the right"
        case .middle: "bring the selected box to the middle"
        case .freeze: "freeze the screen while data goes on, again: live; a recording: play or pause"
        case .stepBack: "one step back in time (freezes)"
        case .stepForward: "one step forward in time"
        case .jump: "jump to a time: -10m, 15:30, 15:30:05 (UTC); in a recording also start, end"
        case .live: "back to live; in a recording: to its end"
        case .faster: "play the recording faster"
        case .slower: "play the recording slower"
        case .nextFailure: "in a recording: to where the next traces fail"
        case .previousFailure: "in a recording: to where traces failed before"
        case .windowLonger: "longer window"
        case .windowShorter: "shorter window"
        case .predicate: "what counts as an error: server, client, strict"
        case .command: "command line, with completion and history"
        case .help: "this help; / searches it"
        case .redraw: "draw the whole screen again"
        case .suspend: "suspend, back to the shell"
        case .quit: "quit"
        case .accept: "do it"
        case .cancel: "leave the line, undo what it changed"
        case .complete: "complete, or the next completion"
        case .completePrevious: "the previous completion"
        case .historyPrevious: "the line before in the history"
        case .historyNext: "the line after in the history"
        case .deleteBackward: "delete the character before the cursor"
        case .deleteForward: "delete the character under the cursor"
        case .deleteWord: "delete the word before the cursor"
        case .deleteToStart: "delete to the start of the line"
        case .cursorLeft: "cursor left"
        case .cursorRight: "cursor right"
        case .cursorStart: "cursor to the start"
        case .cursorEnd: "cursor to the end"
        }
    }

    /// Keys it has unless configuration says otherwise, the one shown in hints first. Ctrl-H is Backspace on many
    /// terminals and Ctrl-S and Ctrl-Q are flow control, so none of them is bound to anything else.
    package var defaultChords: [String] {
        switch self {
        case .overview: ["1"]
        case .services: ["2"]
        case .pods: ["3"]
        case .nodes: ["4"]
        case .graph: ["5"]
        case .traces: ["6"]
        case .paths: ["7"]
        case .sources: ["0"]
        case .up: ["k", "<up>"]
        case .down: ["j", "<down>"]
        case .columnsLeft: ["h", "<left>"]
        case .columnsRight: ["l", "<right>"]
        case .top: ["g", "<home>"]
        case .bottom: ["G"]
        case .pageUp: ["<pgup>", "<c-b>"]
        case .pageDown: ["<pgdn>", "<c-f>"]
        case .halfPageUp: ["<c-u>"]
        case .halfPageDown: ["<c-d>"]
        case .nextPane: ["<tab>"]
        case .previousPane: ["<s-tab>"]
        case .open: ["<enter>"]
        case .back: ["<backspace>"]
        case .clear: ["<esc>"]
        case .filter: ["/"]
        case .errorsOnly: ["e"]
        case .sortPrevious: ["<lt>"]
        case .sortNext: [">"]
        case .sortReverse: ["r"]
        case .zoom: ["z"]
        case .copy: ["y"]
        case .save: ["s"]
        case .tracesOf: ["v"]
        case .fold: ["f"]
        case .foldAll: ["F"]
        case .foldLess: ["]"]
        case .foldMore: ["["]
        case .parent: ["u"]
        case .nextError: ["n"]
        case .previousError: ["N"]
        case .slowestChild: ["c"]
        case .openService: ["o"]
        case .openPod: ["O"]
        case .why: ["w"]
        case .compare: ["d"]
        case .warning: ["W"]
        case .sampleTrace: ["V"]
        case .latency: ["D"]
        case .focusOn: ["a"]
        case .hopsMore: [")"]
        case .hopsLess: ["("]
        case .level: ["B"]
        case .overlay: ["m"]
        case .hideIdle: ["i"]
        case .chain: ["P"]
        case .panLeft: ["H"]
        case .panDown: ["J"]
        case .panUp: ["K"]
        case .panRight: ["L"]
        case .middle: ["C"]
        case .freeze: ["<space>"]
        case .stepBack: ["t"]
        case .stepForward: ["T"]
        case .jump: ["b"]
        case .live: ["<end>"]
        case .faster: ["."]
        case .slower: [","]
        case .nextFailure: ["}"]
        case .previousFailure: ["{"]
        case .windowLonger: ["+", "="]
        case .windowShorter: ["-"]
        case .predicate: ["p"]
        case .command: [":"]
        case .help: ["?", "<f1>"]
        case .redraw: ["<c-l>"]
        case .suspend: ["<c-z>"]
        case .quit: ["q", "<c-c>"]
        case .accept: ["<enter>"]
        case .cancel: ["<esc>", "<c-c>", "<c-g>"]
        case .complete: ["<tab>"]
        case .completePrevious: ["<s-tab>"]
        case .historyPrevious: ["<up>", "<c-p>"]
        case .historyNext: ["<down>", "<c-n>"]
        case .deleteBackward: ["<backspace>", "<c-h>"]
        case .deleteForward: ["<delete>", "<c-d>"]
        case .deleteWord: ["<c-w>"]
        case .deleteToStart: ["<c-u>"]
        case .cursorLeft: ["<left>", "<c-b>"]
        case .cursorRight: ["<right>", "<c-f>"]
        case .cursorStart: ["<home>", "<c-a>"]
        case .cursorEnd: ["<end>", "<c-e>"]
        }
    }
}
