"""What is true about interviews: pure functions without clock, database or settings."""
