"""What a mind can do without having to learn it."""

from fleet.sdk.skills.bidding import Bidding
from fleet.sdk.skills.driving import Driving

__all__ = ["Bidding", "Driving"]
