# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

dossier = Dossier
dossier-title = Dossier zu { $project }
dossier-headline = { $known } von { $all } Fragen zu { $project } sind aus öffentlichen Belegen beantwortet
dossier-lede = Niemand muss das Projekt fragen: Diese Antworten kommen aus öffentlichen Belegen, die im Haus sind, jede mit Quelle und Datum. Das Projekt schuldet niemandem eine Antwort. Wer Software verschenkt, ist kein Lieferant.
dossier-question = Frage
dossier-answer = Antwort
dossier-source = Quelle
dossier-each = Fragen und Antworten
dossier-markdown = Als Markdown
dossier-project = Das Projekt
dossier-remarks = Was das Projekt außerdem sagt
dossier-project-says = Das Projekt sagte am { $day }:
dossier-not-asked = Keine Frage des Dossiers handelt davon. Hier ist nichts bekannt, und niemand fragt das Projekt für Sie.
dossier-source-clone = ein Klon des öffentlichen Repositorys
dossier-source-card = eigene Worte des Projekts in seinem Repository
dossier-source-contact = wie das Projekt angesprochen werden will, nach eigener Aussage
dossier-source-advisories = öffentliche Warnmeldungen
dossier-source-lifecycle = öffentliche Listen von Supportenden
dossier-source-documents = Dokumente im eigenen Bereich
dossier-source-project = das Projekt
dossier-question-maintained = Wird das Projekt gepflegt?
dossier-question-governance = Wie wird es geleitet, und wer entscheidet?
dossier-question-contact = Wie ist es zu erreichen?
dossier-question-security-policy = Gibt es eine Sicherheitsrichtlinie?
dossier-question-vulnerability-reports = Wie wird eine Schwachstelle gemeldet?
dossier-question-signed-releases = Sind Veröffentlichungen signiert?
dossier-question-releases = Wie oft gibt es eine Veröffentlichung?
dossier-question-licence = Unter welcher Lizenz steht es?
dossier-question-end-of-life = Wie lange wird es unterstützt?
dossier-question-unfixed = Welche bekannten Schwachstellen sind nicht behoben?
dossier-question-sbom = Wird eine Stückliste (SBOM) veröffentlicht?
dossier-question-cra-role = Welche Rolle hat es nach der Cyberresilienz-Verordnung?
dossier-question-tests = Wie wird es getestet?
dossier-question-provenance = Lässt sich eine Veröffentlichung auf ihren Quelltext zurückführen?
dossier-question-contributing = Wie trägt man bei?
dossier-question-funding = Wie wird es finanziert?
dossier-unknown-maintained = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-governance = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-security-policy = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-signed-releases = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-releases = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-contributing = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-funding = Nicht bekannt: Der Klon, der angesehen wurde, zeigt es nicht.
dossier-unknown-no-look = Nicht bekannt: Kein Klon davon wurde angesehen.
dossier-unknown-contact = Nicht bekannt: Nichts wurde festgehalten, und seine Dateien sagen es nicht.
dossier-unknown-vulnerability-reports = Nicht bekannt. Das nationale CERT kann vermitteln.
dossier-unknown-licence = Nicht bekannt: Kein Dokument im eigenen Bereich nennt eine Lizenz.
dossier-unknown-end-of-life = Nicht bekannt: Keine gelesene Liste von Supportenden nennt es.
dossier-unknown-unfixed = Nicht bekannt: Keine gelesene Quelle spricht von seinen Paketen, oder niemand im eigenen Bereich nutzt sie.
dossier-unknown-sbom = Nicht bekannt. Die Stücklisten im Haus stammen von denen, die es nutzen.
dossier-unknown-cra-role = Nicht bekannt. Eine Stiftung oder Firma, die ein Projekt trägt, kann sein Verwalter sein und sagt das selbst. Wer Code veröffentlicht, ohne ihn zu verkaufen, hat keine Pflicht gegenüber denen, die ihn nutzen; die Sorgfaltspflicht liegt beim Hersteller.
dossier-unknown-tests = Nicht bekannt: Nichts im Haus sieht sich seine Tests an.
dossier-unknown-provenance = Nicht bekannt: Nichts im Haus prüft Nachweise seiner Veröffentlichungen.
dossier-say-maintained = { $commits ->
    [one] Ein Mensch änderte den Code zuletzt am { $day }; in den zwölf Monaten vor dem Blick machten Menschen { $commits } Änderung.
   *[other] Ein Mensch änderte den Code zuletzt am { $day }; in den zwölf Monaten vor dem Blick machten Menschen { $commits } Änderungen.
  }
