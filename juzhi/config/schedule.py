"""What the product does by the clock, all in one place: jobs by cron (Asia/Shanghai) and small chores of the worker."""

from __future__ import annotations

from juzhi.access import tasks as access
from juzhi.config import tasks as config
from juzhi.config.keeping import erasures
from juzhi.figures import actions as folding
from juzhi.figures import tasks as figures
from juzhi.files import tasks as files
from juzhi.imports import tasks as imports
from juzhi.jobs import tasks as jobs
from juzhi.jobs.schedule import declare_chore, declare_schedule
from juzhi.journal import actions as journal
from juzhi.search import actions as search

declare_chore("journal.seal", 5.0, journal.seal)
declare_chore("search.keep_up", 2.0, search.keep_up)
declare_chore("figures.keep_up", 1.0, folding.keep_up)
declare_chore("erasures.keep_up", 60.0, lambda by: erasures.keep_up())
declare_schedule("access.tend_orphans", "5 0 * * *", access.tend_orphans)
declare_schedule("figures.widen", "13 2 * * *", figures.widen)
declare_schedule("figures.verify", "33 2 * * *", figures.verify)
declare_schedule("figures.restate", "43 2 * * *", figures.restate)
declare_schedule("files.expire", "7 * * * *", files.expire)
declare_schedule("imports.expire", "17 * * * *", imports.expire)
declare_schedule("jobs.prune", "23 3 * * *", jobs.prune)
declare_schedule("sessions.clear", "33 3 * * *", config.clear_sessions)
declare_schedule("receipts.prune", "43 3 * * *", config.prune_receipts)
declare_schedule("journal.verify", "13 4 * * *", config.verify_journal)
