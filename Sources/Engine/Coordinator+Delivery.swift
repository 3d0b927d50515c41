// Deliveries of a run: started on a slot, settled like any node, looked at again at the end.
import Atelier

extension Coordinator {
  func startDelivery(_ index: Int, _ node: GraphNode, _ publication: Publication) throws {
    guard let wire = node.inputs.first else { return }
    let input = try artifact(wire.from)
    if let notWritten {
      // Such a run leaves the published area alone; its consumers use the same bytes.
      var report = NodeReport(name: node.name, status: .unchanged)
      report.message = "not delivered: \(notWritten)"
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

  /// Why this run leaves the published area alone; nil where it does not.
  private var notWritten: String? {
    if !options.delivers { return "a check" }
    return options.cache == .ro ? "--cache ro" : nil
  }

  func startIngestion(_ index: Int, _ node: GraphNode, _ place: FeaturePlace) throws {
    guard let wire = node.inputs.first else { return }
    let records = try artifact(wire.from)
    // What a check finds must not depend on what the group holds.
    let mode: IngestionMode =
      !options.delivers ? .alone : options.cache == .ro ? .foreseen : .added
    let ingester = Ingester(environment: environment, run: id.description)
    let mailbox = self.mailbox
    let token = self.token
    let clock = environment.clock
    occupySlot(index) {
      let began = clock()
      let result = Result {
        try ingester.ingest(records, into: place, mode, isCancelled: { token.isCancelled })
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
      if options.delivers { deliveries[index] = delivery }
      var report = NodeReport(
        name: node.name, status: delivery.isNew ? .delivered : .unchanged)
      report.message = notWritten.map { "not delivered: \($0)" } ?? delivery.path
      report.seconds = seconds
      // A feature group's history is the result of no step, so the record is what keeps its bytes.
      if case .ingestion = node.kind { report.isCached = false }
      let output = node.outputs.first?.name ?? "delivered"
      report.outputs = [output: delivery.artifact.record]
      settle(index, report, [output: delivery.artifact])
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
    // A history stays what it is, whatever is ingested later.
    guard case .delivery = graph.nodes[index].kind, let delivery = deliveries[index],
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
