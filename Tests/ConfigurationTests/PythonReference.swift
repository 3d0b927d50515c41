// Asks Python's own configparser, the reference, in a subprocess. It knows nothing of our reader.
import Foundation

/// What a reader made of one file; all texts are escaped to ASCII so that `==` is exact.
struct Reading: Codable, Equatable {
  struct Option: Codable, Equatable {
    var name: String
    var raw: String
    /// The expanded value, or the class of the error.
    var value: String
    var integer: String
    /// The bit pattern in hexadecimal, `nan`, or `error`.
    var double: String
    var boolean: String
  }
  struct Section: Codable, Equatable {
    var name: String
    var options: [Option]
  }

  /// The class of the error, with the lines it names; nil if the file was read.
  var error: String?
  var sections: [Section] = []
  var defaults: [[String]] = []
}

/// What ConfigParser's `set`, `write` and a second reading make of a value.
struct RoundTrip: Codable, Equatable {
  /// Whether the value came back.
  var survives: Bool
  /// What `write` wrote, escaped.
  var written: String
}

/// The reference itself.
enum PythonReference {
  struct Request: Encodable {
    var files: [Data] = []
    var values: [String] = []
  }
  struct Answer: Decodable {
    var files: [Reading]
    var values: [RoundTrip]
  }

  /// Whether a python3 whose configparser follows the same rules is on PATH (3.13 changed some).
  static let isAvailable: Bool = {
    let check = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))"
    return (try? run(["-c", check])) == 0
  }()

  static func ask(_ request: Request) throws -> Answer {
    let space = FileManager.default.temporaryDirectory
      .appendingPathComponent("configuration-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: space, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: space) }
    let question = space.appendingPathComponent("question.json")
    let answer = space.appendingPathComponent("answer.json")
    try JSONEncoder().encode(request).write(to: question)
    let status = try run(["-c", script, question.path, answer.path])
    guard status == 0 else { throw Failure(status: status) }
    return try JSONDecoder().decode(Answer.self, from: Data(contentsOf: answer))
  }

  struct Failure: Error { let status: Int32 }

  private static func run(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-I"] + arguments
    process.standardError = FileHandle.standardError
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static let script = #"""
    import base64, configparser, io, json, math, struct, sys

    def escape(text):
        return ''.join(c if ' ' <= c <= '~' else '<%x>' % ord(c) for c in text)

    def parse(data):
        data.decode('utf-8')
        parser = configparser.ConfigParser()
        parser.read_file(io.TextIOWrapper(io.BytesIO(data), encoding='utf-8'), 'f')
        return parser

    def attempt(getter, show):
        try:
            return show(getter())
        except (ValueError, configparser.Error):
            return 'error'

    def integer(value):
        return str(value) if -2**63 <= value < 2**63 else 'error'

    def double(value):
        return 'nan' if math.isnan(value) else struct.pack('>d', value).hex()

    def option(parser, section, name):
        try:
            value = escape(parser.get(section, name))
        except configparser.Error as error:
            value = type(error).__name__
        return dict(
            name=escape(name), raw=escape(parser.get(section, name, raw=True)), value=value,
            integer=attempt(lambda: parser.getint(section, name), integer),
            double=attempt(lambda: parser.getfloat(section, name), double),
            boolean=attempt(lambda: parser.getboolean(section, name), lambda v: str(v).lower()))

    def where(error):
        if isinstance(error, UnicodeDecodeError):
            return [error.start]
        if hasattr(error, 'lineno'):
            return [error.lineno]
        return [number for number, _ in error.errors]

    def read(data):
        try:
            parser = parse(data)
        except (UnicodeDecodeError, configparser.Error) as error:
            return dict(
                error='%s %s' % (type(error).__name__, where(error)), sections=[], defaults=[])
        return dict(
            sections=[
                dict(name=escape(s), options=[option(parser, s, o) for o in parser.options(s)])
                for s in parser.sections()],
            defaults=[[escape(k), escape(v)] for k, v in parser.defaults().items()])

    def round_trip(value):
        parser = configparser.ConfigParser()
        parser.add_section('S')
        try:
            parser.set('S', 'key', value)
            out = io.StringIO()
            parser.write(out)
            again = parse(out.getvalue().encode())
            same = again.sections() == ['S'] and again.options('S') == ['key']
            survives = same and again.get('S', 'key', raw=True) == value
            return dict(survives=survives, written=escape(out.getvalue()))
        except (ValueError, configparser.Error):
            return dict(survives=False, written='')

    request = json.load(open(sys.argv[1]))
    answer = dict(
        files=[read(base64.b64decode(f)) for f in request['files']],
        values=[round_trip(v) for v in request['values']])
    json.dump(answer, open(sys.argv[2], 'w'))
    """#
}

/// The text with everything but printable ASCII written as `<hex code point>`.
func escaped(_ text: String) -> String {
  text.unicodeScalars.map { scalar in
    (0x20...0x7E).contains(scalar.value)
      ? String(scalar) : "<" + String(scalar.value, radix: 16) + ">"
  }.joined()
}
