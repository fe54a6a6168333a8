import { expect, test } from '@jest/globals';
import { personalDataInText } from '../../../domain/notice/personal-data.js';

/**
 * A second set of sentences beside incident-prose.test.ts, from more countries, written before the code knew them: the first 40 of either kind
 * before a mend of the scan, the others after it. Before: 34 of 40 missed, 1 false alarm in 40. After, of 30 that the code had not
 * seen: 3 of 15 missed, 5 of 15 false alarms; what could be mended of these is mended and stands here, the rest below as it is.
 */
// sentence, why it names a person
const naming: readonly (readonly [string, string])[] = [
  ['The parcel slip went to maximilian.mustermann.1985@freemail.example first.', 'a birth year in an address'],
  ['Reply-all reached jan19850730@freemail.example, who opened it.', 'a whole birthday in an address'],
  ['Copy went to mail_anna_schmidt@freemail.example.', 'a first word that functions use'],
  ['hr_smith@clinic.example forwarded the sheet to her home.', 'a person within a function'],
  ['Sent by info.petra@web-post.example at 04:10.', 'a name behind a full stop'],
  ['The bounce names support-olga.k@freemail.example as the reader.', 'a name behind a hyphen'],
  ['From: Example Sample <sample19901224@freemail.example>', 'the header of a mail: angle brackets make no id'],
  ['First line of the dump: deadbeef1990@freemail.example;hash.', 'a nickname in hexadecimal letters'],
  ['Recipient it-mueller@stadt.example has not deleted it yet.', 'a person with a department before'],
  ['The form was sent to christopher-alexander-sample@freemail.example.', 'a long name'],
  ['Tel: 30123456, asks for a call in the morning.', 'a Danish line of eight digits, labelled'],
  ['Tlf. 40 12 34 56 står på skærmbilledet.', 'a Danish line in pairs'],
  ['Il telefono 333 1234567 era nella bozza.', 'an Italian mobile'],
  ['Erreichbar unter der Nummer 0171 2345678.', 'a German mobile behind a plain word'],
  ['La madre llamó desde el 612 345 678 a las tres.', 'a Spanish mobile without a label'],
  ['Móvil: 698765432, pide que la llamen.', 'a Spanish mobile in one piece'],
  ['Dzwonił klient, numer 512 345 678.', 'a Polish mobile'],
  ['Telefoon van de moeder: 06-12345678.', 'a Dutch mobile'],
  ['Telemóvel 912 345 678 aparece na folha.', 'a Portuguese mobile'],
  ['Puhelin 040 1234567 näkyi listalla.', 'a Finnish mobile'],
  ['Telefonszáma 20 123 4567 a mellékletben.', 'a Hungarian mobile'],
  ['Tel. kontaktní osoby: 601 234 567.', 'a Czech mobile'],
  ['NISS 85.07.30-033.61 staat op het etiket.', 'a labelled Belgian number with a slip in its check digits'],
  ['Rodné číslo 850730/1234 bylo v příloze.', 'a Czech number'],
  ['Personnummer 850730-1234 stod i ämnesraden.', 'a Swedish number with a slip'],
  ['La Señora García llamó a las dos.', 'a Spanish form of address'],
  ['Il Sig. Rossi ha aperto il referto di un altro.', 'an Italian form of address'],
  ['La Sig.ra Bianchi ha chiamato il reparto.', 'an Italian form of address of a woman'],
  ['Dña. Ejemplo recibió la carta de su vecino.', 'a Spanish short form'],
  ['Mevrouw Voorbeeld kreeg de brief van haar buurman.', 'a Dutch form of address'],
  ['Dhr. Jansen heeft het bestand gedownload.', 'a Dutch short form'],
  ['Pani Kowalska zadzwoniła o trzeciej.', 'a Polish form of address'],
  ['O Sr. Exemplo abriu o anexo.', 'a Portuguese form of address'],
  ['Paní Vzorová volala kvůli dopisu.', 'a Czech form of address'],
  ['Η κ. Παπαδοπούλου κάλεσε στις τρεις.', 'a Greek form of address'],
  ['Hr. Jensen fik en andens journal.', 'a Danish form of address'],
  ['Rouva Esimerkki sai väärän kirjeen.', 'a Finnish form of address'],
  ['Domnul Exemplu a primit fișa altcuiva.', 'a Romanian form of address'],
  ['Gospođa Primjer je nazvala u tri.', 'a Croatian form of address'],
  ['Miss Sample showed the letter at the desk.', 'an English form of address'],
  ['Ms Placeholder wrote from lisa.w.82@freemail.example.', 'a short name with a year'],
  ['Fil skickades till office.karin@freemail.example.', 'a name behind a function, Swedish text'],
  ['Die Kollegin schrieb an team_julia@web-post.example.', 'a name behind an underscore'],
  ['Bel 06 1234 5678 en vraag naar de dochter.', 'a Dutch mobile in fours'],
  ['El señor Ejemplo vio la historia de otra persona.', 'the form of address written small'],
  ['De heer Voorbeeld belde om drie uur.', 'a Dutch form in two words'],
  ['Kovács úr kapta meg a levelet.', 'a Hungarian form behind the name'],
  ['Bērziņš kungs saņēma vēstuli.', 'a Latvian form behind the name'],
  ['Signora Verdi ha ricevuto due buste.', 'an Italian form in full'],
  ['Tel.nr. 22334455 var synlig.', 'a Norwegian line with two labels'],
  ['GSM 0470 12 34 56 van de vader.', 'a Belgian mobile'],
  ['Mobilnummer: 0701234567 i bilagan.', 'a Swedish mobile'],
  ['O Senhor Modelo recebeu a fatura.', 'a Portuguese form in full'],
];

