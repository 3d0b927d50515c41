// Threads that run jobs, and the mailbox in which their answers arrive.
// A child gets a signal when the thread that started it ends (PR_SET_PDEATHSIG), so threads end only
// when all jobs have, and a job waits for the children that it starts.
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A queue that any thread may fill and one thread empties.
package final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex(Queue())
  private let arrived = DispatchSemaphore(value: 0)

  /// First in, first out; what was taken is dropped in bulk.
  private struct Queue {
    private var messages: [Message] = []
    private var head = 0

    var isEmpty: Bool { head == messages.count }

    mutating func append(_ message: Message) { messages.append(message) }

    mutating func popFirst() -> Message? {
      guard head < messages.count else { return nil }
      defer {
        head += 1
        if head * 2 >= messages.count {
          messages.removeFirst(head)
          head = 0
        }
      }
      return messages[head]
    }
  }

  package init() {}

  /// Adds a message.
  package func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    arrived.signal()
  }

  /// A message that has arrived already, or nil.
  ///
  /// The one thread that empties the mailbox may ask, since nobody takes a message in between.
  package func nextIfAny() -> Message? {
    messages.withLock { $0.isEmpty } ? nil : next()
  }

  /// Waits for the next message.
  package func next() -> Message {
    while true {
      arrived.wait()
      if let message = messages.withLock({ $0.popFirst() }) { return message }
    }
  }
}

/// A fixed number of threads that run jobs in the order of their arrival, and end with the pool.
package final class SlotPool: Sendable {
  /// nil ends a thread.
  private typealias Jobs = Mailbox<(@Sendable () -> Void)?>

  private let jobs = Jobs()
  /// The threads that were started.
  private let count: Int
  /// Why there are fewer threads than asked for, in words.
  package let shortage: String?

  /// Starts the threads, or as many as the system gives.
  ///
  /// Throws where none can be started.
  package init(count: Int) throws(SlotError) {
    try Self.start(jobs)
    for started in 1..<max(1, count) {
      do throws(SlotError) {
        try Self.start(jobs)
      } catch {
        self.count = started
        shortage = "\(started) of \(count) steps at a time: \(error)"
        return
      }
    }
    self.count = max(1, count)
    shortage = nil
  }

  /// The threads end after the jobs that they were given.
  deinit { for _ in 0..<count { jobs.post(nil) } }

  /// Runs a job on one of the threads.
  package func run(_ job: @escaping @Sendable () -> Void) { jobs.post(job) }

  private final class Work: Sendable {
    let jobs: Jobs
    init(_ jobs: Jobs) { self.jobs = jobs }
  }

  private static func start(_ jobs: Jobs) throws(SlotError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 8 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let work = Unmanaged.passRetained(Work(jobs))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let code = pthread_create(&thread, &attributes, slotMain, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw SlotError(code: code)
    }
  }

  fileprivate static func serve(_ argument: UnsafeMutableRawPointer) {
    let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
    while let job = work.jobs.next() { job() }
  }
}

#if canImport(Glibc)
  private func slotMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { SlotPool.serve(argument) }
    return nil
  }
#else
  private func slotMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    SlotPool.serve(argument)
    return nil
  }
#endif

/// The system could not start a thread.
package struct SlotError: Error, CustomStringConvertible {
  package let code: Int32
  package var description: String {
    "cannot start a thread: \(String(cString: strerror(code))); lower --jobs, or raise the limit of "
      + "processes or memory"
  }
}
