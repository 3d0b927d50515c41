// The graph of the tests that kill and of those that run side by side: a fan, a chain, a delivery.
import Content

package enum KillGraph {
  package static let steps = [
    "one.a", "one.b", "one.c", "one.d", "two.e", "two.f", "two.g", "two.h",
  ]

  package static let nodes: [JSONValue] = [
    ["name": "one.seed", "source": "seed.txt"],
    step("one.a", ["one.seed"], "0.005"),
    step("one.b", ["one.a"], "0.01"), step("one.c", ["one.a"], "0.03"),
    step("one.d", ["one.a"], "0.02"),
    step("two.e", ["one.b", "one.c"], "0.015"), step("two.f", ["one.d"], "0.005"),
    step("two.g", ["two.e", "two.f"], "0.01"),
    ["name": "two.published", "deliver": "two.g", "dataset": "numbers"],
    step("two.h", ["two.g"], "0.02"),
  ]

  /// Each step adds a line to its inputs and writes half of its output before it sleeps.
  private static func step(_ name: String, _ inputs: [String], _ seconds: String) -> JSONValue {
    let files = inputs.map { "$" + $0.split(separator: ".").joined(separator: "_") }
    return [
      "name": .string(name), "inputs": .array(inputs.map { .string($0) }),
      "tools": ["cat", "sleep"],
      "script": .string(
        "cat \(files.joined(separator: " ")) > $out; sleep \(seconds); echo \(name) >> $out"),
    ]
  }

  /// What `two.h` holds for a seed, by the same rule.
  package static func result(of seed: String) -> String { published(of: seed) + "two.h\n" }

  /// What is delivered for a seed.
  package static func published(of seed: String) -> String {
    let a = seed + "one.a\n"
    let e = a + "one.b\n" + a + "one.c\n" + "two.e\n"
    return e + a + "one.d\ntwo.f\n" + "two.g\n"
  }
}
