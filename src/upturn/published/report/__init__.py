"""The report reader: what a published inspection report says, each fact with the words it was read from."""
