"""What a plan does to charge and temperature, minute by minute."""
