"""Faults planted on purpose in a made-up council, and the truth about them."""
