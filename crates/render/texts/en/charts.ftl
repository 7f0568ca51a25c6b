# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Pictures.

chart-as-table = Show as a table
chart-as-sql = The query
chart-as-csv = CSV
chart-source = Source:
chart-nothing = There is nothing to draw.
chart-not-known = Not known
chart-million = { $number } m
chart-billion = { $number } bn
chart-trillion = { $number } tn
chart-bars-more = { $count ->
    [one] One more
   *[other] { $count } more
}, together { $sum }
chart-target = { $name }: { $number }
chart-line-course = It was { $first } ({ $first-when }), at most { $highest } ({ $highest-when }), and is { $last } ({ $last-when }).
chart-line-target = { $name } at that moment: { $count }.

chart-source-inventory = documents about systems
chart-source-findings = documents about systems, held against advisories
chart-source-record = the record of incidents, tasks and documents

# What bars show, as a sentence.
chart-all-systems = { $count ->
    [one] The only system belongs
   *[other] All { $count } systems belong
} to { $name }
chart-half-systems = More than half are at { $name }: { $most } of { $count } systems
chart-most-systems = Most are at { $name }: { $most } of { $count } systems
chart-even-systems = No agency has more than { $most ->
    [one] one
   *[other] { $most }
} of the { $count } systems
chart-all-findings = { $count ->
    [one] The only finding is
   *[other] All { $count } findings are
} at { $name }
chart-half-findings = More than half are at { $name }: { $most } of { $count } findings
chart-most-findings = Most are at { $name }: { $most } of { $count } findings
chart-even-findings = No agency has more than { $most ->
    [one] one
   *[other] { $most }
} of the { $count } findings
chart-no-agency = No agency has any

# What a line shows, as a sentence.
chart-line-fell = Down from { $first } to { $last }
chart-line-rose = Up from { $first } to { $last }
chart-line-level = Still { $last }
chart-line-nothing = Nothing is known of any moment
chart-line-met = { $course }: the target ({ $target }) is kept
chart-line-missed = { $course }: { $over } above the target ({ $target })

# The map of what a system needs.
chart-map = What the system needs, and how it gets in: packages and open findings. Only shortest ways are drawn.
chart-map-calm = No package has findings
chart-map-affected = { $affected } of { $all } packages { $affected ->
    [one] has
   *[other] have
} findings
chart-map-through = { $affected } of { $all } packages have findings: { $through } { $through ->
    [one] comes
   *[other] come
} in through others
chart-map-all-through = { $affected } of { $all } packages { $affected ->
    [one] has findings: it comes
   *[other] have findings: all come
} in through others
chart-map-direct = Direct
chart-map-steps = { $steps ->
    [one] Behind one other
   *[other] Behind { $steps } others
}
chart-map-beyond = Behind { $steps } or more
chart-map-findings = { $count ->
    [one] 1 finding
   *[other] { $number } findings
}
chart-map-others = { $count ->
    [one] One other
   *[other] { $count } others
}
chart-map-unknown = { $count ->
    [one] One package of which no document tells how it gets in
   *[other] { $count } packages of which no document tells how they get in
}
chart-map-way = Way in
chart-map-needed-by = Needed by

# Versions of a package that are in use.
chart-versions = Systems by version, from the newest to the oldest. Versions with findings lie in a band.
chart-versions-others = { $count ->
    [one] One other version
   *[other] { $count } other versions
}
chart-versions-nothing = No version is in use
chart-versions-calm = { $all ->
    [one] The only version in use has no findings
   *[other] None of the { $all } versions in use has findings
}
chart-versions-all = { $all ->
    [one] The only version in use has findings
   *[other] All { $all } versions in use have findings
}
chart-versions-some = { $affected } of { $all } versions in use { $affected ->
    [one] has
   *[other] have
} findings
chart-versions-most = { $told }; most systems have { $name } ({ $count })

