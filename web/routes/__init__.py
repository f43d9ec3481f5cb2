"""The addresses that people and browsers ask for, one file per group of pages."""
