# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

upstream = Mitgeführte Patches
upstream-headline-none = Kein mitgeführter Patch ist bekannt
upstream-headline-all-told = { $patches ->
    [one] Das Projekt kann den einen Patch kennen, den wir mitführen
   *[other] Die Projekte können alle { $patches } Patches kennen, die wir mitführen
  }
upstream-headline-unknown = { $patches ->
    [one] Wir führen { $patches } Patch mit; bei { $unknown } sagt niemand, ob das Projekt ihn kennt
   *[other] Wir führen { $patches } Patches mit; bei { $unknown } sagt niemand, ob das Projekt sie kennt
  }
upstream-headline = { $untold ->
    [one] { $untold } Patch, den wir mitführen, wurde nicht weitergegeben, { $debt } davon zu lange
   *[other] { $untold } Patches, die wir mitführen, wurden nicht weitergegeben, { $debt } davon zu lange
  }
upstream-lede = Was ein Projekt nicht kennt, kann es nicht übernehmen, und jede Aktualisierung kostet uns erneut. Ein Patch, der länger als 30 Tage nicht weitergegeben wurde, ist eine Schuld. Wer einen Patch geschrieben hat, wird nicht gespeichert.
upstream-help = Wie mitgeführte Patches festgehalten werden
upstream-begin = Niemand hat Patches in Ihrem Bereich festgehalten, und kein Dokument nennt einen. Das Handbuch sagt, wie es geht.
upstream-standings = Wie sie stehen
upstream-standing = Stand
upstream-patches = Patches
upstream-oldest = Ältester, in Tagen
upstream-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
  }
upstream-came = { $patches ->
    [one] { $patches } Patch kam zu seinem Projekt, während wir ihn mitführten. Dauer: { $days }.
   *[other] { $patches } Patches kamen zu ihren Projekten, während wir sie mitführten. Dauer bei der Hälfte höchstens: { $days }.
  }
upstream-each = Patches, Schulden zuerst
upstream-patch = Patch
upstream-age = Alter, in Tagen
upstream-carrier = Mitgeführt von
upstream-seen = Gesehen in
upstream-figure = { $patches ->
    [one] { $patches } Patch eines Projekts wurde nicht weitergegeben
   *[other] { $projects ->
        [one] { $patches } Patches von { $projects } Projekt wurden nicht weitergegeben
       *[other] { $patches } Patches von { $projects } Projekten wurden nicht weitergegeben
      }
  }
upstream-measure = Patches, die nicht weitergegeben wurden, nach Projekt
upstream-source-line = Ordner mit Patches, Forks und Dokumente im eigenen Bereich
carried-upstream = Beim Projekt
carried-forwarded = Weitergegeben
carried-denied = Abgelehnt
carried-not-needed = Nur für uns
carried-young = Jung
carried-debt = Schuld
carried-unknown = Nicht bekannt
patch-source-folder = einem Ordner mit Patches
patch-source-fork = einem Fork
patch-source-document = einem Dokument
words-upstream = Mitgeführte Patches
meaning-carried-upstream = Das Projekt hat diese Änderung. Der Patch kann mit der nächsten Aktualisierung wegfallen.
meaning-carried-forwarded = Das Projekt kennt diese Änderung und entscheidet darüber.
meaning-carried-denied = Das Projekt will diese Änderung nicht. Wir führen sie selbst mit oder verzichten darauf.
meaning-carried-not-needed = Die Änderung ist nur für uns sinnvoll. Niemand muss sie weitergeben.
meaning-carried-young = Noch nicht an das Projekt weitergegeben, aber seit höchstens 30 Tagen.
meaning-carried-debt = Seit mehr als 30 Tagen nicht an das Projekt weitergegeben. Was das Projekt nicht kennt, kann es nicht übernehmen, und jede Aktualisierung kostet uns erneut.
meaning-carried-unknown = Niemand sagt, ob das Projekt diese Änderung kennt.
meaning-upstream-standing = Wie ein Patch zu seinem Projekt steht, berechnet aus seinen Kopfzeilen, seiner Änderung und seinem Alter.
meaning-upstream-oldest = Tage, seit der älteste dieser Patches mitgeführt wird, soweit bekannt.
meaning-upstream-age = Tage, seit ein Patch mitgeführt wird: seit er zuerst festgehalten wurde, oder seit dem Datum seiner Kopfzeilen, wenn das früher ist. Hat ihn das Projekt, die Tage bis dahin.
meaning-upstream-carrier = Das System oder die Behörde, die den Patch in ihrer Software hat.
meaning-upstream-seen = Wo der Patch gefunden wurde: in einem Ordner mit Patches, als Commit eines Forks oder in der Herkunft eines Dokuments.
