"""A notebook as a script: a DataFrame is loaded into an account, put back, and what the account holds is looked at.

It needs no account and no file: `Account.sandbox()` is a stand-in for Kantata on this machine.
"""

import pandas as pd

import importer

# %% An account. `importer.Account()` is your own, by KANTATA_TOKEN or by the token that `importer login` kept.
account = importer.Account.sandbox()
print(account.name)

# %% What is to be loaded: one row a level, with an index of our own.
people = account.export("users", active_only=True).head(3)
levels = pd.DataFrame(
    {"email": people["email"].tolist(), "skill": "Kubernetes", "level": [3, 4, 9]},
    index=["ops-1", "ops-2", "ops-3"],
)

# %% Every mistake, before anything is sent. Nothing is wrong with the program when a row is wrong: it is data.
checked = account.check(levels)
print(checked.problems[["cell", "value", "message", "fix"]])
assert checked.problems.index.tolist() == ["ops-3"]

# %% What would change. This reads the account, and sends no write.
levels.loc["ops-3", "level"] = 5
plan = account.plan(levels, "skill-memberships")
print(plan.changes[["change", "level"]])
print(plan.forecast_sentence)

# %% Send it, and watch.
report = plan.apply(on_event=lambda event: print(type(event).__name__))
print(report.counts)
outcomes = levels.join(report.outcomes)
print(outcomes[["email", "outcome", "id"]])
assert (outcomes["outcome"] != "invalid").all()

# %% Loading the same again changes nothing.
assert account.plan(levels).writes == 0

# %% What the account holds now, to be looked at, changed and planned again.
matrix = account.export("skill-matrix", skills=["Kubernetes"])
print(matrix[matrix["email"].isin(levels["email"])][["user", "Kubernetes"]])

# %% Put the run back. What somebody changed since is kept.
undone = report.undo()
print(undone.counts)
print(account.runs()[["run", "kind", "state", "rows"]])
account.close()