dossier-say-governance = Es sagt dazu selbst:
dossier-say-contact = Es sagt dazu selbst:
dossier-say-contact-at = Es will hier angesprochen werden: { $address }
dossier-say-contact-none = Es hat dieser Stelle gesagt, dass es keinen Kontakt will.
dossier-say-security-policy-yes = Ja, sie liegt in seinem Repository.
dossier-say-security-policy-no = In seinem Repository liegt keine.
dossier-say-reports = Es sagt dazu selbst:
dossier-say-reports-at = Es nimmt Meldungen hier an: { $address }
dossier-say-reports-none = Es sagt, dass es keine Meldungen annimmt. Das nationale CERT vermittelt.
dossier-say-signed = { $tags ->
    [one] { $signed } von { $tags } Tag einer Veröffentlichung trägt eine Signatur. Sie wurde gesehen, nicht geprüft.
   *[other] { $signed } von { $tags } Tags von Veröffentlichungen tragen eine Signatur. Sie wurden gesehen, nicht geprüft.
  }
dossier-say-last-release = Die letzte Veröffentlichung wurde am { $day } markiert.
dossier-say-rhythm = { $days ->
    [one] Die Hälfte der Veröffentlichungen kam binnen { $days } Tag nach der vorigen.
   *[other] Die Hälfte der Veröffentlichungen kam binnen { $days } Tagen nach der vorigen.
  }
dossier-say-licence = Dokumente nennen: { $licences }
dossier-say-licence-yes = In seinem Repository liegt eine Lizenzdatei.
dossier-say-licence-no = In seinem Repository liegt keine Lizenzdatei.
dossier-say-end-of-life = { $product } { $cycle }: { $state }
dossier-say-unfixed-none = Keine, von der öffentliche Warnmeldungen sprechen.
dossier-say-unfixed = { $count ->
    [one] { $count } ohne behobene Version, wie öffentliche Warnmeldungen sagen: { $names }
   *[other] { $count } ohne behobene Version, wie öffentliche Warnmeldungen sagen, darunter: { $names }
  }
dossier-say-contributing = Es sagt dazu selbst:
dossier-say-funding = Es sagt dazu selbst:
reply = Was das Projekt dazu sagt
reply-none = Das Projekt hat noch nicht geantwortet. Was über es gespeichert ist, kann ihm übergeben werden; seine Worte stehen neben unseren.
reply-about = Worüber
reply-words = Worte des Projekts
reply-day = Tag
reply-other = Anderes
reply-approach = Wie es angesprochen werden will
reply-counts = Sein Wort gilt vor unserem.
rating = Was das Projekt zu diesem Gespräch sagt
ratings = Was Projekte nach Gesprächen sagen
ratings-lede = { $ended ->
    [one] { $rated } von { $ended } beendetem Gespräch wurde bewertet. Die Antwort ist freiwillig, und niemand wird namentlich gezählt.
   *[other] { $rated } von { $ended } beendeten Gesprächen wurden bewertet. Die Antwort ist freiwillig, und niemand wird namentlich gezählt.
  }
rating-question = Frage an das Projekt
rating-worth = War es Ihre Zeit wert?
rating-again = Möchten Sie wieder von uns hören?
rating-no-answer = Keine Antwort
rating-none = Das Projekt hat es nicht bewertet.
rating-says = Beide Fragen sind freiwillig. Halten Sie fest, was das Projekt geantwortet hat, nie wer.
rating-note = Bewertung festhalten
engagement-done-rated = Die Bewertung ist festgehalten.
