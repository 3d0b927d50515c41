"""Weeks 1 to 5 of the propensity workshop as its notebooks do them: one Python program, nothing kept.

    notebooks_way.py <folder> [jobs]

It simulates 100,000 users in ten batches, asks DuckDB what the notebooks ask the platform's query
service, makes the features with pandas, delivers them, tunes scikit-learn's random forest with hyperopt
(TPE, 100 trials, one after the other), scores every user and cuts the segment. `jobs` is the n_jobs of
the forests, 1 as in the notebooks unless given. Each part's seconds go to stderr, the result to stdout as
JSON.
"""

import json
import os
import random
import sys
import time

import duckdb
import hyperopt
import numpy
import pandas
import pyarrow
import pyarrow.parquet
from hyperopt import hp
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, confusion_matrix, roc_auc_score
from sklearn.model_selection import train_test_split

import notebooks_events

USERS = 100_000
BATCHES = 10
TRIALS = 100
SEED = 1
COUNTED = {
    "emailsReceived": "directMarketing.emailSent", "emailsOpened": "directMarketing.emailOpened",
    "emailsClicked": "directMarketing.emailClicked", "productsViewed": "commerce.productViews",
    "propositionInteracts": "decisioning.propositionInteract",
    "propositionDismissed": "decisioning.propositionDismiss",
    "webLinkClicks": "web.webinteraction.linkClicks",
}
TIMED = {
    "minutes_since_emailSent": "directMarketing.emailSent",
    "minutes_since_emailOpened": "directMarketing.emailOpened",
    "minutes_since_emailClick": "directMarketing.emailClicked",
    "minutes_since_productView": "commerce.productViews",
    "minutes_since_propositionInteract": "decisioning.propositionInteract",
    "minutes_since_propositionDismiss": "decisioning.propositionDismiss",
    "minutes_since_linkClick": "web.webinteraction.linkClicks",
}
FEATURES = [*COUNTED, *TIMED]
TARGET = "web.formFilledOut"
SPACE = {
    "n_estimators": hp.quniform("n_estimators", 10, 200, 10),
    "max_depth": hp.quniform("max_depth", 2, 12, 1),
    "criterion": hp.choice("criterion", ["gini", "entropy"]),
    "min_samples_leaf": hp.quniform("min_samples_leaf", 1, 5, 1),
    "min_samples_split": hp.uniform("min_samples_split", 0.01, 0.05),
}


def simulate(folder):
    """Week 1: a Parquet file a batch."""
    draw, generator = random.Random(SEED), numpy.random.default_rng(SEED)
    size = USERS // BATCHES
    for number in range(BATCHES):
        events = list(notebooks_events.batch(range(number * size, (number + 1) * size), generator, draw))
        pyarrow.parquet.write_table(
            pyarrow.Table.from_pylist(events), f"{folder}/events-{number}.parquet")


def explore(folder):
    """Week 1: what the notebook asks of the events."""
    base = duckdb.connect()
    base.execute("SET threads = 1")
    base.execute(
        f"CREATE VIEW events AS SELECT * FROM read_parquet('{folder}/events-*.parquet')")
    base.execute("SELECT * FROM events LIMIT 10").df()
    counts = base.execute("SELECT count(*), count(DISTINCT _cmle.cmle_id) FROM events").fetchone()
    base.execute("SELECT count(*) FROM events USING SAMPLE 5 PERCENT (bernoulli, 1)").fetchone()
    base.execute("""SELECT eventType, count(DISTINCT _cmle.cmle_id), count(*) FROM events
                    GROUP BY eventType ORDER BY 2 DESC""").df()
    base.execute("""
        WITH first AS (SELECT _cmle.cmle_id AS userId, eventType, min(timestamp) AS first,
                         max(timestamp) AS last FROM events GROUP BY ALL)
        SELECT a.eventType, b.eventType, count(*) FROM first a JOIN first b USING (userId)
        WHERE a.first <= b.last GROUP BY ALL""").df()
    counted = base.execute("""
        SELECT _cmle.cmle_id AS userId, eventType, count(*) AS events FROM events GROUP BY ALL""").df()
    wide = counted.pivot(index="userId", columns="eventType", values="events").fillna(0)
    wide.corrwith(wide[TARGET])
    return counts


