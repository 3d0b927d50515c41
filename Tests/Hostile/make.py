# Writes the hostile files that are no plain text: gzip and workbooks. Arguments: the folder, the wheels of
# openpyxl and et_xmlfile.
import datetime
import gzip
import sys
import zipfile
import zlib

folder, *wheels = sys.argv[1:]
sys.path[:0] = wheels
import openpyxl

ROWS = b"n,s\n" + b"".join(b"%d,row %d\n" % (i, i) for i in range(1, 11))


def write(name, data):
    with open(f"{folder}/{name}", "wb") as file:
        file.write(data)


def edited(data, at, difference):
    data = bytearray(data)
    data[at] = (data[at] + difference) % 256
    return bytes(data)


stored = zlib.compressobj(0, 8, 31)
stored = stored.compress(ROWS) + stored.flush()
flushed = zlib.compressobj(9, 8, 31)
whole = gzip.compress(ROWS, mtime=0)
write("gz-cut-at-flush.csv.gz", flushed.compress(ROWS[:30]) + flushed.flush(zlib.Z_SYNC_FLUSH))
write("gz-cut.csv.gz", whole[:-15])
write("gz-other-byte.csv.gz", stored.replace(b"3,row 3", b"3,row 8"))
write("gz-other-crc.csv.gz", edited(whole, -6, 1))
write("gz-other-length.csv.gz", edited(whole, -2, 1))
write("gz-short-trailer.csv.gz", whole[:-3])
write("gz-members.csv.gz", gzip.compress(ROWS[:11]) + gzip.compress(ROWS[11:]))
write("gz-second-member-damaged.csv.gz", gzip.compress(ROWS[:11]) + edited(gzip.compress(ROWS[11:]), -6, 1))
write("gz-padded.csv.gz", whole + bytes(512))
write("gz-garbage-after.csv.gz", whole + b"junk")
write("gz-plain-text.csv.gz", ROWS)


def book(name, *sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows, state in sheets:
        sheet = made.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    made.save(f"{folder}/{name}")


TWO = [["n", "s"], [1, "a"], [2, "b"]]
OTHER = [["n", "s"], [9, "z"]]
book("xlsx-formula-without-value.xlsx", ("A", [["n", "s"], ["=1+1", "a"]], "visible"))
book("xlsx-hidden-first.xlsx", ("Old", OTHER, "hidden"), ("New", TWO, "visible"))
book("xlsx-two-sheets.xlsx", ("Year 2009", OTHER, "visible"), ("Year 2010", TWO, "visible"))
book("xlsx-blank-row.xlsx", ("A", [["n", "s"], [1, "a"], [None, None], [2, "b"]], "visible"))
book("xlsx-fault-after-blank-row.xlsx", ("A", [["n", "s"], [1, "a\nb"], [None, None], [1.5, "b"]], "visible"))
book("xlsx-seconds.xlsx", ("A", [["at"], [datetime.datetime(2010, 12, 1, 8, 26, 59)],
                                [datetime.datetime(2010, 12, 1, 8, 26)]], "visible"))
book("xlsx-beyond-header.xlsx", ("A", [["n", "s"], [1, "a", "x"]], "visible"))


def rewritten(name, source, old, new):
    with zipfile.ZipFile(f"{folder}/{source}") as given, zipfile.ZipFile(f"{folder}/{name}", "w") as made:
        for entry in given.namelist():
            data = given.read(entry)
            if entry.startswith("xl/worksheets/"):
                assert old in data, data
                data = data.replace(old, new)
            made.writestr(entry, data)


# Newer errors than openpyxl knows, and a formula whose value is stored.
rewritten("xlsx-error.xlsx", "xlsx-formula-without-value.xlsx", b'<c r="A2"><f>1+1</f><v /></c>',
          b'<c r="A2" t="e"><v>#SPILL!</v></c>')
rewritten("xlsx-formula-with-value.xlsx", "xlsx-formula-without-value.xlsx", b"<f>1+1</f><v />",
          b"<f>1+1</f><v>2</v>")
