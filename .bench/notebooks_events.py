"""Week 1 as the notebooks simulate it: a loop over users, events as dictionaries. It writes no file."""

from datetime import datetime, timedelta, timezone

import mmh3

WEEKS = 10
BEGIN = datetime(2024, 3, 23, tzinfo=timezone.utc)
SECONDS = WEEKS * 7 * 24 * 3600

# Events a week, what an event adds to the propensity, hours after the event that it depends on.
EVENTS = {
    "advertising.clicks": (0.01, 0.002, 0.5),
    "advertising.impressions": (0.1, 0.001, 0),
    "web.webpagedetails.pageViews": (0.1, 0.005, 0.1),
    "web.webinteraction.linkClicks": (0.05, 0.005, 0.1),
    "commerce.productViews": (0.05, 0.005, 0.2),
    "commerce.purchases": (0.01, 0.1, 1),
    "decisioning.propositionDisplay": (0.05, 0.005, 0.1),
    "decisioning.propositionInteract": (0.01, 0.1, 0.05),
    "decisioning.propositionDismiss": (0.01, -0.2, 0.05),
    "directMarketing.emailOpened": (0.2, 0.02, 24),
    "directMarketing.emailClicked": (0.05, 0.1, 0.5),
    "directMarketing.emailSent": (0.5, 0.005, 0),
    "web.formFilledOut": (0, 0, 0),
}
SPONTANEOUS = ["advertising.impressions", "web.webpagedetails.pageViews", "directMarketing.emailSent"]
DEPENDENCIES = [
    ("advertising.impressions", ["advertising.clicks"]),
    ("directMarketing.emailSent", ["directMarketing.emailOpened"]),
    ("directMarketing.emailOpened", ["directMarketing.emailClicked"]),
    ("directMarketing.emailClicked", ["web.webpagedetails.pageViews"]),
    ("web.webpagedetails.pageViews",
     ["web.webinteraction.linkClicks", "commerce.productViews", "decisioning.propositionDisplay"]),
    ("commerce.productViews", ["commerce.purchases"]),
    ("decisioning.propositionDisplay",
     ["decisioning.propositionInteract", "decisioning.propositionDismiss"]),
]
CLICKS = {"advertising.clicks", "commerce.purchases", "web.webinteraction.linkClicks", "web.formFilledOut",
          "decisioning.propositionInteract", "decisioning.propositionDismiss"}
SECTIONS = ["women", "men", "gear", "training", "sale"]


def ecid(number):
    """The platform's identity of a user: 38 digits from the hash of the address."""
    halves = mmh3.hash64(f"synthetic-user-{number}@adobe.com", 0, True)
    texts = [str(abs(half)) for half in halves]
    return "".join("".join(str(n % 10) for n in range(19 - len(text))) + text for text in texts)


def times(draw):
    """The moments of a user's events in seconds after the begin, by type."""
    found = {}
    for kind in SPONTANEOUS:
        count = draw.poisson(EVENTS[kind][0] * WEEKS)
        found[kind] = draw.integers(0, SECONDS, count).tolist() if count else []
    for origin, dependents in DEPENDENCIES:
        for moment in found.get(origin, []):
            for kind in dependents:
                rate, _, hours = EVENTS[kind]
                count = draw.poisson(rate * WEEKS)
                found[kind] = (moment + draw.exponential(hours * 3600, count)).tolist() if count else []
    events = sorted((moment, kind) for kind, moments in found.items() for moment in moments)
    propensity = 0.001
    for moment, kind in events:
        propensity = min(1, max(0, propensity + EVENTS[kind][1]))
        if not kind.startswith(("directMarketing.", "advertising.")) and draw.random() < propensity:
            return sorted([*events, (moment + 60, "web.formFilledOut")])
    return events


VALUE = {"value": 1.0}


def web(kind, section, link, referrer):
    url = f"https://www.luma.example/{section}.html"
    return {
        "webInteraction": {"linkClicks": {"value": float(kind in CLICKS)}, "URL": url, "name": "banner",
                           "region": "us-east", "type": link},
        "webPageDetails": {"pageViews": VALUE, "URL": url, "isErrorPage": False, "name": "product",
                           "server": "web-1", "siteSection": section, "viewName": "list"},
        "webReferrer": {"URL": "https://search.example/", "type": referrer},
    }


# Made once: what is measured is not the making of texts.
WEB = {
    kind: [web(kind, section, link, referrer) for section in SECTIONS
           for link in ("download", "exit", "other") for referrer in ("internal", "external")]
    for kind in EVENTS
}


def identifier(draw):
    digits = f"{draw.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def experience_event(moment, kind, user, address, draw):
    """One event in the shape of XDM."""
    event = {
        "_id": identifier(draw), "eventType": kind, "timestamp": BEGIN + timedelta(seconds=moment),
        "producedBy": "databricks-synthetic", "_cmle": {"cmle_id": user}, "directMarketing": None,
        "web": None,
    }
    if kind.startswith("directMarketing."):
        marketing = {"emailVisitorID": user, "messageID": identifier(draw)}
        if kind == "directMarketing.emailSent":
            marketing |= {"emailDelivered": VALUE, "sends": VALUE, "hashedEmail": address}
        elif kind == "directMarketing.emailOpened":
            marketing |= {"offerOpens": VALUE, "opens": VALUE}
        else:
            marketing |= {"offerOpens": VALUE, "clicks": VALUE}
        event["directMarketing"] = marketing
    else:
        choices = WEB[kind]
        event["web"] = choices[int(draw.random() * len(choices))]
    return event


def batch(users, generator, draw):
    """The events of some users, as dictionaries."""
    for number in users:
        user = ecid(number)
        address = f"synthetic-user-{number}@adobe.com"
        for moment, kind in times(generator):
            yield experience_event(moment, kind, user, address, draw)
