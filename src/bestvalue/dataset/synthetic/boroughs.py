"""The 32 London boroughs as published: the only facts in the synthetic force.

All else is invented, the numbers of people by day and by night at the end of this page too.

Source: ONS mid-year population estimates for 2022; GLA statistical GIS boundary files, from which the land areas, centroids
and shared land borders were computed (British National Grid, metres; a border along the Thames does not count). Contains
National Statistics data and OS data, Crown copyright and database right; Open Government Licence.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Borough:
    """One borough: its GSS code, name, residents, land area, centroid and land neighbours (codes)."""

    code: str
    name: str
    residents: int
    area_km2: float
    easting_m: int
    northing_m: int
    group: str
    neighbours: tuple[str, ...]


_PUBLISHED = """
E09000002|Barking and Dagenham|224407|36.1|548040|185088|Outer|16 25 26
E09000003|Barnet|415041|86.7|524028|192316|Outer|05 07 10 14 15
E09000004|Bexley|258607|60.6|548794|175487|Outer|06 11
E09000005|Brent|348783|43.2|520178|185830|Outer|03 07 09 13 15 20 33
E09000006|Bromley|342548|150.1|542896|165656|Outer|04 08 11 22 23 28
E09000007|Camden|261082|21.8|527864|184664|Inner|03 05 14 19 33
E09000008|Croydon|406399|86.5|533290|163541|Outer|06 22 24 29
E09000009|Ealing|377916|55.5|515888|181715|Outer|05 13 15 17 18
E09000010|Enfield|349994|82.2|532424|196421|Outer|03 14 31
E09000011|Greenwich|297039|47.3|542908|176876|Outer|04 06 23
E09000012|Hackney|294312|19.0|534372|185486|Inner|14 19 25 30 31
E09000013|Hammersmith and Fulham|201406|16.4|523573|178945|Inner|05 09 18 20
E09000014|Haringey|293503|29.6|531201|189643|Inner|03 07 10 12 19 31
E09000015|Harrow|265449|50.5|514987|190067|Outer|03 05 09 17
E09000016|Havering|271368|112.3|554049|187392|Outer|02 26
E09000017|Hillingdon|322492|115.7|507890|183653|Outer|09 15 18
E09000018|Hounslow|289358|55.9|513516|175643|Outer|09 13 17 27
E09000019|Islington|245839|14.9|531129|184980|Inner|07 12 14
E09000020|Kensington and Chelsea|162446|12.1|525537|179623|Inner|05 13 33
E09000021|Kingston upon Thames|186434|37.3|519298|166820|Outer|24 27 29 32
E09000022|Lambeth|343982|26.8|530845|174356|Inner|06 08 24 28 32
E09000023|Lewisham|323421|35.1|537670|173981|Inner|06 11 28
E09000024|Merton|216662|37.6|525476|169422|Outer|08 21 22 29 32
E09000025|Newham|370004|36.2|541358|183013|Inner|02 12 26 30 31
E09000026|Redbridge|320018|56.4|543915|189465|Outer|02 16 25 31
E09000027|Richmond upon Thames|205051|57.4|517344|172814|Outer|18 21 32
E09000028|Southwark|334826|28.9|533821|176666|Inner|06 22 23
E09000029|Sutton|215228|43.8|526977|164134|Outer|08 21 24
E09000030|Tower Hamlets|334834|19.8|536399|181634|Inner|12 25
E09000031|Waltham Forest|295311|38.8|537758|190223|Outer|10 12 14 25 26
E09000032|Wandsworth|343147|34.3|526114|174045|Inner|21 22 24 27
E09000033|Westminster|264875|21.5|527686|181044|Inner|05 07 20
"""


def _read(line: str) -> Borough:
    code, name, residents, area_km2, easting, northing, group, neighbours = line.split("|")
    return Borough(
        code=code,
        name=name,
        residents=int(residents),
        area_km2=float(area_km2),
        easting_m=int(easting),
        northing_m=int(northing),
        group=group,
        neighbours=tuple(f"E090000{number}" for number in neighbours.split()),
    )


BOROUGHS = tuple(_read(line) for line in _PUBLISHED.split("\n") if line)
"""All 32, in order of code; the City of London has its own force and is not among them."""

_BY_DAY = {"Westminster": 3.4, "Camden": 2.0, "Tower Hamlets": 1.5, "Southwark": 1.4, "Islington": 1.4, "Hillingdon": 1.3}
_BY_NIGHT = {"Westminster": 3.0, "Camden": 1.8, "Hackney": 1.3, "Lambeth": 1.3, "Islington": 1.3, "Southwark": 1.2}
_ELSEWHERE = 0.88
"""People present for each resident, invented: more where others work or go out, fewer where they come from."""


def daytime(borough: Borough) -> int:
    """People there on a working day, invented."""
    return round(borough.residents * _BY_DAY.get(borough.name, _ELSEWHERE))


def at_night(borough: Borough) -> int:
    """People there late on a Friday or Saturday evening, invented."""
    return round(borough.residents * _BY_NIGHT.get(borough.name, _ELSEWHERE))
