# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Upstream projects: how the government leans on them.

projects = Projects
project = Project
projects-headline = The government leans most on { $project }: { $systems ->
    [one] one system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
} would feel it
projects-headline-none = No project is in use, as far as is known
projects-lede = Dependence says who would feel it if something happened to a project. It does not say that a project is in trouble.
projects-targets = This list shows where an attack would hurt most. Do not pass it on.
projects-ask = Which projects do we lean on most?
projects-figure = { $count ->
    [one] The first project is in { $systems ->
        [one] one system
       *[other] { $systems } systems
    }
   *[other] Each of the first { $count } projects is in at least { $systems ->
        [one] one system
       *[other] { $systems } systems
    }
}
projects-measure = Points of dependence: weight of each system, times what the use counts for
projects-points = Points
projects-each = Projects, the most leaned on first
projects-names-only = { $count ->
    [one] Of one project only the name of a package is known.
   *[other] Of { $count } projects only the name of a package is known.
}
projects-place = Place
projects-dependence = Dependence
projects-between = Between
projects-direct = Directly
projects-concentration = Concentration
projects-thinned = Place with fewer documents
projects-moved = Place with other weights
project-headline = { $project } is in { $systems ->
    [one] one system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
}
project-measure = Systems that use it, by agency
project-sum = How the number comes about
project-need = Protection need
project-points-each = Points each
project-packages = Packages of the project
project-known-by = Known by
project-sure = Sure
project-statements = Statements
project-others = Also named
project-known-office = The office
project-known-package-url = The name of the package
project-known-document = Documents name the repository
project-known-pages = Documents name its pages
project-known-home-page = Documents name a home page
project-known-name = Its name alone
project-only-path = What is reached through it alone
project-only-seen = { $count ->
    [one] The dependencies in one document were looked at.
   *[other] The dependencies in { $count } documents were looked at.
}
project-only-nothing = Nothing is reached through this project alone.
project-only-lost = { $count ->
    [one] In one of them other packages are reached through it alone. These are:
   *[other] In { $count } of them other packages are reached through it alone. Most often:
}
project-depth = Steps away
need-unknown = Unknown
need-normal = Normal
need-high = High
need-very-high = Very high
used-unknown = Not stated
used-runtime = Runs with it
used-development = For development
used-test = For tests
used-build = For building
used-optional = Can be left out
words-projects = Projects
meaning-project = What is made upstream in one place: a repository and its people as a group. It may publish many packages.
meaning-projects-points = The unit of dependence: a system with normal protection need that only own people reach counts one point for what runs in it.
meaning-projects-dependence = The sum over all systems that use a project: the weight of the system times what the use counts for.
meaning-projects-between = The least and the most that it can be, because not everything about systems and uses is known.
meaning-projects-direct = Systems that ask for the project themselves, as far as documents say so.
meaning-projects-concentration = How much of the dependence lies with few agencies: 100 % means all with one.
meaning-projects-thinned = The places it takes in nine of ten trials in which a fifth of the documents is left out.
meaning-projects-moved = The places it takes in nine of ten trials in which all weights are up to a half higher or lower.
meaning-projects-place = Its number in the order of dependence.
meaning-project-need = The highest of the needs for confidentiality, integrity and availability.
meaning-project-depth = How many dependencies lie between the system and the project on the shortest way; 1 means that it is asked for directly.
meaning-project-known-by = Where it was said that a package belongs to the project.
meaning-project-known-office = The office wrote it down.
meaning-project-known-package-url = The package URL holds the repository.
meaning-project-known-document = A document names the repository.
meaning-project-known-pages = A document names pages that a code host serves for a repository.
meaning-project-known-home-page = A document names a home page only.
meaning-project-known-name = Nobody said it: the name of the package stands for its project.
meaning-project-sure = An order of trust in percent, not a measured probability.
meaning-project-statements = How often documents said so: once for each version in each document.
meaning-project-others = Other projects that documents name for the package.
meaning-project-points-each = What one such system counts for.
