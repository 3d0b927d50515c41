// What all figures look like where their template says nothing.
import Content

/// Fonts, colours and axes.
///
/// A picture lies inline in a page that is light or dark, or is printed: texts and lines take the
/// page's own colour, and there is no background. The colours of marks have a contrast of 3 or more
/// against white and against `#14171c`, and differ for people who do not tell all colours apart;
/// the first two by far, so that a figure takes them first. Shades are made with `opacity`, so that
/// the least is the page itself and a text in the page's colour stays readable on all of them.
enum Theme {
  static let blue = "#3b7dd8"
  static let orange = "#d0661b"
  static let palette = [blue, orange, "#90906c", "#9c5484"]

  /// The greatest opacity of the first colour at which a label over it has a contrast of 4.5.
  static let deepestShade = 0.78

  /// Liberation Sans, with which texts are measured, has the widths of Arial and Helvetica.
  static let font = "Liberation Sans, Arial, Helvetica, sans-serif"

  static let configuration: JSONValue = [
    "background": .null, "font": .string(font), "padding": 4,
    "view": ["stroke": .null],
    "title": [
      "anchor": "start", "frame": "bounds", "color": "currentColor", "fontSize": 19,
      "fontWeight": "bold", "offset": 14, "subtitleColor": "currentColor", "subtitleFontSize": 14,
      "subtitlePadding": 6, "subtitleLineHeight": 18, "subtitleFontWeight": "normal",
    ],
    "axis": [
      "labelColor": "currentColor", "labelFontSize": 14, "labelLimit": 260, "labelPadding": 6,
      "titleColor": "currentColor", "titleFontSize": 14, "titleFontWeight": "normal",
      "titleOpacity": 0.75, "titlePadding": 10, "domainColor": "currentColor",
      "domainOpacity": 0.5, "tickColor": "currentColor", "tickOpacity": 0.5, "tickSize": 4,
      "gridColor": "currentColor", "gridOpacity": 0.14, "labelFlush": false,
    ],
    "axisBand": ["grid": false, "ticks": false, "domain": false],
    "legend": [
      "labelColor": "currentColor", "labelFontSize": 14, "labelLimit": 260,
      "titleColor": "currentColor", "titleFontSize": 14, "titleFontWeight": "normal",
      "titleOpacity": 0.75, "symbolSize": 120, "orient": "top", "direction": "horizontal",
      "offset": 8,
      "columnPadding": 16, "rowPadding": 4,
    ],
    "range": ["category": .array(palette.map(JSONValue.string))],
    "mark": ["color": .string(blue)],
    "bar": ["cornerRadiusEnd": 2],
    "text": ["color": "currentColor", "fontSize": 14, "font": .string(font)],
    "rule": ["color": "currentColor"],
    "line": ["strokeWidth": 2.5, "strokeCap": "round", "strokeJoin": "round"],
  ]
}

extension JSONValue {
  /// This value with what another says on top: objects are merged, all else is replaced.
  func overlaid(with other: JSONValue?) -> JSONValue {
    guard let other else { return self }
    guard case .object(let own) = self, case .object(let more) = other else { return other }
    return .object(own.merging(more) { $0.overlaid(with: $1) })
  }
}
