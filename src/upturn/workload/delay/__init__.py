"""How load bears on delay: survival models with late entry, and what they say in words."""
