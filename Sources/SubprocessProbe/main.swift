// The middle process of the tests: it starts, is killed, is confined; no part of the product.
import CSystem
import Subprocess

let arguments = Array(CommandLine.arguments.dropFirst())
guard let mode = arguments.first else { usage() }
let rest = Array(arguments.dropFirst())
switch mode {
case "start": startAndWait(rest)
case "group": leadGroup(rest)
case "confine": confine(rest)
case "catch": catchSignals()
case "descriptors": countDescriptors()
default: usage()
}
