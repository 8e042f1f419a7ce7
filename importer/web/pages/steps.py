"""The buttons beside a step behind a page: try it again, give it up; and take a file off the list. Holds no rule."""

from dataclasses import replace

from starlette.responses import Response

from importer.web.page_requests import PageRequest, go


def read_again(call: PageRequest) -> Response:
    """Read a file once more as it was to be read: Kantata may answer by now, or the file be closed elsewhere."""
    upload = call.upload
    upload.read(call.session.account, upload.state.choices)
    return go(call, f"/files/{upload.id}")


def plan_again(call: PageRequest) -> Response:
    """Compare a file with the account once more, as it was compared last."""
    upload, choices = call.upload, call.upload.state.plan_choices
    if choices is None:
        return go(call, f"/files/{upload.id}")
    upload.plan(call.session.need_account(), choices, call.session.new_folder())
    return go(call, f"/files/{upload.id}/plan")


def cancel_file(call: PageRequest) -> Response:
    """Give up what goes on with a file. One that was never read is left on the first page's list."""
    upload, account = call.upload, call.session.account
    upload.cancel()
    if upload.state.check is not None or upload.state.is_busy:
        return go(call, f"/files/{upload.id}")
    upload.change(lambda before: replace(before, account=account))  # or its page would read it at once
    return go(call, "/")


def remove_file(call: PageRequest) -> Response:
    """Take a file off the list, and delete our copy of it."""
    call.session.remove_upload(call.upload.id)
    return go(call, "/")


def cancel_undo(call: PageRequest) -> Response:
    """Give up finding out what the undo of a run would change."""
    preview = call.item(call.session.undo_previews, "preview")
    preview.cancel()
    return go(call, f"/runs/{preview.run_id}")


def export_again(call: PageRequest) -> Response:
    """Write an export once more, with what was chosen for it."""
    job = call.item(call.session.exports, "export")
    job.write_again(call.session.need_account())
    return go(call, f"/export/{job.id}")


def cancel_export(call: PageRequest) -> Response:
    """Give up an export."""
    call.item(call.session.exports, "export").cancel()
    return go(call, "/export")
