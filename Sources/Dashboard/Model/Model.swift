package import CellCanvas
package import MeshModel
package import Panels

/// Live follows the newest data; frozen shows one instant while data goes on behind it; a recording is played or stands still.
package enum TimeMode: Hashable, Sendable {
    case live
    case frozen(at: Timestamp)
    case replay(Playback)

    /// The instant shown, where it is not the newest there is.
    package var instant: Timestamp? {
        switch self {
        case .live: nil
        case .frozen(let at): at
        case .replay(let playback): playback.at
        }
    }

    package var playback: Playback? { if case .replay(let playback) = self { playback } else { nil } }
}

/// What the keyboard talks to.
package enum Mode: Sendable {
    case browse
    /// The filter of the focused pane, applied while typed; `before` comes back on cancel.
    case filter(CommandLine, before: Filter, selection: RowKey?)
    case command(CommandLine)
    case jump(LineEditor)

    var isLine: Bool {
        if case .browse = self { false } else { true }
    }
}

/// What a person is told at the bottom of the screen until the next key.
package struct Message: Sendable, Equatable {
    package var text: String
    package var isError: Bool
}

/// The whole state of the dashboard. `update` is the only thing that changes it.
package struct Model: Sendable {
    package var width: Int
    package var height: Int
    /// Never empty; the last is on the screen.
    package internal(set) var stack: [Screen]
    /// Screens of the digits that are not in the stack, as they were left.
    var parked: [Place: Screen] = [:]
    package internal(set) var mode = Mode.browse
    package internal(set) var message: Message?

    package internal(set) var time = TimeMode.live
    package internal(set) var windowSeconds: Double
    package internal(set) var predicate: ErrorPredicate
    /// What `:find` marks and keeps, and `:hide` takes away, on every screen.
    package internal(set) var sieve: Sieve
    /// It began with all there is (pages of files, which have no course): `+` leads back to it.
    let coversWholeRun: Bool
    /// Newest instant and version known, and the version and sample count at the moment of freezing.
    var newest: Timestamp?
    var newestVersion: UInt64 = 0
    var newestSamples: Int?
    var frozenVersion: UInt64 = 0
    var frozenSamples: Int?

    /// The frame asked for is being read back, and what is shown is the last one before it.
    package internal(set) var isAwaiting = false

    package internal(set) var settings: Settings
    package var keys: KeyTable
    var layouts = LayoutDesk()
    var history: [String] = []
    /// The last data; filters and sorts typed between two frames apply to it.
    package internal(set) var frame: FrameData?

    package init(width: Int, height: Int, settings: Settings = Settings(), keys: KeyTable = .standard, place: Place = .overview,
                 windowSeconds: Double = 300, predicate: ErrorPredicate = .server, sieve: Sieve = .open,
                 playback: Playback? = nil) {
        self.width = max(0, width)
        self.height = max(0, height)
        self.settings = settings
        self.keys = keys
        self.windowSeconds = windowSeconds
        coversWholeRun = windowSeconds == .infinity
        self.predicate = predicate
        self.sieve = sieve
        if let playback { time = .replay(playback) }
        stack = [Screen(place)]
    }

    package var find: Filter { sieve.find }
    package var hide: Filter { sieve.hide }

    package var screen: Screen {
        get { stack[stack.count - 1] }
        set { stack[stack.count - 1] = newValue }
    }

    /// What the user can set beside time and predicate.
    package struct Settings: Sendable, Equatable {
        package var theme: String
        /// Names `:theme` knows.
        package var themes: [String]
        package var glyphs: GlyphSet
        /// What the badge says while the newest data are shown: LIVE, or FILE where they are of the past.
        package var liveLabel: String

        /// Of themes without colours `mono` is the one that is built in.
        var usesColor: Bool { theme != "mono" }

        package init(theme: String = "dark", themes: [String] = ["dark", "light"], glyphs: GlyphSet = .braille, liveLabel: String = "LIVE") {
            self.theme = theme
            self.themes = themes
            self.glyphs = glyphs
            self.liveLabel = liveLabel
        }
    }
}