def featurize(folder):
    """Week 2: the row of the subscription, or a random one, with what was before it."""
    events = pandas.concat(
        [pandas.read_parquet(f"{folder}/events-{n}.parquet", columns=["_cmle", "eventType", "timestamp"])
         for n in range(BATCHES)], ignore_index=True)
    events["userId"] = events.pop("_cmle").str["cmle_id"]
    events = events.sort_values(["userId", "timestamp"], kind="stable", ignore_index=True)
    user = events.groupby("userId", sort=False)
    for name, kind in COUNTED.items():
        events[name] = (events["eventType"] == kind).astype("int64")
    counts = user[list(COUNTED)].cumsum()
    for name in COUNTED:
        events[name] = counts[name]
    for name, kind in TIMED.items():
        last = events["timestamp"].where(events["eventType"] == kind)
        passed = events["timestamp"] - last.groupby(events["userId"], sort=False).ffill()
        events[name] = passed.dt.total_seconds() // 60
    events["subscriptionOccurred"] = events["eventType"] == TARGET
    subscribed = events[events["subscriptionOccurred"]].drop_duplicates("userId")
    others = events[~events["userId"].isin(subscribed["userId"])]
    drawn = others.sample(frac=1, random_state=SEED).drop_duplicates("userId")
    return pandas.concat([subscribed, drawn], ignore_index=True)


def forest(settings, jobs):
    return RandomForestClassifier(
        n_estimators=int(settings["n_estimators"]), max_depth=int(settings["max_depth"]),
        criterion=settings["criterion"], min_samples_leaf=int(settings["min_samples_leaf"]),
        min_samples_split=settings["min_samples_split"], random_state=SEED, n_jobs=jobs)


def train(export, jobs):
    """Week 4: a baseline, then 100 trials; the best model and its numbers."""
    sample = pandas.read_parquet(export).sample(frac=0.5, random_state=SEED).fillna(0)
    x_train, x_test, y_train, y_test = train_test_split(
        sample[FEATURES], sample["subscriptionOccurred"], test_size=0.8, random_state=SEED)
    baseline = RandomForestClassifier(n_estimators=10, random_state=SEED).fit(x_train, y_train)
    best = {"auc": 0}

    def trial(settings):
        model = forest(settings, jobs).fit(x_train, y_train)
        auc = roc_auc_score(y_test, model.predict_proba(x_test)[:, 1])
        accuracy_score(y_test, model.predict(x_test))
        if auc > best["auc"]:
            best.update(auc=auc, model=model)
        return {"loss": -auc, "status": hyperopt.STATUS_OK}

    hyperopt.fmin(trial, SPACE, algo=hyperopt.tpe.suggest, max_evals=TRIALS,
                  rstate=numpy.random.default_rng(SEED), show_progressbar=False, verbose=False)
    confusion_matrix(y_test, best["model"].predict(x_test))
    # Users outside of the sample, whom the notebooks never ask about.
    whole = pandas.read_parquet(export)
    unused = whole.drop(sample.index).fillna(0)
    return best["model"], {
        "baselineAuc": roc_auc_score(y_test, baseline.predict_proba(x_test)[:, 1]), "auc": best["auc"],
        "unusedAuc": roc_auc_score(
            unused["subscriptionOccurred"], best["model"].predict_proba(unused[FEATURES])[:, 1]),
    }


def score(export, model, path):
    users = pandas.read_parquet(export)
    users["prediction"] = model.predict_proba(users[FEATURES].fillna(0))[:, 1]
    users[["userId", "prediction"]].to_csv(path, index=False)


def segment(path):
    """Week 5: how many users lie in each interval, and who is in ours."""
    scores = pandas.read_csv(path, dtype={"userId": str})["prediction"]
    numpy.histogram(scores, bins=20, range=(0, 1))
    borders = numpy.arange(0, 101) / 100
    ordered = numpy.sort(scores)
    below = numpy.searchsorted(ordered, borders, side="right")
    above = numpy.searchsorted(ordered, borders, side="left")
    numpy.maximum(0, below[None, :] - above[:, None])
    return int(((scores >= 0.2) & (scores <= 0.93)).sum())


def main():
    folder = sys.argv[1]
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    os.makedirs(folder, exist_ok=True)
    export, scored = f"{folder}/featurized.parquet", f"{folder}/scores.csv"
    seconds, start = {}, time.perf_counter()

    def part(name, work, *arguments):
        nonlocal start
        result = work(*arguments)
        seconds[name] = round(time.perf_counter() - start, 2)
        start = time.perf_counter()
        print(f"{name}: {seconds[name]} s", file=sys.stderr, flush=True)
        return result

    part("simulate", simulate, folder)
    events, users = part("explore", explore, folder)
    part("featurize and deliver", lambda: featurize(folder).to_parquet(export, compression="gzip"))
    model, numbers = part("train", train, export, jobs)
    part("score", score, export, model, scored)
    reach = part("segment", segment, scored)
    print(json.dumps({"events": events, "users": users, "reach": reach, "seconds": seconds} | numbers))


if __name__ == "__main__":
    main()
