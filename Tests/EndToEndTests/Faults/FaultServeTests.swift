// A server that is started while the one before it still ends.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultServeTests {
  /// 1.9: the new server takes the endpoint over, on another port or on the same one.
  @Test(arguments: [true, false])
  func program19ARestartServesWhileTheOldOneDrains(samePort: Bool) throws {
    let space = try FixtureSpace([["name": "one.model", "model": "model.ubj"]])
    try TestFiles.write(TestModels.first.get(), to: space.folder("model.ubj"))
    func serve(_ port: UInt16?) throws -> ServedSpace {
      try ServedSpace { free in
        try space.start(
          ["serve", "--port", "\(port ?? free)", "--endpoint", "shop"], environment: Space.tools)
      }
    }
    let old = try serve(nil)
    old.program.signal(SIGTERM)
    let began = Date()
    guard samePort else {
      let new = try serve(nil)
      #expect(try old.end(by: 0).code == 0)
      #expect(try new.predictions("1,2,3").model == "\(Digest.of(TestModels.first.get()))")
      #expect(!new.program.hasEnded)
      #expect(Date().timeIntervalSince(began) < 600)
      return
    }
    let new = try space.start(
      ["serve", "--port", "\(old.port)", "--endpoint", "shop"], environment: Space.tools)
    defer {
      new.signal(SIGKILL)
      _ = try? new.wait()
    }
    #expect(try old.end(by: 0).code == 0)
    while try old.status("/ping") != 200, !new.hasEnded, Date().timeIntervalSince(began) < 600 {
      usleep(10_000)
    }
    #expect(try old.predictions("1,2,3").model == "\(Digest.of(TestModels.first.get()))")
  }
}
