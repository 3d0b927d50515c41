// Deliveries of a run: started on a slot, settled like any node, looked at again at the end.
import Atelier
import Content

extension Coordinator {
  func startDelivery(_ index: Int, _ node: GraphNode, _ publication: Publication) throws {
    guard let wire = node.inputs.first else { return }
    let input = try artifact(wire.from)
    if options.cache == .ro || !options.delivers {
      // Such a run leaves the published area alone; its consumers use the same bytes.
      var report = NodeReport(name: node.name, status: .unchanged)
      report.message = options.delivers ? "not delivered: --cache ro" : "not delivered: a check"
      settle(index, report, ["delivered": input])
      return
    }
    let deliverer = Deliverer(environment: environment)
    let mailbox = self.mailbox
    let token = self.token
    let clock = environment.clock
    occupySlot(index) {
      let began = clock()
      let result = Result {
        try deliverer.deliver(input, to: publication, isCancelled: { token.isCancelled })
      }
      mailbox.post(.delivery(index, result, seconds: clock() - began))
    }
  }

  func finishDelivery(
    _ index: Int, _ result: Result<Delivery, any Error>, seconds: Double
  ) {
    let node = graph.nodes[index]
    switch result {
    case .success(let delivery):
      deliveries[index] = delivery
      var report = NodeReport(
        name: node.name, status: delivery.isNew ? .delivered : .unchanged)
      report.message = delivery.path
      report.seconds = seconds
      do {
        let input = try artifact(node.inputs[0].from)
        report.outputs = ["delivered": input.record]
        settle(index, report, ["delivered": input])
      } catch {
        fail(index, "\(error)")
      }
    case .failure(let lost as LostBlobs): remake(lost, for: .node(index))
    case .failure(let failure): fail(index, "\(failure)")
    }
  }

  /// Warns where someone else published a newer export than the one this step is about to use.
  func warnOfForeignDelivery(_ node: GraphNode) {
    for wire in node.inputs { warnOfForeignDelivery(at: wire.from.node) }
  }

  func checkDeliveries() {
    for index in deliveries.keys.sorted() { warnOfForeignDelivery(at: index) }
  }

  private func warnOfForeignDelivery(at index: Int) {
    guard let delivery = deliveries[index],
      let newest = try? Deliverer(environment: environment).newest(in: delivery.dataset),
      newest != delivery.export
    else { return }
    deliveries[index] = nil  // said once
    report(
      .notice(
        "\(graph.nodes[index].name): this run delivered and uses \(delivery.export), but "
          + "\(newest) was published since in \(delivery.dataset)"))
  }
}
