"""The simulated service: a compiled event loop, its parameters, and their calibration to an extract."""
