"""TracePile Assets: verified reasoning data from program execution."""
