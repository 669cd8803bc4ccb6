"""What importing the package does to the process."""

import subprocess
import sys


def test_a_programs_odd_escapes_are_not_complained_of():
    script = (
        "import tracepile_assets, ast; from tracepile_assets.trace_model.statements import Syntax;"
        r"""code = "x = '\\d' + '\\w'\n"; Syntax(code); compile(code, '<program>', 'exec'); print('done')"""
    )
    ran = subprocess.run([sys.executable, "-W", "default", "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "done\n"
    assert "SyntaxWarning" not in ran.stderr
