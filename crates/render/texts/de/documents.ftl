# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Dokumente: was mit ihnen zu tun ist, und wie gut sie sind.
yes = Ja
no = Nein
documents-with-gaps = { $count ->
    [one] Ein Dokument mit Lücken
   *[other] { $count } Dokumente mit Lücken
}
documents-unbound = { $count ->
    [one] Ein Dokument handelt noch von keinem System
   *[other] { $count } Dokumente handeln noch von keinem System
}
documents-unread = { $count ->
    [one] Ein Dokument war nicht zu lesen
   *[other] { $count } Dokumente waren nicht zu lesen
}
documents-replaced = { $count ->
    [one] Ein Dokument wurde durch ein neueres ersetzt
   *[other] { $count } Dokumente wurden durch neuere ersetzt
}
documents-made-in = Erstellt im Monat
documents-only-gaps = Nur solche mit Lücken
documents-only-replaced = Nur solche, die ersetzt wurden
documents-month = Monat
documents-figure-headline = { $count ->
    [one] { $good } von einem Dokument zählt und hat keine Lücken
   *[other] { $good } von { $count } Dokumenten zählen und haben keine Lücken
}
documents-figure = Dokumente nach dem Monat, in dem sie erstellt wurden, und danach, wie gut sie sind. Sagt ein Dokument nicht, wann es erstellt wurde, so zählt es in dem Monat, in dem es eingegangen ist.
documents-figure-part = Die gefragten Dokumente nach dem Monat, in dem sie erstellt wurden, und danach, wie gut sie sind. Sagt ein Dokument nicht, wann es erstellt wurde, so zählt es in dem Monat, in dem es eingegangen ist. Die Frage in SQL zählt alle Dokumente.
documents-part-whole = Ohne Lücken
documents-part-gaps = Mit Lücken
documents-part-unread = Nicht zu lesen
documents-part-past = Ersetzt oder zurückgenommen

## Ein Dokument.
document-original = Das Original herunterladen
document-whole = Die Datei, von der es ein Teil ist
document-handed-in-by = Eingereicht von
document-uploader-unknown = Über das Amt, für keine einzelne Behörde
document-state-since = In diesem Stand seit
document-subject = Was es beschreibt
document-types = Arten von Paketen darin
document-lay = Wo es lag
document-said = Was es über sich selbst sagt
document-said-spec_version = Version des Formats
document-said-subject_version = Version dessen, was es beschreibt
document-said-serial = Seriennummer
document-said-tool_version = Version des Werkzeugs
document-said-supplier = Lieferant
document-said-context = Wann im Leben der Software es erstellt wurde
document-said-data_licence = Lizenz des Dokuments
document-said-distribution = Distribution
document-signature-verified = geprüft, sie gilt
document-signature-unknown-signer = von niemandem, dessen Signaturen gelten
document-signature-wrong = sie gilt nicht
document-signature-unchecked = nicht geprüft: es sind keine Schlüssel genannt
document-said-signature = Signatur
document-said-signature_detail = Wessen sie ist, oder warum sie nicht gilt
document-said-components = Genannte Bestandteile
document-said-edges = Genannte Abhängigkeiten
document-said-graph_complete = Direkt und indirekt sind zu unterscheiden
document-by-argument = Wer es eingereicht hat, sagte es
document-by-manifest = Eine Tabelle, die dabei war
document-by-survey = Das Dokument sagt es selbst
document-by-rule = Eine Regel
document-by-as-systems = Das System wurde daraus gebildet
document-by-command = Jemand sagte es später

## Was mit einem Dokument zu tun ist.
document-change = Was Sie ändern können
document-bind = Sagen, von welchem System es handelt
document-bind-system = System: Name oder Kennung
document-bind-deployment = Betriebsort, wo es darauf ankommt
document-unbind = Sagen, dass es nicht von einem System handelt
document-retract = Dieses Dokument zurücknehmen
document-retract-note = Was darin steht, zählt ab jetzt nicht mehr. Das Original wird behalten, und Sie können es wieder zählen lassen.
document-restore = Dieses Dokument wieder zählen lassen
document-retry = Noch einmal lesen
document-retry-note = Das Dokument wird mit den heutigen Lesern gelesen. Gelingt es, so zählt es, und die Regeln sagen, wovon es handelt.
document-because = Warum
document-sure-bind = { $count ->
    [0] Ja, es handelt von diesem System.
    [one] Ja: Seine eine Verwendung zählt ab jetzt für dieses System.
   *[other] Ja: Seine { $count } Verwendungen zählen ab jetzt für dieses System.
}
document-sure-unbind = { $count ->
    [0] Ja, es handelt nicht von diesem System.
    [one] Ja: Seine eine Verwendung zählt nicht mehr für dieses System.
   *[other] Ja: Seine { $count } Verwendungen zählen nicht mehr für dieses System.
}
document-sure-retract = { $count ->
    [0] Ja, zurücknehmen.
    [one] Ja: Seine eine Verwendung zählt nicht mehr, und Antworten ändern sich.
   *[other] Ja: Seine { $count } Verwendungen zählen nicht mehr, und Antworten ändern sich.
}
document-sure-restore = { $count ->
    [0] Ja, wieder zählen lassen.
    [one] Ja: Seine eine Verwendung zählt wieder, und Antworten ändern sich.
   *[other] Ja: Seine { $count } Verwendungen zählen wieder, und Antworten ändern sich.
}
document-fault-sure = Bestätigen Sie, dass Sie das wollen.
document-fault-system-missing = Nennen Sie das System.
document-fault-system = Ein solches System, das Sie sehen dürfen, gibt es nicht.
document-fault-system-several = Mehrere Systeme heißen so. Geben Sie die Kennung dessen an, das Sie meinen.
document-fault-deployment = Einen solchen Betriebsort hat das System nicht.
document-fault-binding = Wählen Sie das System, von dem es nicht handelt.
document-not-allowed = Das dürfen Sie mit diesem Dokument nicht tun. Es handelt auch von Systemen, für die Sie keine Dokumente einreichen, oder Sie reichen für das genannte System nicht ein. Es wurde nichts geändert.
document-moved = Inzwischen hat jemand anderes den Stand dieses Dokuments geändert. Es wurde nichts geändert. Sehen Sie an, was jetzt gilt.
document-done-bound = Es handelt ab jetzt von diesem System.
document-done-unbound = Es handelt nicht mehr von diesem System.
document-done-unbound-away = Das Dokument handelt nicht mehr von diesem System. Sie sehen es jetzt nicht mehr.
document-done-retracted = Das Dokument wurde zurückgenommen. Es zählt nicht mehr.
document-done-restored = Das Dokument zählt wieder.
document-done-retried = Das Dokument wurde gelesen. Es zählt.
document-done-unread = Es war immer noch nicht zu lesen. Der Grund steht unten.

