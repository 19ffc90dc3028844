"""Analysis: passages, framings, and what they say of outlets and weeks."""
