import type { MessageLanguage } from './language.js';

const MONTHS = [
  'Januar',
  'Februar',
  'März',
  'April',
  'Mai',
  'Juni',
  'Juli',
  'August',
  'September',
  'Oktober',
  'November',
  'Dezember',
];

export const DE: MessageLanguage = {
  headings: {
    whatHappened: 'Was ist passiert?',
    whichDataOfYours: 'Welche Ihrer Daten sind betroffen?',
    consequences: 'Was kann das für Sie bedeuten?',
    whatWeDid: 'Was haben wir getan?',
    whatYouCanDo: 'Was können Sie jetzt tun?',
    fraudWarning: 'Vorsicht vor Betrug',
    contact: 'Wen können Sie fragen?',
    caseRefPublic: 'Aktenzeichen',
  },
  greeting: 'Guten Tag,',
  closing:
    'Diese Nachricht handelt nur von diesem Vorfall. Sie hat keine Links und keine Anhänge. Bitte tippen Sie Internetadressen selbst ein.',
  day: (iso) => `${Number(iso.slice(8, 10))}. ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`,
  subject: (organisation) => `Wichtig: Ihre persönlichen Daten bei ${organisation}`,
  opening: (organisation) =>
    `${organisation} muss Ihnen mitteilen: Der Schutz Ihrer persönlichen Daten wurde verletzt.`,
  incident: {
    ABUSE_OF_PRIVILEGE: 'Eine Person, die für uns arbeitet, hat unberechtigt Daten angesehen oder benutzt.',
    RANSOMWARE:
      'Kriminelle sind in unsere Systeme eingedrungen. Sie haben unsere Daten gesperrt, um Geld zu erpressen.',
    HACKING_MALWARE: 'Kriminelle sind in unsere Systeme eingedrungen.',
    PHISHING_SOCIAL_ENGINEERING: 'Jemand hat Mitarbeitende von uns getäuscht und kam so in unsere Systeme.',
    VULNERABILITY_EXPLOITED:
      'Jemand hat eine Schwachstelle in unserer Software benutzt, um in unsere Systeme zu kommen.',
    UNAUTHORISED_SYSTEM_ACCESS: 'Jemand ist unberechtigt in unsere Systeme gelangt.',
    EXFILTRATION: 'Daten wurden kopiert und aus unseren Systemen gestohlen.',
    WRONG_PERSONS_DATA_SHOWN: 'Daten von einigen Menschen wurden anderen Menschen angezeigt.',
    DEVICE_LOST_STOLEN: 'Ein Gerät mit Daten ist verloren gegangen oder wurde gestohlen.',
    E_WASTE: 'Ein altes Gerät wurde weggegeben, obwohl noch Daten darauf waren.',
    PAPER_DISPOSAL: 'Papiere mit Daten wurden nicht sicher entsorgt.',
    MAIL_LOST_OPENED: 'Eine Sendung mit Daten ging verloren, wurde geöffnet oder kam an die falsche Adresse.',
    MISCONFIGURATION: 'Eines unserer Systeme war falsch eingestellt. Daten lagen offen.',
    WRONG_PERMISSIONS: 'Daten konnten von Menschen geöffnet werden, die das nicht dürfen.',
    PAPER_LOST_STOLEN: 'Papiere mit Daten sind verloren gegangen oder wurden gestohlen.',
    DATA_DELETED: 'Daten wurden gelöscht.',
    DISPLAYED_TO_WRONG_RECIPIENT: 'Daten wurden der falschen Person angezeigt.',
    SENT_BY_MISTAKE: 'Wir haben Daten aus Versehen an die falsche Stelle geschickt.',
    NO_BCC: 'Wir haben eine E-Mail verschickt, in der alle die Adressen der anderen sehen konnten.',
    TECHNICAL_MALFUNCTION: 'Eines unserer Systeme ist ausgefallen.',
    UNAUTHORISED_MODIFICATION: 'Daten wurden unberechtigt verändert.',
    UNINTENDED_PUBLICATION: 'Daten wurden aus Versehen veröffentlicht.',
    VERBAL_DISCLOSURE: 'Mitarbeitende von uns haben Daten weitergesagt, ohne es zu dürfen.',
    TBD: null,
    OTHER: null,
  },
  nature: {
    CONFIDENTIALITY: 'Jemand konnte Ihre Daten sehen, der das nicht darf.',
    INTEGRITY: 'Ihre Daten wurden verändert.',
    AVAILABILITY: 'Ihre Daten waren oder sind für uns nicht verfügbar.',
  },
  when: {
    on: (day) => `Es geschah am ${day}.`,
    between: (from, to) => `Es geschah zwischen dem ${from} und dem ${to}.`,
    since: (day) => `Es begann am ${day}. Es ist noch nicht vorbei.`,
    unknown: 'Wir wissen noch nicht, wann es geschah.',
    noticed: (day) => `Wir wissen davon seit dem ${day}.`,
  },
  dataIntro: 'Diese Daten von Ihnen sind betroffen:',
  dataUnknown: 'Wir klären noch, welche Ihrer Daten betroffen sind. Sobald wir es wissen, schreiben wir Ihnen wieder.',
  data: {
    BASIC: { label: 'Ihr Name und Grunddaten wie Ihr Geburtsdatum', consequence: null, advice: null },
    CONTACT: {
      label: 'Ihre Kontaktdaten, etwa Anschrift, Telefonnummer oder E-Mail-Adresse',
      consequence:
        'Jemand kann Ihnen schreiben oder Sie anrufen und sich als wir, als Ihre Bank oder als Behörde ausgeben.',
      advice:
        'Seien Sie vorsichtig bei Anrufen, Briefen und E-Mails, die Sie nicht erwarten. Öffnen Sie darin keine Links und keine Dateien.',
    },
    BIOMETRIC: {
      label: 'biometrische Daten, etwa ein Fingerabdruck oder ein Bild Ihres Gesichts',
      consequence: 'Diese Daten lassen sich nicht ändern. Jemand kann versuchen, sich damit als Sie auszugeben.',
      advice: 'Wo Sie sich mit Finger oder Gesicht anmelden: Richten Sie einen zweiten Schutz ein, etwa eine PIN.',
    },
    CRIMINAL: {
      label: 'Angaben über Straftaten oder Verurteilungen',
      consequence: 'Jemand kann Sie damit bloßstellen oder unter Druck setzen.',
      advice: 'Wenn Ihnen jemand droht: Gehen Sie zur Polizei und sagen Sie es uns.',
    },
    POLITICAL: {
      label: 'Angaben über Ihre politische Meinung',
      consequence: 'Jemand kann Sie damit bloßstellen oder benachteiligen.',
      advice: null,
    },
    RACE_ETHNIC: {
      label: 'Angaben über Ihre Herkunft',
      consequence: 'Jemand kann Sie deswegen benachteiligen.',
      advice: null,
    },
    RELIGION_PHILOSOPHY: {
      label: 'Angaben über Ihre Religion oder Weltanschauung',
      consequence: 'Jemand kann Sie damit bloßstellen oder benachteiligen.',
      advice: null,
    },
    SEX_LIFE_ORIENTATION: {
      label: 'Angaben über Ihr Sexualleben oder Ihre sexuelle Orientierung',
      consequence: 'Jemand kann Sie damit bloßstellen oder unter Druck setzen.',
      advice: 'Wenn Ihnen jemand droht: Gehen Sie zur Polizei und sagen Sie es uns.',
    },
    TRADE_UNION: {
      label: 'Angaben über Ihre Mitgliedschaft in einer Gewerkschaft',
      consequence: 'Jemand kann Sie deswegen benachteiligen.',
      advice: null,
    },
    GENETIC: {
      label: 'genetische Daten',
      consequence: 'Sie sagen etwas über Ihre Gesundheit und Ihre Familie. Sie lassen sich nicht ändern.',
      advice: null,
    },
    HEALTH: {
      label: 'Angaben über Ihre Gesundheit',
      consequence: 'Jemand kann Sie damit bloßstellen oder unter Druck setzen.',
      advice:
        'Wenn Sie meinen, dass Ihre Behandlung darunter leidet: Sprechen Sie sofort mit uns oder mit Ihrer Ärztin oder Ihrem Arzt.',
    },
    ECONOMIC_FINANCIAL: {
      label: 'Angaben über Ihre Finanzen',
      consequence: 'Jemand kann damit einen Betrug glaubhaft machen.',
      advice: 'Prüfen Sie Ihre Kontoauszüge auf Zahlungen, die nicht von Ihnen sind.',
    },
    EMPLOYMENT_HEALTH: {
      label: 'Angaben über Krankschreibung oder Arbeitsfähigkeit',
      consequence: 'Jemand kann Sie deswegen benachteiligen.',
      advice: null,
    },
    IDENTIFICATION_NO: {
      label: 'eine Kennnummer, etwa die Nummer Ihres Ausweises',
      consequence: 'Jemand kann sich als Sie ausgeben und zum Beispiel in Ihrem Namen einen Vertrag schließen.',
      advice:
        'Achten Sie auf Rechnungen und Briefe zu Verträgen, die Sie nicht geschlossen haben. Gehen Sie damit zur Polizei.',
    },
    LOCATION: {
      label: 'Angaben darüber, wo Sie waren',
      consequence: 'Jemand kann herausfinden, wo Sie wohnen und wohin Sie gehen.',
      advice: 'Wenn Sie sich bedroht fühlen: Gehen Sie zur Polizei und sagen Sie es uns.',
    },
    OFFICIAL_DOCUMENTS: {
      label: 'Kopien von amtlichen Papieren, etwa eines Ausweises',
      consequence: 'Jemand kann sich als Sie ausgeben und zum Beispiel in Ihrem Namen einen Vertrag schließen.',
      advice: 'Fragen Sie die Behörde, die das Papier ausgestellt hat, ob Sie ein neues brauchen.',
    },
    PAYMENT: {
      label: 'Zahlungsdaten, etwa eine Kontonummer oder Kartennummer',
      consequence: 'Jemand kann versuchen, damit zu bezahlen oder Geld von Ihrem Konto zu holen.',
      advice:
        'Prüfen Sie oft Ihr Konto. Sehen Sie eine fremde Zahlung? Rufen Sie Ihre Bank an und lassen Sie die Karte sperren.',
    },
    PROFILE: {
      label: 'ein Profil über Sie, etwa Interessen oder Bewertungen',
      consequence: 'Jemand kann damit einen Betrug glaubhaft machen.',
      advice: null,
    },
    CREDENTIALS: {
      label: 'Ihre Zugangsdaten, etwa Benutzername und Passwort',
      consequence: 'Jemand kann sich als Sie anmelden. Das gilt auch anderswo, wenn Sie dort dasselbe Passwort haben.',
      advice:
        'Ändern Sie jetzt Ihr Passwort, bei uns und überall, wo Sie dasselbe benutzen. Schalten Sie, wo es geht, einen zweiten Schutz ein.',
    },
    NOT_YET_KNOWN: { label: null, consequence: null, advice: null },
    ADDITIONAL: { label: 'weitere Daten', consequence: null, advice: null },
  },
  protected: 'Die Daten waren verschlüsselt. Soweit wir wissen, hat niemand den Schlüssel.',
  passwordsHashed:
    'Passwörter speichern wir nur in einer Form, aus der sie schwer zu ermitteln sind. Ändern Sie Ihres trotzdem.',
  harm: {
    LOSS_OF_CONTROL: null,
    LIMITATION_OF_RIGHTS: 'Es kann schwerer werden, Ihre Rechte zu nutzen.',
    DISCRIMINATION: 'Sie können benachteiligt werden.',
    IDENTITY_THEFT: 'Jemand kann sich als Sie ausgeben.',
    FRAUD: 'Jemand kann versuchen, Sie zu betrügen.',
    FINANCIAL_LOSS: 'Sie können Geld verlieren.',
    UNAUTHORISED_REVERSAL_OF_PSEUDONYMISATION:
      'Jemand kann herausfinden, welche Daten Ihre sind, obwohl Ihr Name entfernt war.',
    DAMAGE_TO_REPUTATION: 'Ihr Ruf kann leiden.',
    LOSS_OF_PROFESSIONAL_SECRECY: 'Was Sie uns im Vertrauen gesagt haben, kann bekannt werden.',
    DISCLOSURE_OF_SPECIAL_CATEGORIES: 'Sehr persönliche Dinge können bekannt werden.',
    SIGNIFICANT_ECONOMIC_OR_SOCIAL_DISADVANTAGE: 'Sie können bei der Arbeit oder im Alltag Nachteile haben.',
    PHYSICAL_OR_MENTAL_HARM: 'Ihre Gesundheit kann leiden.',
    MATERIAL_OR_NON_MATERIAL_DAMAGE: null,
    OTHER: null,
    TBD: null,
  },
  consequencesOpen:
    'Wir klären noch, was das für Sie bedeuten kann. Sobald wir mehr wissen, schreiben wir Ihnen wieder.',
  measure: {
    PSEUDONYMISATION: 'Wir speichern Daten künftig getrennt von Namen.',
    BACKUP_RECOVERY: 'Wir verbessern unsere Sicherungskopien.',
    ENCRYPTION: 'Wir verschlüsseln mehr Daten.',
    POLICIES: 'Wir machen unsere Sicherheitsregeln strenger.',
    TRAINING: 'Wir schulen unsere Mitarbeitenden.',
    INCIDENT_LOG: null,
    ACCESS_LEVELS: 'Weniger Mitarbeitende können diese Daten künftig öffnen.',
    LOGICAL_ACCESS_CONTROL: 'Wir machen die Anmeldung sicherer.',
    AUDITS: 'Wir lassen unsere Systeme öfter prüfen.',
    PHYSICAL_ACCESS: 'Wir schützen unsere Räume besser.',
    UP_TO_DATE_SYSTEMS: 'Wir erneuern unsere Systeme.',
    OTHER: null,
    ANONYMISATION: 'Wir entfernen Namen aus Daten, wo es geht.',
    PROCESS_CHANGE: 'Wir ändern unsere Abläufe.',
    ERASURE: 'Wir löschen Daten, die wir nicht mehr brauchen.',
  },
  weActed: 'Wir arbeiten an der Ursache und daran, den Schaden klein zu halten.',
  weTold: (authority) => `Wir melden den Vorfall der Datenschutzbehörde (${authority}).`,
  generalAdvice: 'Achten Sie in den nächsten Monaten auf Ungewöhnliches und heben Sie diese Nachricht auf.',
  fraudWarning: (organisation) =>
    `Kriminelle nutzen solche Nachrichten für neuen Betrug. ${organisation} fragt Sie wegen dieses Vorfalls nie nach Passwörtern, Codes oder Zahlungen, weder per E-Mail noch am Telefon. Im Zweifel rufen Sie uns unter einer Nummer an, die Sie schon kennen.`,
  contact: (publicContact, email) => `So erreichen Sie uns: ${publicContact}, ${email}.`,
  dpo: (contact) => `Unsere Datenschutzbeauftragte oder unser Datenschutzbeauftragter: ${contact}.`,
  authority: (name) =>
    `Sie können sich auch bei der Datenschutzbehörde beschweren: ${name}, oder bei der an Ihrem Wohnort.`,
  caseRef: (id) => `Bitte nennen Sie dieses Aktenzeichen, wenn Sie sich melden: ${id}.`,
  hedges: {
    doubt: [
      'möglicherweise',
      'eventuell',
      'unter umständen',
      'nicht auszuschließen',
      'nicht ausgeschlossen',
      'zum jetzigen zeitpunkt',
    ],
    absence: ['keine hinweise auf', 'keine anhaltspunkte', 'kein hinweis auf', 'keinen hinweis auf'],
    calming: [
      'vorsorglich',
      'nehmen den schutz ihrer daten sehr ernst',
      'nimmt den schutz ihrer daten sehr ernst',
      'bedauerlicher einzelfall',
      'einzelfall',
      'geringe anzahl',
      'begrenzte anzahl',
      'unannehmlichkeiten',
      'ausgeklügelt',
      'sicherheitsereignis',
    ],
  },
};
