"""The usual server of a model for `make bench`: Flask under gunicorn, as SageMaker's containers are.

    gunicorn serve_peer:app           the model at $MODEL
    serve_peer.py train MODEL ROWS    trains that model and writes rows to send

It is kind to itself: rows become a matrix in one step, and trees are asked in place.
"""

import os
import sys

import numpy
import xgboost

FEATURES = 69


def application():
    import flask

    app = flask.Flask(__name__)
    booster = xgboost.Booster(model_file=os.environ["MODEL"])
    booster.set_param("nthread", 1)

    @app.get("/ping")
    def ping():
        return flask.Response(status=200)

    @app.post("/invocations")
    def invocations():
        lines = flask.request.get_data(as_text=True).splitlines()
        rows = numpy.array([line.split(",") for line in lines], dtype=numpy.float32)
        scores = booster.inplace_predict(rows)
        return flask.Response("\n".join(map(str, scores.tolist())) + "\n", mimetype="text/csv")

    return app


def train(model, rows):
    """A model of the size of the churn workshop's: 100 rounds of depth 5 over 69 features."""
    random = numpy.random.default_rng(1)
    values = random.integers(0, 200, (3000, FEATURES)).astype(numpy.float32)
    labels = (values[:, 0] + values[:, 1] + random.integers(0, 100, 3000) > 250).astype(int)
    booster = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 5, "eta": 0.2, "gamma": 4, "nthread": 1,
         "min_child_weight": 6, "subsample": 0.8, "seed": 1},
        xgboost.DMatrix(values, labels), 100)
    booster.save_model(model)
    numpy.savetxt(rows, values[:100], fmt="%g", delimiter=",")


if __name__ == "__main__":
    train(*sys.argv[2:])
elif "MODEL" in os.environ:
    app = application()
