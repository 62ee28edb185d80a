"""Where a task goes best."""
