"""How messages leave: planned rows, leased chunks, the contact gate at the door, and no fate that nobody knows."""
