// The archive that SageMaker unpacks: GNU tar finds the model in it, and the same model gives the same bytes.
import AtelierTesting
import Content
import ModelPackages
import Testing

@Suite struct ModelArchiveTests {
  @Test(arguments: [0, 1, 65_535, 65_536, 300_000]) func tarFindsTheModel(_ size: Int) throws {
    let folder = try TemporaryFolder()
    var random = SeededGenerator(state: UInt64(size))
    let model = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
    let bytes = ModelArchive.bytes(of: model)
    #expect(bytes == ModelArchive.bytes(of: model))
    try TestFiles.write(bytes, to: folder("model.tar.gz"))
    let ended = try EnvelopeJudge.run(
      "/usr/bin/tar", ["-xzf", folder("model.tar.gz"), "-C", folder("."), "--one-top-level=out"])
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try TestFiles.read(folder("out/model.ubj")) == model)
  }
}
