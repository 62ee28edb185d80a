"""Work: its lifecycle, the auction that shares it out, and each rover's own list."""

from fleet.tasks.auction import SingleItemAuction
from fleet.tasks.book import TaskBook
from fleet.tasks.coordinator import Coordinator
from fleet.tasks.lifecycle import TaskState, has_move, next_state
from fleet.tasks.notes import TaskNotes

__all__ = ["Coordinator", "SingleItemAuction", "TaskBook", "TaskNotes", "TaskState", "has_move", "next_state"]
