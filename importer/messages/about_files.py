"""What is said of files: those that cannot be read, those that cannot be written, and alias workbooks."""

from collections.abc import Sequence

from importer.errors import Guarded, ImporterError, Unreadable, Usage
from importer.messages.catalogue import Said, error
from importer.remedies import Advice, DropOption, Remedy, SetOption
from importer.text import quote, shorten_list

_FORMATS = (
    "an Excel workbook (.xlsx, .xlsm, .xlsb, .xls), an OpenDocument sheet (.ods), a text file (.csv, .tsv, .txt), "
    "or an export as .jsonl or .parquet"
)
_USE_A_SHEET = Advice(f"Use {_FORMATS}.")
_SAVE_AS = Advice("Open it in Excel and save it as .xlsx or as CSV UTF-8.")
_REPAIR = Advice("Open it in Excel and save it again. Excel can repair it: File > Open > Open and Repair.")
_EXPORT_AGAIN = Advice("Export it again.")
_PARQUET = "pip install 'kantata-importer[parquet]'"


# ---- opening


@error(Unreadable, "plan-changed", "A plan does not say any more what it was", "skills.plan.xlsx")
def plan_record_missing(name: str) -> Said:
    return (
        f"{name} is a plan, and its hidden sheet, which says what each line would change, is missing or was changed.",
        Advice("Make the plan again."),
    )


@error(Unreadable, "plan-changed", "A column of a plan is gone", "skills.plan.xlsx", ["Level", "Approve"])
def plan_columns_missing(name: str, columns: Sequence[str]) -> Said:
    several = "s" if len(columns) > 1 else ""
    return (
        f"{name} is a plan, and its column{several} {shorten_list(list(map(quote, columns)), 6)} cannot be found.",
        Advice("Give the header back its name, or make the plan again."),
    )


@error(Unreadable, "folder", "A folder instead of a file", "C:/Lists")
def is_a_folder(path: str) -> Said:
    return f"{path} is a folder.", Advice("Choose a file in it.")


@error(Unreadable, "no-file", "The file does not exist", "skills.xlsx")
def no_file(path: str) -> Said:
    return f"There is no file {path}.", Advice("Check the name and the folder.")


@error(Unreadable, "web-address", "A web address instead of a file", "https://example.com/skills.xlsx")
def web_address(address: str) -> Said:
    return f"{address} is a web address, not a file.", Advice("Download the sheet first, then name the file.")


@error(Unreadable, "lock-file", "The file is a lock file", "~$skills.xlsx", "skills.xlsx")
def lock_file(name: str, workbook: str) -> Said:
    return (
        f"{name} is a lock file: it only says that a workbook is open.",
        Advice(f"Use the workbook itself, {workbook}."),
    )


@error(Unreadable, "shortcut", "The file is a shortcut to a sheet on the web", "team.gsheet")
def cloud_shortcut(name: str) -> Said:
    return (
        f"{name} is only a shortcut to a document in Google Drive.",
        Advice("Open it, choose File > Download > Microsoft Excel (.xlsx), and use that file."),
    )


@error(Unreadable, "shortcut", "The file is a shortcut to another file", "skills.xlsx.lnk")
def shortcut(name: str) -> Said:
    return f"{name} is only a shortcut: it says where another file is.", Advice("Use the file that it leads to.")


@error(Unreadable, "cannot-open", "The file cannot be opened", "skills.xlsx", "Permission denied")
def cannot_open(path: str, why: str) -> Said:
    return f"We could not open {path} ({why}).", Advice("Close it in other programs and try again.")


@error(Unreadable, "path-too-long", "The path is longer than Windows takes", "skills.xlsx", 271, 259)
def path_too_long(name: str, length: int, longest: int) -> Said:
    return (
        f"We could not open {name}: with its folders its name has {length} characters, and Windows takes {longest}.",
        Advice("Copy it to a folder with a shorter path."),
    )


@error(Unreadable, "not-allowed", "The system of a Mac keeps the program from the file", "skills.xlsx")
def not_allowed_by_macos(path: str) -> Said:
    return (
        f"macOS keeps this program from opening {path}.",
        Advice(
            "Allow it under System Settings > Privacy & Security > Files and Folders, or move the file to another "
            "folder."
        ),
    )


def open_elsewhere(name: str) -> str:
    """What is missing if somebody has the file open."""
    return f"{name} seems to be open in another program. What is not saved there is not loaded."


