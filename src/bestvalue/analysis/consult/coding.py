"""What do people say in their own words, and would another coder have heard the same?"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.consult import coding_statements as say
from bestvalue.analysis.consult.agreement import Agreement, cohen_kappa, fleiss_kappa, gwet
from bestvalue.analysis.consult.answers import Floats
from bestvalue.analysis.consult.coding_tables import charts, tables
from bestvalue.analysis.consult.krippendorff import KrippendorffAlpha, krippendorff_alpha
from bestvalue.analysis.consult.reading_groups import ReadingGroups, group_answers
from bestvalue.analysis.consult.saturation import Saturation, saturation
from bestvalue.analysis.consult.traffic_light import Light, light
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

WORDS = "SELECT open_answer_id, respondent_id, question, words, may_be_quoted FROM open_answers ORDER BY open_answer_id"
SEGMENTS = "SELECT open_answer_id, coder, code FROM coded_segments ORDER BY open_answer_id, coder, code"
CODES = "SELECT code, definition FROM codebook ORDER BY code"


class Spec(AnalysisSpec):
    """How much agreement is enough."""

    good: float = parameter(
        0.8, title="Good agreement", help="Alpha from which a code can be relied on (Krippendorff's customary 0.8).", ge=0.5, le=0.99
    )
    enough: float = parameter(
        0.667, title="Enough agreement", help="Below this a code is not to be reported; between the two only with caution.", ge=0.3, le=0.95
    )
    bootstraps: int = parameter(
        1000,
        title="Resamples",
        help="How many resamples of answers the intervals come from.",
        unit="resamples",
        advanced=True,
        ge=100,
        le=20_000,
    )
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class CodeAgreement:
    """Agreement on one code, given or not, over answers coded twice.

    Args:
        code: its name.
        given: answers to which anybody gave it.
        alpha: nominal alpha; None where the code was never given or always.
        gwet: AC1, which a rare code does not send down.
        kappa: Cohen's of two coders, Fleiss' of more; NaN where not every coder coded every answer.
    """

    code: str
    given: int
    alpha: KrippendorffAlpha | None
    gwet: Agreement | None
    kappa: float


@dataclass(frozen=True, kw_only=True)
class Coded:
    """Everything found.

    Args:
        words: answers in words, by id.
        codebook: code and definition.
        segments: answer, coder, code; codes that are not in the codebook taken out.
        coders: names.
        twice: answers coded by two coders or more.
        sets: alpha of the whole set of codes of an answer, alike or not.
        codes: agreement of each code.
        strange: codes that are not in the codebook, with how often they were given.
        apart: answers on which coders differ: what each alone gave.
        confused: pairs of codes given in each other's place, with how often.
        curve: how many codes were seen by how many answers.
        groups: answers grouped for reading.
    """

    words: pl.DataFrame
    codebook: pl.DataFrame
    segments: pl.DataFrame
    coders: tuple[str, ...]
    twice: tuple[str, ...]
    sets: KrippendorffAlpha
    codes: tuple[CodeAgreement, ...]
    strange: dict[str, int]
    apart: pl.DataFrame
    confused: pl.DataFrame
    curve: Saturation
    groups: ReadingGroups


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Judge the coding.

    Raises:
        SpecError: fewer than two coders, or no answer that two of them coded.
    """
    progress(0.05, "Reading codings")
    found = judge(dataset, spec, progress)
    lights = {one.code: code_light(one, spec) for one in found.codes}
    return Answer(
        statements=(
            say.overview(found, lights, spec),
            *say.common(found, lights),
            *say.weak(found, lights, spec),
            *say.disagreements(found),
            say.saturated(found),
            *say.limits(found),
        ),
        tables=tables(found, lights),
        charts=charts(found, spec),
        caveats=say.CAVEATS,
    )


def judge(dataset: Dataset, spec: Spec, progress: Progress) -> Coded:
    """All that `answer` tells."""
    words, codebook = dataset.query(WORDS), dataset.query(CODES)
    every = dataset.query(SEGMENTS)
    unknown = every.filter(~pl.col("code").is_in(codebook["code"].to_list()))
    segments = every.filter(pl.col("code").is_in(codebook["code"].to_list()))
    coders = tuple(segments["coder"].unique().sort())
    by_answer = segments.group_by("open_answer_id").agg(pl.col("coder").n_unique()).filter(pl.col("coder") >= 2)
    twice = tuple(by_answer["open_answer_id"].sort())
    if len(coders) < 2 or not twice:
        raise SpecError(
            f"{len(coders)} coders coded, and {len(twice)} answers were coded by two of them",
            where="coded_segments",
            next_step="Have a second coder code a sample of the answers, without seeing the first one's codes.",
        )
    present = _present(segments, twice, coders, codebook["code"].to_list())
    chance = np.random.default_rng(spec.seed)
    progress(0.3, "Agreement on each code")
    codes = tuple(_agreement(code, present[at], spec, chance) for at, code in enumerate(codebook["code"].to_list()))
    sets = _set_codes(present)
    progress(0.8, "Grouping answers for reading")
    return Coded(
        words=words,
        codebook=codebook,
        segments=segments,
        coders=coders,
        twice=twice,
        sets=krippendorff_alpha(sets, bootstraps=spec.bootstraps, confidence=spec.confidence, chance=chance),
        codes=codes,
        strange=dict(unknown.group_by("code").len().sort("code").iter_rows()),
        apart=_apart(segments, twice, words),
        confused=_confused(segments, twice),
        curve=saturation(segments),
        groups=group_answers(words["words"].to_list()),
    )


