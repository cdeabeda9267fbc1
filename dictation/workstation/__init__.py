"""The doctor's workstation: a page and the API under it, served by one program on the doctor's own machine."""
