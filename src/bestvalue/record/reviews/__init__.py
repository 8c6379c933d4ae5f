"""Reviews: strands, evidence, findings, and the published report."""
