# How often users of a score subscribe, by scikit-learn: the curve of a forecast that can be trusted is
# the diagonal. Beside it the Brier score, which is 0 for a forecast that is always right.
import csv

from atelier import inputs, outputs, parameters
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

with open(inputs["users"], newline="") as file:
    rows = list(csv.DictReader(file))
labels = [int(row["label"]) for row in rows]
scores = [float(row["prediction"]) for row in rows]

share, score = calibration_curve(labels, scores, n_bins=parameters["bins"], strategy="uniform")
with open(outputs["curve"], "w", newline="") as file:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["meanScore", "subscribed"])
    table.writerows([f"{x:.12g}", f"{y:.12g}"] for x, y in zip(score, share))
with open(outputs["brier"], "w") as file:
    file.write(f'{{"brier": {brier_score_loss(labels, scores):.12g}, "users": {len(rows)}}}\n')
