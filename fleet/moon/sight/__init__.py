"""Sight lines over the ground, between two antennas and to the sky."""
