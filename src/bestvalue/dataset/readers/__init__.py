"""Readers: each turns files of one published layout into a table of the contract. `READERS` is the one list of them."""

from collections.abc import Mapping

from bestvalue.dataset.readers.berlin_fire import BERLIN_FIRE_DAILY_CALLS, BERLIN_FIRE_DAILY_MISSIONS, BERLIN_FIRE_MISSIONS
from bestvalue.dataset.readers.boundaries import BOUNDARY_AREAS, BOUNDARY_NEIGHBOURS, FORCE_AREAS, FORCE_NEIGHBOURS
from bestvalue.dataset.readers.census_characteristics import CENSUS_ETHNIC_GROUPS
from bestvalue.dataset.readers.home_office_officers import HOME_OFFICE_OFFICERS
from bestvalue.dataset.readers.home_office_use_of_force import HOME_OFFICE_USE_OF_FORCE
from bestvalue.dataset.readers.home_office_workforce import HOME_OFFICE_WORKFORCE
from bestvalue.dataset.readers.london_boroughs import LONDON_RECORDED_OFFENCES, MPS_BOROUGHS_BY_MONTH
from bestvalue.dataset.readers.london_fire import LONDON_FIRE_BIGQUERY, LONDON_FIRE_DATASTORE
from bestvalue.dataset.readers.mps_boroughs import MPS_BOROUGHS
from bestvalue.dataset.readers.police_uk_stops import POLICE_UK_STOPS
from bestvalue.dataset.readers.police_uk_street import POLICE_UK_STREET
from bestvalue.dataset.readers.populations import BOROUGH_POPULATIONS, BOROUGH_POPULATIONS_WIDE, FORCE_POPULATIONS
from bestvalue.dataset.readers.reader import Reader
from bestvalue.dataset.readers.seattle_calls import SEATTLE_CALLS

READERS: Mapping[str, Reader] = {
    reader.name: reader
    for reader in (
        POLICE_UK_STREET,
        POLICE_UK_STOPS,
        LONDON_FIRE_BIGQUERY,
        LONDON_FIRE_DATASTORE,
        SEATTLE_CALLS,
        MPS_BOROUGHS,
        BERLIN_FIRE_MISSIONS,
        BERLIN_FIRE_DAILY_MISSIONS,
        BERLIN_FIRE_DAILY_CALLS,
        HOME_OFFICE_WORKFORCE,
        HOME_OFFICE_OFFICERS,
        HOME_OFFICE_USE_OF_FORCE,
        LONDON_RECORDED_OFFENCES,
        MPS_BOROUGHS_BY_MONTH,
        FORCE_POPULATIONS,
        BOROUGH_POPULATIONS,
        BOROUGH_POPULATIONS_WIDE,
        CENSUS_ETHNIC_GROUPS,
        BOUNDARY_AREAS,
        BOUNDARY_NEIGHBOURS,
        FORCE_AREAS,
        FORCE_NEIGHBOURS,
    )
}
"""Every reader by name, in the order in which a header is held against them."""
