// `atelier new`: begins what one would otherwise copy from a neighbour.
import Atelier

enum NewVerb {
  /// What can be begun.
  static let words = ["workshop"]

  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let what = arguments.positionals[0]
    guard words.contains(what) else {
      throw UsageError(
        "`atelier new` takes \(words.joined(separator: ", ")), not '\(what)'."
          + Suggestion.text(for: what, among: words))
    }
    let checkout = try NewCheckout(root: Session.root(arguments))
    let name = try NewWorkshopName(arguments.positionals[1])
    try checkout.refuse(name, house)
    let workshop = NewWorkshop(name)
    let edits = arguments.has("files-only") ? [] : try checkout.apply(workshop.edits)
    try NewFiles(root: checkout.root, workshop.folders, workshop.files, edits).write()
    for file in workshop.files { Console.data(file.path + "\n") }
    for edit in edits { Console.data(edit.path + "\n") }
    Console.talk(arguments.has("files-only") ? byHand(workshop) : next(name))
    return ExitCode.fine
  }

  private static func next(_ name: NewWorkshopName) -> String {
    """
    next:
      make \(name.text)
      .build/release/atelier show \(name.text)/totals.sums
      .build/release/atelier check \(name.text)
      make test ONLY=\(name.type)Tests
    """
  }

  private static func byHand(_ workshop: NewWorkshop) -> String {
    "add by hand, then make build:\n" + workshop.edits.map(\.shown).joined(separator: "\n")
  }
}
