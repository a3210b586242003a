"""The twin's model again, slowly: objects and lists, written from its description in docs/reference/twin.md.

It shares no code with the kernel but the numbers of places in the random streams and the constants of
the model. Children are objects, work is a list on a worker's desk, what is to happen is Python's heapq.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from statistics import NormalDist

from upturn.twin import columns as C
from upturn.twin.parameters import PARAMETERS
from upturn.twin.streams import quantile

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mixed(x: int) -> int:
    x &= MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


class Stream:
    """A splitmix64 stream read by place."""

    def __init__(self, seed: int, rep: int, domain: int, number: int) -> None:
        x = mixed(seed + GOLDEN)
        for part in (rep, domain, number):
            x = mixed(x + GOLDEN * (part + 1))
        self.key = x

    def uniform(self, purpose: int, time: float = 0) -> float:
        place = purpose * 4096 + int(time) + 1
        return ((mixed(self.key + GOLDEN * place) >> 12) + 0.5) * 2.0**-52

    def exponential(self, purpose: int, time: float = 0) -> float:
        return -math.log(self.uniform(purpose, time))

    def normal(self, purpose: int, time: float = 0) -> float:
        drawn = quantile(self.uniform(purpose, time))
        assert abs(drawn - NormalDist().inv_cdf(self.uniform(purpose, time))) < 1e-9
        return drawn


@dataclass
class Job:
    """A piece of work on a child."""

    slot: int
    size: float
    left: float
    due: float
    weight: float


@dataclass(eq=False)
class Child:
    id: int
    row: int
    stream: Stream
    family: Child | None
    need: float
    team: int
    worker: Worker | None = None
    last_worker: Worker | None = None
    jobs: dict[int, Job] = field(default_factory=dict)
    open: bool = False
    closing: bool = False
    urgent: bool = False
    turned: bool = False
    episode: int = 0
    turn: int = 0
    contacted: float = 0
    referral_day: float = -1e9
    referred: float = 0
    phase: int = C.NONE
    hours: float = 0.0
    info: float = 0
    sent_back: bool = False
    allocated: float = -1
    wants: int = C.UNDECIDED
    enquiry: int = C.NO_ENQUIRY
    strategy: float = 0
    missing: bool = False
    put_off: bool = False
    plan: int = C.NO_PLAN
    plan_end: float = 0
    visit_from: float = 0
    visit_due: float = 0
    visit_at: float = 0
    late_visits: int = 0
    changes: int = 0
    had_plan: bool = False
    review_due: float = 0
    review_at: float = 0
    review_day: float = 0
    pressed: float = 0.0
    weight: float = 1.0
    queued: float = -1


@dataclass(eq=False)
class Worker:
    post: int
    stream: Stream
    state: int
    fte: float = 1.0
    cap: float = 1.0
    weighed: float = 0.0
    children: list[Child] = field(default_factory=list)  # the last taken first
    desk: list[tuple[Child, Job]] = field(default_factory=list)
    sick_until: float = 0
    sick_sum: float = 0.0
    sick_at: float = 0.0
    spells: int = 0
    hires: int = 0
    leave_sum: float = 0.0
    leave_at: float = 0.0
    fill_day: float = 0
    fill_for: float = 0
    cover_day: float = 0
    cover_end: float = 0
    new_until: float = 0
    away: bool = False
    supervise_next: float = 0
    supervise_wait: bool = False
    lapsed: bool = False
    supervised: float = 0.0


class Service:
    """One replication."""

    def __init__(self, plan, calendar, dropped, seed, rep, extra=()):  # type: ignore[no-untyped-def]
        self.plan, self.cal, self.dropped = plan, calendar.days, dropped
        self.work_days = calendar.work_day
        self.seed, self.rep, self.extra = seed, rep, list(extra)
        self.events: list[tuple[float, ...]] = []
        self.heap: list[tuple[int, int, int, int]] = []
        self.put = 0
        self.kids: list[Child] = []
        self.chairs: dict[tuple[int, int], int] = {}
        self.screening: list[Child] = []
        self.signing: list[Child] = []
        self.screen_done = self.sign_done = 0.0
        self.rota = 0
        self.today = self.now = 0
        self.last = len(self.cal) - 1
        self.par = plan[0]
        self.queues: list[list[Child]] = [
            [] for _ in range(int(plan[:, PARAMETERS["teams"]].max()))
        ]
        posts = math.ceil(plan[:, PARAMETERS["posts"]].max())
        self.workers = [self._post(n) for n in range(posts)]
        self._open_posts()
        self._new_month()
        self._backlog()
        self.arrived, self.cumulated, self.extras = 0, 0.0, 0
        self.before: Child | None = None
        self.sibling = False  # the next child comes with the one before
        self.next_at = self._child_stream(0).exponential(C.R_GAP)

    def __getattr__(self, name):  # type: ignore[no-untyped-def]
        if name in PARAMETERS:
            return float(self.par[PARAMETERS[name]])
        raise AttributeError(name)

    # -- running ---------------------------------------------------------------------------------

    def run(self):  # type: ignore[no-untyped-def]
        month, week = 0, None
        for day, (place, works, in_month, weekday) in enumerate(self.cal.tolist()):
            self.today, self.now = day, place
            if in_month != month:
                month = in_month
                self.par = self.plan[max(0, month - self.dropped)]
                self._new_month()
            self._fill_posts()
            self._arrive(weekday)
            self._happen()
            if not works:
                continue
            if (day - weekday + 7) // 7 != week:
                week = (day - weekday + 7) // 7
                self._new_week(week)
            self._screen()
            self._manage()
            self._happen()
            self._allocate()
            for worker in self.workers:
                self._work(worker)
        return self.events

    def note(self, kind, child, worker, value):  # type: ignore[no-untyped-def]
        post = worker.post if isinstance(worker, Worker) else -1
        self.events.append((self.today, kind, child.id if child else -1, post, float(value)))

    def later(self, day, kind, child):  # type: ignore[no-untyped-def]
        self.put += 1
        if day <= self.last:
            turn = self.put if kind == C.E_VISIT else child.row
            heapq.heappush(self.heap, (int(day), kind, turn, child.row))

    def day_of(self, work_day):  # type: ignore[no-untyped-def]
        place = int(work_day)
        return int(self.work_days[place]) if place < len(self.work_days) else self.last + 1

    # -- posts -----------------------------------------------------------------------------------

    def _post(self, n):  # type: ignore[no-untyped-def]
        stream = Stream(self.seed, self.rep, C.D_POST, n)
        worker = Worker(n, stream, C.EMPTY if n < self.posts else C.CLOSED)
        worker.sick_at = stream.exponential(C.R_SICK)
        return worker

    def _open_posts(self):  # type: ignore[no-untyped-def]
        days = self.vacancy_fill_days * math.exp(
            0.5 * self.vacancy_fill_spread * self.vacancy_fill_spread
        )
        empty = self.leaving_a_year * days / (365.0 + self.leaving_a_year * days)
        for w in self.workers:
            if w.state == C.CLOSED:
                continue
            self._look(w)
            if w.stream.uniform(C.R_VACANT) >= empty:
                self._start(w)
                if w.stream.uniform(C.R_RESIDUAL, 1) >= self.leaving_a_year:
                    w.new_until = 0
            else:
                spread = self.vacancy_fill_spread
                wait = w.fill_day * math.exp(spread * spread)
                w.fill_day = int(wait * w.stream.uniform(C.R_RESIDUAL, 0))
                w.cover_day = 0

    def _new_month(self):  # type: ignore[no-untyped-def]
        for w in self.workers:
            size = min(1.0, max(0.0, self.posts - w.post))
            if size <= 0 and w.state != C.CLOSED:
                self.note(C.L_POST_CLOSED, None, w, w.state)
                if w.state != C.EMPTY:
                    self._release(w)
                w.state = C.CLOSED
            elif size > 0 and w.state == C.CLOSED:
                w.state = C.EMPTY
                self._look(w)
            elif w.state != C.CLOSED:
                self._wait_anew(w)
            w.fte = size
            self._set_cap(w)

    def _set_cap(self, w):  # type: ignore[no-untyped-def]
        size = w.fte
        if w.new_until > self.today:
            size *= 1.0 - self.newly_qualified_reduction
        w.cap = max(0.01, self.caseload_cap * size)

    def _look(self, w):  # type: ignore[no-untyped-def]
        w.hires += 1
        wait = math.exp(self.vacancy_fill_spread * w.stream.normal(C.R_FILL, w.hires))
        w.fill_day = self.today + 1 + int(self.vacancy_fill_days * wait)
        w.fill_for = self.vacancy_fill_days
        self._try_agency(w)

    def _wait_anew(self, w):  # type: ignore[no-untyped-def]
        days, was = self.vacancy_fill_days, w.fill_for
        if w.fill_day > self.today and days != was:
            w.fill_day = self.today + 1 + int((w.fill_day - self.today) * days / was)
        w.fill_for = days

    def _try_agency(self, w):  # type: ignore[no-untyped-def]
        w.spells += 1
        wait = w.stream.exponential(C.R_COVER_WAIT, w.spells)
        w.cover_day = self.today + 1 + int(wait * self.agency_fill_days)

    def _newcomer(self, w):  # type: ignore[no-untyped-def]
        w.lapsed = w.supervise_wait = w.away = False
        weeks = self.supervision_weeks * w.stream.uniform(C.R_SUPERVISION, w.spells)
        w.supervise_next = self.now + 1 + int(weeks * 5.0)
        w.sick_until = 0

    def _start(self, w):  # type: ignore[no-untyped-def]
        if w.state == C.AGENCY:
            self.note(C.L_COVER_END, None, w, 1)
            for child in list(w.children):
                child.changes += 1
                self.note(C.L_ALLOCATED, child, w, 2)
                self._read_in(child)
        w.state, w.leave_sum = C.PERMANENT, 0.0
        w.leave_at = w.stream.exponential(C.R_LEAVING, w.hires)
        new = w.stream.uniform(C.R_NEW, w.hires) < self.newly_qualified_share
        w.new_until = self.today + 365.0 if new else 0
        self._newcomer(w)
        self._set_cap(w)
        self.note(C.L_STARTER, None, w, new)

    def _release(self, w):  # type: ignore[no-untyped-def]
        for child in list(w.children):
            self._let_go(child)
            child.urgent = child.enquiry != C.NO_ENQUIRY
            self._queue(child)
            self.note(C.L_UNALLOCATED, child, w, 0)

    def _fill_posts(self):  # type: ignore[no-untyped-def]
        for w in self.workers:
            if w.state in (C.CLOSED, C.PERMANENT):
                continue
            if w.fill_day <= self.today:
                self._start(w)
            elif w.state == C.EMPTY and w.cover_day <= self.today:
                self._cover(w)
            elif w.state == C.AGENCY and w.cover_end <= self.today:
                self.note(C.L_COVER_END, None, w, 0)
                self._release(w)
                w.state = C.EMPTY
                self._try_agency(w)

    def _cover(self, w):  # type: ignore[no-untyped-def]
        if w.stream.uniform(C.R_COVERED, w.spells) >= self.agency_share:
            self._try_agency(w)
            return
        w.state = C.AGENCY
        stay = self.agency_stay_days * w.stream.exponential(C.R_STAY, w.spells)
        w.cover_end, w.new_until = self.today + 1 + int(stay), 0
        self._newcomer(w)
        self._set_cap(w)
        self.note(C.L_COVER, None, w, 0)

    def _new_week(self, week):  # type: ignore[no-untyped-def]
        for w in self.workers:
            if w.state <= C.EMPTY:
                continue
            self._set_cap(w)
            w.away = w.stream.uniform(C.R_LEAVE, week) < self.leave_days / (5.0 * 52.18)
            strain = w.weighed / w.cap - 1.0
            self._sickness(w, strain)
            if w.state == C.PERMANENT:
                w.leave_sum += self.leaving_a_year * math.exp(self.leaving_load * strain) / 52.18
                if w.leave_sum > w.leave_at:
                    self.note(C.L_LEAVER, None, w, len(w.children))
                    self._release(w)
                    w.state = C.EMPTY
                    self._look(w)

    def _sickness(self, w, strain):  # type: ignore[no-untyped-def]
        if w.sick_until > self.now:
            return
        w.sick_sum += self.sickness_a_year * math.exp(self.sickness_load * strain) / 52.18
        if w.sick_sum <= w.sick_at:
            return
        w.spells += 1
        days = max(1, int(self.sickness_days * w.stream.exponential(C.R_SPELL, w.spells) + 0.5))
        w.sick_until, w.sick_sum = self.now + days, 0.0
        w.sick_at = w.stream.exponential(C.R_SICK, w.spells)
        self.note(C.L_SICK, None, w, days)
        if days >= C.LONG_SICK:
            self._release(w)

    # -- who comes -------------------------------------------------------------------------------

    def _child_stream(self, number):  # type: ignore[no-untyped-def]
        return Stream(self.seed, self.rep, C.D_CHILD, number)

    def _new_child(self, domain, number, family):  # type: ignore[no-untyped-def]
        stream = Stream(self.seed, self.rep, domain, number)
        head = family.stream if family else stream
        both = C.CLOSE_KIN * (head.normal(C.R_FAMILY) + stream.normal(C.R_OWN))
        need = self.need_mean + self.need_spread * both
        team = int(head.uniform(C.R_TEAM) * int(self.teams))
        child = Child(domain * 100_000_000 + number, len(self.kids), stream, family, need, team)
        self.kids.append(child)
        return child

    def _backlog(self):  # type: ignore[no-untyped-def]
        for group, known in enumerate(self._settled()):
            for number in range(int(known[-1])):
                stream = Stream(self.seed, self.rep, C.D_BACKLOG, group * C.KNOWN_APART + number)
                need, draw = self._known_need(stream, known), stream.uniform(C.R_START)
                if group < 2:
                    child = self._known(group, number, need)
                    child.open = True
                    length = self._start_plan(child, C.CIN if group else C.CP)
                    length *= math.exp(C.LENGTH_SPREAD * C.LENGTH_SPREAD)
                    self._end_on(child, 1 + int(length * draw))
                    self._queue(child)
                    continue
                longest = C.RETURN_LONGEST if group == 3 else C.BACK_LONGEST
                rate = self._return_rate(need) if group == 3 else self._back_rate(need, 0.0)
                since = longest * draw
                wait = 365.0 * stream.exponential(C.R_BACK, 1) / max(1e-9, rate)
                if not since < wait < longest:
                    continue
                child = self._known(group, number, need)
                child.turned = group == 3
                if not child.turned:
                    child.referral_day = -since - C.BACKLOG_WAS_OPEN
                self.later(1 + int(wait - since), C.E_BACK, child)

    def _settled(self):  # type: ignore[no-untyped-def]
        """Running sums over slices of need: on protection plans, in need, closed, turned away."""
        came = [12.0 * self.contacts_a_month * self.shock_contacts / C.SLICES] * C.SLICES
        needs = [self._need_at((n + 0.5) / C.SLICES) for n in range(C.SLICES)]
        sums: list[list[float]] = [[], [], [], []]
        care = min(1.0, C.CARE_AFTER_PLAN * self.care_entry)
        for n, need in enumerate(needs):
            referred = self._above(need, self.referral_threshold)
            urgent = min(referred, self._above(need, self.section47_threshold))
            called = urgent * self._above(need, self.conference_threshold)
            cp = C.PLANNED * called
            assessed = referred - (referred - urgent) * self.no_further_action
            cin = (assessed - cp) * self._above(need, self.plan_threshold)
            cin += cp * C.STEPS_DOWN * (1.0 - care)
            ends = referred - (urgent - called) * self.care_entry - cp * care
            back = ends * (1.0 - math.exp(-1.0 * self._back_rate(need, 0.0)))
            contacts = came[n] / (1.0 - min(C.AGAIN_MOST, back))
            wrong = contacts * (1.0 - referred) if need > self.true_threshold else 0.0
            grown = next((k for k in range(C.SLICES) if needs[k] >= need + C.GROWTH), C.SLICES - 1)
            if grown > n:
                came[grown] += wrong * (1.0 - math.exp(-2.0 * self._return_rate(need)))
            sizes = (
                contacts * cp * self.cp_days * C.GOES_ON / 365.0,
                contacts * cin * self.cin_days * C.GOES_ON / 365.0,
                contacts * ends * 1.0,
                wrong * 2.0,
            )
            for known, size in zip(sums, sizes, strict=True):
                known.append(size + (known[-1] if known else 0.0))
        return sums

    def _need_at(self, place):  # type: ignore[no-untyped-def]
        return self.need_mean + self.need_spread * quantile(place)

    def _above(self, need, line):  # type: ignore[no-untyped-def]
        return 0.5 * math.erfc((line - need) / self.threshold_noise * C.CLOSE_KIN)

    def _return_rate(self, need):  # type: ignore[no-untyped-def]
        return self.repeat_return * math.exp(math.log(2.0) * (need - self.true_threshold))

    def _known_need(self, stream, known):  # type: ignore[no-untyped-def]
        place = stream.uniform(C.R_OWN, 1) * known[-1]
        at = next((n for n, below in enumerate(known) if below >= place), C.SLICES - 1)
        return self._need_at((at + stream.uniform(C.R_OWN, 2)) / C.SLICES)

    def _known(self, group, number, need):  # type: ignore[no-untyped-def]
        child = self._new_child(C.D_BACKLOG, group * C.KNOWN_APART + number, None)
        child.need = need
        child.episode, child.referral_day, child.allocated = 1, -365.0, 0
        return child

    def _arrive(self, weekday):  # type: ignore[no-untyped-def]
        yearly = 12.0 * self.contacts_a_month * self.shock_contacts
        self.cumulated += yearly / 365.25 * C.WEEKDAYS[weekday]
        while self.next_at <= self.cumulated:
            family = (self.before.family or self.before) if self.sibling else None
            self.before = self._new_child(C.D_CHILD, self.arrived, family)
            self._contact(self.before)
            self.arrived += 1
            stream = self._child_stream(self.arrived)
            self.sibling = stream.uniform(C.R_SIBLING) < 1.0 - 1.0 / self.siblings_mean
            if not self.sibling:
                self.next_at += self.siblings_mean * stream.exponential(C.R_GAP)
        while self.extras < len(self.extra) and self.extra[self.extras] <= self.today:
            child = self._new_child(C.D_EXTRA, self.extras, None)
            self.extras += 1
            self._contact(child)

    def _contact(self, child):  # type: ignore[no-untyped-def]
        if child.episode and child.turned:
            child.need += C.GROWTH
            self.note(C.L_RETURNED, child, None, child.need)
        child.turned = False
        child.episode += 1
        child.contacted = self.now
        self.note(C.L_CONTACT, child, None, child.need)
        self.screening.append(child)

    def _share(self):  # type: ignore[no-untyped-def]
        return self.productive_share * (1.0 - self.admin_share)

    def _screen(self):  # type: ignore[no-untyped-def]
        hours = self.screening_posts * (self.hours_a_week / 5.0) * self._share()
        while self.screening:
            need = self.hours_screening - self.screen_done
            if need > hours:
                self.screen_done += hours
                return
            hours -= need
            self.screen_done = 0.0
            self._decide(self.screening.pop(0))

    def _decide(self, child):  # type: ignore[no-untyped-def]
        team = Stream(self.seed, self.rep, C.D_TEAM, child.team).normal(C.R_JUDGED)
        line = self.referral_threshold + self.threshold_team_spread * team
        noise = child.stream.normal(C.R_JUDGED, child.episode)
        seen_as = child.need + self.threshold_noise * noise
        if seen_as > line:
            self._refer(child, seen_as)
            return
        self.note(C.L_TURNED, child, None, child.need)
        if child.need > self.true_threshold:
            child.turned = True
            self._come_back(child, self._return_rate(child.need), C.RETURN_LONGEST)

    def _come_back(self, child, rate, longest):  # type: ignore[no-untyped-def]
        if rate > 0:
            wait = child.stream.exponential(C.R_BACK, child.episode) * 365.0 / rate
            if wait < longest:
                self.later(self.today + 1 + int(wait), C.E_BACK, child)

    def _back_rate(self, need, pressed):  # type: ignore[no-untyped-def]
        return self.rereferral_hazard * math.exp(C.BACK_NEED * need + C.BACK_PRESSED * pressed)

    def _refer(self, child, seen_as):  # type: ignore[no-untyped-def]
        child.referral_day, child.pressed = self.today, 0.0
        urgent = seen_as > self.section47_threshold
        self.note(C.L_REFERRAL, child, None, urgent)
        if not urgent and child.stream.uniform(C.R_NFA, child.episode) < self.no_further_action:
            self.note(C.L_NFA, child, None, 0)
            self._come_back(child, self._back_rate(child.need, child.pressed), C.BACK_LONGEST)
            return
        child.open, child.urgent, child.allocated = True, urgent, -1
        child.wants, child.changes, child.late_visits = C.UNDECIDED, 0, 0
        child.referred, child.sent_back = self.now, False
        drawn = min(child.stream.normal(C.R_HOURS, child.episode), C.LARGEST)
        spread = self.hours_assessment_spread * drawn
        child.hours = self.hours_assessment * math.exp(C.NEED_HOURS * child.need + spread)
        child.phase = C.TO_SEE
        self._assess(child, C.PART_SEE, C.CLASS_UNSEEN)
        if urgent:
            self._call_strategy(child)
        self._queue(child)

    # -- work ------------------------------------------------------------------------------------

    def _give(self, child, slot, hours, due, weight):  # type: ignore[no-untyped-def]
        job = Job(slot, hours, hours, due, weight)
        child.jobs[slot] = job
        if hours <= 0:
            del child.jobs[slot]
        if child.worker:
            child.worker.desk.append((child, job))

    def _drop(self, child, slot):  # type: ignore[no-untyped-def]
        job = child.jobs.pop(slot, None)
        if job and child.worker:
            self._off_desk(child.worker, child, slot)

    def _off_desk(self, w, child, slot):  # type: ignore[no-untyped-def]
        for place, (whose, job) in enumerate(w.desk):
            if whose is child and job.slot == slot:
                w.desk[place] = w.desk[-1]
                w.desk.pop()
                return

    def _weigh(self, child):  # type: ignore[no-untyped-def]
        heavy = child.plan == C.CP or child.enquiry != C.NO_ENQUIRY
        weight = 1.5 if heavy else 1.0
        if child.worker:
            child.worker.weighed += weight - child.weight
        child.weight = weight

    def _over(self, w):  # type: ignore[no-untyped-def]
        return max(0.0, w.weighed / w.cap - 1.0) if w else 0.0

    def _hold(self, child, w):  # type: ignore[no-untyped-def]
        child.worker = w
        w.children.insert(0, child)
        w.weighed += child.weight
        w.desk += [(child, child.jobs[slot]) for slot in sorted(child.jobs)]

    def _let_go(self, child):  # type: ignore[no-untyped-def]
        w = child.worker
        w.children.remove(child)
        w.weighed -= child.weight
        for slot in sorted(child.jobs):
            self._off_desk(w, child, slot)
        child.last_worker, child.worker = w, None

    def _queue(self, child):  # type: ignore[no-untyped-def]
        queue = self.queues[child.team]
        child.queued = self.now
        first = sum(1 for other in queue if other.urgent) if child.urgent else len(queue)
        queue.insert(first, child)

    def _unqueue(self, child):  # type: ignore[no-untyped-def]
        if child.queued >= 0:
            child.queued = -1
            self.queues[child.team].remove(child)

    def _chair(self, which, earliest, aim, rate):  # type: ignore[no-untyped-def]
        most = len(self.work_days) + 700
        begin = int(max(earliest, aim))
        backwards = [d for d in range(begin, math.ceil(earliest) - 1, -1) if d < most]
        for day in [*backwards, *range(begin + 1, most)]:
            if self.chairs.get((which, day), 0) < int((day + 1) * rate) - int(day * rate):
                self.chairs[which, day] = self.chairs.get((which, day), 0) + 1
                return day
        return most

    # -- assessment ------------------------------------------------------------------------------

    def _assess(self, child, part, weight):  # type: ignore[no-untyped-def]
        self._give(child, C.ASSESS, part * child.hours, child.referred + 45, weight)

    def _part_assessed(self, child, w):  # type: ignore[no-untyped-def]
        if child.phase == C.TO_SEE:
            self.note(C.L_SEEN, child, w, self.now - child.referred)
            child.phase = C.FIRST_HALF
            self._assess(child, C.PART_FIRST, 1.0)
        elif child.phase == C.FIRST_HALF and child.info > self.now:
            child.phase = C.FOR_PARTNERS
            self.later(self.day_of(child.info), C.E_INFO, child)
        elif child.phase == C.FIRST_HALF:
            self._write(child)
        else:
            child.phase = C.SIGN_OFF
            self.signing.append(child)

    def _write(self, child):  # type: ignore[no-untyped-def]
        child.phase = C.WRITING
        self._assess(child, C.PART_WRITE, 1.0)

    def _manage(self):  # type: ignore[no-untyped-def]
        hours = self.manager_posts * (self.hours_a_week / 5.0) * self.manager_hours_share
        while self.signing:
            gone = self.signing[0].phase != C.SIGN_OFF
            need = 0.0 if gone else self.sign_off_hours - self.sign_done
            if need > hours:
                self.sign_done += hours
                hours = 0.0
                break
            hours -= need
            self.sign_done = 0.0
            child = self.signing.pop(0)
            if not gone:
                self._signed(child)
        self._supervise(hours)

    def _supervise(self, hours):  # type: ignore[no-untyped-def]
        n = len(self.workers)
        for w in [self.workers[(turn + self.now) % n] for turn in range(n)]:
            w.supervised = 0.0
            if w.state <= C.EMPTY:
                continue
            if w.supervise_next <= self.now:
                w.lapsed = w.lapsed or w.supervise_wait
                w.supervise_wait = True
                w.supervise_next += self.supervision_weeks * 5.0
            if w.supervise_wait and hours >= self.supervision_hours and self._at_work(w):
                hours -= self.supervision_hours
                w.supervise_wait = w.lapsed = False
                w.supervised = self.supervision_hours
                self.note(C.L_SUPERVISION, None, w, 0)

    def _at_work(self, w):  # type: ignore[no-untyped-def]
        return w.state > C.EMPTY and w.sick_until <= self.now and not w.away

    def _signed(self, child):  # type: ignore[no-untyped-def]
        w, over = child.worker, self._over(child.worker)
        chance = self.rework * over
        if not child.sent_back and child.stream.uniform(C.R_SENT, child.episode) < chance:
            child.sent_back, child.phase = True, C.WRITING
            self.note(C.L_SENT_BACK, child, w, 0)
            self._assess(child, C.SENT_BACK_HOURS, 1.0)
            return
        child.phase = C.NONE
        self.note(C.L_ASSESSED, child, w, self.now - child.referred)
        noise = self.threshold_noise * (C.LAPSED_NOISE if w and w.lapsed else 1.0)
        seen_as = child.need + noise * child.stream.normal(C.R_OUTCOME, child.episode)
        plan = seen_as > self.plan_threshold + self.closure_pressure * over
        child.wants = C.WANTS_PLAN if plan else C.WANTS_CLOSURE
        child.pressed = over
        self._settle(child)

    def _settle(self, child):  # type: ignore[no-untyped-def]
        busy = child.phase != C.NONE or child.enquiry != C.NO_ENQUIRY
        if busy or child.plan != C.NO_PLAN or child.closing:
            return
        if child.wants == C.WANTS_PLAN:
            self._start_plan(child, C.CIN)
        else:
            self._close_down(child)

    # -- enquiry ---------------------------------------------------------------------------------

    def _call_strategy(self, child):  # type: ignore[no-untyped-def]
        child.enquiry = C.STRATEGY_AWAITED
        child.turn += 1
        self._weigh(child)
        wait = child.stream.exponential(C.R_STRATEGY, child.turn) * self.strategy_delay_days
        self.later(self.day_of(self.now + int(wait + 0.5)), C.E_STRATEGY, child)

    def _strategy(self, child):  # type: ignore[no-untyped-def]
        if not child.open or child.enquiry != C.STRATEGY_AWAITED:
            return
        child.missing = child.stream.uniform(C.R_PARTNER, child.turn) < self.partner_missing
        self.note(C.L_STRATEGY, child, child.worker, child.missing)
        child.enquiry, child.strategy = C.ENQUIRING, self.now
        size = 0.5 + child.stream.uniform(C.R_ENQUIRY_HOURS, child.turn)
        due = self.now + C.ENQUIRY_DUE
        self._give(child, C.ENQUIRE, self.hours_section47 * size, due, C.CLASS_ENQUIRY)

    def _enquired(self, child, w):  # type: ignore[no-untyped-def]
        if child.enquiry == C.CONFERENCE_BOOKED:
            return
        noise = self.threshold_noise * (C.LAPSED_NOISE if child.missing else 1.0)
        seen_as = child.need + noise * child.stream.normal(C.R_ENQUIRY, child.turn)
        called = child.plan != C.CP and seen_as > self.conference_threshold
        self.note(C.L_ENQUIRED, child, w, called)
        if called:
            self._book(child)
        elif child.stream.uniform(C.R_CARE, child.turn) < self.care_entry:
            self._care(child)
        else:
            child.enquiry = C.NO_ENQUIRY
            self._weigh(child)
            self._settle(child)

    def _book(self, child):  # type: ignore[no-untyped-def]
        earliest = self.now + int(self.conference_notice_days + 0.5)
        ahead = int(C.AHEAD * child.stream.exponential(C.R_AHEAD, child.turn))
        aim = max(earliest, child.strategy + 15 - ahead)
        day = self._chair(0, earliest, aim, self.conference_slots_a_week / 5.0)
        child.enquiry, child.put_off = C.CONFERENCE_BOOKED, False
        self._give(child, C.ENQUIRE, self.hours_conference, day, C.CLASS_ENQUIRY)
        self.later(self.day_of(day), C.E_CONFERENCE, child)

    def _conference(self, child):  # type: ignore[no-untyped-def]
        chance = self.partner_missing * C.ABSENCE_PUTS_OFF
        if not child.put_off and child.stream.uniform(C.R_ABSENT, child.turn) < chance:
            again = self.now + C.PUT_OFF_DELAY
            day = self._chair(0, again, again, self.conference_slots_a_week / 5.0)
            child.put_off = True
            self.note(C.L_PUT_OFF, child, child.worker, day - self.now)
            self.later(self.day_of(day), C.E_CONFERENCE, child)
            return
        self.note(C.L_CONFERENCE, child, child.worker, self.now - child.strategy)
        self._drop(child, C.ENQUIRE)
        child.enquiry = C.NO_ENQUIRY
        if child.stream.uniform(C.R_PLANNED, child.turn) < C.PLANNED:
            self._start_plan(child, C.CP)
        elif child.plan == C.NO_PLAN:
            self._start_plan(child, C.CIN)
        else:
            self._weigh(child)

    # -- plans -----------------------------------------------------------------------------------

    def _start_plan(self, child, kind):  # type: ignore[no-untyped-def]
        self._stop_plan(child)
        child.turn += 1
        child.plan = kind
        mean = self.cp_days if kind == C.CP else self.cin_days
        spread = C.LENGTH_SPREAD * child.stream.normal(C.R_LENGTH, child.turn)
        length = mean * math.exp(spread - 0.5 * C.LENGTH_SPREAD * C.LENGTH_SPREAD)
        length *= math.exp(-self.closure_pressure * self._over(child.worker))
        self._end_on(child, self.today + 1 + int(length))
        self.note(C.L_CP if kind == C.CP else C.L_CIN, child, child.worker, length)
        if kind == C.CP:
            child.had_plan = True
            self._next_review(child, C.REVIEW_FIRST)
        self._weigh(child)
        self._next_visit(child)
        return length

    def _end_on(self, child, day):  # type: ignore[no-untyped-def]
        place = self.cal[int(min(day, self.last)), 0]
        looked_at = max(self.day_of(place), self.day_of(self.now + 1))
        child.plan_end = self.last + 1 if day > self.last else looked_at
        self.later(child.plan_end, C.E_PLAN_END, child)

    def _stop_plan(self, child):  # type: ignore[no-untyped-def]
        if child.plan == C.NO_PLAN:
            return
        kind = C.L_CP_END if child.plan == C.CP else C.L_CIN_END
        self.note(kind, child, child.worker, 0)
        child.plan, child.plan_end, child.visit_at = C.NO_PLAN, 0, 0
        child.review_at = child.review_day = 0
        self._drop(child, C.VISIT)
        self._drop(child, C.OTHER)

    def _next_visit(self, child):  # type: ignore[no-untyped-def]
        gap = self.visit_gap_days * (1.0 if child.plan == C.CP else 2.0)
        child.visit_from = self.now
        child.visit_due = self.now + int(gap + 0.5)
        child.visit_at = self.day_of(self.now + max(1, int(0.6 * gap)))
        self.later(child.visit_at, C.E_VISIT, child)

    def _visit_up(self, child):  # type: ignore[no-untyped-def]
        if child.visit_at != self.today or child.plan == C.NO_PLAN:
            return
        child.visit_at = 0
        weight = C.CLASS_CP_VISIT if child.plan == C.CP else 1.0
        self._give(child, C.VISIT, self.hours_visit, child.visit_due, weight)

    def _visited(self, child, w):  # type: ignore[no-untyped-def]
        child.late_visits += self.now > child.visit_due
        self.note(C.L_VISIT, child, w, self.now - child.visit_from)
        self._next_visit(child)

    def _next_review(self, child, days):  # type: ignore[no-untyped-def]
        if self.today + days > self.last:
            return
        child.review_due = int(self.cal[self.today + days, 0])
        child.review_at = self.day_of(child.review_due - C.REVIEW_CALLED)
        self.later(child.review_at, C.E_REVIEW, child)

    def _call_review(self, child):  # type: ignore[no-untyped-def]
        if child.review_at != self.today:
            return
        due, earliest = child.review_due, self.now + int(self.conference_notice_days + 0.5)
        ahead = int(C.REVIEW_AHEAD * child.stream.exponential(C.R_REVIEW, due))
        day = self._chair(1, earliest, max(earliest, due - ahead), self.review_slots_a_week / 5.0)
        child.review_at, child.review_day = 0, self.day_of(day)
        self._give(child, C.OTHER, self.hours_review, day, C.CLASS_REVIEW)
        self.later(child.review_day, C.E_REVIEW_HELD, child)

    def _review(self, child):  # type: ignore[no-untyped-def]
        if child.review_day != self.today:
            return
        self.note(C.L_REVIEW, child, child.worker, self.now > child.review_due)
        child.review_day = 0
        self._drop(child, C.OTHER)
        self._next_review(child, C.REVIEW_NEXT)

    def _look_at_plan(self, child):  # type: ignore[no-untyped-def]
        if child.plan_end != self.today or child.plan == C.NO_PLAN:
            return
        child.turn += 1
        draw, protection = child.stream.uniform, child.plan == C.CP
        if protection and draw(C.R_CARE, child.turn) < self.care_entry * C.CARE_AFTER_PLAN:
            self._care(child)
            return
        against = C.END_CHANGE * child.changes + C.END_LATE * child.late_visits
        if child.worker and child.worker.lapsed:
            against += C.END_LAPSED
        busy = child.enquiry != C.NO_ENQUIRY or child.phase != C.NONE
        if busy or draw(C.R_ENDS, child.turn) >= math.exp(-against):
            self._extend(child)
        elif protection and draw(C.R_STEPS, child.turn) < C.STEPS_DOWN:
            self._start_plan(child, C.CIN)
        else:
            child.pressed = self._over(child.worker)
            self._close_down(child)

    def _extend(self, child):  # type: ignore[no-untyped-def]
        child.changes = child.late_visits = 0
        self._end_on(child, self.today + C.EXTENSION)
        noise = self.threshold_noise * child.stream.normal(C.R_AGAIN, child.turn)
        worse = child.need + noise > self.section47_threshold
        if worse and child.enquiry == C.NO_ENQUIRY and child.plan == C.CIN:
            self._call_strategy(child)

    # -- the end ---------------------------------------------------------------------------------

    def _close_down(self, child):  # type: ignore[no-untyped-def]
        self._stop_plan(child)
        child.closing = True
        self._weigh(child)
        due = self.now + C.CLOSING_DUE
        self._give(child, C.OTHER, self.hours_closure, due, C.CLASS_CLOSING)

    def _close(self, child):  # type: ignore[no-untyped-def]
        self.note(C.L_CLOSED, child, child.worker, child.pressed)
        self._leave(child)
        self._come_back(child, self._back_rate(child.need, child.pressed), C.BACK_LONGEST)

    def _care(self, child):  # type: ignore[no-untyped-def]
        self.note(C.L_CARE, child, child.worker, 0)
        child.enquiry, child.phase = C.NO_ENQUIRY, C.NONE
        self._stop_plan(child)
        self._leave(child)

    def _leave(self, child):  # type: ignore[no-untyped-def]
        for slot in range(C.SLOTS):
            self._drop(child, slot)
        self._unqueue(child)
        if child.worker:
            self._let_go(child)
        child.open = child.closing = child.urgent = False
        self._weigh(child)

    # -- allocation and the day ------------------------------------------------------------------

    def _allocate(self):  # type: ignore[no-untyped-def]
        for team, queue in enumerate(self.queues):
            while queue:
                child = queue[0]
                worker = self._choose(child, team)
                if worker is None:
                    break
                self._unqueue(child)
                self._take_on(child, worker)

    def _choose(self, child, team):  # type: ignore[no-untyped-def]
        rule = int(self.allocation_rule + 0.5)
        must = child.urgent or self.now - child.queued >= self.patience_days
        able = [w for w in self.workers if w.state > C.EMPTY and w.sick_until <= self.now]
        mine = [w for w in able if w.post % int(self.teams) == team % int(self.teams)]
        known = self._knows(child)
        if rule == 2 and known in able and known.weighed + child.weight <= 1.15 * known.cap:
            return known
        if rule == 1:
            n = len(self.workers)
            for w in [self.workers[(self.rota + step) % n] for step in range(n)]:
                if w in mine and w.cap - w.weighed >= child.weight:
                    self.rota = (w.post + 1) % n
                    return w
            if not must:
                return None
        among = mine or (able if must else [])
        best = min(among, key=lambda w: w.weighed / w.cap, default=None)
        if best and not must and best.weighed + child.weight > best.cap:
            return None
        return best

    def _knows(self, child):  # type: ignore[no-untyped-def]
        if child.last_worker or not child.family:
            return child.last_worker
        return child.family.worker or child.family.last_worker

    def _take_on(self, child, w):  # type: ignore[no-untyped-def]
        self._hold(child, w)
        if child.allocated < 0:
            child.allocated = self.now
            wait = child.stream.exponential(C.R_INFO, child.episode)
            child.info = self.now + int(self.partner_information_days * wait + 0.5)
            self.note(C.L_ALLOCATED, child, w, 0)
            return
        child.changes += 1
        self.note(C.L_ALLOCATED, child, w, 1)
        self._read_in(child)

    def _read_in(self, child):  # type: ignore[no-untyped-def]
        if C.READ not in child.jobs:
            due = self.now + C.READING_DUE
            self._give(child, C.READ, self.hours_reading_in, due, C.CLASS_READING)

    def _work(self, w):  # type: ignore[no-untyped-def]
        if not self._at_work(w):
            return
        size = w.fte
        if w.new_until > self.today:
            size *= 1.0 - self.newly_qualified_reduction
        hours = self.hours_a_week / 5.0 * self._share() * size - w.supervised
        if hours <= 0:
            return
        pulls, total = [], self.other_work_weight
        for _, job in w.desk:
            away = min(max(int(job.due) - self.now, -C.PULLS), C.PULLS - 1)
            pressure = 1.0 + self.pressure_height * math.exp(-abs(away) / self.pressure_reach)
            pulls.append(job.weight * (pressure + C.CHASED * max(0, -away)))
            total += pulls[-1]
        unit = hours / total
        for (_, job), pull in zip(w.desk, pulls, strict=True):
            job.left -= pull * unit
        for child, job in [pair for pair in w.desk if pair[1].left <= 0]:
            if any(mine is job for _, mine in w.desk):
                self._off_desk(w, child, job.slot)
                del child.jobs[job.slot]
                self._job_done(child, job.slot, w)

    def _job_done(self, child, slot, w):  # type: ignore[no-untyped-def]
        if slot == C.ASSESS:
            self._part_assessed(child, w)
        elif slot == C.ENQUIRE:
            self._enquired(child, w)
        elif slot == C.VISIT:
            self._visited(child, w)
        elif slot == C.OTHER and child.closing:
            self._close(child)

    def _happen(self):  # type: ignore[no-untyped-def]
        what = {
            C.E_BACK: self._contact, C.E_STRATEGY: self._strategy, C.E_CONFERENCE: self._conference,
            C.E_VISIT: self._visit_up, C.E_REVIEW: self._call_review, C.E_REVIEW_HELD: self._review,
            C.E_PLAN_END: self._look_at_plan,
        }  # fmt: skip
        while self.heap and self.heap[0][0] <= self.today:
            _, kind, _, row = heapq.heappop(self.heap)
            child = self.kids[row]
            if kind == C.E_INFO:
                if child.phase == C.FOR_PARTNERS:
                    self._write(child)
            else:
                what[kind](child)
