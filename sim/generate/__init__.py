"""How ground is made."""