@error(Unreadable, "empty-file", "The file is empty", "skills.xlsx")
def empty_file(name: str) -> Said:
    return f"{name} is empty.", Advice("Save the sheet again, with a header row and at least one row below it.")


@error(Unreadable, "no-cells", "The file has no cells", "skills.xlsx")
def no_cells(name: str) -> Said:
    return f"{name} has no cells.", Advice("Save it again.")


# ---- what the file is


@error(Unreadable, "not-a-sheet", "The file is something else", "photo.xlsx", "a PNG picture")
def not_a_sheet(name: str, what: str) -> Said:
    return f"{name} is {what}, not a sheet.", _USE_A_SHEET


@error(
    Unreadable, "not-a-sheet", "There is no sheet in the file", "lists.zip", "a zip archive without a workbook in it"
)
def no_sheet_inside(name: str, what: str) -> Said:
    return f"{name} is {what}.", _USE_A_SHEET


@error(Unreadable, "not-a-sheet", "The file is neither a workbook nor text", "list.csv")
def not_text(name: str) -> Said:
    return f"{name} is not a sheet: it has bytes that no text has.", _USE_A_SHEET


@error(Unreadable, "not-a-sheet", "The file is an Apple Numbers document", "skills.numbers")
def apple_numbers(name: str) -> Said:
    return f"{name} is an Apple Numbers document.", Advice("In Numbers choose File > Export To > Excel.")


@error(Unreadable, "not-a-sheet", "The file is a Word document", "skills.docx")
def word_document(name: str) -> Said:
    return f"{name} is a Word document.", Advice("Copy the table into a workbook and use that.")


@error(Unreadable, "old-excel", "The workbook is older than Excel 5", "skills.xls", "Excel 4")
def old_excel(name: str, version: str) -> Said:
    return f"{name} is in the format of {version}, which is too old for us.", _SAVE_AS


@error(Unreadable, "not-a-sheet", "The file is a web page", "skills.xls")
def web_page(name: str) -> Said:
    return f"{name} is a web page (HTML), although its name says it is a sheet.", _SAVE_AS


@error(Unreadable, "not-a-sheet", "The file is XML", "skills.xls")
def xml_file(name: str) -> Said:
    return f"{name} is XML, not a sheet.", _SAVE_AS


@error(Unreadable, "damaged", "The file is damaged", "skills.xlsx")
def cut_workbook(name: str) -> Said:
    return (
        f"{name} is damaged: it starts like a workbook but does not end like one.",
        Advice("Download or save it again. Excel can try to repair it: File > Open > Open and Repair."),
    )


@error(Unreadable, "damaged", "The workbook cannot be read", "skills.xlsx")
def damaged_workbook(name: str) -> Said:
    return f"{name} is damaged, or written in a way that we cannot read.", _REPAIR


@error(Unreadable, "damaged", "No sheet of the workbook can be read", "skills.xlsx")
def no_readable_sheet(name: str) -> Said:
    return f"{name} has no sheet that we can read.", _REPAIR


@error(Unreadable, "password", "The workbook needs a password", "skills.xlsx")
def password(name: str) -> Said:
    return (
        f"{name} is protected with a password.",
        Advice("Open it in Excel, clear the password under File > Info > Protect Workbook, and save it."),
    )


# ---- text and data files


@error(Unreadable, "encoding", "The file is not in the encoding you named", "skills.csv", "utf-8")
def wrong_encoding(name: str, encoding: str) -> Said:
    return f"{name} is not text in the encoding {encoding}.", DropOption("encoding")


@error(Unreadable, "encoding", "The file breaks its own encoding", "skills.csv", "UTF-8")
def broken_encoding(name: str, encoding: str) -> Said:
    return (
        f"{name} says that it is {encoding}, but some of its bytes are not.",
        Advice("Save it again as CSV UTF-8."),
    )


@error(Unreadable, "encoding", "The encoding of the file is unknown", "skills.csv")
def unknown_encoding(name: str) -> Said:
    return (
        f"We could not find out the encoding of {name}.",
        Advice("Save it again as CSV UTF-8."),
        SetOption("encoding", "NAME", "name the encoding instead"),
    )


@error(Unreadable, "delimiter", "Two separators fit the file", "skills.csv", "commas and semicolons")
def unclear_delimiter(name: str, delimiters: str) -> Said:
    return (
        f"The columns of {name} could be separated by {delimiters}.",
        Advice("Save it with only one of them, or as .xlsx."),
    )


