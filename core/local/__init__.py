"""What experts on our own devices share: weights on disk, devices, batches. Only children import what is heavy here."""
