// A machine without a network and without an account: the whole workshop, in a folder and in a
// bucket that answers on the loopback only.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

extension ConformanceTests {
  @Suite struct NoCloud {
    private static let alone = ["/usr/bin/unshare", "--map-root-user", "--net", "--"]

    /// Whether this kernel lets a test have a network of its own.
    private static let canBeAlone: Bool = {
      let ended = try? Space.start(
        alone[0], Array(alone.dropFirst()) + ["/bin/true"], environment: [:],
        folder: NSTemporaryDirectory())
      return ended?.code == 0
    }()

    /// Makes the loopback, a bucket behind it, and runs the rest of the line there.
    private static let withBucket = """
      import fcntl, os, socket, struct, subprocess, sys, time, urllib.request
      with socket.socket() as s:
          # SIOCSIFFLAGS: the loopback is up and running.
          fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", 0x41))
      port, bucket, command = sys.argv[1], sys.argv[2], sys.argv[3:]
      url = f"http://127.0.0.1:{port}"
      code = "import sys; from moto.server import main; main(sys.argv[1:])"
      server = subprocess.Popen(
          [sys.executable, "-c", code, "-H", "127.0.0.1", "-p", port],
          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
      try:
          for attempt in range(1200):
              try:
                  urllib.request.urlopen(
                      urllib.request.Request(f"{url}/{bucket}", method="PUT")).read()
                  break
              except OSError:
                  time.sleep(0.05)
          sys.exit(subprocess.call(command, env=dict(
              os.environ, AWS_ACCESS_KEY_ID="AKIDTEST", AWS_SECRET_ACCESS_KEY="secret",
              AWS_ENDPOINT_URL=url)))
      finally:
          server.kill()
      """

    /// A workshop's run: keys and digests by step.
    private func run(_ space: Space, _ more: [String: String] = [:]) throws -> [String: [String]] {
      space.environment = ["HOME": "/nonexistent", "PYTHONNOUSERSITE": "1"]
      let lines = try space.atelier(["run", "week5", "--json"], more).lines()
      #expect(lines.last?["built"]?.integer == 32)
      return lines.filter { $0["event"] == "step" }.reduce(into: [:]) { steps, event in
        let outputs = (event["outputs"]?.object ?? [:]).sorted { $0.key < $1.key }
          .map { "\($0.key) \($0.value["digest"]?.string ?? "")" }
        steps[event["step"]?.string ?? ""] = [event["key"]?.string ?? ""] + outputs
      }
    }

    @Test(
      "sagemaker-python-sdk#3084: local needs no cloud: no network, no account, the same results",
      .enabled(if: canBeAlone, "this kernel gives a test no network of its own"),
      .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
    func localNeedsNoCloud() throws {
      let local = try Space()
      local.starter = Self.alone
      let first = try run(local)
      #expect(first.count == 32)

      let shared = try Space()
      let port = try LoopbackPort.free()
      shared.starter =
        Self.alone + [BucketServer.python, "-c", Self.withBucket, "\(port)", "cmle-workshop"]
      let second = try run(shared, ["Atelier.store": "s3", "AWS.s3_bucket_name": "cmle-workshop"])
      #expect(second == first)
    }
  }
}
