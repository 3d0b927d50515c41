// The journal of a run that goes on, which everybody who may write to a store can write.
import AtelierTesting
import Content
import LiveRuns

extension ReaderFuzzTests {
  static let journal = Reader(
    name: "journal of a run",
    corpus: [
      #"{"event":"run","v":1,"nodes":["one.a","one.b"],"workshop":"w"}"# + "\n"
        + #"{"event":"start","step":"one.a","at":1790000000.5,"key":"sha256:ab"}"# + "\n"
        + #"{"event":"progress","step":"one.a","percent":40}"# + "\n"
        + #"{"event":"end","step":"one.b","status":"hit","seconds":1.5}"#
    ]
  ) { bytes in
    var state = LiveRunState()
    let changed = bytes.split(separator: UInt8(ascii: "\n")).compactMap {
      state.take(line: Array($0))
    }
    guard changed.allSatisfy(state.nodes.indices.contains) else {
      throw BrokenProperty("a node that there is not")
    }
    for node in state.nodes where !(0...100).contains(node.percent ?? 0) {
      throw BrokenProperty("\(node.percent ?? 0) percent")
    }
    return state.head != nil
  }
}
