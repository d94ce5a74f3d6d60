import SeriesStore
import Testing

struct BucketVectorTests {
    @Test func interpolatesInsideTheBucket() {
        let vector = BucketVector(bounds: [10, 20, .infinity], cumulative: [0, 10, 10])
        #expect(vector.quantile(0.5)?.value == 15)
        #expect(vector.quantile(1)?.value == 20)
        #expect(vector.quantile(0)?.value == 10)
        #expect(vector.total == 10)
    }

    @Test func saysThatItIsAtLeastSoMuchInTheLastBucket() {
        let vector = BucketVector(bounds: [10, .infinity], cumulative: [1, 10])
        #expect(vector.quantile(0.99)?.value == 10)
        #expect(vector.quantile(0.99)?.isAtLeast == true)
    }

    @Test func hasNoQuantileWithoutObservations() {
        #expect(BucketVector().quantile(0.5) == nil)
        #expect(BucketVector(bounds: [1, .infinity], cumulative: [0, 0]).quantile(0.5) == nil)
    }

    /// Adding vectors and then taking the quantile, never the other way round.
    @Test func addsVectorsOfOneLayout() {
        var sum = BucketVector(bounds: [10, 100, .infinity], cumulative: [90, 90, 90])
        sum.merge(BucketVector(bounds: [10, 100, .infinity], cumulative: [0, 10, 10]))
        #expect(sum.total == 100)
        #expect(sum.quantile(0.95)?.value == 55)
    }

    @Test func meetsOtherLayoutsOnAllBounds() {
        var sum = BucketVector(bounds: [10, 20, .infinity], cumulative: [4, 8, 8])
        sum.merge(BucketVector(bounds: [15, .infinity], cumulative: [6, 6]))
        #expect(sum.bounds == [10, 15, 20, .infinity])
        #expect(abs(sum.total - 14) < 1e-9)
        #expect(abs(sum.below(15) - 12) < 1e-5)
    }

    /// Buckets read a moment apart may seem to fall: nothing negative comes of it.
    @Test func takesAFallBetweenBucketsAsNothing() {
        #expect(BucketVector(bounds: [1, 2, .infinity], cumulative: [5, 4, 6]).counts == [5, 0, 2])
    }
}
