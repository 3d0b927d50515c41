# Measures and trains again, by scikit-learn and XGBoost's own Python, what the tests give: a judge.
# usage: models.py DATA-TREE PART MODEL REPORT; prints one JSON object.
import json
import sys

import numpy
import sklearn.metrics as metrics
import xgboost

tree, part, model, report = sys.argv[1:]
meta = json.load(open(f"{tree}/meta.json"))
width = len(meta["features"])
settings = json.load(open(report))
nulls = settings["hyperparameters"]["nulls"]


def rows(name):
    values = numpy.fromfile(f"{tree}/{name}.features.f32", "<f4").reshape(-1, width)
    if nulls == "zero":
        values = numpy.nan_to_num(values, nan=0)
    return values, numpy.fromfile(f"{tree}/{name}.labels.f32", "<f4")


values, labels = rows(part)
booster = xgboost.Booster(model_file=model)
matrix = xgboost.DMatrix(values)
scores = numpy.clip(booster.predict(matrix), 0, 1)
order = numpy.argsort(-scores, kind="stable")
sample = [i * len(labels) // min(1000, len(labels)) for i in range(min(1000, len(labels)))]
shap = numpy.abs(booster.predict(xgboost.DMatrix(values[sample]), pred_contribs=True))[:, :-1]
precision, recall, _ = metrics.precision_recall_curve(labels, scores)

# Trained again from what the report says alone.
given = dict(settings["xgboost"]["parameters"], nthread=1)
learnt, truth = rows("train")
again = xgboost.train(given, xgboost.DMatrix(learnt, truth), settings["xgboost"]["rounds"])

tenth = len(labels) // 10
print(json.dumps({
    "auc": metrics.roc_auc_score(labels, scores),
    "accuracy": metrics.accuracy_score(labels, scores > 0.5),
    "averagePrecision": metrics.average_precision_score(labels, scores),
    "brier": metrics.brier_score_loss(labels, scores),
    "areaOfPrecision": metrics.auc(recall, precision),
    "majorityAccuracy": float(max(labels.astype(float).mean(), 1 - labels.astype(float).mean())),
    "firstTenth": float(labels[order[:tenth]].sum()),
    "shap": [round(float(x), 6) for x in shap.astype(float).mean(axis=0)],
    "again": float(numpy.abs(again.predict(matrix) - booster.predict(matrix)).max()),
}, default=float))
