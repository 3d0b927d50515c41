// Whatever happens to us: no child is left, and a shell sees how we ended.
import CSystem
import Foundation
import Subprocess
import Testing

#if os(Linux)
  @Suite struct OrphanTests {
    /// Starts the probe, kills it by SIGKILL, and says whether the marked processes went.
    private func strays(_ command: Command, mark: String, count: Int) throws -> [Int32] {
      var middle = command
      middle.supervised = false  // only SIGKILL to the middle, nothing of ours helps
      middle.deathSignal = 0
      let process = try middle.start(output: .pipe)
      #expect(expectText("started", from: process.output))
      #expect(eventually { sleepers(mark).count == count })
      kill(process.pid, SIGKILL)
      defer { _ = process.wait() }
      _ = eventually { processes(with: mark).isEmpty }
      return processes(with: mark)
    }

    private func sleepers(_ mark: String) -> [Int32] {
      let probes = processes(with: "subprocess-probe")
      return processes(with: "sleep\0\(mark)").filter { !probes.contains($0) }
    }

    @Test func aPlainChildDiesWithItsParent() throws {
      let mark = marker()
      let command = probe("start", "plain", "/bin/sleep", mark)
      #expect(try strays(command, mark: mark, count: 1) == [])
    }

    @Test func aSupervisedTreeDiesWithItsParent() throws {
      let mark = marker()
      let script = "trap '' TERM; sleep \(mark) & setsid sleep \(mark) & sleep \(mark); true"
      let command = probe("start", "supervised", "/bin/sh", "-c", script)
      #expect(try strays(command, mark: mark, count: 3) == [])
    }

    @Test func aWorkersGroupDiesWithTheRunner() throws {
      let mark = marker()
      let script = "trap '' TERM; sleep \(mark) & sleep \(mark); true"
      let command = probe(
        "start", "worker", probe().executable, "group", "/bin/sh", "-c", script)
      #expect(try strays(command, mark: mark, count: 2) == [])
    }

    @Test func aCaughtSignalIsToldAndPassedOnToTheShell() throws {
      var command = probe("catch")
      command.supervised = false
      let process = try command.start(output: .pipe)
      #expect(expectText("ready", from: process.output))
      kill(process.pid, SIGHUP)
      #expect(expectText("caught 1\n", from: process.output))
      #expect(process.wait().status == .signalled(SIGHUP))
    }

    @Test(arguments: [(SIGINT, "130"), (SIGTERM, "143")])
    func theSecondSignalEndsUsAsAShellExpects(signal: Int32, code: String) throws {
      let path = probe().executable
      let script = "'\(path)' catch & echo $!; wait $!; echo code $?"
      var command = shell(script)
      if signal == SIGINT {
        // A shell lets its background jobs ignore SIGINT; env gives them the default back.
        command = shell("env --default-signal=INT \(script)")
      }
      var told: [String] = []
      _ = try command.run(
        output: .lines { line in
          told.append(line)
          // The shell's line and the program's first one come in any order.
          guard told.contains("ready"), !line.hasPrefix("code"),
            let pid = told.compactMap(Int32.init).first
          else { return }
          kill(pid, signal)
        }, timeout: 200)
      #expect(told.contains("caught \(signal)"))
      #expect(told.last == "code \(code)")
    }
  }
#endif
