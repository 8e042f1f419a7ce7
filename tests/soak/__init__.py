"""Random schedules of faults against whole runs, and a judge that reads the truth from the sandbox's own database."""
