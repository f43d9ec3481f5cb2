"""What people see: server-rendered pages in Korean and English, and the uploads."""
