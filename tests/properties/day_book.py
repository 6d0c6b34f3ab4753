"""The second bookkeeper of whole lives: it is told what was asked for, and makes of it what the terms say."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from properties.day_ledger import DayLedger, End, Sold, ToCome
from properties.offers import DAY, Offer, laid, later, moved, per_month
from prorata.core.catalog.terms import Refund


class DayBook(DayLedger):
    """One subscription, as it is told of it."""

    def begins(self) -> None:
        """It is bought: what is sold without a trial begins at once."""
        if self.trial is None:
            self._begins(self.start, setups=True)

    # ------------------------------------------------------------------ what a day brings

    def wakes(self, today: date) -> None:
        """What takes effect up to a day by itself."""
        if self.trial and not self.over and self.is_in_trial and self.trial <= today:
            if not self.stopped and (self.mode != "none" or self.terms.trial.converts == "always"):
                self._converts(self.trial)
            else:
                self.end = End(self.trial, self.trial, self.terms.refund.end, "lapsed", self.asked)
                self.lapsed = self.over = True
        if self.over:
            self._loses(today)
            return
        last = min(today, self.end.on - DAY) if self.end else today
        self._takes_effect(last)
        if not self.is_in_trial:
            self._dearer(last)
        if self.end and self.end.on <= today:
            self._ends()
        self._loses(today)

    def _loses(self, today: date) -> None:
        """The newest holders lose theirs once a conflict is over."""
        if self.conflict and self.conflict <= today:
            self.assigned, self.conflict = self.licences, None

    def _takes_effect(self, last: date) -> None:
        if self.another and self.another.on <= last and self.another.sold:
            waits, self.another = self.another, None
            self._sell(waits.sold, anchor=waits.anchor, on=waits.on)
        if self.waiting and self.waiting.on <= last:
            waits, self.waiting = self.waiting, None
            self._enter(waits.licences, waits.on)
            self._conflicts(waits.on)

    def _conflicts(self, since: date) -> None:
        """More may be assigned than there are, for so long."""
        if self.assigned <= self.licences:
            self.conflict = None
        elif self.conflict is None:
            self.conflict = since + DAY * self.terms.conflict_days

    def nobody_paid(self, due: Collection[date], today: date) -> bool:
        """A run has come, and what is to be paid was due on these days. Whether that ends it."""
        self.bills_due = set(due)
        if self.over or self.is_in_trial or not any(day <= today for day in self._unpaid_days()):
            return False
        self.foreseen = self.end
        self.end = End(today, today, self.terms.refund.end, "unpaid", self.asked)
        self.over = True
        if self.terms.refund.end == "none":
            self.counts = False
        return True

    def _unpaid_days(self) -> set[date]:
        # On the day itself it can be paid.
        return {day + DAY * max(self.terms.grace_days, 1) for day in self.bills_due}

    def is_paid(self, today: date) -> None:
        """Nothing is past due any more: what had ended for it comes back, if anything is left to come back to."""
        if not (self.over and self.end and self.end.why == "unpaid"):
            return
        is_gone = self.end.on + DAY * self.terms.disabled_days <= today
        if not is_gone and not (self.foreseen and self.foreseen.on <= today):
            self.days_asked.add(today)
            rests = list(self.rests)
            self.reactivate(today)
            if any(until is None for _, until in rests):
                # Nobody has asked to go on: it is paused as before.
                self.rests = rests

    def _dearer(self, last: date) -> None:
        for new in self.prices:
            if new.name != self.now.name or new.version <= self.now.version:
                continue
            notice = new.day + timedelta(days=self.terms.price_change_notice)
            begins = max(self.now.grid.following(notice), self.now.day)
            if begins == self.now.day and self.now.day in self.days_sold:
                begins = self.now.grid.period(begins)[1]
            if begins <= last:
                offer = replace(self.now.offer, price=new.price)
                self.sold.append(replace(self.now, day=begins, version=new.version, offer=offer))

    def _ends(self) -> None:
        assert self.end
        self._takes_effect(self.end.charged_to - DAY)
        self.waiting = self.another = None
        self.over = True

    def _converts(self, on: date) -> None:
        self.converted = True
        self.days_sold.add(on)
        self.sold.append(replace(self.now, day=on, grid=laid(on, self.now.offer.every, self.trial_anchor), since=on))
        self._begins(on, setups=True)

    def _begins(self, on: date, *, setups: bool) -> None:
        offer = self.now.offer
        if setups:
            self.setups = [(on, offer.setup)] if offer.setup else []
            self.setups += self._of_phases(offer, on)
        self._term(on)

    def _of_phases(self, offer: Offer, on: date) -> list[tuple[date, Decimal]]:
        firsts = zip(offer.phases_from(on), offer.stretches, strict=True)
        return [(day, setup) for day, (_, _, setup) in firsts if setup]

    def _term(self, counted_from: date | None = None) -> None:
        term = self.now.offer.term
        ends = later(counted_from or self.now.since, term) if term else None
        self.end = End(ends, ends, self.terms.refund.end, "term", self.asked) if ends else None

    def evening(self, today: date, *, billed: bool, by_hand: bool) -> None:
        """The day is over; `billed`: a run has written what is due."""
        self.wakes(today)
        if billed and (by_hand or not self.final_bill_waits(today)):
            self.covered = max(self.covered, self.due(today))

    # ------------------------------------------------------------------ what is asked for

    def asks(self, today: date, on: date) -> None:
        """Something was asked for on a day, as if on another."""
        self.wakes(today)
        self.asked += 1
        self.days_asked |= {today, on}

    def entered_late(self, on: date, change: Callable[[], None]) -> None:
        """A total or a plan of a day that is over: what was asked for after it is asked for again."""
        waiting, another = (one if one and one.day > on else None for one in (self.waiting, self.another))
        days = [one.day for one in (waiting, another) if one]
        if self.over or not days:
            change()
            return
        grid = self.now.grid
        self.waiting = None if waiting else self.waiting
        self.another = None if another else self.another
        change()
        self._takes_effect(max(days))
        boundary = None if self.now.grid == grid else self.now.grid.period(max(*days, self.now.day))[1]
        if another and another.sold:
            is_sold = (another.sold.name, another.sold.version) == (self.now.name, self.now.version)
            is_there = is_sold and another.anchor == "keep"
            self.another = None if is_there else replace(another, on=boundary or another.on)
        if waiting:
            waiting = replace(waiting, on=boundary or waiting.on)
            self.waiting = None if self.licences_on(waiting.on) == waiting.licences else waiting

    def _enter(self, licences: int, on: date) -> None:
        place = sum(1 for since, _ in self.totals if since <= on)
        self.totals.insert(place, (on, licences))

    def total(self, licences: int, *, when: str | None, on: date) -> None:
        """A new total."""
        at_once = self._at_once(licences, when, on)
        if at_once != self.licences_on(on):
            self._enter(at_once, on)
        self.waiting = None
        self._conflicts(on)
        if at_once != licences and not self.over:
            self.waiting = ToCome(self.now.grid.period(on)[1], self.asked, on, licences=licences)

    def _at_once(self, licences: int, when: str | None, on: date) -> int:
        has = self.licences_on(on)
        if self.is_in_trial:
            return licences
        if when is None:
            removed = {"credit": "now", "kept": "now"}.get(self.terms.remove_licences, self.terms.remove_licences)
            when = self.terms.add_licences if licences >= has else removed
        if when == "window":
            return max(licences, has - self._fresh(on))
        return licences if when == "now" else has

    def _fresh(self, on: date) -> int:
        """How many seats were bought in the last days of the window."""
        seats: list[date] = []
        for day, number in dict(self.totals).items():
            seats = seats[:number] + [day] * (number - len(seats))
        return sum(1 for bought in seats if (on - bought).days <= self.terms.window_days)

    def plan(
        self,
        sold: tuple[str, int, Offer],
        *,
        when: str | None,
        anchor: str | int | date | None,
        licences: int | None,
        on: date,
    ) -> None:
        """Another plan."""
        # The plan that it has keeps its price.
        name, version, offer = (self.now.name, self.now.version, self.now.offer) if sold[0] == self.now.name else sold
        new = Sold(on, name, version, offer, self.now.grid, on)
        other_length = offer.every != self.now.offer.every
        anchor = anchor or (self.terms.change_anchor if other_length else "keep")
        total = self.licences if licences is None else licences
        if (name, version) == (self.now.name, self.now.version) and anchor == "keep":
            self.another = None
        elif self.is_in_trial:
            self._in_trial(new)
        elif self._when(offer, total, when) == "now":
            self.another = None
            self._sell(new, anchor=anchor, on=on)
        else:
            self.another = ToCome(self.now.grid.period(on)[1], self.asked, on, sold=new, anchor=anchor)
        if licences is not None and licences != self.licences:
            self.total(licences, when="renewal" if self.another else "now", on=on)

    def _when(self, offer: Offer, licences: int, when: str | None) -> str:
        rule = self.terms.change_frequency if offer.every != self.now.offer.every else self.terms.change_plan
        if when or rule != "by_direction":
            return when or rule
        return "now" if _for_a_month(offer, licences) >= _for_a_month(self.now.offer, self.licences) else "renewal"

    def _sell(self, new: Sold | None, *, anchor: str | int | date, on: date) -> None:
        assert new
        # The phases to come of the old plan never begin; those of the new one do, but for its first.
        to_come = self._of_phases(new.offer, on)
        self.setups = [(day, amount) for day, amount in self.setups if day <= on]
        self.setups += [(day, amount) for day, amount in to_come if day > on]
        grid = moved(self.now.grid, new.offer.every, anchor, on=on)
        self.sold.append(replace(new, day=on, grid=grid, since=on))
        self._waits_on_from(on)
        asked = self.end if self.end and self.end.why != "term" else None
        self._term()
        if asked and not (self.end and self.end.on < asked.on):
            self.end = asked

    def _waits_on_from(self, on: date) -> None:
        """What waits for the renewal waits for the next boundary of the grid of a day."""
        boundary = self.now.grid.period(on)[1]
        if self.waiting and self.waiting.on > on:
            self.waiting = replace(self.waiting, on=boundary)
        if self.another and self.another.on > on:
            self.another = replace(self.another, on=boundary)

    def _in_trial(self, new: Sold) -> None:
        self.sold.append(replace(new, grid=laid(new.day, new.offer.every, self.trial_anchor)))
        length = new.offer.trial
        self.trial = max(new.day, later(self.start, length)) if length else new.day
        if self.trial <= new.day:
            self._converts(new.day)

    def move(self, anchor: int | date, *, on: date) -> None:
        """Another day on which periods begin."""
        self.sold.append(replace(self.now, day=on, grid=moved(self.now.grid, self.now.offer.every, anchor, on=on)))
        if self.is_in_trial:
            self.trial_anchor = anchor
        self._waits_on_from(on)

    def pause(self, on: date) -> None:
        """No use from a day on."""
        self.rests.append((on, None))

    def resume(self, on: date) -> None:
        """Use again from a day on."""
        since, _ = self.rests.pop()
        if since < on:
            self.rests.append((since, on))

    def renewal(self, *, renews: bool, on: date) -> None:
        """On or off."""
        self.is_off = not renews
        if renews:
            self._term()
        else:
            end = self.now.grid.period(on)[1]
            self.end = End(end, end, self.terms.refund.end, "renewal off", self.asked)

    def cancel(self, when: str | date | None, *, refund: Refund | None, on: date, today: date) -> None:
        """An end."""
        if when is None:
            when = self.terms.cancel
            if when == "window":
                begun = max(self.start, self.now.grid.period(on)[0])
                when = "now" if (on - begun).days <= self.terms.window_days else "period_end"
        policy = refund or self.terms.refund.end
        if policy == "none":
            self.counts = False
        if when == "period_end":
            # A fixed term that is over before is not outlasted.
            boundary = self.now.grid.period(on)[1]
            boundary = min(boundary, self.end.on) if self.end else boundary
            self.end = End(boundary, boundary, policy, "cancelled", self.asked)
        else:
            day = when if isinstance(when, date) else on
            charged = day + DAY if self.terms.end_day == "charged" else day
            self.end = End(day, charged, policy, "cancelled", self.asked)
        if self.end.on <= today:
            self._ends()

    def undo(self, on: date) -> None:
        """What was asked for last is taken back."""
        if self.is_in_trial and self.stopped:
            self.stopped = False
            return
        end = self.end if self.end and self.end.why != "term" else None
        last = max(one.asked for one in (end, self.waiting, self.another) if one)
        if end and end.asked == last:
            self._goes_on(end, on)
            return
        # A plan and a total that were asked for together are one change.
        self.waiting = None if self.waiting and self.waiting.asked == last else self.waiting
        self.another = None if self.another and self.another.asked == last else self.another

    def _goes_on(self, end: End, on: date) -> None:
        self.is_off = self.is_off and end.why == "cancelled"
        self._term()
        if self.end is None and end.why == "cancelled" and self.is_off:
            boundary = self.now.grid.period(on)[1]
            self.end = End(boundary, boundary, self.terms.refund.end, "renewal off", end.asked)

    def reactivate(self, on: date) -> None:
        """Begin again."""
        assert self.end
        was, first = self.end, min(self.end.charged_to, on)
        # What waited there goes on, and so does an end that is still to come.
        self._takes_effect(on)
        still = self.foreseen if self.foreseen and self.foreseen.on > on else None
        self.over, self.end, self.foreseen, self.is_off = False, None, None, self.is_off and still is not None
        rests = [(since, max(first, since) if until is None else until) for since, until in self.rests]
        if first < on:
            rests.append((first, on))
        self.rests = [(since, until) for since, until in rests if since < until]
        self._term()
        term = self.end
        lapsed = was.why == "lapsed"
        if not was.by_itself and not (term and term.on <= on):
            self.end = still or term
            return
        anchor = self.trial_anchor if lapsed else self.terms.anchor
        since = on if lapsed else self.now.since
        grid = laid(on, self.now.offer.every, None if isinstance(anchor, date) else anchor)
        self.sold.append(replace(self.now, day=on, grid=grid, since=since))
        self.converted |= lapsed
        self._begins(on, setups=lapsed)

    def assigns(self, members: int) -> None:
        """So many members hold a licence."""
        self.assigned = members
        self._conflicts(self.start)

    def stop(self) -> None:
        """A trial is not to be sold."""
        self.stopped = True

    def extend(self) -> None:
        """More days of a trial."""
        assert self.trial
        assert self.terms.extend_trial
        self.trial += DAY * self.terms.extend_trial.days

    # ------------------------------------------------------------------ idle days

    def may_bring(self, today: date) -> bool:
        """Whether anything at all could happen on that day; where not, it is idle."""
        if {today, today - 30 * DAY} & self.days_asked or (self.trial and self.trial == today):
            return True
        if any(s.grid.begins(today) or s.day == today or s.day + 30 * DAY == today for s in self.sold):
            return True
        if any(day == today for day, _ in self.setups) or self.conflict == today or today in self._unpaid_days():
            return True
        return self.end is not None and today in set(self._after_the_end(self.end))

    def _after_the_end(self, end: End) -> Iterable[date]:
        yield from (end.on, end.charged_to, end.on + 30 * DAY)
        disabled = end.on + DAY * self.terms.expired_days if end.by_itself else end.on
        yield from (disabled, disabled + DAY * self.terms.disabled_days)


def _for_a_month(offer: Offer, licences: int) -> Fraction:
    times, parts = per_month(offer.every)
    return (
        sum((Fraction(price) * count for count, price in offer.costs(licences).values()), Fraction(0)) * times / parts
    )
