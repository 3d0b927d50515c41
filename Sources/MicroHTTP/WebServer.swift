// An HTTP server for pages: libmicrohttpd with a thread for each connection, so that answers may wait.
import CMicrohttpd
import Synchronization

/// A server that answers each request by a closure.
///
/// Stop it: a value that is dropped goes on serving.
package final class WebServer {
  /// How it listens.
  package struct Settings: Sendable {
    /// A name or an address of this machine.
    package var host: String
    /// 0: any that is free.
    package var port: UInt16
    /// Connections at a time; each has a thread.
    package var connections = 64
    /// Seconds after which a silent connection is closed.
    package var idleSeconds = 60
    /// The names of the query's arguments that requests get.
    package var arguments: [String]
    /// The names of the head's fields that requests get.
    package var fields: [String]

    package init(host: String, port: UInt16, arguments: [String], fields: [String]) {
      self.host = host
      self.port = port
      self.arguments = arguments
      self.fields = fields
    }
  }

  private let binding: Binding
  private let server: OpaquePointer
  /// The port that it listens on.
  package let port: UInt16

  /// What the callbacks get.
  private final class Binding: Sendable {
    let library: HTTPLibrary
    let settings: Settings
    let answer: @Sendable (WebRequest) -> WebAnswer
    let isStopping = Atomic<Bool>(false)

    init(
      _ library: HTTPLibrary, _ settings: Settings,
      _ answer: @escaping @Sendable (WebRequest) -> WebAnswer
    ) {
      self.library = library
      self.settings = settings
      self.answer = answer
    }
  }

  /// Listens; `answer` is called on the threads of connections, several at a time.
  package init(
    _ settings: Settings, answer: @escaping @Sendable (WebRequest) -> WebAnswer
  ) throws(ServerFailure) {
    let library = try HTTPLibrary()
    binding = Binding(library, settings, answer)
    var why = [CChar](repeating: 0, count: 512)
    let context = Unmanaged.passRetained(binding)
    let started = settings.host.withCString { host in
      var options = cm_options(
        host: host, port: settings.port, threads: 0, connections: UInt32(settings.connections),
        connections_per_address: UInt32(settings.connections),
        idle_seconds: UInt32(settings.idleSeconds), connection_memory: 1 << 15,
        context: context.toOpaque(), connected: { _, _, _ in }, request: Self.request,
        completed: { _, _, _ in })
      return cm_start(library.table, &options, &why, why.count)
    }
    guard let started else {
      context.release()
      throw .listen(host: settings.host, port: settings.port, reason: HTTPLibrary.text(why))
    }
    server = started
    port = cm_port(started)
  }

  /// Ends streams and then every connection.
  package func stop() {
    binding.isStopping.store(true, ordering: .relaxed)
    cm_quiesce(server)
    cm_stop(server)
    Unmanaged.passUnretained(binding).release()
  }

  // MARK: - Callbacks, on the connections' threads

  private static let request:
    @convention(c) (
      UnsafeMutableRawPointer?, OpaquePointer, UnsafePointer<CChar>, UnsafePointer<CChar>,
      UnsafePointer<CChar>?, UnsafeMutablePointer<Int>,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Int32 = { context, connection, path, method, _, count, state in
      guard let context else { return 0 }
      // An answer to the head alone closes the connection: right for what has a body, as no page has.
      let isReading = ["GET", "HEAD"].contains(String(cString: method))
      if isReading, state.pointee == nil {
        state.pointee = context
        return 1
      }
      guard count.pointee == 0 || !isReading else { return 0 }
      let binding = Unmanaged<Binding>.fromOpaque(context).takeUnretainedValue()
      let library = binding.library
      var request = WebRequest(method: String(cString: method), path: String(cString: path))
      for name in binding.settings.arguments {
        request.arguments[name] = cm_argument(library.table, connection, name).map(
          String.init(cString:))
      }
      for name in binding.settings.fields {
        request.fields[name] = cm_field(library.table, connection, name).map(String.init(cString:))
      }
      let answer = binding.answer(request)
      let fields = answer.fields.flatMap { [$0.name, $0.value] }
      switch answer.body {
      case .bytes(let bytes):
        return library.answer(connection, status: answer.status, fields: fields, body: bytes)
      case .stream(let next):
        let stream = Stream(next) { binding.isStopping.load(ordering: .relaxed) }
        return HTTPLibrary.withCStrings(fields) { fields in
          cm_stream(
            library.table, connection, answer.status, Unmanaged.passRetained(stream).toOpaque(),
            WebServer.next, WebServer.end, fields)
        }
      }
    }

  private static let next:
    @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<CChar>, Int) -> Int =
      { context, buffer, size in
        guard let context else { return 0 }
        let stream = Unmanaged<Stream>.fromOpaque(context).takeUnretainedValue()
        return stream.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size))
      }

  private static let end: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
    if let context { Unmanaged<Stream>.fromOpaque(context).release() }
  }
}

/// An answer whose bytes come as time goes by.
///
/// It belongs to the thread of one connection.
private final class Stream {
  private let next: @Sendable () -> [UInt8]?
  private let isStopping: () -> Bool
  private var waiting: ArraySlice<UInt8> = []

  init(_ next: @escaping @Sendable () -> [UInt8]?, isStopping: @escaping () -> Bool) {
    self.next = next
    self.isStopping = isStopping
  }

  /// The count of bytes that were filled in; 0 at the end.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    while waiting.isEmpty {
      guard !isStopping(), let bytes = next() else { return 0 }
      waiting = bytes[...]
    }
    let count = min(buffer.count, waiting.count)
    buffer.copyBytes(from: waiting.prefix(count))
    waiting = waiting.dropFirst(count)
    return count
  }
}
