// What `atelier shell` says first: what lies where.
import AtelierStep
import DuckDB
import Planning
import Terminal

extension ShellFolder {
  /// Lines that name the folder, its inputs and outputs, and the scripts in it.
  func greeting(keeps: Bool) -> String {
    let removal = keeps ? "it stays" : "removed at the end"
    var lines = ["\(shell.name): \(shell.directory) (\(removal))"]
    func add(_ head: String, _ rest: String) { lines.append("  " + Text.pad(head, 10) + rest) }
    for group in groups(shell.inputs) { add("input", shown("input", group)) }
    for group in groups(shell.outputs) { add("output", shown("output", group)) }
    add("scratch", "scratch/  $HOME $TMPDIR")
    if !shell.sql.isEmpty { add("SQL", shell.sql.keys.sorted().joined(separator: " ")) }
    if !shell.programs.isEmpty {
      add("programs", shell.programs.keys.sorted().joined(separator: " "))
    }
    if shell.programs[Program.duckdb.name] != nil {
      let sql = ShellSQL(shell)
      let views = sql.views.map(\.name).joined(separator: " ")
      add("./duckdb", "the step's own settings" + (views.isEmpty ? "" : "; views: \(views)"))
      let unset = sql.unset
      if !unset.isEmpty {
        add("", "the step's code gives besides: \(unset.joined(separator: " "))")
      }
    }
    add("./step", "runs the step here; then look into outputs/")
    return lines.joined(separator: "\n")
  }

  /// Numbered inputs of one name stand together.
  private func groups(_ places: [StepShell.Location]) -> [[StepShell.Location]] {
    var groups: [[StepShell.Location]] = []
    for place in places {
      if let last = groups.last?.last,
        Text.withoutNumber(last.description.name)
          == Text.withoutNumber(place.description.name),
        Text.withoutNumber(place.description.name) != place.description.name
      {
        groups[groups.count - 1].append(place)
      } else {
        groups.append([place])
      }
    }
    return groups
  }

  private func shown(_ prefix: String, _ group: [StepShell.Location]) -> String {
    let ends = group.count > 1 ? [group[0], group[group.count - 1]] : group
    let paths = ends.map { "\(prefix)s/\($0.description.fileName)" }
    let names = ends.map { "$" + Self.variable(prefix, $0) }
    let between = group.count > 2 ? " ... " : " "
    return paths.joined(separator: between) + "  " + names.joined(separator: between)
  }
}