# Agencies and kinds of evidence.
chart-matrix-nothing = No system is known
chart-matrix-whole = There is evidence about every system
chart-matrix-missing = There is no evidence about { $missing } of { $all } systems
chart-matrix-most = { $told }; { $most } of them are at { $name }

# Then and now.
chart-slope-nothing = Nothing then, nothing now
chart-slope-level = Still { $now }
chart-slope-fell = Down from { $then } to { $now }
chart-slope-rose = Up from { $then } to { $now }
chart-slope-most = { $told }; most of it { $name }: from { $then } to { $now }
chart-slope-all = { $told }, all of it { $name }
chart-slope-line = { $name }: from { $then } to { $now }
chart-slope-more = { $count ->
    [one] One more line is in the table
   *[other] { $count } more lines are in the table
}

# Agencies and kinds of evidence.
coverage-by-kind = Active systems of each agency by the kind of evidence about them. A system can have several kinds.
coverage-evidence = Systems by evidence
evidence-sbom = SBOM
evidence-lockfile = Lockfile
evidence-installed = Installed
evidence-stated = Stated
evidence-none = None

# Week by week.
weeks = Week by week
weeks-headline = { $now ->
    [0] No system has an exploited finding
    [one] One system has an exploited finding
   *[other] { $now } systems have exploited findings
}; { $then ->
    [0] none had
    [one] one had
   *[other] { $then } had
} { $weeks } weeks ago
weeks-headline-now = { $now ->
    [0] No system has an exploited finding
    [one] One system has an exploited finding
   *[other] { $now } systems have exploited findings
}; of the weeks before, nothing is known
weeks-note = Each week is asked of the record: what was known at its end, judged at its end.
weeks-measure = Systems with findings that are known to be exploited, at the end of each week
weeks-label = systems
weeks-each = Each week
week = End of the week
weeks-open = Open findings
weeks-act-now = Act now
weeks-exploited = Known to be exploited
weeks-exploited-systems = Systems with exploited ones

# Between two moments.
changes = What changed
changes-headline = { $worse ->
    [0] Nothing became worse
    [one] One thing became worse
   *[other] { $worse } things became worse
}, { $better ->
    [0] nothing became better
    [one] one became better
   *[other] { $better } became better
} since { $day }
changes-since = Since the end of
changes-each = Each change
changes-what = Change
changes-by-severity = Open findings by severity, then and now
changes-no-severity = Other
change-new = New
change-reopened = Open again
change-exploited = Now exploited
change-severity-up = More severe
change-confirmed = Confirmed
change-fixed = Fixed
change-package-gone = Package gone
change-system-gone = System gone
change-withdrawn = Advisory taken back
change-advisory-changed = Advisory changed
change-decided = Decided
change-severity-down = Less severe
change-delisted = No longer listed
change-doubted = In doubt
chart-strips-known = { $known } of { $all } kinds of evidence known
chart-strips-legend = The fuller a dot, the more kinds of evidence are known; the line below it is the range of the dependence.
chart-strips-more = { $count ->
    [one] One more stands in the table.
   *[other] { $count } more stand in the table.
}
chart-dumbbell-numbers = { $before } → { $after } of { $all }
chart-dumbbell-line = { $name }: { $before } of { $all } before, { $after } after
chart-dumbbell-more = { $count ->
    [one] 1 line more stands in the table
   *[other] { $count } lines more stand in the table
  }
chart-dumbbell-rises = { $before } of { $all } now, { $after } when everything was mended that can be
chart-dumbbell-stays = { $before } of { $all } now, and nothing that can be mended changes that

# How something grows with size, beyond what was measured
chart-growth = How something grows with size: dots are measured, the dashed line is fitted, the ring is expected, with its range. Both axes count in powers of ten.
chart-growth-measured = { $size }: { $value } measured.
chart-growth-expected = { $size }: about { $value } expected ({ $range }).
chart-growth-fitted = By the curve
chart-growth-range = From, to
