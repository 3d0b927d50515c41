// Whether this kernel can confine steps, for tests that are skipped where it cannot.

package enum Confinement {
  /// As the program itself says; asked once.
  package static let isPossible: Bool = {
    guard let space = try? FixtureSpace([["name": "one.a", "script": "echo a > $out"]]),
      let run = try? space.run()
    else { return true }
    return !run.out.contains("no Landlock")
  }()
}
