"""Training of the learned detector: ``make train``. Needs torch; nothing of it is installed with Framewatch."""
