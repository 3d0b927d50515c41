// Places boxes in layers from top to bottom, so that wires lead downwards (after Sugiyama, Tagawa
// and Toda, 1981). It knows no text and draws nothing.

/// Boxes in layers, and the points through which wires go.
package struct LayeredLayout {
  package struct Point: Hashable {
    package var x: Double
    package var y: Double
  }

  /// What a layout is made of, in the drawing's units.
  package struct Measure {
    package var boxWidth = 186.0
    package var boxHeight = 46.0
    var gap = 14.0
    /// Between two layers; wires bend there.
    var drop = 34.0
    /// The width of a wire that passes through a layer.
    var lane = 10.0
    /// More boxes than these stand in one layer only where each of them leads on.
    var mostInLayer = 4

    package init() {}
  }

  /// The middle of each box.
  package private(set) var boxes: [Point] = []
  /// For each wire the points from the box that it leaves to the one that it enters.
  package private(set) var wires: [[Point]] = []
  package private(set) var size = Point(x: 0, y: 0)

  /// A box, or the place where a wire passes a layer.
  private struct Vertex {
    var box: Int?
    var layer: Int
    var x = 0.0
    var above: [Int] = []
    var below: [Int] = []
  }

  /// Boxes by number; every wire leads from a lower number to a higher one.
  package init(count: Int, wires links: [StepGraph.Wire], measure: Measure = Measure()) {
    guard count > 0 else { return }
    var layer = Array(repeating: 0, count: count)
    let sorted = links.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    for link in sorted { layer[link.to] = max(layer[link.to], layer[link.from] + 1) }
    // What nothing leads into stands just above its first use, not at the top.
    for box in (0..<count).reversed() where !sorted.contains(where: { $0.to == box }) {
      let uses = sorted.filter { $0.from == box }.map { layer[$0.to] }
      if let first = uses.min() { layer[box] = first - 1 }
    }
    Self.spread(
      &layer, leaves: (0..<count).filter { box in !sorted.contains { $0.from == box } },
      atMost: measure.mostInLayer)
    var vertices = (0..<count).map { Vertex(box: $0, layer: layer[$0]) }
    var chains: [[Int]] = []
    for link in sorted {
      var chain = [link.from]
      for between in (layer[link.from] + 1)..<max(layer[link.from] + 1, layer[link.to]) {
        vertices.append(Vertex(box: nil, layer: between))
        chain.append(vertices.count - 1)
      }
      chain.append(link.to)
      for (upper, lower) in zip(chain, chain.dropFirst()) {
        vertices[upper].below.append(lower)
        vertices[lower].above.append(upper)
      }
      chains.append(chain)
    }
    var layers = Array(repeating: [Int](), count: (layer.max() ?? 0) + 1)
    for index in vertices.indices { layers[vertices[index].layer].append(index) }
    Self.order(&layers, vertices)
    Self.place(layers, &vertices, measure)
    finish(layers, vertices, chains, count, measure)
    // Wires in the order in which they were given.
    let placed = Dictionary(uniqueKeysWithValues: zip(sorted, wires))
    wires = links.map { placed[$0] ?? [] }
  }

  /// Moves boxes that lead nowhere down from full layers, so that the drawing fits a page's width.
  private static func spread(_ layer: inout [Int], leaves: [Int], atMost most: Int) {
    var level = 0
    while level <= layer.max() ?? 0 {
      var excess = layer.count { $0 == level } - most
      for leaf in leaves.reversed() where excess > 0 && layer[leaf] == level {
        layer[leaf] += 1
        excess -= 1
      }
      level += 1
    }
  }

  /// Sorts each layer by the middle of its neighbours, down and up again; the order with the fewest
  /// crossings stays.
  private static func order(_ layers: inout [[Int]], _ vertices: [Vertex]) {
    var best = layers
    var fewest = crossings(layers, vertices)
    for round in 0..<12 {
      let isDown = round % 2 == 0
      let sequence =
        isDown ? Array(layers.indices.dropFirst()) : layers.indices.dropLast().reversed()
      for layer in sequence {
        let fixed = layers[isDown ? layer - 1 : layer + 1]
        let places = Dictionary(uniqueKeysWithValues: fixed.enumerated().map { ($1, Double($0)) })
        let middle = layers[layer].enumerated().map { at, vertex -> (Double, Int, Int) in
          let near = (isDown ? vertices[vertex].above : vertices[vertex].below)
            .compactMap { places[$0] }
          return (near.isEmpty ? Double(at) : near.reduce(0, +) / Double(near.count), at, vertex)
        }
        layers[layer] = middle.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
      }
      let now = crossings(layers, vertices)
      if now < fewest { (best, fewest) = (layers, now) }
    }
    layers = best
  }

  /// How many pairs of wires cross between two layers, over all.
  private static func crossings(_ layers: [[Int]], _ vertices: [Vertex]) -> Int {
    zip(layers, layers.dropFirst()).reduce(0) { sum, pair in
      let places = Dictionary(uniqueKeysWithValues: pair.1.enumerated().map { ($1, $0) })
      let ends = pair.0.flatMap { vertices[$0].below.compactMap { places[$0] }.sorted() }
      var count = 0
      for (at, end) in ends.enumerated() { count += ends[..<at].count { $0 > end } }
      return sum + count
    }
  }

  /// Gives each vertex a place near its neighbours without changing the order.
  private static func place(_ layers: [[Int]], _ vertices: inout [Vertex], _ measure: Measure) {
    func width(_ vertex: Vertex) -> Double { vertex.box == nil ? measure.lane : measure.boxWidth }
    for layer in layers {
      var x = 0.0
      for vertex in layer {
        vertices[vertex].x = x + width(vertices[vertex]) / 2
        x += width(vertices[vertex]) + measure.gap
      }
      for vertex in layer { vertices[vertex].x -= (x - measure.gap) / 2 }
    }
    for round in 0..<16 {
      let isDown = round % 2 == 0
      for layer in isDown ? Array(layers.indices) : layers.indices.reversed() {
        let row = layers[layer]
        let wanted = row.map { vertex -> Double in
          let near = isDown ? vertices[vertex].above : vertices[vertex].below
          if near.isEmpty { return vertices[vertex].x }
          return near.reduce(0) { $0 + vertices[$1].x } / Double(near.count)
        }
        let widths = row.map { width(vertices[$0]) + measure.gap }
        for (vertex, x) in zip(row, apart(wanted, widths)) { vertices[vertex].x = x }
      }
    }
  }

  /// The places nearest to the wanted ones (least squares) at which neighbours keep their distance.
  private static func apart(_ wanted: [Double], _ widths: [Double]) -> [Double] {
    // Pool adjacent violators, over places less the room that those before take.
    var offset = 0.0
    var offsets: [Double] = []
    for (at, width) in widths.enumerated() {
      if at > 0 { offset += (widths[at - 1] + width) / 2 }
      offsets.append(offset)
    }
    var pools: [(sum: Double, count: Int)] = []
    for (want, offset) in zip(wanted, offsets) {
      pools.append((want - offset, 1))
      while pools.count > 1, let last = pools.last,
        case let before = pools[pools.count - 2],
        before.sum / Double(before.count) > last.sum / Double(last.count)
      {
        pools.removeLast(2)
        pools.append((before.sum + last.sum, before.count + last.count))
      }
    }
    let levels = pools.flatMap { Array(repeating: $0.sum / Double($0.count), count: $0.count) }
    return zip(levels, offsets).map { $0 + $1 }
  }

  private mutating func finish(
    _ layers: [[Int]], _ vertices: [Vertex], _ chains: [[Int]], _ count: Int, _ measure: Measure
  ) {
    let half = { (vertex: Vertex) in (vertex.box == nil ? measure.lane : measure.boxWidth) / 2 }
    let left = vertices.map { $0.x - half($0) }.min() ?? 0
    let right = vertices.map { $0.x + half($0) }.max() ?? 0
    let margin = 4.0
    let step = measure.boxHeight + measure.drop
    func point(_ index: Int) -> Point {
      Point(
        x: vertices[index].x - left + margin,
        y: margin + measure.boxHeight / 2 + Double(vertices[index].layer) * step)
    }
    boxes = (0..<count).map(point)
    wires = chains.map { chain in
      var points = chain.map(point)
      points[0].y += measure.boxHeight / 2
      points[points.count - 1].y -= measure.boxHeight / 2
      // A wire passes a layer straight, so that it does not cut a box's corner.
      return points.enumerated().flatMap { at, point -> [Point] in
        guard at > 0, at < points.count - 1 else { return [point] }
        let half = measure.boxHeight / 2
        return [Point(x: point.x, y: point.y - half), Point(x: point.x, y: point.y + half)]
      }
    }
    size = Point(
      x: right - left + 2 * margin,
      y: Double(layers.count) * step - measure.drop + 2 * margin)
  }
}
