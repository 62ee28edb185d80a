"""Joint ways in unit time: every step each rover stays or takes one lane."""
