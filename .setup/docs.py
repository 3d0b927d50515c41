"""Builds the catalogues (*.docc) of all modules into one site, .build/docs, with the toolchain's docc.

A module whose pages and interface did not change is not converted again. It knows nothing of what the
pages say; a warning of docc fails.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build/docs-parts"
# Modules that authors import: their pages show the public interface alone, those of the rest what other
# modules of the package use.
AUTHORING = {"Atelier", "CLI", "Configuration", "Figures"}


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0 or "warning:" in done.stdout + done.stderr:
        sys.exit(f"docs: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def address(page):
    """Where docc puts a page of a catalogue."""
    module = page.parent.stem
    end = "" if page.stem == module else f"/{page.stem.lower()}"
    return f"/documentation/{module.lower()}{end}"


def site_link(match, page):
    """A link from file to file as one from page to page; one that leaves the site as its text."""
    text, link = match.group(1), match.group(2)
    if "://" in link or link.startswith("#"):
        return match.group(0)
    target = (page.parent / link.split("#")[0]).resolve()
    if target.parent.suffix == ".docc":
        return f"[{text}]({address(target)})"
    return f"{text} (`{target.relative_to(ROOT)}`)"


def copy(catalogue, to):
    """A catalogue with its links rewritten."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for page in sorted(catalogue.glob("*.md")):
        text = page.read_text()
        text = re.sub(r"\[([^\]]*)\]\(([^)\s]+)\)", lambda match: site_link(match, page), text)
        (to / page.name).write_text(text)


def extract(module, build, to):
    """The symbol graph of what a module shows to others."""
    to.mkdir(parents=True)
    maps = [f"-fmodule-map-file={path}" for path in sorted(build.glob("*.build/module.modulemap"))]
    target = re.search(r'"triple"\s*:\s*"([^"]+)"', run("swift", "-print-target-info")).group(1)
    run("swift", "symbolgraph-extract", "-module-name", module, "-target", target,
        "-I", build / "Modules", "-I", ROOT / "Sources/CLibcrypto", "-I", ROOT / "Sources/CSQLite",
        *[word for path in maps for word in ("-Xcc", path)],
        "-minimum-access-level", "public" if module in AUTHORING else "package",
        "-skip-inherited-docs", "-output-dir", to)


def convert(catalogue, build):
    """The archive of one module, and whether it is a new one."""
    module = catalogue.stem
    archive, parts = WORK / f"{module}.doccarchive", WORK / module
    sources = [*catalogue.glob("*"), build / f"Modules/{module}.swiftmodule", pathlib.Path(__file__)]
    newest = max(path.stat().st_mtime for path in sources)
    if archive.exists() and archive.stat().st_mtime > newest:
        return archive, False
    shutil.rmtree(parts, ignore_errors=True)
    shutil.rmtree(archive, ignore_errors=True)
    copy(catalogue, parts / catalogue.name)
    extract(module, build, parts / "symbols")
    run("docc", "convert", parts / catalogue.name, "--additional-symbol-graph-dir", parts / "symbols",
        "--fallback-display-name", module, "--fallback-bundle-identifier", f"atelier.{module}",
        "--warnings-as-errors", "--output-path", archive)
    archive.touch()
    return archive, True


def main():
    build = (ROOT / sys.argv[1]).resolve()
    catalogues = sorted([*ROOT.glob("Sources/*/*.docc"), *ROOT.glob("Steps/*/*.docc")])
    converted = [convert(catalogue, build) for catalogue in catalogues]
    site = ROOT / ".build/docs"
    if any(isNew for _, isNew in converted) or not site.exists():
        shutil.rmtree(site, ignore_errors=True)
        run("docc", "merge", *[archive for archive, _ in converted],
            "--synthesized-landing-page-name", "Atelier", "--output-path", site)
    print(f"docs: {len(converted)} modules, {sum(isNew for _, isNew in converted)} converted: .build/docs")


main()
