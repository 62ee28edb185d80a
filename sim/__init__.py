"""The world around the fleet: ground, light, bodies, radio, recording, verdict and the windows onto them."""
