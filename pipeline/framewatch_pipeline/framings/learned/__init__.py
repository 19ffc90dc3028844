"""The learned detector: cues, word weights and a small encoder, pooled into one calibrated probability."""
