"""The made-up council as the Standard Safeguarding Dataset."""
