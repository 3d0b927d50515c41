// The HTTP server around the service: libmicrohttpd's callbacks, start and stop.
import CMicrohttpd
import MicroHTTP
import RowFormats

/// A server that answers SageMaker's container contract with the model that it was given last.
///
/// `GET /ping`, `POST /invocations` and `GET /execution-parameters`. Until it has a model, and when
/// it is going, `GET /ping` says 503. Stop it: a value that is dropped goes on serving.
package final class ModelServer {
  /// How long the end waits for the first request of a connection.
  private static let silentSeconds = 2.0

  private let binding: Binding
  private let server: OpaquePointer
  /// The port that it listens on.
  package let port: UInt16

  /// What the callbacks get.
  private final class Binding: Sendable {
    let library: HTTPLibrary
    let service: Service

    init(_ library: HTTPLibrary, _ service: Service) {
      self.library = library
      self.service = service
    }
  }

  /// Listens, on threads of its own.
  package init(_ settings: ServerSettings) throws(ServerFailure) {
    let library = try HTTPLibrary()
    binding = Binding(library, Service(settings))
    var why = [CChar](repeating: 0, count: 512)
    let context = Unmanaged.passRetained(binding)
    let started = settings.host.withCString { host in
      var options = cm_options(
        host: host, port: settings.port, threads: UInt32(settings.threads),
        connections: UInt32(settings.connections),
        connections_per_address: UInt32(settings.connectionsPerAddress),
        idle_seconds: UInt32(settings.idleSeconds), connection_memory: 1 << 16,
        context: context.toOpaque(), connected: Self.connected, request: Self.request,
        completed: Self.completed)
      return cm_start(library.table, &options, &why, why.count)
    }
    guard let started else {
      context.release()
      throw .listen(host: settings.host, port: settings.port, reason: HTTPLibrary.text(why))
    }
    server = started
    port = cm_port(started)
  }

  /// The model that requests get now.
  package var model: ServedModel? { binding.service.model }

  /// Requests that have begun and not ended.
  var activeCount: Int { binding.service.activeCount }

  /// Requests that begin from now on get this model; those under way end with theirs.
  ///
  /// `format` is that of rows whose request names none.
  package func use(_ model: ServedModel, format: Format = .csv) {
    binding.service.use(model, format)
  }

  /// Closes connections whose time is over; to be called some times a second.
  package func expire() { binding.service.watch.expire() }

  /// Ends without dropping a request that has begun.
  ///
  /// First for `drainSeconds` requests are still taken while `GET /ping` says 503 and answers ask
  /// clients to close; then nobody is let in any more, and what is under way has its own time to
  /// end. `pause` waits for so many seconds, and false from it ends at once.
  package func stop(closed: () -> Void = {}, pause: (Double) -> Bool) {
    let service = binding.service
    service.drain()
    let step = 0.05
    var waited = 0.0
    while waited < service.settings.drainSeconds, pause(step) { waited += step }
    cm_quiesce(server)
    closed()
    waited = 0
    while waited < Double(service.settings.requestSeconds), pause(step) {
      service.watch.expire()
      waited += step
      // A connection that was just made has a request on its way, as a rule.
      let isWanted = waited < Self.silentSeconds && service.watch.hasSilent
      if service.activeCount == 0, !isWanted { break }
    }
    cm_stop(server)
    Unmanaged.passUnretained(binding).release()
  }

  // MARK: - Callbacks, on the server's threads

  private static func binding(_ context: UnsafeMutableRawPointer?) -> Binding? {
    context.map { Unmanaged<Binding>.fromOpaque($0).takeUnretainedValue() }
  }

  private static let connected: @convention(c) (UnsafeMutableRawPointer?, Int32, Int32) -> Void = {
    context, descriptor, isOpen in
    guard let service = ModelServer.binding(context)?.service else { return }
    if isOpen == 0 {
      service.watch.forget(descriptor)
    } else {
      service.watch.set(descriptor, .silent, seconds: service.settings.headSeconds)
    }
  }

  private static let completed:
    @convention(c) (UnsafeMutableRawPointer?, OpaquePointer, UnsafeMutableRawPointer) -> Void = {
      context, connection, state in
      guard let binding = ModelServer.binding(context) else { return }
      binding.service.end(Unmanaged<Exchange>.fromOpaque(state).takeRetainedValue())
      let descriptor = cm_descriptor(binding.library.table, connection)
      binding.service.watch.set(
        descriptor, .between, seconds: binding.service.settings.idleSeconds)
    }

  private static let request:
    @convention(c) (
      UnsafeMutableRawPointer?, OpaquePointer, UnsafePointer<CChar>, UnsafePointer<CChar>,
      UnsafePointer<CChar>?, UnsafeMutablePointer<Int>,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Int32 = { context, connection, path, method, piece, count, state in
      guard let binding = ModelServer.binding(context) else { return 0 }
      guard let known = state.pointee else {
        let head = ModelServer.head(binding.library, connection, path, method)
        let exchange = binding.service.begin(head)
        state.pointee = Unmanaged.passRetained(exchange).toOpaque()
        return ModelServer.begin(binding, connection, head, exchange)
      }
      let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
      guard count.pointee > 0 else {
        return ModelServer.answer(binding, connection, exchange)
      }
      let service = binding.service
      exchange.take(
        UnsafeRawBufferPointer(start: piece, count: count.pointee),
        limit: service.settings.bodyLimit, reserve: service.reserve)
      count.pointee = 0
      return exchange.received <= service.settings.bodyLimit + service.settings.discardLimit ? 1 : 0
    }

  private static func head(
    _ library: HTTPLibrary, _ connection: OpaquePointer, _ path: UnsafePointer<CChar>,
    _ method: UnsafePointer<CChar>
  ) -> RequestHead {
    func field(_ name: String) -> String? {
      cm_field(library.table, connection, name).map { String(cString: $0) }
    }
    return RequestHead(
      method: String(cString: method), path: String(cString: path),
      contentType: field("Content-Type"), accept: field("Accept"),
      contentLength: field("Content-Length"), transferEncoding: field("Transfer-Encoding"),
      contentEncoding: field("Content-Encoding"), expects: field("Expect") != nil)
  }

  /// Waits for the body, also for one that is refused.
  ///
  /// An answer before the body closes the connection, and a client that still writes then may not
  /// see it. So only one that waits for a word, or announces more than is passed over, gets it now.
  private static func begin(
    _ binding: Binding, _ connection: OpaquePointer, _ head: RequestHead, _ exchange: Exchange
  ) -> Int32 {
    let service = binding.service
    service.watch.set(
      cm_descriptor(binding.library.table, connection), .busy,
      seconds: service.settings.requestSeconds)
    let isEndless = (head.announced ?? 0) > service.settings.discardLimit
    if exchange.refusal != nil, head.expects || isEndless {
      return answer(binding, connection, exchange)
    }
    return 1
  }

  private static func answer(
    _ binding: Binding, _ connection: OpaquePointer, _ exchange: Exchange
  ) -> Int32 {
    let answer = binding.service.answer(exchange)
    var texts = ["Content-Type", answer.contentType]
    for (name, value) in answer.fields { texts += [name, value] }
    return binding.library.answer(
      connection, status: answer.status, fields: texts, body: answer.body)
  }
}
