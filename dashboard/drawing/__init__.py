"""What draws: widgets, layout and what runs in the browser."""
