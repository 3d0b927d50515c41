"""Opens `atelier ui` in a headless Chromium and tells what it finds there. It judges nothing.

Usage: browse_ui.py URL live ORDERS [FOLDER]
       browse_ui.py URL large

live: a run of the steps one.a and two.b goes on, which obey files in the folder ORDERS; one.table holds hostile
texts. FOLDER, if given, gets screenshots. large: there are many runs, the newest with many steps. Prints one
JSON object.
"""
import base64
import json
import os
import pathlib
import sys

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support.wait import WebDriverWait

# A folder of byte code among the sources would be a file that nobody declared.
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Harness"))
from browser import AXE, show, start, violations

WAIT = 60


class Page:
    def __init__(self, driver, url):
        self.driver, self.url = driver, url

    def js(self, text, *values):
        return self.driver.execute_script(text, *values)

    def until(self, text, *values):
        """Waits until an expression of JavaScript holds, and gives its value."""
        return WebDriverWait(self.driver, WAIT, poll_frequency=0.02).until(
            lambda d: d.execute_script(f"return {text}", *values), f"never true: {text}")

    def go(self, address):
        self.js("location.hash = arguments[0]", address)
        self.until("document.querySelector('main h1') && document.querySelectorAll('main [role=status]').length >= 0")

    def text(self):
        return self.js("return document.querySelector('main').textContent")


