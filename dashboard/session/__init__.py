"""What belongs to one session of the page."""
