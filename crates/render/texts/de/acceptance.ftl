# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Was ein Dokument einhält.
words-acceptance = Was ein Dokument einhält
conformity = Konformität
conformity-of-document = Was es einhält
conformity-headline-no-rulebook = Gegen { $name } wird kein Regelwerk gehalten
conformity-headline-broken = { $all ->
    [one] { $name } entspricht dem Regelwerk nicht
   *[other] { $name } entspricht { $broken } von { $all } Regelwerken nicht
}
conformity-headline-unjudged = Von { $name } lässt sich nichts beurteilen
conformity-headline-open = { $name } verletzt nichts, was sich beurteilen lässt, und etwas lässt sich nicht beurteilen
conformity-headline-kept = { $name } entspricht, soweit ein Dokument es zeigen kann
conformity-lede = Beurteilt wird das Dokument, wie es abgegeben wurde. Vorher wird nichts ausgebessert, nichts wird deswegen abgelehnt, und nichts wird gespeichert: Es folgt aus den ursprünglichen Bytes, sooft jemand fragt.
conformity-help = Wie Dokumente beurteilt werden
conformity-begin = Das Haus hat kein Regelwerk eingeschaltet.
conformity-from = gilt ab
conformity-nothing-judged = Es ließ sich nichts beurteilen, also ist von nichts bekannt, dass es eingehalten ist.
conformity-limits = Ein Urteil sagt, was das Dokument zeigt. Ob die Datei beschreibt, was geliefert wurde, ob jemand die Wahrheit aufgeschrieben hat und ob ein Regelwerk jemanden bindet, kann kein Dokument zeigen.
conformity-clause = Abschnitt
conformity-asks = Was er verlangt
conformity-demand = Wie streng er es verlangt
conformity-demand-must = muss eingehalten werden
conformity-demand-if-there = muss eingehalten werden, wo es das gibt
conformity-demand-may = darf fehlen
conformity-outcome = Urteil
conformity-count = Komponenten
conformity-mend = Wie man es behebt
conformity-from-book = Aus einem anderen Text
conformity-where = Wo
conformity-more = { $count ->
    [one] und eine weitere Stelle
   *[other] und { $count } weitere Stellen
}
conformity-result-conforms = Entspricht, soweit ein Dokument es zeigen kann
conformity-result-open = Offen: Verletzt ist nichts, was sich beurteilen lässt
conformity-result-does-not-conform = Entspricht nicht
conformity-no-bill = Keine Stückliste, also gibt es nichts zu beurteilen
conformity-unreadable = War nicht lesbar, also ist nichts bekannt
conformity-standing-law = Gesetz
conformity-standing-draft = Entwurf
conformity-standing-guidance = Richtlinie
conformity-standing-policy = Vorgabe des Büros
conformity-confirmed-primary = Der Text selbst wurde gelesen.
conformity-confirmed-secondary = Gelesen wurde, was andere über den Text veröffentlichen, nicht der Text selbst.
conformity-confirmed-background = Der Text war nicht lesbar; dies beruht auf allgemeinem Wissen.
conformity-fault-nothing = dort steht nichts
conformity-fault-null = null
conformity-fault-empty = ein leerer Text
conformity-fault-wrong-type = ein Wert anderer Art
conformity-fault-says-nothing = ein Wort, das nichts sagt
conformity-fault-malformed = nicht so geschrieben, wie das Format es verlangt
conformity-fault-weak = eine Prüfsumme, die nicht mehr schützt
conformity-fault-not-marked = ohne die Kennzeichnung, die das Format verlangt
conformity-fault-dangling = zeigt auf etwas, das es nicht gibt
conformity-fault-twice = zwei Elemente teilen sich diese Kennung
meaning-conformity-of-document = Was eine Stückliste von jedem Regelwerk einhält, das das Haus eingeschaltet hat.
meaning-conformity-demand = Ein Text sagt: muss, muss, wo es das gibt, oder darf. Was fehlen darf, lässt nie ein Dokument scheitern.
meaning-conformity-outcome = Eines von dreien: erfüllt, nicht erfüllt oder nicht beurteilbar. Was ein Dokument nicht zeigt, ist nie erfüllt.
meaning-conformity-demand-must = Ohne dies entspricht das Dokument nicht.
meaning-conformity-demand-if-there = Es muss dastehen, wo es das gibt. Ob es das gibt, kann ein Dokument nicht zeigen; eine leere Stelle ist deshalb offen.
meaning-conformity-demand-may = Wer es weglässt, hält das Regelwerk trotzdem ein.

