// Logs that only grow: of many who add at once none is lost, and what is damaged is named.
import AtelierTesting
import Content
import EventLogs
import Foundation
import Synchronization
import Testing

@Suite struct EventLogTests {
  @Test func ofManyWhoAddAtOnceEachGetsAPlace() throws {
    let folder = try TemporaryFolder()
    let log = FolderEventLog(folder("models"))
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { lane in
      for number in 0..<12 {
        do {
          _ = try EventChain("a", in: log).append(["event": .string("\(lane).\(number)")])
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let events = try EventChain("a", in: log).events()
    #expect(events.map(\.number) == Array(1...96))
    let texts = events.compactMap { $0.event["event"]?.string }
    #expect(Set(texts).count == 96)
    for lane in 0..<8 {
      let own = texts.filter { $0.hasPrefix("\(lane).") }
      #expect(own == (0..<12).map { "\(lane).\($0)" }, "the order of each that adds is kept")
    }
    #expect(TestFiles.list(folder("models")).allSatisfy { $0.hasPrefix("a/0000") })
  }

  @Test func onlyOneGetsThePlaceAfterWhatItSaw() throws {
    let folder = try TemporaryFolder()
    let chain = EventChain("tier", in: FolderEventLog(folder("models")))
    _ = try chain.append(["event": "first"])
    let winners = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { lane in
      if let added = try? chain.append(["lane": .integer(Int64(lane))], after: 1), added.number == 2
      {
        winners.withLock { $0 += 1 }
      }
    }
    #expect(winners.withLock { $0 } == 1)
    #expect(try chain.events().count == 2)
  }

  @Test func aDamagedOrMissingRecordIsNamed() throws {
    let folder = try TemporaryFolder()
    let chain = EventChain("a", in: FolderEventLog(folder("models")))
    for word in ["x", "y", "z"] { _ = try chain.append(["event": .string(word)]) }
    let path = "models/a/00000002.json"
    let sound = try TestFiles.text(folder(path))
    for broken in [sound.replacing("\"y\"", with: "\"n\""), "", "{}", sound + "x"] {
      try folder.write(broken, to: path)
      let error = #expect(throws: DamagedRecord.self) { _ = try chain.events() }
      #expect("\(error.map { "\($0)" } ?? "")".contains("00000002.json"))
    }
    try FileManager.default.removeItem(atPath: folder(path))
    let error = #expect(throws: DamagedRecord.self) { _ = try chain.events() }
    #expect("\(error.map { "\($0)" } ?? "")".contains("missing"))
    // Files that are no records are left alone.
    try folder.write(sound, to: path)
    try folder.write("note", to: "models/a/README")
    try folder.write("note", to: "models/a/1.json")
    #expect(try chain.events().count == 3)
  }
}
