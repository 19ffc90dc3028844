"""People in the loop: what to label, the screen to do it on, files in and out."""
