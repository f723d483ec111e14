"""Read incidents out of dated reports, place them, and draw them with time and uncertainty."""
