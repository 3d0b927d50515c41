// Numbers as people read them.
import KeyNumbers
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (12_701.0, "12,701"), (870_441.9, "870,442"), (999, "999"), (1497, "1,497"), (33.056, "33.06"),
    (2.63205, "2.63"), (10, "10"), (0.912345, "0.912"), (0.5, "0.5"), (0, "0"), (-0.0, "0"),
    (-1234.5, "-1,235"), (123.456, "123.5"), (0.00123, "0.00123"), (-27.6, "-27.6"),
    (1e15, "1000000000000000.0"), (0.1 + 0.2, "0.3"), (-0.0004, "-0.0004"),
  ])
  func oneForm(_ value: Double, _ text: String) {
    #expect(NumberText.text(value) == text)
  }

  @Test func differencesHaveASign() {
    #expect(NumberText.signed(0.007, decimals: 3) == "+0.007")
    #expect(NumberText.signed(-4849, decimals: 0) == "-4,849")
    #expect(NumberText.signed(0.0001, decimals: 2) == "0.00")
    #expect(NumberText.signed(-0.0001, decimals: 2) == "0.00")
  }

  @Test func differentNumbersLookDifferent() {
    #expect(NumberText.decimals(of: 0.91201, 0.91202) == 5)
    #expect(NumberText.decimals(of: 2.5, 2.63) == 2)
    // Beyond what is ever shown they look alike.
    #expect(NumberText.decimals(of: 1, 1 + 1e-15) == NumberText.mostDecimals)
  }
}
