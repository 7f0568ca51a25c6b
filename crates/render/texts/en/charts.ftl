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
