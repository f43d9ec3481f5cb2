"""What networks can tell about a recording or a text: functions from one value to another, no database, no settings."""
