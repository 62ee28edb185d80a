"""Movement authorities: nobody drives but on ground that is his alone, and waiting always ends."""

from fleet.traffic.corridor import CONTROL_MARGIN, Pieces, crossings, disc_pieces, ground_shape, room, segment_pieces
from fleet.traffic.effects import Drive, Effects
from fleet.traffic.holder import Holder, Phase
from fleet.traffic.ledger import Ledger, Wait

__all__ = [
    "CONTROL_MARGIN",
    "Drive",
    "Effects",
    "Holder",
    "Ledger",
    "Phase",
    "Pieces",
    "Wait",
    "crossings",
    "disc_pieces",
    "ground_shape",
    "room",
    "segment_pieces",
]
