"""TracePile Assets: verified reasoning data from program execution."""

import warnings

# Odd escapes in the programs that pass through here (`"\d"`) are their authors' business: CPython 3.12 and later would
# write a warning to the terminal for each.
warnings.filterwarnings("ignore", category=SyntaxWarning, module="<(unknown|program)>")
