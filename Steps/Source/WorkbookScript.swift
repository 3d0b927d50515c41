// The Python program that reads a workbook. It knows the format's quirks and no column.

/// The script of `ReadWorkbook`.
enum WorkbookScript {
  /// Arguments: two wheels, the workbook, the CSV to write, the sheet, the format of dates.
  static let text = #"""
    import csv, datetime, mimetypes, sys, zipfile
    # The machine's own list of types, which openpyxl would read and has no use for.
    mimetypes.knownfiles = []
    openpyxl_wheel, et_xmlfile_wheel, source, target, wanted, date_format = sys.argv[1:]
    sys.path[:0] = [openpyxl_wheel, et_xmlfile_wheel]
    import openpyxl
    from openpyxl.utils import get_column_letter
    from xml.etree import ElementTree

    SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

    def date(value):
        # strftime may leave out the seconds, for example; then nothing is lost this way.
        if not isinstance(value, datetime.datetime):
            value = datetime.datetime(value.year, value.month, value.day)
        text = value.strftime(date_format)
        try:
            if datetime.datetime.strptime(text, date_format) == value:
                return text
        except ValueError:
            pass
        return value.isoformat(sep=" ")

    def text(value, row, column):
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        if isinstance(value, (datetime.datetime, datetime.date)):
            return date(value)
        return str(value)

    def refuse_cells(book, sheet):
        """Refuses formulas without a value, and errors, which the file marks as such."""
        with zipfile.ZipFile(source) as files, files.open(sheet._worksheet_path) as xml:
            row, column = 0, 0
            for event, element in ElementTree.iterparse(xml, ("start", "end")):
                if event == "start":
                    if element.tag == SHEET + "row":
                        row, column = int(element.get("r", row + 1)), 0
                    elif element.tag == SHEET + "c":
                        column += 1
                    continue
                if element.tag == SHEET + "c":
                    cell = element.get("r") or f"{get_column_letter(column)}{row}"
                    value = element.find(SHEET + "v")
                    if element.get("t") == "e":
                        sys.exit(f"cell {cell} holds the error {value.text if value is not None else ''}"
                                 "; correct it")
                    if element.find(SHEET + "f") is not None and (value is None or value.text is None) \
                            and element.get("t") != "str":
                        sys.exit(f"cell {cell} holds a formula without a value; open the workbook in "
                                 "Excel and save it, so that the value is stored")
                elif element.tag == SHEET + "row":
                    element.clear()

    def rows(sheet):
        sheet.reset_dimensions()
        width, empty = None, 0
        for row, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            fields = [text(value, row, column) for column, value in enumerate(cells, 1)]
            if not any(fields):
                empty += 1
                continue
            yield from [[]] * empty
            empty = 0
            if width is None:
                while fields and not fields[-1]:
                    fields.pop()
                width = len(fields)
            if any(fields[width:]):
                sys.exit(f"row {row} has a value in column {get_column_letter(len(fields))}, the header "
                         f"has {width} columns")
            yield (fields + [""] * width)[:width]

    def chosen(book):
        names = ", ".join(f"'{sheet.title}'" + ("" if sheet.sheet_state == "visible" else " (hidden)")
                          for sheet in book.worksheets)
        if wanted:
            for sheet in book.worksheets:
                if sheet.title == wanted:
                    return sheet
            if wanted.isdecimal() and 1 <= int(wanted) <= len(book.worksheets):
                return book.worksheets[int(wanted) - 1]
            sys.exit(f"there is no sheet '{wanted}'; the sheets are {names}")
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(visible) != 1:
            sys.exit(f"the workbook has {len(visible)} visible sheets; name one with the key 'sheet': "
                     f"{names}")
        return visible[0]

    try:
        book = openpyxl.load_workbook(open(source, "rb"), read_only=True, data_only=True)
    except Exception as error:
        sys.exit(f"it is not an Excel workbook (.xlsx): {error}")
    sheet = chosen(book)
    refuse_cells(book, sheet)
    with open(target, "w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows(sheet))
    """#
}