## Wo Systeme laufen.
deployment = Betriebsort
deployments = Betriebsorte: wo es läuft
deployments-none = Es ist kein Betriebsort eingetragen.
deployment-add = Einen Betriebsort eintragen
deployment-new = Ein neuer Betriebsort
deployment-rules = Regeln, die hierher führen
deployment-bound = { $count ->
    [0] Kein Dokument nennt diesen Betriebsort.
    [one] Ein Dokument nennt diesen Betriebsort.
   *[other] { $count } Dokumente nennen diesen Betriebsort.
}
deployment-sure = { $count ->
    [0] Ja, er endet. Seine Vergangenheit bleibt.
    [one] Ja, er endet, und die Regel, die zu ihm führt, endet mit ihm. Seine Vergangenheit bleibt.
   *[other] Ja, er endet, und die { $count } Regeln, die zu ihm führen, enden mit ihm. Seine Vergangenheit bleibt.
}
deployment-fault-sure = Bestätigen Sie, dass er endet. Es wurde nichts geändert.
registry-field-environment = Umgebung: Produktion, Test, …
registry-field-location = Ort: Rechenzentrum, Cloud-Region oder Standort

## Regeln, die sagen, wovon Dokumente handeln.
mappings = Regeln für Dokumente
mappings-all = Alle Regeln für Dokumente
mappings-list = Die Regeln
mappings-none = Es gibt keine Regel.
mappings-headline = { $count ->
    [0] Keine Regel sagt, wovon Dokumente handeln
    [one] Eine Regel sagt, wovon Dokumente handeln
   *[other] { $count } Regeln sagen, wovon Dokumente handeln
}
mappings-lede = Ein Dokument, das eingeht und bei dem nicht gesagt wird, von welchem System es handelt, wird nach diesen Regeln zugeordnet. Probieren Sie eine Regel an den Dokumenten aus, die da sind, bevor Sie sie eintragen.
mapping-on-subject = Name dessen, was das Dokument beschreibt
mapping-on-path = Pfad der Datei
mapping-on-purl = Paketadresse (purl) dessen, was das Dokument beschreibt
mapping-pattern = Muster
mapping-pattern-note = * steht für beliebige Zeichen. Groß und klein sind gleich.
mapping-looks-at = Was angesehen wird
mapping-try = Eine Regel ausprobieren
mapping-leads-to = Passende Dokumente handeln von
mapping-is-there = Diese Regel ist eingetragen.
mapping-is-new = Diese Regel ist noch nicht eingetragen.
mapping-outcome = Was die Regel dafür heißt
mapping-outcome-waits = Handelt noch von keinem System: Es würde zugeordnet
mapping-outcome-there = Handelt schon von diesem System
mapping-outcome-elsewhere = Handelt von anderen Systemen: Das bleibt so
mapping-looked-at = Dokumente, die angesehen wurden
mapping-add = Diese Regel eintragen
mapping-add-note = Sie ordnet Dokumente zu, die ab dann eingehen. Für die, die schon warten, wenden Sie die Regeln an.
mapping-end = Diese Regel wegnehmen
mapping-end-note = Was sie zugeordnet hat, bleibt zugeordnet. Was später eingeht, ordnet sie nicht mehr zu.
mapping-added = Die Regel ist eingetragen.
mapping-ended = Die Regel wurde weggenommen.
mapping-fault = Das ist keine Regel: Sie braucht ein Muster und ein System (und einen Betriebsort davon), das Sie sehen dürfen.
mapping-fault-sure = Bestätigen Sie, dass die Regeln angewendet werden sollen. Es wurde nichts geändert.
mappings-apply = Die Regeln anwenden
mappings-apply-sure = Ja: Dokumente, die noch von keinem System handeln, werden nach den Regeln zugeordnet, und Antworten ändern sich.
mappings-apply-nothing = Kein Dokument wartet auf eine Regel.
mappings-applied = Die Regeln wurden angewendet
mappings-applied-bound = { $count ->
    [0] Kein Dokument wurde zugeordnet.
    [one] Ein Dokument wurde zugeordnet.
   *[other] { $count } Dokumente wurden zugeordnet.
}
mappings-applied-left = { $count ->
    [one] Ein Dokument handelt noch von keinem System.
   *[other] { $count } Dokumente handeln noch von keinem System.
}
why-document-month = Schreiben Sie den Monat als Jahr und Monat, etwa 2026-03.
why-evidence-purged = Das Original wurde von zwei Personen gemeinsam entfernt. Nur der Eintrag ist geblieben.
why-parts-unseen = Die Datei enthält auch, was Sie nicht sehen dürfen. Das Dokument selbst können Sie herunterladen.
