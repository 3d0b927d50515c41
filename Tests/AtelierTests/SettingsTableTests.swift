// Settings that are declared as properties: how they are listed, read and refused.
import Atelier
import Configuration
import Testing

private enum Shade: String, SettingChoice {
  case light
  case dark = "very-dark"
}

private struct Paint: SettingsGroup {
  @Setting var shade: Shade
  @Setting var coats: Int?
  /// No setting: it stays as it is made.
  var section: String

  init(section: String) {
    self.section = section
    _shade = Setting(wrappedValue: .light, section, "shade", "how light it is")
    _coats = Setting(wrappedValue: 2, section, "coats", "layers; empty: one looks")
  }

  func check() throws {
    guard shade == .light || coats != nil else { throw $coats.error("dark paint needs a number") }
  }
}

private struct House: SettingsTable {
  @Setting("House", "rooms", "how many", in: 1...10) var rooms = 3
  @Setting("House", "height", "metres", above: 0, upTo: 100) var height = 7.5
  var paint = Paint(section: "Wall")
  @Setting("House", "garden", "whether it has one") var garden = false
  @Setting("House", "owner", "who lives there") var owner = "nobody"
  @Setting("House", "style", "of the roof", among: ["flat", "steep"]) var style = "flat"
  @Setting("House", "place", "in a bucket") var place = KeyPrefix(settingText: "a/b")
  @Setting("House", "password", "of the door") var password: UnreadSetting

  func check() throws {
    guard rooms < 10 || garden else { throw $garden.error("ten rooms want a garden") }
  }
}

private struct Leaky: SettingsTable {
  @Setting("House", "password", "of the door") var password = ""
}

@Suite struct SettingsTableTests {
  private func read<Table: SettingsTable>(
    _ type: Table.Type = House.self, _ file: String = "", _ overrides: [String: String] = [:]
  ) throws -> Table {
    try Table(
      reading: Configuration(
        document: IniDocument(bytes: Array(file.utf8), file: "config.ini"), overrides: overrides,
        environment: [:]))
  }

  private func said(_ file: String, _ overrides: [String: String] = [:]) -> String {
    do {
      _ = try read(House.self, file, overrides)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func theDefaultsAreTheProperties() throws {
    let house = try read(House.self)
    #expect(house.rooms == 3 && house.height == 7.5 && !house.garden && house.owner == "nobody")
    #expect(house.paint.shade == .light && house.paint.coats == 2)
    #expect(house.paint.section == "Wall")
    #expect(house.place.text == "a/b")
  }

  @Test func eachTypeIsRead() throws {
    let house = try read(
      House.self,
      "[House]\nrooms = 1_0\nheight = 1e1\ngarden = on\nowner = %(garden)s\nstyle = steep\n"
        + "place = /x//y/\npassword = secret\n[Wall]\nshade = very-dark\ncoats = 7\n")
    #expect(house.rooms == 10 && house.height == 10 && house.garden && house.owner == "on")
    #expect(house.style == "steep" && house.place.text == "x//y")
    #expect(house.paint.shade == .dark && house.paint.coats == 7)
    #expect(try read(House.self, "[Wall]\ncoats =\n").paint.coats == nil)
  }

  @Test func theyAreListedInTheirOrder() {
    let declared = House.declarations
    #expect(
      declared.map { "\($0.section).\($0.key)" } == [
        "House.rooms", "House.height", "Wall.shade", "Wall.coats", "House.garden", "House.owner",
        "House.style", "House.place", "House.password",
      ])
    #expect(
      declared.map(\.expected) == [
        "a whole number from 1 to 10", "a finite number above 0 and at most 100",
        "light or very-dark", "a whole number, or nothing",
        "1, yes, true, on, 0, no, false or off", "a text", "flat or steep",
        "a path within a bucket", "a text",
      ])
    #expect(
      declared.map(\.defaultValue) == [
        "3", "7.5", "light", "2", "no", "nobody", "flat", "a/b", nil,
      ])
    #expect(declared[0].summary == "how many")
  }

  @Test(arguments: [
    ("rooms = 0", "config.ini:2: House.rooms: expected a whole number from 1 to 10, found '0'"),
    ("rooms = 2.0", "found '2.0'"), ("rooms =", "found ''"),
    ("height = 0", "expected a finite number above 0 and at most 100, found '0'"),
    ("height = 100.5", "found '100.5'"), ("height = inf", "found 'inf'"),
    ("garden = maybe", "expected 1, yes, true, on, 0, no, false or off, found 'maybe'"),
    ("style = round", "expected flat or steep, found 'round'"),
    ("rooms = 10", "[House] garden: ten rooms want a garden"),
    ("[Wall]\nshade = Light", "Wall.shade: expected light or very-dark, found 'Light'"),
    ("[Wall]\nshade = very-dark\ncoats =", "[Wall] coats: dark paint needs a number"),
  ])
  func aWrongValueIsNamed(line: String, message: String) {
    #expect(said("[House]\n" + line + "\n").contains(message), "\(said("[House]\n" + line))")
  }

  @Test func allWrongValuesAreNamedAtOnce() {
    let lines = said(
      "[House]\nrooms = none\n[Wall]\nshade = red\n", ["House.garden": "maybe"]
    ).split(separator: "\n")
    #expect(lines.count == 3, "\(lines)")
    #expect(lines.first?.hasPrefix("config.ini:2: House.rooms") == true)
    #expect(lines.dropFirst().first?.hasPrefix("config.ini:4: Wall.shade") == true)
    #expect(lines.last?.contains("House.garden") == true)
  }

  @Test func aSecretIsNeverAText() {
    #expect(throws: ConfigurationError.self) {
      try read(Leaky.self, "[House]\npassword = secret\n")
    }
  }
}
