"""Opens a report in a headless Chromium and tells what it finds there. It judges nothing.

Usage: browse_report.py PAGE [FOLDER]

PAGE is the path of a report; FOLDER, if given, gets screenshots and a PDF. Prints one JSON object:
console messages, requests that left the page, violations that axe-core calls serious or critical by colour
scheme and width, how far the page is wider than the window, what is cut off in pictures and cards, what
sorting, filtering and following a box of the graph do, what the keyboard reached and did, and the size of
the printed page. Widths and cuts are measured with the fonts of this machine, and with one font alone, which is
wider than those that pictures are drawn for.
"""
import contextlib
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

# A folder of byte code among the sources would be a file that nobody declared.
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Harness"))
from browser import AXE, show, start, violations

FOCUSED = """
const e = document.activeElement, box = e.getBoundingClientRect();
return {tag: e.tagName, classes: e.className, label: e.getAttribute("aria-label") ?? "",
  text: e.textContent.slice(0, 60), copies: e.dataset.copy !== undefined,
  artifact: e.parentElement?.classList.contains("artifact") ?? false,
  seen: box.width > 0 && getComputedStyle(e).outlineStyle !== "none"};
"""


# Labels of pictures outside of their figure or of the window, and texts of cards that do not fit.
CUT = """
const cut = [];
const name = (e) => e.textContent.trim().slice(0, 40);
for (const svg of document.querySelectorAll(".drawing svg, svg.graph")) {
  const frame = svg.getBoundingClientRect();
  if (frame.right > innerWidth + 1 || frame.left < -1) cut.push(`picture: ${svg.ariaLabel.slice(0, 40)}`);
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBoundingClientRect();
    if (box.width && (box.left < frame.left - 1.5 || box.right > frame.right + 1.5
        || box.top < frame.top - 1.5 || box.bottom > frame.bottom + 1.5)) cut.push(`label: ${name(text)}`);
  }
}
for (const e of document.querySelectorAll(".key dd, .key dt, .decision, .since li, h1, .facts dd, .badge"))
  if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline")
    cut.push(`text: ${name(e)}`);
return cut;
"""
# What a picture looks like when nothing may be hidden.
OPEN = """
const style = document.createElement("style");
style.id = "open";
style.textContent = "figure, .drawing, .drawing svg, .key { overflow: visible !important; clip-path: none !important }";
document.head.append(style);
"""
# The order of a column, what a filter leaves, and where a box of the graph leads.
ACTIONS = """
const found = {};
const table = document.querySelector("table.metrics.sortable");
const column = () => [...table.tBodies].flatMap((b) => [...b.rows]).filter((r) => !r.matches(".group"))
  .map((r) => r.cells[0].textContent);
const head = table.querySelector("thead th");
found.before = column();
head.querySelector("button").click();
found.ascending = [head.getAttribute("aria-sort"), ...column()];
head.querySelector("button").click();
found.descending = [head.getAttribute("aria-sort"), ...column()];
const seen = (s) => [...document.querySelectorAll(s)].filter((e) => e.getClientRects().length).length;
const filter = document.querySelector(".filter");
found.all = seen(".same");
filter.click();
found.changedOnly = [filter.getAttribute("aria-pressed"), seen(".same")];
const row = document.querySelector("details.same tr[id^=step-]");
location.hash = row.id;
return new Promise((done) => setTimeout(() => {
  found.led = {open: row.closest("details").open, focused: document.activeElement === row,
    filtered: document.body.classList.contains("changed-only"), seen: row.getClientRects().length > 0};
  found.boxes = [...document.querySelectorAll("svg.graph a")].every(
    (a) => document.querySelector(a.getAttribute("href"))?.matches("tr"));
  row.closest("details").open = false;
  history.replaceState(null, "", location.pathname);
  done(found);
}, 100));
"""


@contextlib.contextmanager
def one_font():
    """A setting of fontconfig under which this machine has a single font; nothing where it has no such."""
    files = subprocess.run(["fc-list", ":family=DejaVu Sans", "file"], capture_output=True, text=True).stdout
    found = [line.rstrip(": ") for line in files.splitlines() if line.rstrip(": ").endswith("/DejaVuSans.ttf")]
    if not found:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/fonts")
        shutil.copy(found[0], f"{folder}/fonts")
        settings = pathlib.Path(folder, "fonts.conf")
        settings.write_text(
            f"<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>")
        yield str(settings)


