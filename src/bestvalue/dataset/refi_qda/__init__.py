"""Coded words exchanged with other tools (NVivo, ATLAS.ti, MAXQDA) in the REFI-QDA standard: .qdpx projects and .qdc code books."""
