// The Swift type of what a node makes, found in the text of wiring and steps. It compiles nothing.
import Atelier
import AtelierStep
import Project

/// A format that a step of a family can name: its type, and the module that declares it.
struct InputFormat: Equatable {
  let type: String
  let module: String

  /// Nil where the text does not say it, or where a family cannot import it.
  init?(
    of node: GraphNode, output: String, wiredBy statement: String, family: String,
    in checkout: NewCheckout
  ) {
    guard let type = Self.type(of: node, output: output, wiredBy: statement, in: checkout) else {
      return nil
    }
    let modules = FileSystem.names(in: "\(checkout.root)/Steps").filter { module in
      checkout.sources(in: "Steps/\(module)").contains {
        $0.text.contains(#/\benum (\w+)/#, capturing: type)
      }
    }
    // Families share formats by modules that are no families: one in a family is that family's code.
    guard modules.count == 1, let module = modules.first,
      module == family || !checkout.hasFamily(module)
    else { return nil }
    self.type = type
    self.module = module
  }

  private static func type(
    of node: GraphNode, output: String, wiredBy statement: String, in checkout: NewCheckout
  ) -> String? {
    if let named = statement.firstMatch(of: #/\bas: (\w+)\.self/#) { return String(named.1) }
    if let named = statement.firstMatch(of: #/: Artifact<(\w+)> =/#) { return String(named.1) }
    guard let step = node.step else { return nil }
    let declared = checkout.sources(in: "Steps/\(step.family)").first {
      $0.text.contains(#/\bstruct (\w+)/#, capturing: step.step)
    }
    return declared?.text.matches(of: #/\bvar (\w+) = Output<(\w+)>\(\)/#)
      .first { $0.1 == output }.map { String($0.2) }
  }
}

extension String {
  /// Whether one of the matches has captured just this word.
  func contains(_ pattern: Regex<(Substring, Substring)>, capturing word: String) -> Bool {
    matches(of: pattern).contains { $0.1 == word }
  }
}