def judged(page, place, found, folder):
    """Axe and the width in two themes and widths."""
    driver = page.driver
    driver.execute_script(AXE)
    for scheme, width in [("light", 1280), ("dark", 390)]:
        show(driver, scheme, width)
        found["violations"][f"{place} {scheme} {width}"] = violations(driver)
        found["wider"][f"{place} {scheme} {width}"] = page.js(
            "return document.documentElement.scrollWidth - innerWidth")
        if folder:
            shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
            pathlib.Path(folder, f"{place}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))
    show(driver, "light", 1280)


def tell(orders, step, text):
    with open(os.path.join(orders, step), "a", encoding="utf-8") as file:
        file.write(text + "\n")


def live(page, orders, found, folder=None):
    judge = lambda place: judged(page, place, found, folder)
    page.until("document.querySelector('.live a')")
    page.until("document.querySelector('.rows .row')")
    found["address"] = page.driver.current_url
    found["history"] = page.js("return history.length")
    found["cookies"] = page.js("return document.cookie")
    judge("runs")
    # The keyboard reaches everything, and each focus can be seen.
    unseen = []
    page.js("document.activeElement.blur()")
    for place in range(60):
        ActionChains(page.driver, duration=0).send_keys(Keys.TAB).perform()
        at = page.js("const e = document.activeElement; const b = e.getBoundingClientRect();"
                     "return [e.tagName, e.textContent.slice(0, 40), b.width > 0 && getComputedStyle(e).outlineStyle !== 'none']")
        if place == 0:
            found["first"] = at[1]
        if at[0] == "BODY":
            break
        if not at[2]:
            unseen.append(at)
    found["unseen"] = unseen
    # The run that goes on, without a new load.
    page.js("window.mark = 'the same page'; document.querySelector('.live a').click()")
    page.until("document.querySelector('h1 .s-running')")
    page.until("[...document.querySelectorAll('.rows .row')].some(r => r.textContent.includes('one.a') && r.querySelector('.s-running'))")
    page.until("document.querySelectorAll('svg.graph .box.s-running').length === 2")
    tell(orders, "one.a", "progress 0.4")
    page.until("[...document.querySelectorAll('.rows .row')].some(r => r.textContent.includes('40 %'))")
    found["progress"] = page.js("return document.querySelector('progress').value")
    judge("live")
    run = page.js("return location.hash")
    page.go(f"{run}/step/one.a")
    page.until("document.querySelector('pre.log')")
    tell(orders, "one.a", "say hello <img src=x onerror=\"document.title='owned'\"> \u202e")
    page.until("document.querySelector('pre.log').textContent.includes('hello')")
    found["log"] = page.js("return document.querySelector('pre.log').textContent")
    judge("step")
    page.go(run)
    page.until("document.querySelectorAll('svg.graph .box.s-running').length === 2")
    tell(orders, "one.a", "go")
    page.until("[...document.querySelectorAll('.rows .row')].some(r => r.textContent.includes('one.a') && r.querySelector('.s-built'))")
    tell(orders, "two.b", "go")
    page.until("document.querySelector('h1 .s-ok')")
    page.until("document.querySelector('.links a[href^=report]') && [...document.querySelectorAll('h2')].some(h => h.textContent.startsWith('Outputs'))")
    judge("ended")
    page.go(f"{run}/step/one.table")
    page.until("document.querySelector('details.artifact summary')")
    page.js("document.querySelector('details.artifact summary').click()")
    page.until("document.querySelector('details.artifact table')")
    found["cells"] = page.js("return [...document.querySelectorAll('details.artifact td')].map(c => c.textContent)")
    found["images"] = page.js("return document.querySelectorAll('main img').length")
    judge("output")
    # Back in the table: filter, sort, choose two.
    page.go("#/runs")
    page.until("document.querySelectorAll('.rows .row').length === 2")
    heads = "return [...document.querySelectorAll('[role=columnheader]')].map(h => h.textContent)"
    found["heads"] = page.js(heads)
    field = page.driver.find_element(By.CSS_SELECTOR, "input[type=search]")
    field.send_keys("unused=first")
    page.until("document.querySelectorAll('.rows .row').length === 1")
    field.clear()
    field.send_keys(Keys.SPACE)
    page.until("document.querySelectorAll('.rows .row').length === 2")
    for place in range(2):
        page.js("document.querySelectorAll('.rows .row')[arguments[0]].querySelector('input').click()", place)
    page.until("!document.querySelector('button.button').disabled")
    page.js("document.querySelector('button.button').click()")
    page.until("document.querySelector('.sides')")
    found["compared"] = page.text()
    judge("compare")
    for place in ["features", "endpoints"]:
        page.go(f"#/{place}")
        page.until("document.querySelector('main .note')")
        judge(place)
    found["mark"] = page.js("return window.mark")
    found["title"] = page.driver.title
    page.driver.get(found["address"])
    page.until("document.querySelector('.rows .row')")
    found["again"] = page.driver.current_url


def large(page, found):
    times = page.until("document.querySelector('.rows .row') && performance.now()")
    found["firstRows"] = times
    page.until("/^10000 runs$/.test(document.querySelector('main .note').textContent)")
    found["allRows"] = page.js("return performance.now()")
    found["shown"] = page.js("return document.querySelectorAll('.rows .row').length")
    sort = """
      const head = [...document.querySelectorAll('[role=columnheader]')].find(h => h.textContent.startsWith(arguments[0]));
      const start = performance.now();
      head.querySelector('button').click();
      document.body.offsetHeight;
      return [performance.now() - start, document.querySelector('.rows .row').textContent];
    """
    found["sorts"] = {name: page.js(sort, name) for name in ["Time", "Fixture.unused", "Status", "Started"]}
    typed = """
      const input = document.querySelector('input[type=search]');
      const start = performance.now();
      input.value = arguments[0];
      input.dispatchEvent(new Event('input'));
      document.body.offsetHeight;
      return [performance.now() - start, document.querySelector('main .note').textContent];
    """
    found["filters"] = {text: page.js(typed, text) for text in ["status=failed", "unused=3 time>500", ""]}
    page.js("document.querySelector('.long').scrollTop = 1e9")
    page.until("[...document.querySelectorAll('.rows .row')].some(r => r.getAttribute('aria-rowindex') === '10001')")
    # The newest run has the many steps.
    page.js("document.querySelector('.long').scrollTop = 0")
    while True:
        newest = page.js(sort, "Started")[1]
        if "2030-01-07" in newest:
            break
    start = page.js("window.began = performance.now(); document.querySelector('.rows .row a').click(); return began")
    found["steps"] = page.until("[...document.querySelectorAll('h2')].some(h => /^Steps \\(1\\d{4}\\)$/.test(h.textContent))"
                                " && document.querySelector('.rows .row') && performance.now() - window.began")
    found["graph"] = page.until("document.querySelector('svg.graph .box') && performance.now() - window.began")
    found["stepSort"] = page.js(sort, "Time")
    found["stepRows"] = page.js("return document.querySelectorAll('.rows .row').length")


def main(url, kind, *more):
    driver = start()
    try:
        found = {"violations": {}, "wider": {}}
        driver.set_script_timeout(120)
        show(driver, "light", 1280)
        driver.get(url)
        page = Page(driver, url)
        (live if kind == "live" else large)(page, *([found] if kind == "large" else [more[0], found, *more[1:]]))
        found["console"] = driver.get_log("browser")
        events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        own = url.split("?")[0]
        found["requests"] = [u for u in urls if not u.startswith((own, "data:"))]
        print(json.dumps(found))
    finally:
        driver.quit()


main(*sys.argv[1:])
