// What everybody can write to a store, a bucket or a project is read here in 5,000 mutations each
// (20,000 by `make fuzz`): none
// crashes or hangs, and what is accepted is within its range.
import AdobePlatform
import AtelierStep
import AtelierTesting
import Baselines
import Content
import EventLogs
import Execution
import FileIndex
import Foundation
import Names
import Models
import PlatformSources
import Promotion
import Provenance
import Subprocess
import Testing

@testable import Configuration
@testable import FeatureStore
@testable import FileTools
@testable import ImageRegistry
@testable import Inbox
@testable import JobRuns
@testable import LocalStores
@testable import OCI
@testable import Planning
@testable import PlatformActions
@testable import Plans
@testable import Programs
@testable import Publishing
@testable import RemoteCache
@testable import RemoteSources
@testable import RemoteSteps
@testable import Stamps
@testable import StoreFolder
@testable import StoreMaintenance

/// One kind of document and how it is read.
struct Reader: Sendable, CustomTestStringConvertible {
  let name: String
  let corpus: [[UInt8]]
  /// Whether the bytes are accepted; throws where they are and should not be.
  let accepts: @Sendable ([UInt8]) throws -> Bool

  init(name: String, corpus: [String], accepts: @escaping @Sendable ([UInt8]) throws -> Bool) {
    self.init(name: name, bytes: corpus.map { Array($0.utf8) }, accepts: accepts)
  }

  init(name: String, bytes: [[UInt8]], accepts: @escaping @Sendable ([UInt8]) throws -> Bool) {
    self.name = name
    corpus = bytes
    self.accepts = accepts
  }

  var testDescription: String { name }

  /// Words that numbers, times and sizes break on.
  static let words = [
    "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "-0", "1e400",
    "NaN", "99999999999999", "2026-02-31", "\\u0000", "../", "{", "}", "[", "]", "\"", ":", ",",
    "null",
    "true", "\n", "=", "%(", "sha256:",
  ]
}

@Suite struct ReaderFuzzTests {
  private static let digest = "sha256:" + String(repeating: "ab", count: 32)
  private static let id = "20261121T114854.123-7f3a9c0d41e2"

  static let readers: [Reader] = [
    result, record, tag, version, remoteNote, sourceNote, mark, ledger, featureLog, baseline,
    configuration, exportName, runName, time, program, loaderList, packages, rpmPackages,
    pythonSettings,
    decision,
    definition, order, answer, batch, lease, imageIndex, imageManifest, dockerFile, packageExcerpt,
    hyperparameters, jobRequest, plan, intent, batchNote, datasetVersion, segment, footer,
    accounts, constants, folderStack,
    modelEvent, attestation, signingKey, journal,
  ]

  @Test(arguments: readers) func noInputBreaks(_ reader: Reader) throws {
    let found = try FuzzBudget(reader.name, count: 5000).run(
      corpus: reader.corpus, words: Reader.words, check: reader.accepts)
    #expect(found.accepted > 0 && found.refused > 0, "\(found)")
  }

