"""random_events.py SEED USERS BATCHES FOLDER: random experience events as Parquet, a file a batch.

They have what makes features hard: equal times, near minutes, several subscriptions, events without a
user, users who recur over batches, structs that are null.
"""
import csv
import random
import sys

import duckdb

TYPES = [
    "directMarketing.emailSent", "directMarketing.emailOpened", "directMarketing.emailClicked",
    "commerce.productViews", "decisioning.propositionInteract", "decisioning.propositionDismiss",
    "web.webinteraction.linkClicks", "advertising.impressions", "web.webpagedetails.pageViews",
]


def events(seed, users, batches):
    chance = random.Random(seed)
    for user in range(users):
        subscriber, own = chance.randrange(3) == 0, chance.randrange(1, batches + 1)
        places = chance.sample(range(batches), own)
        for number in range(chance.randrange(1, 26)):
            target = subscriber and chance.randrange(8) == 0
            kind = "web.formFilledOut" if target else chance.choice(TYPES)
            micros = chance.randrange(900) * 1_000_000 + chance.choice([0, 0, 1, 999_999])
            anonymous = chance.randrange(40) == 0
            yield (
                chance.choice(places), f"{seed}-{user}-{number}", kind, 1_767_225_600_000_000 + micros,
                None if anonymous else f"{seed}user{user}", chance.randrange(3))


def main(seed, users, batches, folder):
    database = duckdb.connect()
    # Row by row an insertion takes a millisecond.
    with open(folder + "/events.csv", "w", newline="") as file:
        csv.writer(file).writerows(events(seed, users, batches))
    database.execute(f"""
        CREATE TABLE e AS FROM read_csv('{folder}/events.csv', header = false, auto_detect = false,
          columns = {{'batch': 'INT', '_id': 'VARCHAR', 'eventType': 'VARCHAR', 'micros': 'BIGINT',
            'u': 'VARCHAR', 'lot': 'INT'}})""")
    for batch in range(batches):
        database.execute(f"""
            COPY (
              SELECT _id, eventType, make_timestamp(micros) AS timestamp,
                CASE lot WHEN 0 THEN 'self' WHEN 1 THEN '' END AS producedBy,
                NULL::VARCHAR AS eventMergeId, {{'cmle_id': u}} AS _acme,
                CASE WHEN lot > 0 THEN {{'sends': {{'value': 1.0::DOUBLE}},
                  'opens': CASE WHEN lot > 1 THEN {{'value': lot::DOUBLE}} END}} END AS directMarketing,
                CASE WHEN lot = 0 THEN {{'webPageDetails': {{'name': 'a "quoted", name'}}}} END AS web
              FROM e WHERE batch = {batch} ORDER BY timestamp, _id
            ) TO '{folder}/batch-{batch}.parquet' (FORMAT parquet)""")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
