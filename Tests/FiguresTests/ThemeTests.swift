// That marks can be seen and told apart, by computation.
import Foundation
import Testing

@testable import Figures

@Suite struct ThemeTests {
  /// The relative luminance of `#rrggbb` as WCAG defines it.
  private func luminance(_ color: [Double]) -> Double {
    0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2]
  }

  private func linear(_ text: String) throws -> [Double] {
    let number = try #require(Int(text.dropFirst(), radix: 16))
    return [16, 8, 0].map { shift in
      let value = Double(number >> shift & 255) / 255
      return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  private func contrast(_ a: Double, _ b: Double) -> Double {
    (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  @Test(arguments: Theme.palette, ["#ffffff", "#14171c"])
  func marksStandOutOnLightAndDarkPages(_ color: String, _ page: String) throws {
    #expect(contrast(luminance(try linear(color)), luminance(try linear(page))) >= 3)
  }

  /// Shades are the first colour over the page at an opacity up to the deepest.
  @Test(arguments: [("#ffffff", "#1a1d21"), ("#14171c", "#e6e8eb")])
  func labelsAreReadableOnEveryShade(_ page: String, _ text: String) throws {
    let mark = try bytes(Theme.blue)
    let ground = try bytes(page)
    for step in 0...20 {
      let opacity = Theme.deepestShade * Double(step) / 20
      let shade = zip(mark, ground).map { $0 * opacity + $1 * (1 - opacity) }
      let digits = shade.map { hex(Int($0.rounded())) }.joined()
      let found = contrast(luminance(try linear("#" + digits)), luminance(try linear(text)))
      #expect(found >= 4.5, "opacity \(opacity) on \(page): \(found)")
    }
  }

  private func bytes(_ text: String) throws -> [Double] {
    let number = try #require(Int(text.dropFirst(), radix: 16))
    return [16, 8, 0].map { Double(number >> $0 & 255) }
  }

  private func hex(_ byte: Int) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }

  /// With reds or greens missing (Viénot, Brettel and Mollon, 1999), blue and yellow remain.
  @Test func theFirstTwoColoursDifferWithoutRedOrGreen() throws {
    let (blue, orange) = (try linear(Theme.palette[0]), try linear(Theme.palette[1]))
    let matrices = [
      [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
      [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    ]
    for matrix in matrices {
      func seen(_ color: [Double]) -> [Double] {
        matrix.map { row in zip(row, color).map { $0 * $1 }.reduce(0, +) }
      }
      #expect(seen(blue)[2] > 5 * max(seen(orange)[2], 0.01))
      #expect(seen(blue)[0] < seen(orange)[0])
    }
  }
}
