// What a script's step is told when the file in the folder Scripts cannot be had.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ScriptFileTests {
  @Test(arguments: [
    ("folder", "is a folder; expected a file"), ("pipe", "is a pipe or a device; expected a file"),
    ("link", "is a link to nothing; expected a file"), ("nothing", "there is no such file in"),
    ("closed", "permission denied"), ("bytes", "is not UTF-8 text"),
  ])
  func itIsNamedWithWhatToDo(_ kind: String, _ problem: String) throws {
    // Nothing is closed to the root user.
    guard kind != "closed" || getuid() != 0 else { return }
    for file in ["a.py", "a.sql"] {
      let language = file == "a.py" ? "python" : "sql"
      let space = try FixtureSpace([["name": "one.a", .init(language): .string(file)]])
      let path = space.folder("Workshops/Fixture/Scripts/" + file)
      try space.folder.write("", to: "Workshops/Fixture/Scripts/other.sql")
      switch kind {
      case "folder": try space.folder.write("", to: "Workshops/Fixture/Scripts/\(file)/x")
      case "pipe": try #require(mkfifo(path, 0o644) == 0)
      case "link":
        try FileManager.default.createSymbolicLink(
          atPath: path, withDestinationPath: "gone")
      case "closed":
        try space.folder.write("SELECT 1 AS n", to: "Workshops/Fixture/Scripts/" + file)
        chmod(path, 0)
      case "bytes":
        try Data([0xFF]).write(to: URL(filePath: path))
      default: break
      }
      for verb in ["run", "status"] {
        let ended = try space.call(verb)
        #expect(
          ended.code == 2 && ended.err.contains("script '\(file)': ")
            && ended.err.contains(problem) && !ended.err.contains("Error Domain"), "\(ended.err)")
      }
    }
  }

  @Test func aGraphFileThatIsAFolderIsNamed() throws {
    let space = try FixtureSpace([])
    let path = "Workshops/Fixture/graph.json"
    try FileManager.default.removeItem(atPath: space.folder(path))
    let gone = try space.call("status")
    #expect(gone.code == 2 && gone.err.contains("\(path): it is not there"), "\(gone.err)")
    try space.folder.write("", to: path + "/x")
    let folder = try space.call("status")
    #expect(
      folder.code == 2 && folder.err.contains("\(path): it is a folder; expected a file"),
      "\(folder.err)")
  }
}
