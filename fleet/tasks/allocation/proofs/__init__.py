"""The best schedule of few tasks, with proof."""
