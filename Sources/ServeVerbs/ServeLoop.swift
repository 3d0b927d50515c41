// A server from its start to a signal. It knows no model.
import CSystem
import CommandLine
import Serve
import Terminal

struct ServeLoop {
  /// How often an endpoint's document is looked at.
  private static let milliseconds: Int32 = 200

  let server: ModelServer
  /// Readable after a signal.
  let signals: Int32
  let output: Console

  /// From now on SIGTERM and SIGINT end the loop; a second one ends the process at once.
  static func catchSignals() throws -> Int32 {
    let descriptor = cs_catch_signals()
    guard descriptor >= 0 else {
      throw UsageError("cannot catch signals: \(String(cString: cs_error()))")
    }
    return descriptor
  }

  static func url(_ server: ModelServer, _ settings: ServerSettings) -> String {
    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    return "http://\(host):\(server.port)"
  }

  /// Says where it serves: the URL is data, the rest is talk.
  func announce(_ settings: ServerSettings, _ source: String) throws {
    guard let model = server.model else { return }
    output.message(
      "atelier: serving \(source), model sha256:\(model.digest.short) "
        + "(\(Text.count(model.featureCount, "feature")), \(model.objective)); "
        + "SIGTERM or Ctrl-C ends it when all requests are answered")
    try output.data(Self.url(server, settings) + "\n")
  }

  /// Serves until a signal and then until all is answered; `look` is called some times a second.
  ///
  /// `signalled` is called at the signal, and `closed` when no more connections are accepted: then
  /// another server can have the port.
  func run(
    signalled: () -> Void = {}, closed: () -> Void = {}, _ look: () -> Void
  ) -> Int32 {
    while true {
      var descriptors = [signals]
      // Below 0: a signal came while it slept, of which the descriptor tells.
      if cs_poll(&descriptors, 1, Self.milliseconds) > 0 { break }
      server.expire()
      look()
    }
    output.message("atelier: ending; requests that have begun are answered")
    signalled()
    server.stop(closed: closed) { seconds in
      var none: [Int32] = [-1]
      _ = cs_poll(&none, 1, Int32(seconds * 1000))
      return true
    }
    return ExitCode.success
  }
}
