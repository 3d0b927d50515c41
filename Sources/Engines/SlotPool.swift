// Threads that run jobs, and the mailbox in which their answers arrive.
// The threads live as long as the process: a child gets a signal when the thread that started
// it ends (PR_SET_PDEATHSIG), so no child may be started from a thread that could end first.
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

/// A fixed number of threads that run jobs in the order of their arrival.
package final class SlotPool: Sendable {
  private let jobs = Mailbox<@Sendable () -> Void>()
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
        shortage =
          "\(started) of \(count) steps at a time: \(error)"
        return
      }
    }
    shortage = nil
  }

  /// Runs a job on one of the threads.
  package func run(_ job: @escaping @Sendable () -> Void) { jobs.post(job) }

  private final class Work: Sendable {
    let jobs: Mailbox<@Sendable () -> Void>
    init(_ jobs: Mailbox<@Sendable () -> Void>) { self.jobs = jobs }
  }

  private static func start(_ jobs: Mailbox<@Sendable () -> Void>) throws(SlotError) {
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
    while true { work.jobs.next()() }
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