  /// A source that reads a whole file of a store is the reader of something listed above.
  @Test func everyReaderIsListed() throws {
    let known: [String: [String]] = [
      "LocalStores/ActionCache.swift": ["result"], "LocalStores/RunStore.swift": ["run record"],
      "StoreMaintenance/StoreTags.swift": ["tag"], "StoreFolder/StoreOpening.swift": ["version"],
      "RemoteCache/RemoteNotes.swift": ["note of a shared store"],
      "RemoteSources/SourceNotes.swift": ["note of a source"],
      "AdobePlatform/IntentFile.swift": ["intent"],
      "PlatformSources/BatchNotes.swift": ["note of a batch"],
      "PlatformActions/ActionCall.swift": ["version of a data set"],
      "PlatformActions/SegmentAction.swift": ["segment to evaluate"],
      "Stamps/UpToDateCache.swift": ["mark"], "Inbox/InboxLedger.swift": ["ledger"],
      "Publishing/PublishedFolder.swift": ["feature log"],
      "StoreMaintenance/LocalIntegrityCheck.swift": ["result"],
      "StoreMaintenance/LocalStore+Inventory.swift": ["result"],
      "Programs/ProgramLoads.swift": ["head of a program", "list of a loader"],
      "Project/FileSystem.swift": ["head of a program"],
      "FeatureStore/FeatureBatch.swift": ["feature definition"],
      "Programs/PythonFiles.swift": ["settings of a Python"],
      "Programs/DpkgDatabase.swift": ["packages"], "Execution/Resolver.swift": ["decision"],
      "OCI/ImageLayout.swift": ["index of an image", "manifest of an image"],
      "ImageRegistry/RegistryCredentials.swift": ["file of docker"],
      "ImageVerbs/ImageContents.swift": ["settings of a Python"],
      "ImageVerbs/ProjectFiles.swift": ["config.ini"],
      "Programs/PackageRecords.swift": ["excerpt of packages"],
      "JobRuns/JobCommand.swift": ["hyperparameters of a training"],
      // The list of its batch; the log of a step is handed on as it is.
      "RemoteSteps/TaskRun.swift": ["list of a batch"],
      "EventLogs/FolderEventLog.swift": ["event about a model"],
      "FolderAccounts/FolderAccount.swift": ["stack of a folder"],
      "FolderStores/SharedFolder.swift": ["order", "answer", "list of a batch", "lease", "result"],
    ]
    let names = Set(Self.readers.map(\.name))
    for name in known.values.joined() { #expect(names.contains(name), "\(name)") }
    let sources = TestTools.root + "/Sources"
    for path in TestFiles.list(sources)
    where path.hasSuffix(".swift") && path != "FileTools/Disk.swift" {
      let text = try TestFiles.text("\(sources)/\(path)")
      guard text.contains("Disk.read(") || text.contains("Disk.readDocument(") else { continue }
      #expect(known[path] != nil, "\(path) reads a file: add its reader to this list and fuzz it")
    }
  }

  // MARK: What the platform's effects keep

  private static let intent = Reader(
    name: "intent",
    corpus: [#"{"ids":{"batch":"01A"},"name":"atelier-1","phase":"asked","v":1}"#]
  ) { bytes in
    IntentFile.intent(bytes, of: "atelier-1") != nil
  }

  private static let batchNote = Reader(
    name: "note of a batch",
    corpus: [#"{"batch":"01A","files":[{"id":"f","length":7,"name":"part-0.parquet"}]}"#]
  ) { bytes in
    guard let files = BatchNotes.files(bytes, of: "01A") else { return false }
    guard files.allSatisfy({ $0.length >= 0 }) else { throw BrokenProperty("a negative length") }
    return true
  }

  private static let datasetVersion = Reader(
    name: "version of a data set",
    corpus: [
      #"{"batches":[{"id":"01A","records":7}],"dataset":"65","host":"h","org":"o","sandbox":"s","v":1}"#
    ]
  ) { bytes in
    do {
      return try DataSetVersion(parsing: bytes).bytes() == bytes
    } catch is UnsoundVersion {
      return false
    }
  }

  private static let segment = Reader(
    name: "segment to evaluate",
    corpus: [
      #"{"description":"d","expression":{"value":"r"},"name":"n","ttlInDays":60}"#,
      "rule,reach,subscribed\nr,7,1\n", "userId,prediction\nu1,0.5\nu2,1e-3\n",
    ]
  ) { bytes in
    let definition = try? SegmentInputs.definition(bytes)
    let reach = try? SegmentInputs.reach(bytes)
    let scores = SegmentInputs.scores(bytes, isWhole: true, most: 10)
    return definition.map { (1...3660).contains($0.days) } ?? reach.map { $0 >= 0 }
      ?? (scores.count <= 10 && !scores.isEmpty)
  }

  /// A version, then rows; and the same with a schema of two elements between.
  private static let footer = Reader(
    name: "footer of a Parquet file",
    bytes: [
      [0x15, 0x02, 0x26, 0x90, 0x03, 0x00],
      [0x15, 0x04, 0x19, 0x2C, 0x48, 0x01, 0x61, 0x00, 0x15, 0x02, 0x00, 0x16, 0x0A, 0x00],
    ]
  ) { bytes in
    guard let rows = try? ParquetRows.count(inFooter: bytes) else { return false }
    return rows >= 0
  }

  // MARK: What a job reads

  private static let hyperparameters = Reader(
    name: "hyperparameters of a training", corpus: [#"{"request":"s3://bucket/key","rounds":"5"}"#]
  ) { bytes in
    JobCommand.request(inHyperparameters: bytes) != nil
  }

  private static let jobRequest: Reader = {
    let text =
      #"{"code":{"F.S":"c"},"decisions":[],"files":{"train":{"file":"f","node":"n"}},"job":"j","nodes":"#
      + #"["n"],"plan":"\#(digest)","planKey":"k","region":"","store":{"bucket":"b","prefix":""},"v":1,"#
      + #""workshop":"w"}"#
    return Reader(name: "request of a job", corpus: [text]) { bytes in
      // Under the name of its own bytes, as somebody who can write to the bucket would put it there.
      let canonical = (try? JSONValue(parsing: bytes).canonicalBytes()) ?? bytes
      let key = "jobs/\(try Digest.of(canonical).hex).json"
      do {
        _ = try RequestedJob(bytes: bytes, from: S3URL(bucket: "b", key: key))
        return true
      } catch is JobRefusal {
        return false
      }
    }
  }()

  private static let plan: Reader = {
    let content =
      #""nodes":[{"content":{"digest":"\#(digest)","size":1},"kind":"source","name":"n"}],"reads":"#
      + #"{"files":{"f":{"digest":"\#(digest)","size":2}},"folders":{"d":["x"]}},"settings":"#
      + #"{"A.b":"c"},"v":1,"workshop":"w"}"#
    let own = (try? Digest.of("{" + content))?.description ?? ""
    return Reader(name: "plan", corpus: [#"{"digest":"\#(own)","# + content]) { bytes in
      do {
        let plan = try PlanDocument(bytes: bytes)
        guard plan.sources.values.allSatisfy({ $0.size >= 0 }) else {
          throw BrokenProperty("a negative size")
        }
        return true
      } catch is PlanDocumentError {
        return false
      }
    }
  }()

  // MARK: Files of a store

  private static let result: Reader = {
    let document = #"{"outputs":{"out":{"kind":"file","mediaType":"text/plain"}},"step":"s"}"#
    let key = (try? Digest.of(document)).map(ActionKey.init)
    let file =
      #"{"document":\#(document),"exit":0,"host":"h","key":"\#(key?.description ?? "")","outputs":"#
      + #"{"out":{"digest":"\#(digest)","kind":"file","mediaType":"text/plain","size":"7"}},"seconds":1,"#
      + #""startedAt":"2026-11-21T11:48:54.123Z","version":1,"versions":{"a":"1"}}"#
    return Reader(name: "result", corpus: [file]) { bytes in
      guard let key, let result = ActionResult(fileBytes: bytes, key: key) else { return false }
      let sizes = result.outputs.values.map(\.size)
      guard sizes.allSatisfy({ $0 >= 0 }), sizes.saturatedSum({ $0 }) >= 0,
        (0...253_402_300_799_999).contains(result.startedAt.milliseconds + 62_167_219_200_000)
          || result.startedAt.iso8601.utf8.count == 24
      else { throw BrokenProperty("out of range") }
      return true
    }
  }()

  private static let record = Reader(
    name: "run record",
    corpus: [
      #"{"v":1,"id":"\#(id)","workshop":"w","startedAt":"2026-11-21T11:48:54Z","seconds":1.5,"host":"h","#
        + #""status":"ok","steps":{"s":{"status":"built","key":"\#(digest)","cached":false,"outputs":"#
        + #"{"out":{"digest":"\#(digest)","size":7}},"seconds":0.25}}}"#
    ]
  ) { bytes in
    guard let json = try? JSONValue(parsing: bytes), let run = RunRecord(json: json) else {
      return false
    }
    for step in json["steps"]?.object ?? [:] { _ = run.step(step.key)?.seconds.rounded() }
    if let id = RunID(id) { _ = RunRoots.reader(id, json) }
    return true
  }

  private static let tag = Reader(name: "tag", corpus: ["\(id)\n", ""]) { bytes in
    guard let run = StoreTags.run(in: bytes) else { return false }
    _ = run.startedAt
    return true
  }

  private static let version = Reader(name: "version", corpus: ["1\n", "", "\0\0", "2\n"]) {
    bytes in
    StoreOpening.version(in: bytes) == .ours
  }

  private static let remoteNote = Reader(
    name: "note of a shared store",
    corpus: [
      #"{"v":2,"createsOnlyOnce":true,"ranges":false,"replacesOnlyKnown":true,"comparesBareTags":true}"#
    ]
  ) { bytes in RemoteNotes.abilities(bytes) != nil }

  private static let sourceNote = Reader(
    name: "note of a source", corpus: [#"{"digest":"\#(digest)","object":"o","version":"1"}"#]
  ) { bytes in SourceNotes.digest(bytes, "o", "1") != nil }

  /// The row of a mark: its checksum would keep all mutations from it.
  private static let mark: Reader = {
    var stamps = FileStamps()
    let identity = FileIdentity(device: 1, inode: 2, size: 3, mtime: 4, ctime: 5)
    stamps.add(.init(path: "/nowhere", isFolder: false, identity: identity))
    var row = RowWriter()
    row.add([1, 2, 3] as [UInt8])
    stamps.write(to: &row)
    return Reader(name: "mark", bytes: [row.bytes]) { bytes in
      var reader = RowReader(bytes)
      guard reader.bytes() != nil, let stamps = FileStamps(row: &reader) else { return false }
      guard stamps.files.count <= bytes.count else { throw BrokenProperty("more files than bytes") }
      return reader.isAtEnd
    }
  }()

  private static let ledger = Reader(
    name: "ledger",
    corpus: [
      #"{"v":1,"sequence":3,"object":"a.csv","digest":"\#(digest)","version":"1 2 3","state":"failed","#
        + #""arrived":"2026-11-21T11:48:54.123Z","ended":"2026-11-21T11:48:54.123Z","attempts":2,"#
        + #""run":"\#(id)","reason":"r"}"#
    ]
  ) { bytes in
    guard let json = try? JSONValue(parsing: bytes), let arrival = Arrival(json: json) else {
      return false
    }
    // A watcher counts on from both.
    guard arrival.sequence < .max - 1, arrival.attempts < .max - 1, arrival.attempts >= 0 else {
      throw BrokenProperty("out of range")
    }
    return true
  }

  private static let featureLog = Reader(
    name: "feature log",
    corpus: [
      (try? Ingestion(
        sequence: 1, batch: Digest.of("b"),
        definition: FeatureDefinition(
          recordIdentifier: "id", eventTime: "time",
          features: [
            .init("id", .string), .init("time", .fractional), .init("score", .fractional),
          ]),
        files: [.init(date: "2026-11-21", digest: Digest.of("f"), size: 7)],
        author: .init(run: id, host: "h"), time: Timestamp(milliseconds: 1_763_725_734_123)
      ).bytes).map { String(decoding: $0, as: UTF8.self) } ?? ""
    ]
  ) { bytes in
    guard let ingestion = Ingestion(bytes, sequence: 1) else { return false }
    guard ingestion.files.allSatisfy({ $0.size >= 0 }) else {
      throw BrokenProperty("a negative size")
    }
    return true
  }

  // MARK: Notices between a head and its jobs

  private static let order = Reader(
    name: "order",
    corpus: [
      #"{"v":1,"name":"one.a","inputs":{},"programs":{"sh":"/bin/sh"},"limits":{"retries":1,"#
        + #""retryDelay":1,"backoff":2,"timeout":null},"document":{"schema":"atelier.action/2","#
        + #""family":"F","step":"S","code":{},"build":{},"platform":"p","runtime":{},"#
        + #""environment":{},"network":false,"sql":{},"parameters":{},"inputs":{},"outputs":{},"#
        + #""programs":{},"packages":{}}}"#
    ]
  ) { bytes in (try? StepOrder(bytes: bytes))?.limits.retries == 1 }

  private static let answer = Reader(
    name: "answer",
    corpus: [
      #"{"v":1,"key":""# + String(repeating: "ab", count: 32)
        + #"","status":"failed","text":"why","seconds":1.5,"node":"n1","job":"7_0","#
        + #""warnings":["w"],"lost":[]}"#
    ]
  ) { bytes in StepAnswer(bytes: bytes)?.text == "why" }

  private static let batch = Reader(
    name: "list of a batch",
    corpus: [
      #"{"v":1,"lifetime":3000,"logLimit":10,"tasks":[[""# + String(repeating: "ab", count: 32)
        + #""],[]]}"#
    ]
  ) { bytes in
    guard let list = TaskList(bytes: bytes) else { return false }
    guard list.lifetime > 0 else { throw BrokenProperty("a lease without life") }
    return list.tasks.count == 2
  }

  private static let lease = Reader(
    name: "lease",
    corpus: [#"{"holder":"a","expires":12,"job":"7_0","node":"n1","progress":0.5}"#]
  ) { bytes in RemoteLease(note: bytes, tag: "").work?.node == "n1" }

  // MARK: Files of a machine

  private static let program: Reader = {
    var head = [UInt8](repeating: 0, count: 200)
    let values: [(Int, [UInt8])] = [
      (0, [0x7F, 0x45, 0x4C, 0x46, 2, 1]), (32, [64]), (54, [56]), (56, [1]), (64, [3]),
      (72, [160]), (96, [12]), (160, Array("/lib/ld-x.so".utf8)),
    ]
    for (place, bytes) in values { head.replaceSubrange(place..<place + bytes.count, with: bytes) }
    return Reader(name: "head of a program", bytes: [head]) { bytes in
      ElfHeader(bytes)?.interpreter != nil
    }
  }()

  private static let loaderList = Reader(
    name: "list of a loader",
    corpus: [
      "\tlinux-vdso.so.1 (0x7f)\n\tlibm.so.6 => /lib/libm.so.6 (0x7f)\n\t/lib64/ld.so (0x1)\n"
    ]
  ) { bytes in
    let paths = ProgramLoads.paths(inList: String(decoding: bytes, as: UTF8.self))
    guard paths.allSatisfy({ $0.hasPrefix("/") }) else { throw BrokenProperty("no path: \(paths)") }
    return paths.count == 2
  }

  private static let packages = Reader(
    name: "packages",
    corpus: [
      "Package: a\nStatus: install ok installed\nVersion: 1\nDepends: b (>= 1) | c:any, d\n\n"
        + "Package: b\nStatus: deinstall ok config-files\nVersion: 2\nProvides: d (= 1)\n"
    ]
  ) { bytes in DpkgDatabase.packages(status: bytes).named("a").first?.depends.contains("d") == true
  }

  private static let rpmPackages = Reader(
    name: "packages of rpm",
    corpus: [
      "P\ta\tx86_64\t0:1-2\nR\tlibc.so.6()(64bit)\nR\t(b >= 1 if (d or e))\nV\ta\nF\t/usr/bin/a\n"
        + "P\tb\tnoarch\t0:1-1\nV\tb\n"
    ]
  ) { bytes in RpmDatabase.packages(listed: bytes).named("a").first?.depends.contains("d") == true }

  private static let pythonSettings = Reader(
    name: "settings of a Python",
    corpus: ["home = /usr/bin\ninclude-system-site-packages = true\nversion = 3.11.2\n"]
  ) { bytes in PythonFiles.settings(in: bytes)?.seesPackages == true }

  private static let definition = Reader(
    name: "feature definition",
    corpus: [
      (try? FeatureDefinition(
        recordIdentifier: "id", eventTime: "time",
        features: [.init("id", .string), .init("time", .fractional), .init("score", .integral)]
      ).json.canonicalText()) ?? ""
    ]
  ) { bytes in
    guard let json = try? JSONValue(parsing: bytes) else { return false }
    return (try? FeatureDefinition(json: json)) != nil
  }

  private static let decision = Reader(
    name: "decision", corpus: [#"{"choice":true,"because":[1,2]}"#]
  ) { bytes in (try? Choice.parse(bytes)) != nil }

  // MARK: Images

  private static let imageIndex = Reader(
    name: "index of an image",
    corpus: [
      #"{"manifests":[{"digest":"\#(digest)","mediaType":"\#(MediaType.manifest)","size":7}],"#
        + #""schemaVersion":2}"#
    ]
  ) { bytes in
    guard let manifest = ImageLayout.manifest(index: bytes) else { return false }
    guard manifest.blob.size >= 0 else { throw BrokenProperty("a negative size") }
    return true
  }

  private static let imageManifest = Reader(
    name: "manifest of an image",
    corpus: [
      #"{"config":{"digest":"\#(digest)","mediaType":"a","size":7},"layers":[{"digest":"\#(digest)","#
        + #""mediaType":"b","size":8}],"schemaVersion":2}"#
    ]
  ) { bytes in
    let own = Descriptor(
      mediaType: "m", blob: SizedDigest(digest: try Digest.of(bytes), size: Int64(bytes.count)))
    guard let image = StoredImage(own, text: bytes) else { return false }
    guard image.blobs.allSatisfy({ $0.blob.size >= 0 }) else {
      throw BrokenProperty("a negative size")
    }
    return !image.blobs.isEmpty
  }

  private static let dockerFile = Reader(
    name: "file of docker",
    corpus: [#"{"auths":{"h":{"auth":"dTpw"}},"credHelpers":{"i":"x"},"credsStore":"y"}"#]
  ) { bytes in
    do {
      return try RegistryCredentials.credentials(in: bytes, "/config.json", host: "h") != nil
    } catch let error as RegistryError {
      guard !error.description.contains("dTpw") else { throw BrokenProperty("a secret is shown") }
      return false
    }
  }

  private static let packageExcerpt = Reader(
    name: "excerpt of packages",
    corpus: ["Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nVersion: 2\n"]
  ) { bytes in
    let kept = PackageClosure.excerpt(of: bytes, ["a"])
    guard kept.count <= bytes.count + 2 else { throw BrokenProperty("more than there was") }
    return !kept.isEmpty
  }

  // MARK: Files of a project

  private static let baseline = Reader(
    name: "baseline",
    corpus: [
      #"{"baseline":1,"workshop":"w","platform":"p","settings":{"A.b":"1"},"entries":{"s.out":{"#
        + #""digest":"\#(digest)","mediaType":"text/csv","kind":"file","size":7,"rows":3,"#
        + #""tolerance":{"relative":0.5},"columns":[{"name":"x","type":"DOUBLE","min":1}],"#
        + #""numbers":{"/a":1.5}}}}"#
    ]
  ) { bytes in
    do {
      let baseline = try Baseline(parsing: bytes, file: "small.json")
      _ = try baseline.text()
      return true
    } catch let error as BaselineFileError {
      guard error.description.utf8.count < 70_000 else {
        throw BrokenProperty("a message without end")
      }
      return false
    }
  }

  private static let configuration = Reader(
    name: "config.ini", corpus: ["[Atelier]\njobs = 4\nlong = %(jobs)s\n"]
  ) { bytes in
    guard let document = try? IniDocument(bytes: bytes, file: "config.ini") else { return false }
    // IniFuzzTests follows the references, which takes longer.
    return document.raw("Atelier", "jobs").map { Int($0) } != nil
  }

  // MARK: Names

  private static let exportName = Reader(
    name: "export name",
    corpus: ["exportTime=20261121114854", "exportTime=00000101000000", "exportTime=99991231235959"]
  ) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    guard let export = ExportTime(text) else { return false }
    guard export.description == text else { throw BrokenProperty("read as \(export)") }
    if let next = ExportTime.next(after: export, secondsSince1970: 0) {
      guard next > export, next.description > text else { throw BrokenProperty("\(next)") }
    }
    return true
  }

  private static let runName = Reader(name: "run name", corpus: [id]) { bytes in
    guard let run = RunID(String(decoding: bytes, as: UTF8.self)) else { return false }
    _ = run.startedAt?.iso8601
    return true
  }

  private static let time = Reader(name: "time", corpus: ["2026-11-21T11:48:54.123Z"]) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    guard let time = Timestamp(iso8601: text) else { return false }
    guard time.iso8601 == text else { throw BrokenProperty("printed as \(time.iso8601)") }
    return true
  }
}
