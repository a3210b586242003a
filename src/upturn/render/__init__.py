"""What people see: the report page, the workbooks, the CSV files, the terminal.

A `Check` comes in; nothing is worked out here that the clocks have not said already.
"""