// sentence, why it names nobody
const harmless: readonly (readonly [string, string])[] = [
  ['Relay log: <20261130231545.8821.77@mx2.clinic.example> queued twice.', 'the id of a message in angle brackets'],
  ['Message-Id: CAF9x7kQ2abc-77@mail.vendor.example was held by the filter.', 'an id called so'],
  ['In-Reply-To 4f2a9c1b77d0e3aa@lists.vendor.example shows the thread.', 'the id of the message before'],
  ['References: <8c1d2f7f3b6a9c55.1772442720@mx.vendor.example>', 'an id in a header'],
  ['Logs go to support2@vendor.example and soc-team@vendor.example.', 'functions with a number and a department'],
  ['it-security@stadt.example and hr-office@clinic.example know of it.', 'two departments'],
  ['no-reply@shop.example sent the batch, info@shop.example got the answers.', 'senders that are machines'],
  ['datenschutz@stadt.example und poststelle@stadt.example sind informiert.', 'Ämter'],
  ['ServiceNow number 0171 is the form, number 20261130 the run.', 'numbers of things'],
  ['Nummer 4 der Liste und Nummer 20261130 des Laufs fehlen.', 'Nummern in einer Liste'],
  ['Die Nummer 0815 2345678 auf dem Etikett ist die Inventarnummer 0815 2345678.', 'eine Inventarnummer, zweimal'],
  ['The table has 612 345 678 rows, 512 345 679 of them empty.', 'sizes that look like mobiles'],
  ['612 345 678 bytes left the network between 01:00 and 01:20.', 'an amount of data at the beginning'],
  ['Se copiaron 698 765 432 registros en 41 minutos.', 'an amount in Spanish'],
  ['Skradziono 512 345 678 bajtów.', 'an amount in Polish'],
  ['The ransom note asks 712 000 000 IDR or 45 000 EUR.', 'sums'],
  ['Koszt 612 345 678 PLN, zob. faktura 2026/11/04.', 'a sum in Polish'],
  ['Pedido 612 345 678 y albarán 698 765 432, sin datos.', 'an order and a delivery in Spanish'],
  ['Numero d’ordine 333 1234567, nessun dato personale.', 'an order in Italian'],
  ['Zamówienie 512 345 678 wysłano dwa razy.', 'an order in Polish'],
  ['The tel-proxy 2.30.123456 and phone-home port 30123 were closed.', 'a product with a telling word'],
  ['Mobile app 12.345.678 (build 30123456) leaked the token.', 'an app and its build'],
  ['The telephone exchange ran firmware 30.12.3456 until 30.11.2026.', 'firmware of an exchange'],
  ['Sr. Developer and Jr. Analyst accounts were locked.', 'roles in English that look like a form of address'],
  ['The Sr Engineer role has read access to S3.', 'a role without a full stop'],
  ['Miss rate of the cache rose to 41 %.', 'a word that is also a form of address'],
  ['Pan-European rollout stopped; Pan OS 11.1.2 patched.', 'a product like a Polish form of address'],
  ['Missing: Dom0 and HR Portal, restored at 05:00.', 'hosts'],
  ['SR 12345678 and Sig 0x41 in the core dump.', 'a service request and a signal'],
  ['Sig. RSA-PSS over SHA-256 was invalid.', 'a signature'],
  ['The domain dom.example and Don’t-Track header are unrelated.', 'words that begin like forms of address'],
  ['CVE-2026-30123 and GHSA-8c1d-2f7f-3b6a patched on 30.11.2026.', 'weaknesses'],
  ['sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709 of backup_2026-11-30_0315.tar.gz', 'a hash and a file'],
  ['Path \\\\fs01\\hr\\2026-11\\export_850730_1234.xlsx was open.', 'a file whose name has numbers'],
  ['10.6.12.34, fe80::1ff:fe23:4567:890a and vpn-06-12.clinic.example', 'addresses and a host'],
  ['Journal 2026/850730 of the authority, our case 850730/1234.', 'cases that look like a Czech number'],
  ['Between 30.11.2026 23:15 and 01.12.2026 03:40 CET, 4 h 25 min.', 'a span'],
  ['De server Mevrouw-01 is een grap; host dhr-02 ook.', 'hosts with the words of a form of address'],
  ['Der Ticketverlauf: #612345678, #612345679, #512345678.', 'tickets with a hash sign'],
  ['Total 3 331 234 567 requests, p99 612 ms, 345 678 errors.', 'figures of operation'],
  ['Queue id 4XyZ12 from mx1.vendor.example, retry 3 of 5.', 'the id of a queue'],
  ['support.emea@vendor.example answered in 20 min.', 'a region behind a function'],
  ['Don Juan malware family, sample 8c1d2f7f3b6a.', 'the name of an attack'],
  ['Sr. Network Engineer on call restored the VPN.', 'a senior role'],
  ['We called the vendor; 612 345 678 rows were restored.', 'an amount behind a call'],
  ['They rang at 03:00, 700 000 000 events lost.', 'an amount behind a call and a comma'],
  ['Tel Aviv region, zone 3, 1200345 objects.', 'a region that begins like a label'],
  ['Phone: 2 lines, fax: 1 line.', 'a number of telephones'],
  ['Mobile 10 of 4000 devices unencrypted.', 'a number of devices'],
  ['Nr. 0171 der Prüfliste ist offen.', 'eine Nummer einer Liste'],
  ['Herra 2.0 is our cluster, Rouva 3.1 the backup.', 'products called like forms of address'],
  ['message-id <a1b2c3@lists.vendor.example> dropped', 'an id in angle brackets, called so'],
];