@error(Unreadable, "quotation", "A quotation mark is never closed", "skills.csv", 7)
def open_quotation(name: str, row: int) -> Said:
    return (
        f'{name}, row {row}: a quotation mark (") is never closed.',
        Advice("Close it, write it twice if it belongs to the text, or save the sheet as .xlsx."),
    )


@error(Unreadable, "not-json", "A line is not JSON", "skills.jsonl", 7, "Expecting value")
def not_json(name: str, line: int, why: str) -> Said:
    return f"{name}, line {line}: this is not JSON ({why}).", _EXPORT_AGAIN


@error(Unreadable, "not-json", "A line is not a JSON object", "skills.jsonl", 7)
def not_json_object(name: str, line: int) -> Said:
    return f"{name}, line {line}: this is not a JSON object.", Advice("Write one object on each line.")


@error(Unreadable, "not-json", "A JSON file is not in UTF-8", "skills.jsonl")
def json_not_utf8(name: str) -> Said:
    return f"{name} is not in UTF-8, as JSON must be.", _EXPORT_AGAIN


@error(Unreadable, "damaged", "The Parquet file is damaged", "skills.parquet")
def damaged_parquet(name: str) -> Said:
    return f"{name} is damaged.", _EXPORT_AGAIN


@error(Unreadable, "library", "A library for Parquet is missing", "skills.parquet")
def cannot_read_parquet(name: str) -> Said:
    return (
        f"{name} is a Parquet file, and the library that reads these (pyarrow) is not installed.",
        Advice(f"Run: {_PARQUET}. Or export the list as .xlsx or .csv."),
    )


@error(Usage, "library", "A library for Parquet is missing")
def cannot_write_parquet() -> Said:
    return (
        "To write Parquet we need the library pyarrow, which is not installed.",
        Advice(f"Run: {_PARQUET}. Or choose another format."),
    )


@error(Usage, "column-levels", "The columns of a DataFrame have several levels")
def column_levels() -> Said:
    return "The columns of the DataFrame have several levels.", Advice("Give each column one name.")


# ---- sheets


@error(Unreadable, "no-sheet", "The file has no sheets", "skills.csv")
def has_no_sheets(name: str) -> Said:
    return f"{name} is not a workbook and has no sheets.", DropOption("sheet")


@error(Unreadable, "no-sheet", "The workbook has no sheet of this name", "skills.xlsx", "Team", ["Team A", "Team B"])
def no_such_sheet(name: str, sheet: str | None, sheets: Sequence[str]) -> Said:
    named = ", ".join(f'"{each}"' for each in sheets)
    return f'{name} has no sheet "{sheet}".', Advice(f"Its {'sheet is' if len(sheets) == 1 else 'sheets are'} {named}.")


# ---- writing


@error(Guarded, "cannot-write", "The result could not be written there", "C:/Lists", "Permission denied")
def no_room_for_result(folder: str, why: str) -> Said:
    return (
        f"We cannot write files in {folder} ({why}), so there would be no result.",
        SetOption("o", "FILE", "write it somewhere else"),
    )


@error(Guarded, "cannot-write", "Windows has no file of this name", "10:30.xlsx")
def no_name_for_a_file(name: str) -> Said:
    return (
        f"Windows has no file called {name}: the name belongs to a device, or has a character that no name has.",
        SetOption("o", "FILE", "use another name"),
    )


@error(ImporterError, "cannot-write", "A file could not be replaced", "aliases.xlsx", "Permission denied")
def cannot_replace(name: str, why: str) -> Said:
    return f"We could not write {name} ({why}).", Advice("If it is open, close it and try again.")


@error(ImporterError, "cannot-write", "A file could not be written", "skills.result.xlsx", "C:/Lists", "No space left")
def cannot_write(name: str, folder: str, why: str) -> Said:
    return (
        f"We could not write {name} in {folder} ({why}).",
        Advice("Check that there is room and that you can write there."),
    )


# ---- the alias workbook


@error(ImporterError, "aliases-open", "The alias workbook is open", "aliases.xlsx")
def alias_workbook_open(name: str) -> Said:
    return f"{name} is open in another program.", Advice("Save and close it there, then try again.")


@error(ImporterError, "aliases-locked", "The alias workbook is write-protected", "aliases.xlsx")
def alias_workbook_locked(name: str) -> Said:
    return f"You do not have permission to change {name}.", SetOption("aliases", "FILE", "use another workbook")