## Das Protokoll einer Abnahme, für die Beschaffung.
protocol-title = Abnahme einer Stückliste: { $product }, { $document }
protocol-lede = Dieses Protokoll sagt, was ein Dokument zeigt, gehalten gegen das vereinbarte Regelwerk. Es entscheidet nichts: Ein Mensch entscheidet, auf der letzten Seite.
protocol-delivered = Was geliefert wurde
protocol-field = Was
protocol-value = Wie es vorgefunden wurde
protocol-contract = Vertrag
protocol-supplier = Lieferant
protocol-product = Produkt
protocol-system = Für das System
protocol-document = Dokument
protocol-digest = Prüfsumme
protocol-size = Größe in Bytes
protocol-at = Geliefert
protocol-by = Abgegeben von
protocol-format = Format
protocol-tool = Erstellt mit
protocol-components = Komponenten
protocol-rulebook = Wogegen es gehalten wurde
protocol-rulebook-title = Regelwerk
protocol-rulebook-source = Quelle
protocol-rulebook-from = Gilt ab
protocol-rulebook-standing = Was es ist
protocol-rulebook-confirmed = Was davon gelesen wurde
protocol-clauses = Abschnitt für Abschnitt
protocol-waived = (erlassen)
protocol-waiver-over = (nicht mehr erlassen)
protocol-mend = Was fehlt oder offen ist, und wie man es behebt
protocol-waivers = Was unter diesem Vertrag erlassen wurde
protocol-waivers-note = Ein Erlass ändert kein Urteil. Er sagt, dass der Käufer nicht darauf besteht.
protocol-waiver = { $reason } (bis { $until })
protocol-waiver-ended = { $reason } (endete { $until }: galt bei dieser Lieferung nicht mehr)
protocol-notes = Anmerkungen
protocol-cannot = Was kein Dokument zeigen kann
protocol-decision = Entscheidung
protocol-decision-note = Auszufüllen und zu unterschreiben von dem Menschen, der für den Käufer entscheidet.
protocol-by-hand = Von Hand
protocol-decides = Angenommen, unter Bedingungen angenommen oder zurückgegeben
protocol-because = Bedingungen oder Grund
protocol-name = Name
protocol-day = Tag
protocol-signature = Unterschrift

