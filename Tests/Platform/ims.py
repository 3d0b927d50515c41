"""Tokens: POST /ims/token/v2 and v3, form in the body."""
import secrets
from urllib.parse import parse_qs

from sandbox import Answer


def token(call):
    app, version = call.app, call.path.rsplit("/", 1)[-1]
    form = {name: values[-1] for name, values in parse_qs(call.body.decode()).items()}
    space = next((s for s in app.state.spaces.values() if s.client == form.get("client_id")), None)
    if not space:
        return Answer(400, {"error": "invalid_client", "error_description": "invalid client_id parameter"})
    with space.lock:
        space.count(f"POST /ims/token/{version}")
        fault = space.fault(f"POST /ims/token/{version}")
        if fault:
            return app._spoilt(fault)
        if call.query_items:
            space.violations.append("a token was asked for by a query, which servers log")
        if form.get("grant_type") != "client_credentials":
            return Answer(400, {"error": "unsupported_grant_type", "error_description": "grant_type"})
        if form.get("client_secret") != space.secret:
            # Some servers repeat what they were sent.
            return Answer(400, {"error": "invalid_client", "error_description":
                                f"invalid client_secret parameter: {form.get('client_secret')}"})
        text = "eyJ" + secrets.token_urlsafe(48)
        seconds = space.knobs["token_seconds"]
        app.state.tokens[text] = {"space": space, "ends": space.now() + seconds,
                                  "calls": space.knobs["token_calls"] or -1}
        space.other.setdefault("tokens", []).append(text)
        life = seconds if version == "v3" else seconds * 1000
        return Answer(200, {"access_token": text, "token_type": "bearer", "expires_in": life})


def register(app):
    app.open("POST", "/ims/token/v2", token)
    app.open("POST", "/ims/token/v3", token)
