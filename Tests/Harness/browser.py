"""Starts a headless Chromium and asks axe-core, for the scripts of tests of pages."""
import os
import pathlib
import shutil

import axe_playwright_python
from selenium import webdriver

AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()


def start(fonts=None):
    """A browser; `fonts` is a file of settings of fontconfig."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    # A driver as root, as in containers, has no sandbox; all that it opens is a file of ours.
    for word in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                 "--disable-background-networking", "--hide-scrollbars", "--force-device-scale-factor=1"]:
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    env = {**os.environ, "FONTCONFIG_FILE": fonts} if fonts else None
    service = webdriver.ChromeService(shutil.which("chromedriver"), env=env)
    return webdriver.Chrome(options=options, service=service)


def show(driver, scheme, width, height=900):
    features = [{"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})


def violations(driver):
    found = driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[0])")
    return [
        {"id": v["id"], "impact": v["impact"],
         "nodes": [n["html"][:200] + " | " + str(n.get("failureSummary"))[:300] for n in v["nodes"][:3]]}
        for v in found["violations"]
    ]
