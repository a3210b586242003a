"""The children in need census, forms of 2017 to 2026, read into a casebook."""
