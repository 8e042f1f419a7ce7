"""How people set variables in the shell of their system. Knows shells, and no variable of ours."""

from collections.abc import Mapping

from importer.platforms.system import is_windows


def lines_that_set(variables: Mapping[str, str]) -> list[str]:
    """The line to type; on Windows one for each shell, as nobody can see from here which of them it is."""
    if not is_windows():
        return [f"export {' '.join(f'{name}={value}' for name, value in variables.items())}"]
    powershell = "; ".join(f'$env:{name} = "{value}"' for name, value in variables.items())
    prompt = " & ".join(f'set "{name}={value}"' for name, value in variables.items())
    return [f"PowerShell:      {powershell}", f"Command Prompt:  {prompt}"]
