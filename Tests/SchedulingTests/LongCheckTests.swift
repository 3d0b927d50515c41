// Results whose bytes take a while to check: checked beside the thread that owns the run.
import Atelier
import AtelierStep
import Content
import Execution
import FileTools
import Foundation
import LocalStores
import Publishing
import Synchronization
import Testing

@Suite struct LongCheckTests {
  private let lab: Laboratory

  init() throws { lab = try Laboratory() }

  private func graph() throws -> Graph {
    try lab.graph { p in
      let tree = p.add("a.grow", Grow(text: "b")).tree
      p.deliver("a.out", tree, to: Publication(bucket: "bucket", prefix: "pre", dataset: "data"))
    }
  }

  private func forget() throws {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: "\(lab.root)/.atelier/index.sqlite\(suffix)")
    }
  }

  @Test func aTreeThatNobodyVouchesForIsAHit() throws {
    let first = try lab.run(graph())
    #expect(first.statuses == ["a.grow": .built, "a.out": .delivered])
    let tree = try #require(first.report("a.grow")?.outputs["tree"])
    try forget()
    usleep(60_000)
    try lab.with { (environment) throws -> Void in
      let trees = environment.store.trees
      #expect(try trees.takesLong(tree))
      #expect(try trees.check(tree) == .good)
      // Once it was checked a glance will do.
      #expect(try !trees.takesLong(tree))
    }
    try forget()
    #expect(try lab.run(graph()).statuses == ["a.grow": .hit, "a.out": .unchanged])
    #expect(try lab.run(graph()).statuses == ["a.grow": .hit, "a.out": .unchanged])
  }

  @Test func aDamagedFileOfItRunsTheStepAgain() throws {
    let first = try lab.run(graph())
    let record = try #require(first.report("a.grow")?.outputs["tree"])
    let blob = try lab.with { environment in
      let manifest = try environment.store.trees.manifest(of: record)
      return environment.store.layout.blob(manifest.entries[0].digest)
    }
    chmod(blob, 0o644)
    try Data("damaged".utf8).write(to: URL(fileURLWithPath: blob))
    try forget()
    let second = try lab.run(graph())
    #expect(second.statuses == ["a.grow": .built, "a.out": .unchanged])
    #expect(second.explanations["a.grow"]?.cause == .blobMissing)
  }

  // MARK: Publishing

  /// A store with a tree of so many files, and the files as they are published.
  private func withTree(
    _ count: Int, _ body: (PublishedFolder, [PublishedFile], String) throws -> Void
  ) throws {
    try lab.with { environment in
      let scratch = "\(environment.store.layout.base)/work/scratch/tree"
      for number in 0..<count {
        let path = "\(scratch)/d\(number % 5)/f\(number)"
        try FileManager.default.createDirectory(
          atPath: Disk.parent(of: path), withIntermediateDirectories: true)
        try Data("content \(number)".utf8).write(to: URL(fileURLWithPath: path))
      }
      let tree = try environment.store.trees.adoptTree(scratch, mediaType: "m")
      let files = try environment.store.trees.manifest(of: tree).entries.map {
        PublishedFile(name: $0.path, digest: $0.digest, size: $0.size)
      }
      let dataset = environment.store.layout.root + "/bucket/data"
      try body(
        PublishedFolder(environment.store), files, "\(dataset)/exportTime=20240701120000")
    }
  }

  @Test func anInterruptedExportLeavesNothing() throws {
    try withTree(1000) { (place, files, export) throws -> Void in
      let isAsked = Atomic<Bool>(false)
      let copied = Atomic<Int>(0)
      #expect(throws: Interrupted.self) {
        try Interruption.heeding({ isAsked.load(ordering: .relaxed) }) {
          let progress = FileProgress(every: 0) { count in
            copied.store(count.files, ordering: .relaxed)
            if count.files >= 100 { isAsked.store(true, ordering: .relaxed) }
          }
          try progress.counting { _ = try place.publish(files, as: export) }
        }
      }
      #expect(copied.load(ordering: .relaxed) >= 100)
      let dataset = Disk.parent(of: export)
      #expect(try FileManager.default.contentsOfDirectory(atPath: dataset) == [])
      #expect(try place.publish(files, as: export))
      #expect(try place.files(in: export).count == 1000)
    }
  }

  @Test func allMissingFilesOfAnExportArePutBackTogether() throws {
    try withTree(600) { (place, files, export) throws -> Void in
      #expect(try place.publish(files, as: export))
      for file in files.dropFirst(3) {
        try FileManager.default.removeItem(atPath: "\(export)/\(file.name)")
      }
      guard case .lacks(let missing) = try place.compare(files, with: export) else {
        Issue.record("nothing is missing")
        return
      }
      #expect(missing.count == 597)
      #expect(try place.complete(export, with: missing, of: files))
      guard case .same = try place.compare(files, with: export) else {
        Issue.record("still another export")
        return
      }
      let dataset = Disk.parent(of: export)
      #expect(try FileManager.default.contentsOfDirectory(atPath: dataset).count == 1)
    }
  }
}
