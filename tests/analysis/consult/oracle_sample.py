"""A stratified cluster sample made by arithmetic, and what svy 0.35 says of it: an estimate and its standard error.

The numbers were printed by svy 0.35.0 in an environment of its own (its own tests hold it to R's survey 4.5); it is not installed here.
Without a random generator, so that every version of numpy makes the same people.
"""

import numpy as np

from bestvalue.analysis.consult.raking import Margin

PLACE = np.arange(240)
A = PLACE * 7 % 3
B = (PLACE * 11 + PLACE // 9) % 4
DOMAIN = (PLACE * 13 // 5) % 2 == 1
Y = (50 + (PLACE * 37 % 101) / 4 + 5.0 * (A == 1) + 3.0 * (PLACE * 11 % 4 == 2) + (PLACE // 10) % 7).round(3)
Z = (10 + (PLACE * 53 % 89) / 5).round(3)
WEIGHTS = (10 + (PLACE * 29 % 97) / 2).round(2)
STRATA, CLUSTERS = PLACE // 60, PLACE // 10
MARGINS = (
    Margin(name="a", categories=("0", "1", "2"), codes=A, targets=np.array([3000.0, 2500, 2600])),
    Margin(name="b", categories=("0", "1", "2", "3"), codes=B, targets=np.array([2000.0, 2300, 1700, 2100])),
)
SVY = {
    "mean": (67.7933780897162, 0.6586476955776371),
    "total": (555397.25, 8088.814410576497),
    "ratio": (3.6128850011839195, 0.04270271521066154),
    "domain": (66.83089042599912, 1.2534078421191113),
    "raked mean": (67.6969771413225, 0.5792649775605612),
    "raked total": (548345.5148447128, 4692.046318240549),
    "raked domain": (66.4136575073389, 1.0360002602452854),
    "post-stratified mean": (67.66547902914455, 0.563814112919497),
    "JKn mean": (67.7933780897162, 0.658422438078282),
    "JKn raked mean": (67.6969771413225, 0.5755656097443477),
}
SVY_DESIGN_EFFECT = 1.5494112984778876
"""Of the mean, against a simple random sample without replacement."""
