"""Survey: who was asked, what they answered, and how their words were coded."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

SURVEY_FRAME = Table(
    name="survey_frame",
    means="People in one cell of the population from which the sample is drawn.",
    key=(
        "area_id",
        "age_band",
        "sex",
    ),
    used_for="consult.sampling, consult.weighting",
    columns=(
        Column(name="area_id", kind=Kind.TEXT, means="The area.", required=True, refers_to="areas.area_id", example="E09000012"),
        Column(name="age_band", kind=Kind.TEXT, means="Age.", required=True, example="25-34"),
        Column(name="sex", kind=Kind.TEXT, means="Sex.", required=True, example="female"),
        Column(
            name="population", kind=Kind.WHOLE_NUMBER, means="People in the cell.", required=True, unit="people", low=0, example="31200"
        ),
        Column(
            name="interview_pence", kind=Kind.PENCE, means="Cost of one completed interview there.", required=True, low=0, example="2400"
        ),
    ),
)

SURVEY_MARGINS = Table(
    name="survey_margins",
    means="Known size of one category of the population, to weight to.",
    key=(
        "margin",
        "category",
    ),
    used_for="consult.weighting",
    columns=(
        Column(
            name="margin",
            kind=Kind.TEXT,
            means="Name of the column of survey_sample that has the categories.",
            required=True,
            example="age_band",
        ),
        Column(name="category", kind=Kind.TEXT, means="The category.", required=True, example="25-34"),
        Column(name="population", kind=Kind.WHOLE_NUMBER, means="People in it.", required=True, unit="people", low=0, example="1604300"),
    ),
)

SURVEY_SAMPLE = Table(
    name="survey_sample",
    means="One person drawn into the sample, whether they answered or not.",
    key=("respondent_id",),
    used_for="consult.*",
    columns=(
        Column(name="respondent_id", kind=Kind.TEXT, means="Number that stands for the person.", required=True, example="R-00001"),
        Column(name="area_id", kind=Kind.TEXT, means="Area of the home.", required=True, refers_to="areas.area_id", example="E09000012"),
        Column(name="age_band", kind=Kind.TEXT, means="Age, from the frame.", required=True, example="25-34"),
        Column(name="sex", kind=Kind.TEXT, means="Sex, from the frame.", required=True, example="female"),
        Column(
            name="selection_probability",
            kind=Kind.NUMBER,
            means="Chance with which a person of this cell was drawn.",
            required=True,
            unit="share (0 to 1)",
            low=0,
            high=1,
            example="0.0007",
        ),
        Column(
            name="cluster",
            kind=Kind.TEXT,
            means="Ward, postcode sector or street in which several people were drawn together; empty where people were drawn one by one.",
            example="E05000026",
        ),
        Column(name="invited_on", kind=Kind.DATE, means="When the invitation went out.", required=True, example="2025-09-01"),
        Column(name="mode", kind=Kind.TEXT, means="How the person answered.", example="online"),
        Column(name="responded", kind=Kind.YES_NO, means="Answered at least one question.", required=True, example="true"),
        Column(name="response_minutes", kind=Kind.NUMBER, means="Time taken.", unit="minutes", low=0, example="9.5"),
    ),
    rules=(
        Rule(
            breaks="selection_probability <= 0",
            says="selection_probability is not above zero",
            column="selection_probability",
            next_step="Give the probability with which the person was drawn; a person with none is not in the sample.",
        ),
    ),
)

SURVEY_ITEMS = Table(
    name="survey_items",
    means="One closed question.",
    key=("item_id",),
    used_for="consult.reliability, consult.validity, consult.estimates",
    columns=(
        Column(name="item_id", kind=Kind.TEXT, means="Its code.", required=True, example="TRUST1"),
        Column(
            name="wording",
            kind=Kind.TEXT,
            means="The question.",
            required=True,
            example="The police in this area can be relied on to be there when you need them.",
        ),
        Column(name="scale_name", kind=Kind.TEXT, means="The scale that it is meant to belong to.", example="trust"),
        Column(name="lowest", kind=Kind.WHOLE_NUMBER, means="Lowest answer.", required=True, example="1"),
        Column(name="highest", kind=Kind.WHOLE_NUMBER, means="Highest answer.", required=True, example="5"),
        Column(
            name="reversed",
            kind=Kind.YES_NO,
            means="A high answer means little of what the scale measures.",
            required=True,
            example="false",
        ),
    ),
    rules=(
        Rule(breaks="highest <= lowest", says="highest is not above lowest", column="highest", next_step="Correct the range of answers."),
    ),
)

SURVEY_ANSWERS = Table(
    name="survey_answers",
    means="One person's answer to one closed question.",
    key=(
        "respondent_id",
        "item_id",
        "round",
    ),
    used_for="consult.*",
    columns=(
        Column(
            name="respondent_id",
            kind=Kind.TEXT,
            means="The person.",
            required=True,
            refers_to="survey_sample.respondent_id",
            example="R-00001",
        ),
        Column(name="item_id", kind=Kind.TEXT, means="The question.", required=True, refers_to="survey_items.item_id", example="TRUST1"),
        Column(
            name="round",
            kind=Kind.WHOLE_NUMBER,
            means="1, or 2 where the same people were asked again.",
            required=True,
            low=1,
            high=9,
            example="1",
        ),
        Column(name="answer", kind=Kind.WHOLE_NUMBER, means="The answer; empty for none or don't know.", example="4"),
    ),
)

OPEN_ANSWERS = Table(
    name="open_answers",
    means="One person's answer in words.",
    key=("open_answer_id",),
    used_for="consult.coding",
    columns=(
        Column(name="open_answer_id", kind=Kind.TEXT, means="Its number.", required=True, example="W-0001"),
        Column(
            name="respondent_id",
            kind=Kind.TEXT,
            means="The person.",
            required=True,
            refers_to="survey_sample.respondent_id",
            example="R-00001",
        ),
        Column(name="question", kind=Kind.TEXT, means="The question.", required=True, example="What would make you feel safer?"),
        Column(name="words", kind=Kind.TEXT, means="The answer.", required=True, example="More officers on foot in the evening."),
        Column(name="may_be_quoted", kind=Kind.YES_NO, means="The person agreed to be quoted without a name.", example="true"),
    ),
)

CODEBOOK = Table(
    name="codebook",
    means="One code for answers in words.",
    key=("code",),
    used_for="consult.coding",
    columns=(
        Column(name="code", kind=Kind.TEXT, means="The code.", required=True, example="visibility"),
        Column(name="definition", kind=Kind.TEXT, means="When it applies.", required=True, example="Wants to see officers more often."),
    ),
)

CODED_SEGMENTS = Table(
    name="coded_segments",
    means="One code that one coder gave to one answer.",
    key=(
        "open_answer_id",
        "coder",
        "code",
    ),
    used_for="consult.coding",
    columns=(
        Column(
            name="open_answer_id",
            kind=Kind.TEXT,
            means="The answer.",
            required=True,
            refers_to="open_answers.open_answer_id",
            example="W-0001",
        ),
        Column(name="coder", kind=Kind.TEXT, means="Who coded it.", required=True, example="coder 1"),
        Column(name="code", kind=Kind.TEXT, means="The code.", required=True, refers_to="codebook.code", example="visibility"),
    ),
)

TABLES = (
    SURVEY_FRAME,
    SURVEY_MARGINS,
    SURVEY_SAMPLE,
    SURVEY_ITEMS,
    SURVEY_ANSWERS,
    OPEN_ANSWERS,
    CODEBOOK,
    CODED_SEGMENTS,
)
