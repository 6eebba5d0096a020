"""What tests of every app stand on."""