def code_light(one: CodeAgreement, spec: Spec) -> Light:
    """The colour of one code."""
    if one.alpha is None:
        return light(amber=("it was given to no answer that was coded twice, or to all",), green="")
    value, low = one.alpha.value, one.alpha.low
    if value < spec.enough:
        return light(red=(f"alpha {value:.2f} is below {spec.enough:g}",), green="")
    if value < spec.good:
        return light(amber=(f"alpha {value:.2f} is below {spec.good:g}: to be reported with caution",), green="")
    if low < spec.enough:
        return light(amber=(f"the interval of alpha reaches down to {low:.2f}",), green="")
    return light(green=f"alpha is {spec.good:g} or more")


def _present(segments: pl.DataFrame, twice: tuple[str, ...], coders: tuple[str, ...], codes: list[str]) -> Floats:
    """Whether each coder gave each code to each answer coded twice, array (codes, answers, coders); NaN where a coder did not code it."""
    answer_at, coder_at, code_at = ({name: at for at, name in enumerate(names)} for names in (twice, coders, codes))
    present = np.zeros((len(codes), len(twice), len(coders)))
    coded = np.zeros((len(twice), len(coders)), dtype=bool)
    for given, coder, code in segments.iter_rows():
        if given in answer_at:
            present[code_at[code], answer_at[given], coder_at[coder]] = 1
            coded[answer_at[given], coder_at[coder]] = True
    return np.where(coded, present, np.nan)


def _agreement(code: str, present: Floats, spec: Spec, chance: np.random.Generator) -> CodeAgreement:
    known = ~np.isnan(present)
    given = int((np.nan_to_num(present) == 1).any(axis=1).sum())
    if len(np.unique(present[known])) < 2:
        return CodeAgreement(code=code, given=given, alpha=None, gwet=None, kappa=float("nan"))
    kappa = float("nan")
    if known.all():
        kappa = cohen_kappa(present[:, 0], present[:, 1]).value if present.shape[1] == 2 else fleiss_kappa(present)
    return CodeAgreement(
        code=code,
        given=given,
        alpha=krippendorff_alpha(present, bootstraps=spec.bootstraps, confidence=spec.confidence, chance=chance),
        gwet=gwet(present, confidence=spec.confidence),
        kappa=kappa,
    )


def _set_codes(present: Floats) -> Floats:
    """A number for each set of codes that a coder gave to an answer, array (answers, coders)."""
    bits = (present * (2.0 ** np.arange(len(present)))[:, None, None]).sum(axis=0)
    known = ~np.isnan(bits)
    numbered = np.full(bits.shape, np.nan)
    numbered[known] = np.unique(bits[known], return_inverse=True)[1]
    return numbered


def _apart(segments: pl.DataFrame, twice: tuple[str, ...], words: pl.DataFrame) -> pl.DataFrame:
    sets = segments.filter(pl.col("open_answer_id").is_in(list(twice))).group_by("open_answer_id", "coder", maintain_order=True).agg("code")
    rows = []
    text = dict(words.select("open_answer_id", "words").iter_rows())
    for (given,), group in sets.group_by("open_answer_id", maintain_order=True):
        codes = {coder: set(of) for coder, of in group.select("coder", "code").iter_rows()}
        shared = set.intersection(*codes.values())
        if any(of != shared for of in codes.values()):
            alone = "; ".join(f"{coder}: {', '.join(sorted(of - shared)) or 'nothing more'}" for coder, of in codes.items())
            rows.append((given, text.get(str(given), ""), ", ".join(sorted(shared)), alone))
    return pl.DataFrame(rows, schema={"answer": pl.String, "words": pl.String, "agreed": pl.String, "apart": pl.String}, orient="row")


def _confused(segments: pl.DataFrame, twice: tuple[str, ...]) -> pl.DataFrame:
    """Codes that one coder alone gave where another alone gave another, most often first."""
    pairs: dict[tuple[str, str], int] = {}
    inside = segments.filter(pl.col("open_answer_id").is_in(list(twice)))
    for _, group in inside.group_by("open_answer_id", maintain_order=True):
        codes = [set(of) for (of,) in group.group_by("coder", maintain_order=True).agg("code").select("code").iter_rows()]
        for at, one in enumerate(codes):
            for other in codes[at + 1 :]:
                for a in one - other:
                    for b in other - one:
                        pair = (min(a, b), max(a, b))
                        pairs[pair] = pairs.get(pair, 0) + 1
    rows = sorted(((a, b, times) for (a, b), times in pairs.items()), key=lambda row: (-row[2], row))
    return pl.DataFrame(rows, schema={"code": pl.String, "other": pl.String, "times": pl.Int64}, orient="row")


ANALYSIS = Analysis(
    name="consult.coding",
    title="What people say in their own words",
    question="What do people say in their own words, and would another coder have heard the same?",
    needs=("open_answers", "codebook", "coded_segments"),
    Spec=Spec,
    answer=answer,
)
