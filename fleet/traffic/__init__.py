"""Movement authorities: nobody drives but on ground that is his alone, and waiting always ends."""

from fleet.traffic.claims import Claims, claimed, holding_pieces
from fleet.traffic.closure import Closure
from fleet.traffic.corridor import CONTROL_MARGIN, Pieces, crossings, disc_pieces, ground_shape, room, segment_pieces
from fleet.traffic.dispatcher import Dispatcher
from fleet.traffic.effects import Drive, Effects
from fleet.traffic.elector import Elector, Situation
from fleet.traffic.holder import Holder
from fleet.traffic.junction import Agreement, Party, agree
from fleet.traffic.ledger import Ledger
from fleet.traffic.phase import Phase
from fleet.traffic.quorum import Quorum, most_missing
from fleet.traffic.towing import TowingLedger
from fleet.traffic.waiting import Wait

__all__ = [
    "CONTROL_MARGIN",
    "Agreement",
    "Claims",
    "Closure",
    "Dispatcher",
    "Drive",
    "Effects",
    "Elector",
    "Holder",
    "Ledger",
    "Party",
    "Phase",
    "Pieces",
    "Quorum",
    "Situation",
    "TowingLedger",
    "Wait",
    "agree",
    "claimed",
    "crossings",
    "disc_pieces",
    "ground_shape",
    "holding_pieces",
    "most_missing",
    "room",
    "segment_pieces",
]
