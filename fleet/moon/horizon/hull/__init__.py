"""Upper hulls along lines of sight."""
