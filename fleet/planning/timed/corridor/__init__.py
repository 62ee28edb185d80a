"""The waypoints around ways that are worth a look first."""
