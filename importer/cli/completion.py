"""`importer completion`: scripts with which shells complete commands, options and their values. Knows no command."""

import os
from typing import ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class
from click.shell_completion import split_arg_string as split_words

from importer.cli.command_group import COMPLETION_VARIABLE
from importer.cli.output import print_script

SHELLS = ("bash", "zsh", "fish", "powershell")


@add_completion_class
class PowerShellComplete(ShellComplete):
    """Completion for PowerShell, in the way of the other shells: it asks with the words that stand there."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:COMP_WORDS = $commandAst.ToString()
    $env:COMP_INCOMPLETE = $wordToComplete
    $env:%(complete_var)s = "powershell_complete"
    %(prog_name)s | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        $shown = ($help, $value -ne "")[0]
        [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $shown)
    }
    Remove-Item Env:COMP_WORDS, Env:COMP_INCOMPLETE, Env:%(complete_var)s
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and what there is of that one."""
        words, incomplete = split_words(os.environ["COMP_WORDS"])[1:], os.environ["COMP_INCOMPLETE"]
        return (words[:-1] if incomplete and words[-1:] == [incomplete] else words), incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """The value, and its help behind a tab."""
        return f"{item.value}\t{item.help or ''}"


@click.command(short_help="Print a script with which your shell completes commands and options.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, *, shell: str) -> int:
    """Print a script with which your shell completes commands, options and their values.

    \b
    bash:        importer completion bash > ~/.local/share/bash-completion/completions/importer
    zsh:         importer completion zsh > ~/.zfunc/_importer    (~/.zfunc must be in your fpath)
    fish:        importer completion fish > ~/.config/fish/completions/importer.fish
    PowerShell:  importer completion powershell >> $PROFILE

    \b
    Example, for this terminal only:
      eval "$(importer completion bash)"
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(shell)
    print_script(kind(context.find_root().command, {}, "importer", COMPLETION_VARIABLE).source())
    return 0
