"""Chance inside compiled code."""
