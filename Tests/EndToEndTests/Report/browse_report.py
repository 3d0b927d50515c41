"""Opens a report in a headless Chromium and tells what it finds there. It judges nothing.

Usage: browse_report.py PAGE [FOLDER]

PAGE is the path of a report; FOLDER, if given, gets screenshots and a PDF. Prints one JSON object:
console messages, requests that left the page, violations that axe-core calls serious or critical by colour
scheme and width, how far the page is wider than the window, what the keyboard reached and did, and the
size of the printed page.
"""
import base64
import json
import os
import pathlib
import sys

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Harness"))
from browser import AXE, show, start, violations

FOCUSED = """
const e = document.activeElement, box = e.getBoundingClientRect();
return {tag: e.tagName, classes: e.className, label: e.getAttribute("aria-label") ?? "",
  text: e.textContent.slice(0, 60), copies: e.dataset.copy !== undefined,
  artifact: e.parentElement?.classList.contains("artifact") ?? false,
  seen: box.width > 0 && getComputedStyle(e).outlineStyle !== "none"};
"""


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
    driver = start()
    try:
        found = {"violations": {}, "wider": {}}
        driver.set_script_timeout(120)
        show(driver, "light", 1280)
        driver.get(pathlib.Path(page).resolve().as_uri())
        found["title"] = driver.title
        driver.execute_script(AXE)
        for scheme in ["light", "dark"]:
            for width in [1280, 360]:
                show(driver, scheme, width)
                found["wider"][f"{scheme} {width}"] = driver.execute_script(
                    "return document.documentElement.scrollWidth - innerWidth")
                if folder:
                    # The top of the page as a window shows it, then all of it.
                    driver.execute_script("scrollTo(0, 0); document.activeElement.blur()")
                    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
                    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
                        "captureBeyondViewport": True,
                        "clip": {"x": 0, "y": 0, "width": width, "height": size["height"], "scale": 1}})
                    path = os.path.join(folder, f"{scheme}-{width}.png")
                    pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))
        # Contrast and structure with everything open: the hard case.
        driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
        for scheme, width in [("light", 1280), ("dark", 360)]:
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
        found["files"] = sum(u.startswith("file://") for u in urls)
        print(json.dumps(found))
    finally:
        driver.quit()


main(*sys.argv[1:])
