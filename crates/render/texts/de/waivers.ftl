# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Ausnahmen von Regeln über das Haus.

waivers = Ausnahmen von Regeln
waiver = Ausnahme
waivers-headline = { $holds ->
    [0] Derzeit ist niemand von einer Regel ausgenommen
    [one] 1 Ausnahme von einer Regel gilt
   *[other] { $holds } Ausnahmen von Regeln gelten
  }
waivers-headline-ending = { $ending ->
    [one] 1 Ausnahme von einer Regel endet innerhalb eines Monats
   *[other] { $ending } Ausnahmen von Regeln enden innerhalb eines Monats
  }
waivers-headline-waiting = { $waiting ->
    [one] 1 Ausnahme von einer Regel wartet auf Antwort
   *[other] { $waiting } Ausnahmen von Regeln warten auf Antwort
  }
waivers-headline-none = Niemand hat um eine Ausnahme gebeten
waivers-lede = Eine Ausnahme ist eine Entscheidung mit Anfang und Ende: Eine Person beantragt sie, eine andere gewährt sie. Sie ändert kein Urteil. Wer ausgenommen ist, erfüllt die Regel nicht und wird für sich gezählt, solange die Ausnahme gilt.
waivers-help = Wie jemand von einer Regel ausgenommen wird
waivers-begin = Sie sehen keine Ausnahmen. Wer für ein System oder eine Behörde entscheidet, kann unten eine beantragen; andere sehen hier, was gewährt ist.
waivers-all = Alle Ausnahmen
waivers-of-rule = Ausnahmen von dieser Regel
waivers-of-rule-none = Soweit Sie sehen, hat niemand um eine Ausnahme von dieser Regel gebeten.
waivers-filtered = Nur einige davon sind gezeigt.
waiver-about = Für wen
waiver-from = Erster Tag
waiver-until = Letzter Tag
waiver-state = Stand
waiver-proposed-by = Beantragt von
waiver-answered-by = Beantwortet von
waiver-reason = Warum
waiver-compensation = Was solange schützt
waiver-granter = Wer sie gewährt
waiver-granter-office = das Büro
waiver-granter-agency = die Behörde oder das Büro
waiver-state-asked-for = wartet auf Antwort
waiver-state-not-begun = gewährt, noch nicht begonnen
waiver-state-holds = gilt
waiver-state-ran-out = abgelaufen
waiver-state-lapsed = nicht rechtzeitig beantwortet
waiver-state-refused = abgelehnt
waiver-state-withdrawn = zurückgenommen
waiver-ends = { $days ->
    [0] gilt, endet heute
    [1] gilt, endet morgen
   *[other] gilt, endet in { $days } Tagen
  }
waiver-ran-out = { $days ->
    [1] gestern abgelaufen
   *[other] vor { $days } Tagen abgelaufen
  }
waiver-beside = ausgenommen bis { $until } durch Entscheidung { $waiver } von { $by }
waiver-beside-for = für { $agency } ausgenommen bis { $until } durch Entscheidung { $waiver } von { $by }
waiver-beside-ran-out = { $days ->
    [1] Ausnahme { $waiver } ist gestern abgelaufen
   *[other] Ausnahme { $waiver } ist vor { $days } Tagen abgelaufen
  }
waiver-beside-ran-out-for = { $days ->
    [1] Ausnahme { $waiver } für { $agency } ist gestern abgelaufen
   *[other] Ausnahme { $waiver } für { $agency } ist vor { $days } Tagen abgelaufen
  }
waiver-own-waits = Sie haben sie beantragt: Antworten muss jemand anders.
waiver-answer = Antworten
waiver-grant = Gewähren
waiver-note = Unter welcher Bedingung
waiver-refuse = Ablehnen
waiver-because = Warum
waiver-withdraw = Zurücknehmen
waiver-withdraw-note = Ab jetzt ist die Regel wieder zu erfüllen. Was entschieden war, bleibt verzeichnet.
waiver-ask = Eine Ausnahme beantragen
waiver-ask-note = Gewähren muss sie jemand anders. Welche Regeln jemanden ausnehmen, wer das gewährt und für wie lange, sagen ihre Regelbücher.
waiver-ask-about = Für welches System, welche Behörde, welches Paket oder Repositorium
waiver-ask-about-note = Wie die Regel es nennt: die Kennung eines Systems oder einer Behörde, eine Package-URL, die Adresse eines Repositoriums.
waiver-ask-agency = Für welche Behörde
waiver-ask-agency-note = Nur bei dem, was mehrere Behörden haben, etwa einem Paket.
waiver-ask-from-note = Leer: ab heute.
waiver-fault-empty = Sagen Sie das in ein paar Worten.
waiver-fault-day = Nennen Sie einen Tag.
waiver-fault-rule = Wählen Sie eine Regel.
waiver-done-asked = Sie ist beantragt. Gewähren muss sie jemand anders.
waiver-done-granted = Die Ausnahme ist gewährt.
waiver-done-refused = Die Ausnahme ist abgelehnt.
waiver-done-withdrawn = Die Ausnahme ist zurückgenommen.
waiting-waivers = Ausnahmen von Regeln, die auf Antwort warten
waiting-waivers-ending = Ausnahmen von Regeln, die innerhalb eines Monats enden
rules-waived = Ausgenommen
rules-rule = Regel
rules-simulated-waived = { $count ->
    [one] Davon ist 1 durch eine Ausnahme, die an diesem Tag gilt, ausgenommen: Es erfüllt nichts und hat nichts zu tun, solange das gilt. Unten ist es für sich gezählt.
   *[other] Davon sind { $count } durch Ausnahmen, die an diesem Tag gelten, ausgenommen: Sie erfüllen nichts und haben nichts zu tun, solange das gilt. Unten sind sie für sich gezählt.
  }
rules-waiver-granted-by = Gewährt durch { $granter }, für höchstens { $days } Tage.

words-waivers = Ausnahmen von Regeln
meaning-waiver = Die Entscheidung, dass ein System, eine Behörde, ein Paket oder ein Repositorium eine Regel zwischen zwei Tagen nicht erfüllen muss. Sie ändert kein Urteil.
meaning-waiver-about = Das eine System, die eine Behörde, das eine Paket oder Repositorium, das die Regel nicht erfüllen muss.
meaning-waiver-state = Ob sie wartet, gilt oder vorbei ist.
meaning-waiver-compensation = Was Schaden fernhält, solange die Regel nicht erfüllt ist.
meaning-waiver-granter = Jemand, der für die ganze Regierung freigibt, oder, wo das Regelbuch es so sagt, für die Behörde. Niemand gewährt sich selbst etwas.
meaning-waiver-state-asked-for = Eine Person hat sie beantragt; bis eine andere sie gewährt, gilt nichts.
meaning-waiver-state-not-begun = Sie ist gewährt, und ihr erster Tag kommt noch.
meaning-waiver-state-holds = Heute liegt zwischen ihrem ersten und letzten Tag, und sie ist nicht zurückgenommen.
meaning-waiver-state-ran-out = Ihr letzter Tag ist vorbei: Die Regel ist wieder zu erfüllen.
meaning-waiver-state-lapsed = Ihr letzter Tag verging, bevor jemand antwortete.
meaning-waiver-state-refused = Jemand anders hat nein gesagt.
meaning-waiver-state-withdrawn = Sie endete vor ihrem letzten Tag, oder niemand will sie mehr.
meaning-rules-waived = Die, von denen bekannt ist, dass sie die Regel nicht erfüllen, und die eine Ausnahme, die an diesem Tag gilt, ausnimmt. Sie zählen nie als erfüllt.
