// Server-sent events: what changed in the store, in the run that a page shows, and in a step's log.
import Browsing
import Content
import FileTools
import LiveRuns
import LocalStores
import MicroHTTP
import Planning
import StoreFolder
import Synchronization

/// The events of one connection.
///
/// - `store`: how many rows the table of runs has, and the runs that go on.
/// - `steps`: nodes of the run by position: status, milliseconds, hundredths; all of them at first.
/// - `ended`: the run goes on no more.
/// - `log`: text of the step's log, with whether it begins a log anew.
final class EventStream: Sendable {
  static let mediaType = "text/event-stream"
  private static let milliseconds = 200
  /// So many looks without an event, and a comment is sent, by which a connection that has gone is found.
  private static let mostSilent = 25

  private struct State: ~Copyable {
    var sight: StoreWatch.Sight?
    var run: LiveRun?
    var isFirst = true
    var log: FollowedLog?
    var silent = 0
  }

  private let watch: StoreWatch
  private let layout: StoreLayout
  /// The step whose log is followed; nil for none.
  private let step: String?
  private let state: Mutex<State>

  init(_ server: PageServer, _ request: WebRequest) throws {
    watch = server.watch
    let layout = server.browsed.store.layout
    let step = request.arguments["step"]
    self.layout = layout
    self.step = step
    let id = request.arguments["id"].flatMap { RunID($0) }
    var key: String?
    if let step, let run = try server.run(request.arguments["id"]) {
      key = run.record.json["steps"]?[step]?["key"]?.string
    }
    let path = key.flatMap { Digest($0) }.map { layout.log(ActionKey($0)) }
    state = Mutex(
      State(
        run: id.flatMap { LiveRun($0, layout) }, log: path.map { FollowedLog(path: $0) }))
  }

  /// The next events; nothing after a while without any.
  func next() -> [UInt8]? {
    let bytes = state.withLock { state in
      var bytes: [UInt8] = []
      store(&state, &bytes)
      run(&state, &bytes)
      log(&state, &bytes)
      if bytes.isEmpty {
        state.silent += 1
        if state.silent >= Self.mostSilent { bytes = Array(": still here\n\n".utf8) }
      }
      if !bytes.isEmpty { state.silent = 0 }
      return bytes
    }
    if bytes.isEmpty { Disk.pause(milliseconds: Self.milliseconds) }
    return bytes
  }

  private func store(_ state: inout State, _ bytes: inout [UInt8]) {
    let now = watch.now
    guard state.sight != now else { return }
    state.sight = now
    Self.add("store", ["rows": .integer(Int64(now.rows)), "live": .array(now.live)], to: &bytes)
  }

  private func run(_ state: inout State, _ bytes: inout [UInt8]) {
    guard state.run != nil else { return }
    let hasEnded = state.run?.hasEnded ?? true
    let changed = state.run?.update() ?? []
    let nodes = state.run?.state.nodes ?? []
    let shown = state.isFirst ? Array(nodes.indices) : changed
    if !shown.isEmpty {
      state.isFirst = false
      let rows = shown.map { place -> JSONValue in
        let node = nodes[place]
        return [
          .string(node.name), .string(node.status), .integer(node.milliseconds),
          node.percent.map { .integer(Int64($0)) } ?? .null,
        ]
      }
      Self.add("steps", .array(rows), to: &bytes)
    }
    if hasEnded {
      state.run = nil
      Self.add("ended", [:], to: &bytes)
    }
  }

  private func log(_ state: inout State, _ bytes: inout [UInt8]) {
    // A step that had not begun has a key by now.
    if state.log == nil, let step,
      let key = state.run?.state.nodes.first(where: { $0.name == step })?.key.flatMap({ Digest($0) }
      )
    {
      state.log = FollowedLog(path: layout.log(ActionKey(key)))
    }
    guard let (text, isFresh) = state.log?.next() else { return }
    Self.add("log", ["text": .string(text), "isFresh": .bool(isFresh)], to: &bytes)
  }

  private static func add(_ event: String, _ data: JSONValue, to bytes: inout [UInt8]) {
    // Canonical JSON has no line break.
    guard let text = try? data.canonicalText() else { return }
    bytes += Array("event: \(event)\ndata: \(text)\n\n".utf8)
  }
}
