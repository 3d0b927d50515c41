// DuckDB's nested types taken apart, and paths through them.
import DuckDB
import Testing
import ValueSQL

@Suite struct NestedTypeTests {
  private let columns = [
    SQLColumn(name: "a", type: "VARCHAR"),
    SQLColumn(
      name: "s",
      type: "STRUCT(\"x y\" STRUCT(\"value\" DOUBLE), l VARCHAR[], \"q\"\"t\" DECIMAL(38,0))"),
    SQLColumn(name: "m", type: "MAP(VARCHAR, STRUCT(v BIGINT))"),
    SQLColumn(name: "l", type: "STRUCT(v BIGINT)[]"),
    SQLColumn(name: "e", type: "ENUM('a, )', 'STRUCT(')"),
  ]

  @Test(arguments: [
    (["a"], NestedType.Place.value("\"a\"", type: "VARCHAR")),
    (["s", "x y", "value"], .value("\"s\".\"x y\".\"value\"", type: "DOUBLE")),
    (["s", "l"], .value("\"s\".\"l\"", type: "VARCHAR[]")),
    (["s", "q\"t"], .value("\"s\".\"q\"\"t\"", type: "DECIMAL(38,0)")),
    (["m", "k", "v"], .value("\"m\"['k'].\"v\"", type: "BIGINT")),
    (["e"], .value("\"e\"", type: "ENUM('a, )', 'STRUCT(')")),
    (["s"], .structure("\"s\"")), (["s", "x y"], .structure("\"s\".\"x y\"")),
    (["a", "b"], .blocked("\"a\"", depth: 1)), (["l", "v"], .blocked("\"l\"", depth: 1)),
    (["s", "none"], .missing), (["none"], .missing), (["A"], .missing), ([], .missing),
  ])
  func pathsAreFollowed(path: [String], place: NestedType.Place) {
    #expect(NestedType.find(path, in: columns) == place)
  }

  @Test(arguments: [
    "", "STRUCT(", "STRUCT(a", "STRUCT(a VARCHAR", "MAP(", "MAP(VARCHAR", ")", ",", "\"",
    "STRUCT(\"",
  ])
  func aTypeThatIsNoneEnds(text: String) {
    _ = NestedType(text)
  }
}
