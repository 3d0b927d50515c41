// Runs a command to its end on the calling thread: reads both pipes, keeps the time.
import CSystem

extension Command {
  /// Runs the command and returns when it, and what it left in its group, has ended.
  ///
  /// Blocks the calling thread. Output is read from both pipes as it comes, so neither can fill up.
  /// When `timeout` (seconds) is over or `cancelled` fires, the group gets SIGTERM, and SIGKILL
  /// after the command's grace. A program that leaves a pipe open in a grandchild is not waited
  /// for: reading stops a quarter of a second after the program's end.
  public func run(
    input: Input = .none, output: Sink = .discard, error: Sink = .discard,
    timeout: Double? = nil, cancelled: CancellationToken? = nil
  ) throws(SubprocessError) -> Exit {
    if case .pipe = input { throw .pipeWithoutReader(executable: executable) }
    for sink in [output, error] {
      if case .pipe = sink { throw .pipeWithoutReader(executable: executable) }
    }
    let process = try launch(input: input, output: output, error: error)
    var pump = Pump(process, output: output, error: error, timeout: timeout, token: cancelled)
    pump.run()
    var exit = process.wait()
    if let early = pump.stopped { exit.status = early }
    return exit
  }
}

/// Serves one child's pipes until it has ended.
private struct Pump {
  /// How long reading goes on after the child's end while a pipe stays open.
  static let drain: Int64 = 250_000_000
  /// A pipe holds no more than this of what the child itself has written.
  static let pipeCapacity = 1 << 20

  let process: RunningProcess
  let token: CancellationToken?
  let grace: Int64
  var readers: [Reader]
  var deadline: Int64?
  var killAt: Int64?
  var ended: Int64?
  var readSinceEnd = 0
  /// Why the child was stopped by us.
  var stopped: Exit.Status?

  init(
    _ process: RunningProcess, output: Sink, error: Sink, timeout: Double?,
    token: CancellationToken?
  ) {
    self.process = process
    self.token = token
    grace = nanoseconds(process.command.grace)
    deadline = timeout.map { (token?.clock ?? cs_monotonic()) + nanoseconds($0) }
    readers = [Reader(process.output, output), Reader(process.error, error)]
  }

  /// Time in which everything is stopped does not count.
  private var now: Int64 { token?.clock ?? cs_monotonic() }

  mutating func run() {
    while true {
      let now = self.now
      act(now)
      if let ended {
        if readers.allSatisfy({ $0.fd < 0 }) { break }
        if now > ended + Self.drain && readSinceEnd >= Self.pipeCapacity { break }
      }
      let fds = [
        readers[0].fd, readers[1].fd, ended == nil ? process.pidfd : -1,
        stopped == nil && ended == nil ? token?.fd ?? -1 : -1,
      ]
      let ready = max(0, cs_poll(fds, 4, patience(now)))
      if ready == 0, let ended, self.now > ended + Self.drain { break }
      read(ready)
      let watched = ready & 4 != 0 || process.pidfd < 0
      if ended == nil && watched && process.hasEnded { ended = self.now }
      if ready & 8 != 0 { stop(.cancelled) }
    }
    for index in readers.indices { readers[index].finish() }
  }

  /// Does what is due by now.
  private mutating func act(_ now: Int64) {
    guard ended == nil else { return }
    if let deadline, now >= deadline { stop(.timedOut) }
    if let at = killAt, now >= at {
      process.kill()
      killAt = nil
    }
  }

  private mutating func stop(_ reason: Exit.Status) {
    guard stopped == nil, ended == nil else { return }
    stopped = reason
    deadline = nil
    process.terminate()
    killAt = now + grace
  }

  private mutating func read(_ ready: Int32) {
    guard ready > 0 else { return }
    for index in readers.indices where ready & (1 << Int32(index)) != 0 {
      let count = readers[index].read()
      if ended != nil { readSinceEnd += count }
    }
  }

  /// Milliseconds until something is due; -1: for ever.
  private func patience(_ now: Int64) -> Int32 {
    var due = [deadline, killAt, ended.map { $0 + Self.drain }].compactMap { $0 }
    if process.pidfd < 0 { due.append(now + 10_000_000) }
    guard let next = due.min() else { return -1 }
    return Int32(clamping: max(0, (next - now + 999_999) / 1_000_000))
  }
}

/// Reads one pipe into its sink.
private struct Reader {
  private(set) var fd: Int32
  private let sink: Sink
  private var lines = LineSplitter()

  init(_ fd: Int32, _ sink: Sink) {
    self.fd = fd
    self.sink = sink
  }

  /// Takes what is there, at most 64 KiB; the number of bytes.
  ///
  /// The pipe's end sets `fd` to -1.
  mutating func read() -> Int {
    let from = fd
    let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = max(0, cs_read(from, buffer.baseAddress, buffer.count))
    }
    if chunk.isEmpty { fd = -1 }
    switch sink {
    case .chunks(let body): if !chunk.isEmpty { body(chunk) }
    case .lines(let body): for line in lines.feed(chunk) { body(line) }
    case .discard, .descriptor, .file, .pipe: break
    }
    return chunk.count
  }

  /// Hands on a last line without a newline.
  mutating func finish() {
    if case .lines(let body) = sink, let last = lines.finish() { body(last) }
  }
}

/// Seconds as nanoseconds, at most a century.
private func nanoseconds(_ seconds: Double) -> Int64 {
  Int64(max(0, min(seconds, 3e9)) * 1e9)
}
