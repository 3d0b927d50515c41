// The pictures of the page about the order of a run are the states of a `RunState` that is driven so.
import Content
import RunStates
import Scheduling
import Testing

@Suite struct OrderOfARunTests {
  private let sales = 0, cleanA = 1, cleanB = 2, train = 3, report = 4

  /// The picture of the page, with the state of each node.
  private func picture(_ state: RunState) -> String {
    let names = state.nodes.map { node in
      switch node {
      case .waiting(let count): "waiting \(count)"
      case .ended(let end): "\(end)"
      default: "\(node)"
      }
    }
    let wide = names.map { $0.padding(10) }
    return [
      "                     +-- clean.a  \(wide[cleanA]) --- train  \(wide[train]) --+",
      "sales  \(wide[sales]) ---+                                         +-- report  \(names[report])",
      "                     +-- clean.b  \(wide[cleanB]) ------------------------+",
    ].joined(separator: "\n")
  }

  @Test func thePicturesAreThoseOfTheCode() throws {
    let pictures = try Page("Sources/Scheduling/Scheduling.docc/OrderOfARun.md").blocks
      .filter { $0.marker == "checked by a test" }.map(\.text)
    var state = RunState(
      dependencies: [[], [sales], [sales], [cleanA], [cleanB, train]], chosen: Array(0..<5))
    func key(_ number: UInt64) -> ActionKey { ActionKey(Digest(words: (number, 0, 0, 0))) }
    var drawn = [picture(state)]

    _ = state.transition(.ask(sales, key(1)))
    _ = state.transition(.end(sales, .usable))
    _ = state.transition(.ask(cleanA, key(2)))
    _ = state.transition(.queue(cleanA, key(2)))
    _ = state.transition(.share(cleanB, key(2)))
    drawn.append(picture(state))

    _ = state.transition(.start(cleanA))
    #expect(state.transition(.end(cleanA, .usable)).ended == [cleanA, cleanB])
    _ = state.transition(.queue(train, key(3)))
    _ = state.transition(.start(train))
    drawn.append(picture(state))

    #expect(state.transition(.lose(train, producers: [cleanA])).remake == [cleanA])
    drawn.append(picture(state))

    _ = state.transition(.remade(cleanA))
    #expect(state.nodes[train] == .queued)
    _ = state.transition(.start(train))
    _ = state.transition(.end(train, .usable))
    _ = state.transition(.queue(report, key(4)))
    _ = state.transition(.start(report))
    _ = state.transition(.end(report, .usable))
    #expect(state.isOver)
    #expect(state.transition(.reopen([train])).reopened == [report])
    drawn.append(picture(state))

    #expect(pictures == drawn)
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