// sentence, why it is not found: the approver must see it
const missed: readonly (readonly [string, string])[] = [
  ['The next line has 612 345 678 and a street.', 'a Spanish mobile that nobody calls cannot be told from an amount'],
  ['Kontakt na pacjenta: 601 234 567.', 'the same in Polish'],
  ['INSZ 85073003399 stond in de mail.', 'a labelled number without points whose check digits are wrong'],
];
// sentence, why a person must write it in other words
const falseAlarms: readonly (readonly [string, string])[] = [
  ['The Miss Report job ran twice.', 'a form of address with a capital behind it'],
  ['Mail bounced at support-galway@vendor.example.', 'a town behind a function could be a name'],
];

for (const [text, why] of naming)
  test(`names a person: ${why}`, () => expect(personalDataInText(text)).not.toEqual([]));
for (const [text, why] of harmless) test(`names nobody: ${why}`, () => expect(personalDataInText(text)).toEqual([]));
for (const [text, why] of missed)
  test(`names a person and is not found: ${why}`, () => expect(personalDataInText(text)).toEqual([]));
for (const [text, why] of falseAlarms)
  test(`names nobody and is refused all the same: ${why}`, () => expect(personalDataInText(text)).not.toEqual([]));

test('a long text of labels and forms of address is looked through in no time', () => {
  const long = ['Tel ', 'llamó ', 'Sig. ', 'Pan ', 'Aa ', '<a@a.aa>', 'hr_', 'message-id <'];
  const before = performance.now();
  for (const piece of long) personalDataInText(piece.repeat(10_000 / piece.length));
  expect(performance.now() - before).toBeLessThan(2_000);
});
