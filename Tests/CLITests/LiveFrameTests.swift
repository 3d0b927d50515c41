// The block of the live view: what it shows at which size.
import Testing

@testable import RunDisplay
@testable import Terminal

@Suite struct LiveFrameTests {
  private func status(running: Int = 2, total: Int = 5, done: Int = 2) -> LiveStatus {
    var status = LiveStatus(workshop: "propensity", total: total, done: done)
    status.began = 100
    status.built = done
    status.running = (0..<running).map {
      RunningStep(name: "week4.train.\($0)", since: 120 + Double($0))
    }
    return status
  }

  private func lines(_ status: LiveStatus, _ columns: Int, rows: Int = 24) -> [String] {
    LiveFrame.lines(status, size: .init(columns: columns, rows: rows), now: 130.5).map(\.text)
  }

  private var full: LiveStatus {
    var full = status()
    full.hits = 1
    full.failed = 1
    full.left = 42
    full.running[0].fraction = 0.5
    full.running[0].expected = 21
    full.running[1].note = "waits for another run"
    return full
  }

  @Test func eightyColumns() {
    #expect(
      lines(full, 80) == [
        "propensity  [============>                 ]  2/5  30 s, about 40 s left",
        "  1 failed, 2 running, 2 ran, 1 cached",
        "  week4.train.0  [=======>      ]   50 %  10 s of about 20 s",
        "  week4.train.1  9 s, waits for another run",
      ])
  }

  @Test func otherWidths() {
    #expect(
      lines(full, 20) == [
        "2/5  30 s", "  1 failed, 2 ru...", "  week4.train.0", "  week4.train.1",
      ])
    #expect(
      lines(full, 40) == [
        "propensity 2/5  30 s, about 40 s left", "  1 failed, 2 running, 2 ran, 1 cached",
        "  week4.train.0  10 s of about 20 s", "  week4.train.1  9 s",
      ])
    #expect(
      lines(full, 200)[0]
        == "propensity  [============>                 ]  2/5  30 s, about 40 s left")
  }

  @Test(arguments: [1, 2, 5, 20, 40, 80, 200], [1, 2, 3, 5, 24, 100])
  func everySizeFits(columns: Int, rows: Int) {
    for status in [full, status(running: 0, total: 0, done: 0), status(running: 500)] {
      let lines = lines(status, columns, rows: rows)
      #expect(lines.count <= max(1, min(8, rows - 2)))
      #expect(lines.allSatisfy { DisplayText.cells($0) < max(2, columns) }, "\(lines)")
    }
  }

  @Test func manyRunningStepsAreFolded() {
    let lines = lines(status(running: 64, total: 5000, done: 1234), 80)
    #expect(lines.count == 8)
    #expect(lines[0] == "propensity  [======>                     ]  1234/5000  30 s")
    #expect(lines[1] == "  64 running, 1234 ran")
    #expect(lines[2] == "  week4.train.0  10 s")
    #expect(lines[7] == "  and 59 more")
  }

  @Test func timesThatAreNotKnown() {
    var status = status()
    #expect(lines(status, 80)[0].hasSuffix("2/5  30 s"))
    status.left = 0
    #expect(lines(status, 80)[0].hasSuffix("2/5  30 s, longer than last time"))
    status.left = 0.2
    #expect(lines(status, 80)[0].hasSuffix("2/5  30 s, about 1 s left"))
    status.isStopping = true
    #expect(lines(status, 80)[0].hasSuffix("2/5  30 s, stopping"))
  }

  @Test func roundedTimes() {
    let about = [0.1, 9.4, 12, 58, 100, 290, 700, 4000, 7300].map(ClockText.about)
    #expect(
      about == [
        "1 s", "9 s", "10 s", "1 min", "1 min 30 s", "5 min", "12 min", "1 h 10 min", "2 h 00 min",
      ])
    #expect(
      [0, 59.9, 65, 3600].map(ClockText.whole) == ["0 s", "59 s", "1 min 05 s", "1 h 00 min"])
  }

  @Test func aScreenIsOverwrittenNotCleared() {
    var screen = LiveScreen(color: false)
    let size = Terminal.Size(columns: 20, rows: 10)
    let block = [StyledLine("header"), StyledLine("0123456789012345678")]
    #expect(
      screen.update(permanent: [], block: block, size: size)
        == "\r\u{1B}[Kheader\r\n\u{1B}[K0123456789012345678\r\n\u{1B}[J")
    #expect(screen.update(permanent: [], block: block, size: size) == "")
    // At half the width the second line has wrapped: three rows.
    let narrow = screen.update(
      permanent: [StyledLine("news")], block: [block[0]], size: .init(columns: 10, rows: 10))
    let clear = String(repeating: "\u{1B}[K\u{1B}[B", count: 3)
    #expect(
      narrow == "\r\u{1B}[3A\(clear)\u{1B}[3Anews\r\n\u{1B}[Kheader\r\n\u{1B}[J")
    #expect(
      screen.update(permanent: [], block: [], size: .init(columns: 10, rows: 10))
        == "\r\u{1B}[1A\u{1B}[J")
  }
}
