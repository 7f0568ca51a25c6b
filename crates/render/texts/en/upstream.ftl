# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

upstream = Carried patches
upstream-headline-none = No carried patch is known
upstream-headline-all-told = { $patches ->
    [one] The project can know the one patch that we carry
   *[other] The projects can know all { $patches } patches that we carry
  }
upstream-headline-unknown = { $patches ->
    [one] We carry { $patches } patch; of { $unknown } nobody says whether the project knows
   *[other] We carry { $patches } patches; of { $unknown } nobody says whether the project knows
  }
upstream-headline = { $untold ->
    [one] { $untold } patch that we carry was not forwarded, { $debt } of them for too long
   *[other] { $untold } patches that we carry were not forwarded, { $debt } of them for too long
  }
upstream-lede = What a project does not know, it cannot take, and every update costs us again. A patch that was not forwarded for more than 30 days is a debt. Who wrote a patch is not kept.
upstream-help = How carried patches are written down
upstream-begin = Nobody has written down patches within your sight, and no document names one. The manual says how it is done.
upstream-standings = How they stand
upstream-standing = Standing
upstream-patches = Patches
upstream-oldest = Oldest, in days
upstream-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
  }
upstream-came = { $patches ->
    [one] { $patches } patch came to its project while we carried it. It took { $days }.
   *[other] { $patches } patches came to their projects while we carried them. Half of them took at most { $days }.
  }
upstream-each = Patches, debts first
upstream-patch = Patch
upstream-age = Age, in days
upstream-carrier = Carried by
upstream-seen = Seen in
upstream-figure = { $patches ->
    [one] { $patches } patch of one project was not forwarded
   *[other] { $projects ->
        [one] { $patches } patches of { $projects } project were not forwarded
       *[other] { $patches } patches of { $projects } projects were not forwarded
      }
  }
upstream-measure = Patches that were not forwarded, by project
upstream-source-line = Folders of patches, forks and documents within sight
carried-upstream = Upstream
carried-forwarded = Forwarded
carried-denied = Denied
carried-not-needed = Only for us
carried-young = Young
carried-debt = Debt
carried-unknown = Not known
patch-source-folder = a folder of patches
patch-source-fork = a fork
patch-source-document = a document
words-upstream = Carried patches
meaning-carried-upstream = The project has this change. The patch can go with the next update.
meaning-carried-forwarded = The project knows of this change and decides about it.
meaning-carried-denied = The project does not want this change. We carry it ourselves, or do without.
meaning-carried-not-needed = The change only makes sense for us. Nobody has to forward it.
meaning-carried-young = Not forwarded to the project yet, but for at most 30 days.
meaning-carried-debt = Not forwarded to the project for more than 30 days. The project cannot take what it does not know, and every update costs us again.
meaning-carried-unknown = Nobody says whether the project knows of this change.
meaning-upstream-standing = How a patch stands towards its project, worked out from its headers, its change and its age.
meaning-upstream-oldest = Days since the oldest of these patches is carried, as far as is known.
meaning-upstream-age = Days since a patch is carried: since it was first written down, or since the date of its headers where that is earlier. Once the project has it, the days until then.
meaning-upstream-carrier = The system or the agency that has the patch in its software.
meaning-upstream-seen = Where the patch was found: in a folder of patches, as a commit of a fork, or in the pedigree of a document.