def measure(driver, found, fonts, folder):
    """Width and cuts in both schemes, on a desktop and on a phone."""
    for scheme in ["light", "dark"]:
        for width in [1280, 390]:
            show(driver, scheme, width)
            # Pictures are fitted when the page is opened.
            driver.refresh()
            place = f"{scheme} {width} {fonts}"
            found["wider"][place] = driver.execute_script(
                "return document.documentElement.scrollWidth - innerWidth")
            found["cut"][place] = driver.execute_script(CUT)
            shot = picture(driver, width)
            driver.execute_script(OPEN)
            # Bytes of a lossless picture: the same where nothing was hidden.
            if picture(driver, width) != shot:
                found["cut"][place].append("the page looks otherwise where pictures may not hide anything")
            driver.execute_script("document.getElementById('open').remove()")
            if folder:
                pathlib.Path(folder, f"{scheme}-{width}-{fonts}.png").write_bytes(shot)


def picture(driver, width):
    """All of the page."""
    driver.execute_script("scrollTo(0, 0); document.activeElement.blur()")
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": width, "height": size["height"], "scale": 1}})
    return base64.b64decode(shot["data"])


def keyboard(driver):
    """Tabs through the page; presses Enter on a copy button and on an artifact."""
    press = lambda key: ActionChains(driver, duration=0).send_keys(key).perform()
    reached = {"first": None, "copy": None, "artifact": None, "unseen": [], "regions": 0}
    press(Keys.TAB)
    reached["first"] = driver.execute_script(FOCUSED)["text"]
    for _ in range(400):
        press(Keys.TAB)
        at = driver.execute_script(FOCUSED)
        if at["tag"] == "BODY":
            break
        if not at["seen"]:
            reached["unseen"].append(at)
        reached["regions"] += "scroll" in at["classes"]
        if at["copies"] and reached["copy"] is None:
            said = "return document.activeElement.parentElement.querySelector('[role=status]').textContent"
            press(Keys.ENTER)
            WebDriverWait(driver, 10).until(lambda d: d.execute_script(said))
            first = driver.execute_script(said)
            # Without a clipboard the text is selected.
            driver.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined});")
            press(Keys.ENTER)
            WebDriverWait(driver, 10).until(lambda d: d.execute_script(said).startswith("Selected"))
            reached["copy"] = {
                "said": first, "selected": driver.execute_script("return getSelection().toString()"),
                "rule": driver.execute_script("return document.querySelector('.ruletext').textContent")}
        if at["artifact"] and reached["artifact"] is None:
            opened = "return document.activeElement.parentElement.open"
            before = driver.execute_script(opened)
            press(Keys.ENTER)
            reached["artifact"] = [before, driver.execute_script(opened)]
            break
    return reached


def main(page, folder=None):
    address = pathlib.Path(page).resolve().as_uri()
    found = {"violations": {}, "wider": {}, "cut": {}, "fonts": 1}
    with one_font() as fonts:
        if fonts:
            found["fonts"] = 2
            driver = start(fonts)
            try:
                driver.get(address)
                measure(driver, found, "bare", folder)
            finally:
                driver.quit()
    driver = start()
    try:
        driver.set_script_timeout(120)
        show(driver, "light", 1280)
        driver.get(address)
        found["title"] = driver.title
        found["actions"] = driver.execute_script(ACTIONS)
        measure(driver, found, "usual", folder)
        driver.execute_script(AXE)
        # Contrast and structure with everything open: the hard case.
        driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
        for scheme, width in [("light", 1280), ("dark", 390)]:
            show(driver, scheme, width)
            found["violations"][f"{scheme} {width}"] = violations(driver)
            found["wider"][f"{scheme} {width} open"] = driver.execute_script(
                "return document.documentElement.scrollWidth - innerWidth")
        driver.execute_script(
            "for (const d of document.querySelectorAll('details')) d.open = false; scrollTo(0, 0);"
            "document.activeElement.blur(); getSelection().removeAllRanges();")
        show(driver, "light", 1280)
        found["keyboard"] = keyboard(driver)
        pdf = base64.b64decode(driver.print_page())
        found["pdf"] = {"isPDF": pdf.startswith(b"%PDF-"), "bytes": len(pdf)}
        if folder:
            pathlib.Path(folder, "page.pdf").write_bytes(pdf)
        found["console"] = driver.get_log("browser")
        # Whatever was asked for but the page itself and what it holds.
        events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        found["requests"] = [u for u in urls if not u.startswith(("file://", "data:"))]
        found["files"] = len({u.partition("#")[0] for u in urls if u.startswith("file://")})
        print(json.dumps(found))
    finally:
        driver.quit()


main(*sys.argv[1:])
