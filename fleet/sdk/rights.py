"""Who may do what to whose rover, and what a mind may offer beside `decide`: a say in it.

Where a line of the rights table says ``ask``, the rover's mind is asked; one that offers no `consent` says no.

Examples
--------
>>> from fleet.sdk.rights import Consenting, Plea
>>> class Careful:
...     def consent(self, plea: Plea) -> str:
...         return "its battery is low" if plea.observation.battery < 0.5 else ""
>>> isinstance(Careful(), Consenting)
True
"""

from fleet.messages import Deed, Law, Right, Ruling
from fleet.sdk.ports import Consenting
from fleet.sdk.view import Plea

__all__ = ["Consenting", "Deed", "Law", "Plea", "Right", "Ruling"]
