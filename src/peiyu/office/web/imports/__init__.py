"""Tables brought in: uploaded, looked at, mended, applied, taken back."""
