"""The rules by which the demo's review team reads its results: what counts as a strength, and what is asked for where it is none."""

from collections.abc import Sequence

from bestvalue.record.demo.reading import Rule

EVEN_HOURS = 84
"""Hours of the week that hold half of a demand that is spread evenly: half of 168."""
MOST = 0.8
"""The share from which the review team calls a thing done."""
HALF = 0.5
VISITS, VISITORS, HOURS_A_DAY = 2, 2, 8
"""Of a recommendation that the review team visits others: what it asks for, not a result."""
SAMPLED_MINUTES, SAMPLED_DAYS = 10, 10
"""A working day, for two weeks, of each person who is sampled."""
STAFF_TIME = "Staff time within today's budgets; no new money"

RULES: Sequence[Rule] = (
    Rule(
        analysis="challenge.demand",
        figure="incidents a day",
        is_strength=lambda figure: figure.value > 0,
        strength="The force records what is asked of it, so demand can be planned for from evidence.",
    ),
    Rule(
        analysis="challenge.demand",
        figure="error against repeating the past",
        is_strength=lambda figure: figure.value < 1,
        strength="Demand can be forecast well enough to plan the support units' year.",
        weakness="Demand cannot be forecast better than by repeating the past, so plans need room to change.",
    ),
    Rule(
        analysis="challenge.demand",
        figure="hours that hold half of the demand",
        is_strength=lambda figure: figure.value >= EVEN_HOURS,
        strength="Demand is spread evenly over the week, as shifts of equal strength are.",
        weakness="Demand is bunched into part of the week, so support of equal strength at all hours is not where it is needed.",
        recommendation="The Management Board should match the hours of the support units to the hours in which demand falls, "
        "and report the match to the committee each quarter.",
        cost=STAFF_TIME,
    ),
    Rule(
        analysis="challenge.demand",
        figure="change a year",
        is_strength=lambda figure: figure.low is None or figure.low <= 0,
        strength="Demand is not outgrowing the support units.",
        weakness="Demand grows, so units of the same strength will answer a smaller part of it each year.",
        recommendation="The Management Board should decide each year, from the forecast of demand, what strength of support units "
        "it calls for.",
        cost=STAFF_TIME,
    ),
    Rule(
        analysis="challenge.resources",
        figure="support there within",
        is_strength=lambda figure: figure.value >= MOST,
        strength="Boroughs that ask for support mostly get it in time.",
        weakness="Boroughs that ask for support mostly wait longer than the target.",
        recommendation="The Management Board should set a target for support to boroughs, base the units by the places and hours of the "
        "requests, and test each change of bases with the simulation before it is made.",
        cost="The simulation gives the price of each size of the pools; moving bases is to be costed when the sites are known",
        brings="Those who ask for support wait less.",
        measure="requests with support there in time",
        target=MOST,
    ),
    Rule(
        analysis="challenge.resources",
        figure="change of support within target",
        statement="Halving support units",
        is_strength=lambda figure: figure.value >= 0,
        strength="Half of the support units would do what all of them do today.",
        weakness="What halving the support units would do can be said for the first time, and it is borne by those who wait.",
        recommendation="Any proposal to cut or add support units should say beforehand, borough by borough, what it does to waits and "
        "to cost.",
        cost=STAFF_TIME,
    ),
    Rule(
        analysis="challenge.overtime",
        figure="share of all overtime",
        is_strength=lambda figure: figure.value >= HALF,
        strength="Most overtime follows from demand: jobs that run on when a tour ends.",
        weakness="Less than half of the overtime follows from demand; the rest is planned, and can be planned otherwise.",
        recommendation="Heads of command should approve planned overtime beforehand by unit and reason, and report it each month.",
        cost=STAFF_TIME,
        saving="The result compares the cost of the same hours as posts; a saving is cashable when the overtime line falls",
        measure="overtime that follows from demand",
        target=HALF,
    ),
    Rule(
        analysis="challenge.overtime",
        figure="pools over their overtime budget",
        is_strength=lambda figure: figure.value == 0,
        strength="Every pool keeps its overtime budget.",
        weakness="Overtime budgets do not describe what the units do.",
        recommendation="The financial adviser should set overtime budgets from the hours that demand makes inevitable and from planned "
        "events, and report spending against them by unit.",
        cost=STAFF_TIME,
        brings="Overspending is seen in the month in which it begins.",
        measure="pools over their overtime budget",
        target=0,
    ),
    Rule(
        analysis="compare.profile",
        figure="indicators that stand out",
        is_strength=lambda figure: figure.value == 0,
        strength="The force stands out from its group on no indicator.",
        weakness="The force stands out from its group on some indicators, and the reasons are to be found.",
        recommendation="The review team should visit the forces that do best where this one stands out, and report what can be copied.",
        cost="Two visits of two people, a working day each",
        hours=VISITS * VISITORS * HOURS_A_DAY,
        brings="What the best do can be copied, with the reasons why they do it.",
    ),
    Rule(
        analysis="consult.reliability",
        figure="scales that are red",
        is_strength=lambda figure: figure.value == 0,
        strength="The questionnaire can be relied on: what it measures, it measures well.",
        weakness="Parts of the questionnaire cannot be relied on.",
        recommendation="The lead for consultation should revise the scales that are red before the next survey.",
        cost=STAFF_TIME,
    ),
    Rule(
        analysis="compete.costing",
        figure="cost to be allocated",
        is_strength=lambda figure: figure.value > 0,
        strength="What the service costs is known by activity, and agrees with the ledger to the penny.",
    ),
    Rule(
        analysis="compete.costing",
        figure="activities known well enough",
        is_strength=lambda figure: figure.value > 0,
        strength="The cost of activities is known closely enough to decide on.",
        weakness="The cost of activities is known too roughly to decide on.",
        recommendation="The financial adviser should repeat the activity sample with as many people as the result names, until the "
        "dearest activities are known to within five per cent.",
        cost="Ten minutes a day for two weeks of each person who is sampled",
        hours=SAMPLED_MINUTES * SAMPLED_DAYS / 60,
        times="people to sample for",
        brings="Decisions about money can rest on what activities cost.",
        measure="activities whose cost is known well enough",
        target=1,
    ),
    Rule(
        analysis="compete.appraisal",
        figure="share of draws in which",
        is_strength=lambda figure: figure.value >= MOST,
        strength="The options for one service have been costed against each other, and which is worth most in money is clear.",
        weakness="The options for one service have been costed against each other, and money alone does not decide between them.",
    ),
    Rule(
        analysis="compete.savings",
        figure="called cashable and not",
        is_strength=lambda figure: figure.value == 0,
        strength="Every saving that is called cashable releases money.",
        weakness="Savings are called cashable that release no money.",
        recommendation="The financial adviser should count a saving as cashable only when a post, overtime or a contract line falls, and "
        "should take out what is counted twice.",
        cost=STAFF_TIME,
    ),
    Rule(
        analysis="delivery.completion",
        figure="share of the dates set at approval that were kept",
        is_strength=lambda figure: figure.value >= MOST,
        strength="Earlier plans were delivered when they were promised.",
        weakness="Earlier plans were delivered later than promised, so the dates of this one need thought now.",
        recommendation="The Management Board should set the dates of this plan from how long earlier actions took, and explain each move "
        "of a date to the committee.",
        cost=STAFF_TIME,
    ),
)
