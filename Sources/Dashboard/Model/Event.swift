package import MeshModel
package import Panels

/// What happens to the dashboard. Time and data come in as events, too.
package enum Event: Sendable {
    case key(Key)
    case mouse(Mouse)
    /// Text from the clipboard; goes into the line being edited.
    case pasted(String)
    case resized(width: Int, height: Int)
    /// The answer to `queries(for:)`.
    case frame(FrameData)
    /// The frame asked for is being read back: the last one stays until it comes.
    case awaiting
    /// The newest instant and version of the data and how many samples came so far, whatever instant is shown.
    case tick(now: Timestamp, version: UInt64, samples: Int? = nil)
    /// So many seconds went by: a recording that is played goes on.
    case elapsed(seconds: Double)
    /// A picture of calls is ready.
    case laidOut(LaidOut)
    /// An effect worked; the text says what it did.
    case done(String)
    /// An effect or a source of data failed; the text says why.
    case failed(String)
}

/// What `update` wants done outside. The answer, if any, comes back as an event.
package enum Effect: Sendable, Equatable {
    case quit
    case suspend
    /// Draw every cell again.
    case redraw
    /// Put text on the clipboard (OSC 52); it holds no control characters but newlines.
    case copy(String)
    /// Write the screen as it is to a file; the extension names the format.
    case saveScreen(path: String)
    case setTheme(String)
    /// Lay a large picture out beside the loop; the answer is `.laidOut`. There is one at a time.
    case layOut(LayoutJob)
}
