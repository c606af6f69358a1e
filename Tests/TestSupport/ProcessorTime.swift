import Glibc

/// The seconds that this thread has had a processor: what runs beside it takes none of them.
///
/// A time limit of a test's would not do for what takes long: it runs from when all tests begin.
package func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
