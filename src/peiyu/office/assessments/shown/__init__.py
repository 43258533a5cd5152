"""An assessment as plain values for any page: lines, bars, points, reasons in words; no address, no style."""
