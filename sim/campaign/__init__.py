"""Many runs of one scenario over seeds and parameters: planned, shared out, run, kept, and told of."""

from sim.campaign.campaign import Campaign, plan_campaign, read_seeds
from sim.campaign.columns import PARQUET, can_write_parquet, write_parquet
from sim.campaign.identity import Identity, identity_of
from sim.campaign.page import REPORT, report, write_report
from sim.campaign.results import SQLITE, Results, open_results
from sim.campaign.shard import Shard, read_shard
from sim.campaign.summary import Summary, summarise
from sim.campaign.sweep import Progress, Workers, gather, rows_of, sweep, trials_of, without_verdict
from sim.campaign.table import CSV, write_csv
from sim.campaign.text import MARKDOWN, as_markdown, as_text
from sim.campaign.trial import Finding, Row, Trial

__all__ = [
    "CSV",
    "MARKDOWN",
    "PARQUET",
    "REPORT",
    "SQLITE",
    "Campaign",
    "Finding",
    "Identity",
    "Progress",
    "Results",
    "Row",
    "Shard",
    "Summary",
    "Trial",
    "Workers",
    "as_markdown",
    "as_text",
    "can_write_parquet",
    "gather",
    "identity_of",
    "open_results",
    "plan_campaign",
    "read_seeds",
    "read_shard",
    "report",
    "rows_of",
    "summarise",
    "sweep",
    "trials_of",
    "without_verdict",
    "write_csv",
    "write_parquet",
    "write_report",
]
