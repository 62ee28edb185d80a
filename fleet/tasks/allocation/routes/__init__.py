"""Routes of rovers whose tasks do not wait for each other: ruin and recreate."""
