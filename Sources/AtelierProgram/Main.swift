// The program `atelier`: the workshops and step families of this package, and nothing else.
import CLI

@main
enum AtelierProgram {
  static func main() {
    CommandLineProgram.main(workshops: Workshops.all, steps: Families.steps)
  }
}
