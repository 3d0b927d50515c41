// The Python script that draws: part of this family's code, hence of every figure's key.

/// Reads a specification from standard input and prints the SVG.
///
/// Arguments: the path of vl-convert's extension module and the figure's name. What Vega leaves out
/// is added: a title and a description for screen readers, a title for each mark since no script
/// shows tooltips, and ids that stay unique where several pictures share a page.
enum RenderScript {
  static let text = #"""
    import importlib.util
    import json
    import re
    import sys
    import xml.etree.ElementTree as ET

    module, name = sys.argv[1:]
    loading = importlib.util.spec_from_file_location("vl_convert", module)
    vl_convert = importlib.util.module_from_spec(loading)
    loading.loader.exec_module(vl_convert)

    text = sys.stdin.buffer.read().decode("utf-8")
    specification = json.loads(text)
    drawn = vl_convert.vegalite_to_svg(
        text, vl_version="5.21", show_warnings=True, allowed_base_urls=[])

    SVG = "{http://www.w3.org/2000/svg}"
    XLINK = "{http://www.w3.org/1999/xlink}"
    ET.register_namespace("", SVG[1:-1])
    ET.register_namespace("xlink", XLINK[1:-1])
    root = ET.fromstring(drawn)
    prefix = "figure-" + name + "-"

    # What is never seen: empty frames.
    for parent in list(root.iter()):
        for child in list(parent):
            unseen = child.get("display") == "none" or child.get("d") == "M0,0h0v0h0Z"
            if child.tag == SVG + "path" and unseen:
                parent.remove(child)

    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.set(key, prefix + value)
            elif key in ("href", XLINK + "href") and value.startswith("#"):
                element.set(key, "#" + prefix + value[1:])
            elif "url(#" in value:
                element.set(key, re.sub(r"url\(#", "url(#" + prefix, value))

    def titled(element, tag, text):
        child = ET.Element(SVG + tag)
        child.text = text
        element.insert(0, child)
        return child

    for group in root.iter(SVG + "g"):
        if "role-mark" in group.get("class", "").split():
            for mark in group:
                label = mark.get("aria-label")
                if label and mark.tag != SVG + "g" and mark.get("aria-hidden") != "true":
                    titled(mark, "title", label)

    title = specification["title"]
    title = title if isinstance(title, str) else title["text"]
    title = title if isinstance(title, str) else " ".join(title)
    titled(root, "desc", specification["description"]).set("id", prefix + "description")
    titled(root, "title", title).set("id", prefix + "title")
    root.attrib.pop("class", None)
    root.set("role", "img")
    root.set("aria-labelledby", prefix + "title")
    root.set("aria-describedby", prefix + "description")
    sys.stdout.buffer.write(ET.tostring(root, encoding="utf-8") + b"\n")
    """#
}