## Der Entwurf eines Briefs an den Lieferanten.
supplier-subject = Ihre Stückliste für { $product } ({ $reference })
supplier-to = An { $supplier }
supplier-thanks = Vielen Dank für die Stückliste zu { $product } ({ $file }), die wir am { $day } unter { $reference } erhalten haben. Sie hilft uns, binnen Minuten zu beantworten, wo eine verwundbare Komponente im Einsatz ist.
supplier-conforms = Wir haben sie gegen das gehalten, was wir vereinbart haben: { $rulebook } ({ $source }). Sie entspricht, soweit ein Dokument es zeigen kann. Sie müssen nichts tun.
supplier-nothing-missing = Wir haben sie gegen das gehalten, was wir vereinbart haben: { $rulebook } ({ $source }). Es fehlt nichts, worauf wir bestehen. Manches kann ein Dokument nicht zeigen; es steht unten.
supplier-waived = Wir haben sie gegen das gehalten, was wir vereinbart haben: { $rulebook } ({ $source }). Was nicht dasteht, haben wir erlassen. Sie müssen nichts tun.
supplier-missing = Wir haben sie gegen das gehalten, was wir vereinbart haben: { $rulebook } ({ $source }). Etwas davon fehlt noch. Unten steht, was es ist und wie man es meist behebt.
supplier-unreadable = Wir wollten sie gegen das halten, was wir vereinbart haben: { $rulebook } ({ $source }). Wir konnten sie nicht lesen, und es kann gut an uns liegen:
supplier-offer = Was wir für Sie tun können
supplier-offer-link = Mit diesem Link können Sie eine neue Fassung abgeben, so oft er es zulässt, und sehen sofort, wie sie steht: { $link }
supplier-offer-check = Das Programm, mit dem wir urteilen, ist quelloffen. Mit `underpin check-sbom DATEI` bekommen Sie dieselbe Antwort auf Ihrem eigenen Rechner, bevor Sie etwas senden.
supplier-offer-ask = Wenn etwas unklar ist oder Sie meinen, dass wir irren, antworten Sie bitte dem, der Ihnen diesen Brief gesandt hat.
supplier-offer-settings = Manche der Punkte unten sind Einstellungen des Werkzeugs, das die Datei schreibt; wir sehen sie gern mit Ihnen an.
supplier-please = Was wir Sie bitten zu ergänzen
supplier-where-there = Was wir Sie bitten zu ergänzen, wo es das gibt
supplier-optional = Was willkommen ist und fehlen darf
supplier-upstream = Bitte geben Sie diese Bitten nicht an die Freiwilligen weiter, die die freie Software in Ihrem Produkt schreiben: Was wir vereinbart haben, haben wir mit Ihnen vereinbart.
supplier-regards = Mit freundlichen Grüßen

