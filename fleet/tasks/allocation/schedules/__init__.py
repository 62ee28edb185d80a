"""Schedules of tasks that wait for each other, take several rovers, or batteries: search over lists."""