@error(ImporterError, "aliases-format", "The alias workbook is not an .xlsx workbook", "aliases.xlsx")
def alias_workbook_format(name: str) -> Said:
    return f"{name} is not an .xlsx workbook that we can add names to.", Advice("Save it as .xlsx.")


@error(ImporterError, "aliases-format", "The alias workbook has parts that we would damage", "aliases.xlsx", ["charts"])
def alias_workbook_parts(name: str, parts: Sequence[str]) -> Said:
    return (
        f"{name} contains {' and '.join(parts)}, which we would damage if we wrote it again.",
        Advice("Add the names yourself, or move those parts to another workbook."),
    )


@error(
    ImporterError,
    "aliases-format",
    "A sheet of the alias workbook lacks its columns",
    "Names",
    ["Your sheet says", "It means"],
)
def alias_sheet_columns(sheet: str, columns: Sequence[str]) -> Said:
    *others, last = (f'"{each}"' for each in columns)
    return (
        f'The sheet "{sheet}" of the workbook lacks one of the columns {", ".join(others)} and {last}.',
        Advice("Write these headers again."),
    )


@error(ImporterError, "aliases-format", "Cells of the alias workbook are merged", 4, "People")
def alias_cells_merged(row: int, sheet: str) -> Said:
    return f'The cells in row {row} of the sheet "{sheet}" are merged.', Advice("Unmerge them.")


@error(Unreadable, "not-aliases", "The workbook is not an alias workbook", "names.xlsx")
def not_an_alias_workbook(name: str) -> Said:
    return (
        f"{name} is not one of our alias workbooks: it names no account on a sheet About.",
        SetOption("aliases", "FILE", "use another file, which we create if it is not there"),
    )


@error(Guarded, "not-aliases", "The alias workbook names no account", "names.xlsx")
def alias_workbook_without_account(name: str) -> Said:
    return (
        f"{name} names no account, and we only add names to workbooks that we made.",
        Advice("Add the names yourself."),
    )


@error(Guarded, "other-account", "The alias workbook belongs to another account", "aliases.xlsx", "user 11", "user 12")
def alias_workbook_of_another(name: str, theirs: str, ours: str) -> Said:
    return (
        f"{name} belongs to {theirs}, but this account is {ours}. Its ids mean nothing here.",
        SetOption("aliases", "FILE", "use another workbook"),
        Advice(f'If it is the same account, write "{ours}" on its sheet About.'),
    )


def answers_used(name: str, answers: str) -> str:
    """Which answers of a person were used for this file, because they gave them before."""
    return f"{name} says: {answers}."


def answers_kept(name: str, answers: str) -> str:
    """Which answers will be used for the next file."""
    return f"Remembered in {name}: {answers}."


def answers_not_kept(why: str) -> str:
    """Why answers will not be used for the next file."""
    return f"We did not write down your answers. {why}"


def name_without_kind(place: str, name: str, kinds: Sequence[str]) -> str:
    """Why a row of the alias workbook is not used."""
    *others, last = kinds
    return f'{place} is not used. Say in the column Kind what "{name}" is: {", ".join(others)} or {last}.'


def without_answers(name: str, answers: str) -> tuple[Remedy, ...]:
    """What helps where a file cannot be read with the answers that were given before."""
    return (
        Advice(f"We read it as {name} says: {answers}."),
        SetOption("no-aliases", "", "read it without that"),
    )


def answers_not_used(name: str, theirs: str, ours: str) -> str:
    """Why answers that were given before were not used for this file."""
    return f"We did not use the answers in {name}: it belongs to {theirs}, but this account is {ours}."


# ---- result workbooks that come back


@error(Unreadable, "result-rows", "Two rows of a result stand for the same cell", (4, 9), "To fix", "Team A!D7")
def two_rows_for_one(rows: tuple[int, int], sheet: str, place: str) -> Said:
    return f'Rows {rows[0]} and {rows[1]} of the sheet "{sheet}" are both for {place}.', Advice("Delete one of them.")


@error(Unreadable, "result-columns", "A sheet of a result has lost its columns", "To fix", "Import place")
def result_columns_missing(sheet: str, column: str) -> Said:
    return (
        f'The sheet "{sheet}" no longer has its columns; "{column}" is one of them.',
        Advice("Restore its header, or apply your own file."),
    )
