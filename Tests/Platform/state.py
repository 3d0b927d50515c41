"""What the sandbox holds: spaces, and in each data sets, batches, files, faults and counters.

A *space* is one sandbox of one organisation (the field `x-sandbox-name`), so that tests run side by
side against one server: whatever a test does or breaks stays in its space.

For services (`space` is `call.space` of a handler; it is locked while a handler runs):

    space.datasets[id]          Catalog's document of a data set; `space.add_dataset(name, schema)`
    space.table(dataset)        its table's name, `tags["adobe/pqs/table"][0]`
    space.dataset_of_table(t)   the document's id of a table's name, or None
    space.batches[id]           Catalog's document of a batch; `space.add_batch(dataset, ...)`
    space.batches_of(dataset, status="success")   documents, oldest first, each with its "id"
    space.paths(batch_id)       the absolute paths of a batch's files (Parquet, or JSON lines)
    space.folder                a folder of the space's own
    space.knobs                 numbers and words that a test sets (`/_sandbox/knobs`), see KNOBS; a
                                service adds its own with `KNOBS.setdefault(name, value)`
    space.now()                 seconds since 1970, moved on by the knob `clock`
    space.other                 a dict for what a service keeps: `space.other.setdefault("queries", {})`
    space.new_id(), space.new_ulid()   ids as Catalog and batches have them
"""
import hashlib
import json
import os
import threading
import time

# What a test can turn, and how it is at the start.
KNOBS = {
    # Looks at a batch after COMPLETE until it is what `batch_end` says.
    "batch_polls": 1,
    # success, failed, or staging for one that never ends.
    "batch_end": "success",
    # Seconds of a token's life, and how many calls one is good for (0: any).
    "token_seconds": 86399,
    "token_calls": 0,
    # Seconds by which the sandbox's clock is ahead.
    "clock": 0,
    # Bytes of a part of a file that Data Access sends at most in one answer (0: all that is asked for).
    "range_bytes": 0,
    # Whether a Schema Registry without entries answers without `results`.
    "tenant": "acme",
}

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Space:
    def __init__(self, name, folder, organization, client, secret):
        self.name, self.folder = name, folder
        self.organization, self.client, self.secret = organization, client, secret
        self.lock = threading.RLock()
        self.datasets, self.batches, self.files, self.other = {}, {}, {}, {}
        self.knobs = dict(KNOBS)
        self.counts, self.faults, self.violations, self.calls = {}, [], [], []
        self.made = 0
        os.makedirs(folder, exist_ok=True)

    def now(self):
        return time.time() + self.knobs["clock"]

    def milliseconds(self):
        return int(self.now() * 1000)

    def _number(self):
        self.made += 1
        return self.made

    def new_id(self):
        number = self._number()
        text = hashlib.sha256(f"{self.name} {number}".encode()).hexdigest()
        return f"{0x65041e95 + number:08x}{text[:16]}"

    def new_ulid(self):
        number, text = self._number(), ""
        digest = hashlib.sha256(self.name.encode()).digest()
        for place in range(8):
            text = CROCKFORD[number % 32] + text
            number //= 32
        return "01HAC1" + "".join(CROCKFORD[b % 32] for b in digest[:12]) + text

    # Data sets and batches

    def add_dataset(self, name, schema, tags=None, id=None, more=None):
        id = id or self.new_id()
        table = "".join(c if c.isalnum() else "_" for c in name.lower())
        taken = {self.table(other) for other in self.datasets}
        unique, count = table, 0
        while unique in taken:
            count += 1
            unique = f"{table}_{count}"
        moment = self.milliseconds()
        self.datasets[id] = {
            "name": name, "description": "", "imsOrg": self.organization, "sandboxId": self.name,
            "created": moment, "updated": moment, "createdClient": self.client,
            "version": "1.0.0", "state": "DRAFT", "namespace": "ACP",
            "schemaRef": {"id": schema, "contentType":
                          "application/vnd.adobe.xed+json;version=1"},
            "fileDescription": {"persisted": True, "containerFormat": "parquet", "format": "parquet"},
            "tags": {"adobe/pqs/table": [unique], **(tags or {})}, **(more or {}),
        }
        return id

    def table(self, dataset):
        return self.datasets[dataset]["tags"]["adobe/pqs/table"][0]

    def dataset_of_table(self, table):
        return next((d for d in self.datasets if self.table(d) == table), None)

    def add_batch(self, dataset, status="loading", external=None, format="json", id=None):
        id = id or self.new_ulid()
        moment = self.milliseconds()
        self.batches[id] = {
            "status": status, "imsOrg": self.organization, "created": moment, "updated": moment,
            "createdClient": self.client, "externalId": external or id, "version": "1.0.0",
            "relatedObjects": [{"type": "dataSet", "id": dataset}], "tags": {}, "metrics": {},
            "inputFormat": {"format": format}, "recordCount": 0, "failedRecordCount": 0,
            "sequence": self._number(),
        }
        self.files[id] = {}
        return id

    def finish_batch(self, id, files, records):
        """Ends a batch well: `files` are {name: path}, as Data Access lists them."""
        batch = self.batches[id]
        self.files[id] = {"lake": dict(files)}
        moment = self.milliseconds()
        size = sum(os.path.getsize(path) for path in files.values())
        batch.update(status="success", recordCount=records, completed=moment, updated=moment)
        batch["metrics"] = {"outputRecordCount": records, "outputByteSize": size,
                            "outputFileCount": len(files)}

    def paths(self, id):
        return list(self.files[id].get("lake", {}).values())

    def batches_of(self, dataset, status="success"):
        found = [{"id": id, **batch} for id, batch in self.batches.items()
                 if {"type": "dataSet", "id": dataset} in batch["relatedObjects"]
                 and status in (None, batch["status"])]
        return sorted(found, key=lambda batch: (batch["created"], batch["sequence"]))

    # Faults and counters

    def count(self, call):
        self.counts[call] = self.counts.get(call, 0) + 1
        self.calls.append(call)

    def fault(self, call):
        """The fault that a test ordered for a call, used up by this."""
        for fault in self.faults:
            if fault["match"] not in call:
                continue
            if fault.get("after", 0) > 0:
                fault["after"] -= 1
                continue
            if fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    def dump(self):
        return {"datasets": self.datasets, "batches": self.batches, "files": self.files,
                "counts": self.counts, "violations": self.violations, "other": {
                    name: value for name, value in self.other.items() if _is_json(value)}}

    def save(self):
        """Leaves `state.json` in the space's folder for tests to look at."""
        draft = self.folder + "/state.json.new"
        with open(draft, "w") as file:
            json.dump(self.dump(), file, indent=1, sort_keys=True, default=str)
        os.replace(draft, self.folder + "/state.json")


def _is_json(value):
    try:
        json.dumps(value)
        return True
    except (TypeError, ValueError):
        return False


class State:
    """All spaces; `folder` is the server's own."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.RLock()
        self.spaces, self.tokens = {}, {}

    def make_space(self, name, organization=None, client=None, secret=None):
        """A fresh space; one of that name is forgotten."""
        with self.lock:
            index = len(self.spaces)
            space = Space(
                name, f"{self.folder}/{name}-{index}",
                organization or f"{hashlib.sha256(name.encode()).hexdigest()[:24].upper()}@AdobeOrg",
                client or f"client-{name}", secret or f"p8e-s3cr3t-{name}")
            self.spaces[name] = space
            return space
