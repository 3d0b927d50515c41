// Downloads one file: follows redirects, tries again what may succeed, and names no query.
import CSystem
import Content

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Downloads files with GET.
package struct FileDownload: Sendable {
  private static let mostRedirects = 10

  package var transport: any HTTPTransport
  package var retries: RetryPolicy
  package var timing: Timing
  package var isCancelled: @Sendable () -> Bool

  package init(
    transport: any HTTPTransport, retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.transport = transport
    self.retries = retries
    self.timing = timing
    self.isCancelled = isCancelled
  }

  /// Writes the file at an address to a path and gives its digest and size.
  ///
  /// Throws a `DownloadRefusal`, a `TransportFailure` or a `FileFailure`.
  package func fetch(_ address: WebAddress, to path: String) throws -> SizedDigest {
    let begun = timing.elapsed()
    var attempt = 1
    while true {
      let (error, verdict): (any Error, RetryPolicy.Verdict)
      do {
        return try attemptOnce(address, path)
      } catch let refusal as DownloadRefusal {
        error = refusal
        verdict =
          refusal.isTransient
          ? retries.pause(
            attempt, timing.elapsed() - begun, timing.random(), asked: refusal.retryAfter)
          : .giveUp
      } catch let failure as TransportFailure {
        error = failure
        verdict = retries.verdict(
          on: failure, attempt: attempt, elapsed: timing.elapsed() - begun,
          random: timing.random())
      }
      guard case .retry(let seconds) = verdict else { throw error }
      guard timing.pause(seconds, unless: isCancelled) else {
        throw TransportFailure(.cancelled, "")
      }
      attempt += 1
    }
  }

  /// One exchange, and one more for each redirect.
  private func attemptOnce(_ address: WebAddress, _ path: String) throws -> SizedDigest {
    var address = address
    for _ in 0...Self.mostRedirects {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw FileFailure(operation: "write", path: path, reason: String(cString: cs_error()))
      }
      defer { close(descriptor) }
      let sink = try FileSink(descriptor: descriptor, path: path, offset: 0, hashing: true)
      let request = HTTPRequest(
        "GET", address.base, path: address.target,
        fields: [HTTPField("User-Agent", "atelier"), HTTPField("Accept-Encoding", "identity")])
      let answer = try transport.perform(request, sink: sink, isCancelled: isCancelled)
      if answer.head.succeeded, let digest = sink.digest {
        return SizedDigest(digest: digest, size: sink.count)
      }
      guard [301, 302, 303, 307, 308].contains(answer.head.status),
        let location = answer.head["Location"]
      else { throw DownloadRefusal(answer.head, now: timing.now()) }
      do {
        address = try address.redirected(to: location)
      } catch {
        throw DownloadRefusal(status: answer.head.status, isTransient: false)
      }
    }
    throw DownloadRefusal(status: 310, isTransient: false)
  }
}

/// An answer that is not the file.
package struct DownloadRefusal: Error, Hashable, CustomStringConvertible {
  package let status: Int
  /// Whether the same request may succeed a little later.
  package let isTransient: Bool
  package var retryAfter: Double?

  init(status: Int, isTransient: Bool) {
    self.status = status
    self.isTransient = isTransient
  }

  init(_ head: HTTPHead, now: UnixTime) {
    let passing = [408, 425, 429].contains(head.status) || (500..<600).contains(head.status)
    self.init(status: head.status, isTransient: passing)
    retryAfter = head.retryAfter(now: now)
  }

  package var description: String {
    switch status {
    case 310: "the server redirects without an end; check the address"
    case 300..<400:
      "the server answered \(status) with a redirect that names no http or https address; give the "
        + "file's own address"
    case 401, 403:
      "the server answered \(status), so it wants credentials or a fresh signature; get the file "
        + "yourself and give its path, or use s3://bucket/key"
    case 404, 410: "the server answered \(status), so there is no such file; check the address"
    case 408, 425, 429, 500..<600:
      "the server answered \(status), after several attempts; try again later"
    default: "the server answered \(status), expected 200; check the address"
    }
  }
}