## Verträge, und was unter ihnen geliefert wird.
contracts = Verträge mit Lieferanten
contracts-headline-none = Es ist kein Vertrag aufgeschrieben, unter dem Stücklisten geschuldet sind
contracts-headline = { $all ->
    [one] { $open } von { $all } Vertrag ist offen für Lieferungen
   *[other] { $open } von { $all } Verträgen sind offen für Lieferungen
}
contracts-lede = Unter welchem Vertrag ist eine Stückliste geschuldet, was soll sie einhalten, und was kam zuletzt? Wer freie Software ohne Vertrag schreibt, schuldet nichts und steht nicht in dieser Liste.
contracts-help = Wie Lieferungen abgenommen werden
contracts-begin = In Ihrer Sicht hat niemand einen Vertrag aufgeschrieben.
contract = Vertrag
contract-open = Einen Vertrag aufschreiben
contract-reference = Wie Sie ihn nennen: ein Aktenzeichen
contract-supplier = Lieferant
contract-product = Produkt
contract-rulebook = Vereinbartes Regelwerk
contract-ends = Geliefert wird bis
contract-opened = Aufgeschrieben
contract-state = Zustand
contract-state-open = offen
contract-state-ended = abgelaufen
contract-state-withdrawn = zurückgezogen
contract-deliveries = Lieferungen
contract-delivered = Geliefert
contract-difference = Gegen die vorige
contract-better = besser
contract-worse = schlechter
contract-changes = Was besser oder schlechter wurde
contract-older = Ältere Lieferungen werden hier nicht beurteilt; jede hat ihre eigene Seite.
contract-papers = Für Papier und Post
contract-protocol = Protokoll (PDF)
contract-letter = Entwurf eines Briefs an den Lieferanten
contract-letter-lede = Ein Entwurf, den Sie lesen, ändern und senden. Underpin sendet nichts.
contract-headline-none = { $supplier } hat noch nicht geliefert
contract-headline = { $count ->
    [one] { $supplier } hat einmal geliefert
   *[other] { $supplier } hat { $count }-mal geliefert
}
contract-headline-better = { $better ->
    [one] Die neueste Lieferung von { $supplier } hält { $better } Abschnitt besser ein
   *[other] Die neueste Lieferung von { $supplier } hält { $better } Abschnitte besser ein
}
contract-headline-worse = { $worse ->
    [one] Die neueste Lieferung von { $supplier } hält { $worse } Abschnitt schlechter ein
   *[other] Die neueste Lieferung von { $supplier } hält { $worse } Abschnitte schlechter ein
}
contract-begin = Noch wurde nichts geliefert. Geben Sie dem Lieferanten einen Link, oder geben Sie ab, was mit der Post kam.
contract-link = Einen Link für den Lieferanten machen
contract-link-note = Wer den Link hat, kann ohne Konto unter diesem Vertrag liefern. Er sieht, wie seine eigenen Dateien stehen, und sonst nichts.
contract-link-uses = Wie viele Lieferungen er zulässt
contract-link-days = Wie viele Tage er gilt
contract-link-made = Der Link
contract-link-once = Er wird nur dieses eine Mal gezeigt. Geben Sie ihn dem Lieferanten so, dass sonst niemand ihn liest.
contract-link-until = Der Link gilt bis { $day }.
contract-waiver-over = gilt nicht mehr
contract-waive = Einen Abschnitt erlassen
contract-until = Bis wann
contract-because = Warum
contract-note = Eine Anmerkung aufschreiben
contract-note-text = Anmerkung, die im Protokoll steht
contract-withdraw = Den Vertrag zurückziehen
contract-withdraw-note = Unter ihm wird nichts mehr geliefert, und seine Links enden. Was geliefert wurde, bleibt.
contract-done-opened = Der Vertrag ist aufgeschrieben.
contract-done-waived = Der Abschnitt ist erlassen. Sein Urteil bleibt, wie es ist.
contract-done-noted = Die Anmerkung ist aufgeschrieben.
contract-done-withdrawn = Der Vertrag ist zurückgezogen, und seine Links sind beendet.
contract-fault-empty = Füllen Sie dies aus.
contract-fault-ends = Geben Sie einen Tag an.
deliver-title = Eine Stückliste liefern
deliver-held = Was Sie abgeben, wird gegen das gehalten, was vereinbart ist:
deliver-taken = Sie wurde angenommen.
deliver-not-taken = Sie wurde nicht angenommen. Bitte fragen Sie, wer Ihnen den Link gegeben hat.
deliver-over = Unter diesem Vertrag wird nichts mehr geliefert. Bitte fragen Sie, wer Ihnen den Link gegeben hat.
deliver-used-up = Dieser Link hat so viele Lieferungen angenommen, wie er zulässt. Bitte bitten Sie um einen neuen.
deliver-files-note = CycloneDX oder SPDX, als Datei oder in einem Archiv.
deliver-send = Abgeben und sehen, wie es steht
deliver-note = Sie sehen, wie Ihre eigenen Dateien stehen, und sonst nichts. Wegen eines Urteils wird nichts abgelehnt: Ein Mensch entscheidet.
meaning-contract-state = Ob unter ihm Dokumente geliefert werden: bis zum vereinbarten Tag, wenn er nicht vorher zurückgezogen wurde.
meaning-contract-state-open = Unter ihm werden Dokumente geliefert.
meaning-contract-state-ended = Der vereinbarte Tag ist vorbei.
meaning-contract-state-withdrawn = Jemand hat ihn mit einem Grund zurückgezogen; damit endeten seine Links.
meaning-contract-difference = Wie viele Abschnitte besser oder schlechter eingehalten sind als in der Lieferung davor. Was nicht lesbar ist, hält nichts ein, und was danach kommt, wird gegen die letzte gehalten, die lesbar war.
meaning-contract-rulebook = Was vereinbart ist, dass eine Stückliste einhält.
