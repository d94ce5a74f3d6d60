/// What a comparison with a quiet time is tuned by. None was fitted: each was set by what it stands for, and halving or doubling it
/// changes little (docs/diagnosis.md, "Against a baseline").
enum BaselineParameters {
    /// Stretches the quiet time is cut into. By the second largest of ten a tenth of it may have been bad, and stretches stay long enough to
    /// be like recordings.
    static let pieces = 10
    /// Standard errors at which evidence counts half: the usual three.
    static let halfSurprise = 3.0
    /// Of the median request: own times below this are not told apart. Nobody cares about less, and logarithms stay finite.
    static let floorShare = 0.001
    /// Standard errors that the best tail of white noise reaches by itself (median of splits of 30 to 1000 values).
    static let white = 2.3
    /// Below so many, shares and variances are not trusted: those of the whole are taken.
    static let few = 20
    /// Of a request, each: one in a hundred lost, or one percent slower. For the verdict alone.
    static let matter = 0.01
    /// Chance that one of all tests of a quiet recording calls it faulty (Bonferroni). For the verdict alone.
    static let alpha = 0.05
    /// Sets of calls that are tested for one key, the most frequent first: operations may make any.
    static let mostSets = 32
    /// A test counts for what is said of an origin from this part of its score on.
    static let tellingPart = 0.1
    /// Origins that are looked for.
    static let mostOrigins = 20
}
