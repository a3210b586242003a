"""What an inspection room needs. So far: samples that can be defended."""
