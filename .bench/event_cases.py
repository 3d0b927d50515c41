"""Cases of real events: how fast a file is imported, and what one more day costs where users recur."""

import glob
import os
import re

from timing import Call, Contestant, Failed, Figures, contest, run

FLAT = """
  SELECT _id, eventType, strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%fZ') AS "timestamp", producedBy,
    eventMergeId, _cmle.cmle_id AS "_cmle.cmle_id", {leaves}
  FROM events
"""
LEAVES = [
    "directMarketing.emailDelivered.value", "directMarketing.sends.value", "directMarketing.emailVisitorID",
    "directMarketing.hashedEmail", "directMarketing.messageID", "directMarketing.offerOpens.value",
    "directMarketing.opens.value", "directMarketing.clicks.value", "web.webInteraction.linkClicks.value",
    "web.webInteraction.URL", "web.webInteraction.name", "web.webInteraction.region",
    "web.webInteraction.type", "web.webPageDetails.pageViews.value", "web.webPageDetails.URL",
    "web.webPageDetails.isErrorPage", "web.webPageDetails.name", "web.webPageDetails.server",
    "web.webPageDetails.siteSection", "web.webPageDetails.viewName", "web.webReferrer.URL",
    "web.webReferrer.type",
]
SESSION = "SET threads = 1; SET memory_limit = '2GB'; SET TimeZone = 'UTC';"
BATCHES = 10


def duckdb(places, sql, folder):
    program = glob.glob(f"{places.root}/.tools/venv/lib/python3*/site-packages/duckdb_cli/duckdb")
    if not program:
        raise Failed("no DuckDB: make setup")
    return run(Call([program[0], "-no-init", "-batch", "-c", SESSION + sql], folder), keep_output=True)


def simulated(places):
    """The files of the simulated events of 100,000 users, 1,063,452 events."""
    call = places.propensity()
    words = [places.atelier, "run", "week1.events", "--set", "Atelier.users=100000"]
    run(Call(words, call.folder), keep_output=True)
    files = []
    for batch in range(BATCHES):
        said = run(Call([places.atelier, "show", f"week1.events.{batch}", "--format", "path"], call.folder),
                   keep_output=True).output
        files.append(said.strip())
    return ", ".join(f"'{file}'" for file in files)


def _run(places, folder, events, target):
    words = [places.atelier, "run", target, "--set", f"Atelier.events={events}"]
    return run(Call(words, folder), keep_output=True)


def imports(places, report):
    """One file of a million events, beside a sorted copy of the same file by DuckDB, one thread."""
    given = simulated(places)
    work = places.fresh("events")
    csv = FLAT.format(leaves=", ".join(f'{leaf} AS "{leaf}"' for leaf in LEAVES))
    duckdb(places, f"""
        CREATE VIEW events AS FROM read_parquet([{given}]);
        COPY events TO '{work}/all.parquet' (FORMAT parquet);
        COPY events TO '{work}/all.json' (FORMAT json);
        COPY ({csv}) TO '{work}/all.csv' (FORMAT csv, HEADER);
    """, work)
    for kind in ("parquet", "csv", "json"):
        folder = places.fresh(f"events-{kind}")
        path = f"{folder}/all.{kind}"
        os.rename(f"{work}/all.{kind}", path)
        user = '"_cmle.cmle_id"' if kind == "csv" else "_cmle.cmle_id"
        copy = (f"COPY (SELECT * FROM read_{kind}('{path}') ORDER BY {user}, \"timestamp\", _id) "
                f"TO '{work}/copy.parquet' (FORMAT parquet, COMPRESSION zstd);")
        report.case(f"importing 1,063,452 events from {kind}", contest([
            Contestant("atelier", lambda: _run(
                places, places.propensity().folder, folder, "week1.events").wall, 90),
            Contestant("duckdb, a sorted copy", lambda: duckdb(places, copy, work).wall, 90),
        ], 3), "atelier", "import.events")


def recur(places, report):
    """A million events in ten files in which users recur, and one day of 5 % of the users more."""
    given = simulated(places)
    folder = places.fresh("recurring")
    copies = "".join(
        f"""COPY (FROM read_parquet([{given}]) WHERE hash(_id) % {BATCHES} = {batch})
            TO '{folder}/{batch}.parquet' (FORMAT parquet);""" for batch in range(BATCHES))
    duckdb(places, copies, folder)
    project = places.propensity().folder
    whole = _run(places, project, folder, "week2").wall
    # Late events: everybody's of one day, of a twentieth of the users, under ids of their own.
    duckdb(places, f"""
        COPY (
          SELECT * REPLACE ('late-' || _id AS _id) FROM read_parquet([{given}])
          WHERE hash(_cmle.cmle_id) % 20 = 0 AND "timestamp"::DATE = (
            SELECT max("timestamp")::DATE - 30 FROM read_parquet([{given}]))
        ) TO '{folder}/late.parquet' (FORMAT parquet);""", folder)
    day = _run(places, project, folder, "week2")
    built = re.search(r" (\d+) ran in ", day.output.strip().splitlines()[-1])
    report.case("featurizing 1,063,452 events of recurring users", {
        "atelier, one day more": Figures([day.wall]), "all from nothing": Figures([whole]),
    }, "atelier, one day more", "recur.day", notes=[f"{built[1] if built else '?'} steps ran for the day"])
