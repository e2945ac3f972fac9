"""What becomes of the chapters' drawings (SVG) when the book is built: lighter files, and twins for the dark page."""
