"""Moments of nine tests of Holzinger and Swineford (1939) in two schools, with n as divisor: the data of lavaan's tutorial."""

import numpy as np

from bestvalue.analysis.consult.confirmatory import Moments

BELONGS = (0, 0, 0, 1, 1, 1, 2, 2, 2)

PASTEUR_MEANS = [4.941239313, 5.983974359, 2.487179487, 2.822649578, 3.995192308, 1.92216117, 4.432274252, 5.563141026, 5.417735042]
# fmt: off
PASTEUR = [
    1.395229516, 0.402103192, 1.503749589, 0.620106704, 0.476757684, 1.345789160, 0.567926346, 0.088503996, 0.164660037, 1.319686421,
    0.471939717, 0.142551159, 0.066444773, 1.079809744, 1.707909578, 0.497562885, 0.194036463, 0.222101882, 0.755120769, 0.933920644,
    0.974448703, 0.046164387, -0.203844546, -0.024697711, 0.321554394, 0.170904884, 0.219107195, 1.169920029, 0.165195251, 0.038511875,
    0.151610782, 0.146988683, 0.151505486, 0.205647428, 0.426092046, 0.951990775, 0.351143028, 0.218678097, 0.332078335, 0.155163359,
    0.208427502, 0.186184099, 0.287225515, 0.352425419, 0.977553066,
]
GRANT_WHITE_MEANS = [4.92988506, 6.2, 1.995689655, 3.317241379, 4.712068966, 2.468965516, 3.920839578, 5.488275862, 5.327203063]
GRANT_WHITE = [
    1.318647109, 0.414310343, 1.226379310, 0.533749506, 0.478448276, 1.073365042, 0.439867879, 0.283103444, 0.380965122, 1.257212312,
    0.411133571, 0.204568966, 0.344233056, 0.933297661, 1.341664685, 0.412027635, 0.243891629, 0.407070665, 0.906397142, 0.898083913,
    1.280141720, 0.123285251, 0.075727141, 0.079681283, 0.241304865, 0.302994366, 0.208295064, 1.061799605, 0.369522786, 0.194586207,
    0.258570155, 0.121765356, 0.239727705, 0.143379990, 0.632835036, 1.094379786, 0.573133396, 0.281398467, 0.395735072, 0.361459462,
    0.422277050, 0.315244890, 0.441901869, 0.566652269, 1.051047988,
]
# fmt: on


def _square(lower: list[float]) -> np.ndarray:
    made = np.zeros((9, 9))
    made[np.tril_indices(9)] = lower
    return made + made.T - np.diag(np.diagonal(made))


SCHOOLS = {
    "Pasteur": Moments(covariance=_square(PASTEUR), means=np.array(PASTEUR_MEANS), people=156),
    "Grant-White": Moments(covariance=_square(GRANT_WHITE), means=np.array(GRANT_WHITE_MEANS), people=145),
}


def together() -> Moments:
    """Both schools as one group."""
    people = sum(one.people for one in SCHOOLS.values())
    mean = sum((one.people * one.means for one in SCHOOLS.values()), np.zeros(9)) / people
    second = sum((one.people * (one.covariance + np.outer(one.means, one.means)) for one in SCHOOLS.values()), np.zeros((9, 9))) / people
    return Moments(covariance=second - np.outer(mean, mean), means=mean, people=people)
