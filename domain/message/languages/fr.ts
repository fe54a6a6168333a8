import type { MessageLanguage } from './language.js';

const MONTHS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
];
const dayOfMonth = (day: number): string => (day === 1 ? '1er' : String(day));

/** French sets a no-break space (U+00A0) before `?` and `:`. */
export const FR: MessageLanguage = {
  headings: {
    whatHappened: 'Que s’est-il passé\u00a0?',
    whichDataOfYours: 'Lesquelles de vos données sont touchées\u00a0?',
    consequences: 'Qu’est-ce que cela peut signifier pour vous\u00a0?',
    whatWeDid: 'Qu’avons-nous fait\u00a0?',
    whatYouCanDo: 'Que pouvez-vous faire maintenant\u00a0?',
    fraudWarning: 'Attention à la fraude',
    contact: 'À qui vous adresser\u00a0?',
    caseRefPublic: 'Référence',
  },
  greeting: 'Madame, Monsieur,',
  closing:
    'Ce message ne parle que de cet incident. Il ne contient ni lien ni pièce jointe. Tapez vous-même les adresses web.',
  day: (iso) => `${dayOfMonth(Number(iso.slice(8, 10)))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`,
  subject: (organisation) => `Important\u00a0: vos données personnelles chez ${organisation}`,
  opening: (organisation) =>
    `${organisation} doit vous informer d’un fait grave\u00a0: la protection de vos données personnelles a été violée.`,
  incident: {
    ABUSE_OF_PRIVILEGE:
      'Une personne qui travaille pour nous a consulté ou utilisé des données sans en avoir le droit.',
    RANSOMWARE:
      'Des criminels sont entrés dans nos systèmes. Ils ont bloqué nos données pour nous réclamer de l’argent.',
    HACKING_MALWARE: 'Des criminels sont entrés dans nos systèmes.',
    PHISHING_SOCIAL_ENGINEERING:
      'Quelqu’un a trompé une personne de notre équipe et est entré ainsi dans nos systèmes.',
    VULNERABILITY_EXPLOITED: 'Quelqu’un a utilisé une faille de nos logiciels pour entrer dans nos systèmes.',
    UNAUTHORISED_SYSTEM_ACCESS: 'Quelqu’un est entré dans nos systèmes sans en avoir le droit.',
    EXFILTRATION: 'Des données ont été copiées et volées dans nos systèmes.',
    WRONG_PERSONS_DATA_SHOWN: 'Les données de certaines personnes ont été montrées à d’autres.',
    DEVICE_LOST_STOLEN: 'Un appareil qui contenait des données a été perdu ou volé.',
    E_WASTE: 'Un ancien appareil a été cédé alors qu’il contenait encore des données.',
    PAPER_DISPOSAL: 'Des papiers avec des données ont été jetés sans précaution.',
    MAIL_LOST_OPENED: 'Un envoi avec des données a été perdu, ouvert ou livré à la mauvaise adresse.',
    MISCONFIGURATION: 'Un de nos systèmes était mal réglé. Des données étaient à découvert.',
    WRONG_PERMISSIONS: 'Des personnes qui n’en avaient pas le droit pouvaient ouvrir des données.',
    PAPER_LOST_STOLEN: 'Des papiers avec des données ont été perdus ou volés.',
    DATA_DELETED: 'Des données ont été effacées.',
    DISPLAYED_TO_WRONG_RECIPIENT: 'Des données ont été montrées à la mauvaise personne.',
    SENT_BY_MISTAKE: 'Nous avons envoyé des données au mauvais destinataire, par erreur.',
    NO_BCC: 'Nous avons envoyé un e-mail où chacun pouvait voir l’adresse des autres.',
    TECHNICAL_MALFUNCTION: 'Un de nos systèmes est tombé en panne.',
    UNAUTHORISED_MODIFICATION: 'Des données ont été modifiées sans autorisation.',
    UNINTENDED_PUBLICATION: 'Des données ont été publiées par erreur.',
    VERBAL_DISCLOSURE: 'Une personne de notre équipe a dit des données à quelqu’un qui ne devait pas les connaître.',
    TBD: null,
    OTHER: null,
  },
  nature: {
    CONFIDENTIALITY: 'Quelqu’un a pu voir vos données sans en avoir le droit.',
    INTEGRITY: 'Vos données ont été modifiées.',
    AVAILABILITY: 'Nous n’avions plus ou n’avons plus accès à vos données.',
  },
  when: {
    on: (day) => `Cela s’est passé le ${day}.`,
    between: (from, to) => `Cela s’est passé entre le ${from} et le ${to}.`,
    since: (day) => `Cela a commencé le ${day}. Ce n’est pas encore fini.`,
    unknown: 'Nous ne savons pas encore quand cela s’est passé.',
    noticed: (day) => `Nous le savons depuis le ${day}.`,
  },
  dataIntro: 'Voici vos données qui sont touchées\u00a0:',
  dataUnknown:
    'Nous cherchons encore lesquelles de vos données sont touchées. Dès que nous le saurons, nous vous écrirons de nouveau.',
  data: {
    BASIC: {
      label: 'votre nom et des données de base, comme votre date de naissance',
      consequence: null,
      advice: null,
    },
    CONTACT: {
      label: 'vos coordonnées, comme votre adresse, votre téléphone ou votre e-mail',
      consequence:
        'Quelqu’un peut vous écrire ou vous appeler et se faire passer pour nous, votre banque ou une autorité.',
      advice: 'Méfiez-vous des appels, lettres et e-mails que vous n’attendez pas. N’y ouvrez ni lien ni pièce jointe.',
    },
    BIOMETRIC: {
      label: 'des données biométriques, comme une empreinte ou une image de votre visage',
      consequence: 'Ces données ne changent jamais. Quelqu’un peut essayer de se faire passer pour vous.',
      advice: 'Là où vous vous connectez avec le doigt ou le visage, ajoutez une seconde protection, comme un code.',
    },
    CRIMINAL: {
      label: 'des informations sur des infractions ou des condamnations',
      consequence: 'Quelqu’un peut s’en servir pour vous exposer ou faire pression sur vous.',
      advice: 'Si quelqu’un vous menace, allez à la police et dites-le-nous.',
    },
    POLITICAL: {
      label: 'des informations sur vos opinions politiques',
      consequence: 'Quelqu’un peut s’en servir pour vous exposer ou vous traiter de façon injuste.',
      advice: null,
    },
    RACE_ETHNIC: {
      label: 'des informations sur votre origine',
      consequence: 'Quelqu’un peut vous traiter de façon injuste pour cette raison.',
      advice: null,
    },
    RELIGION_PHILOSOPHY: {
      label: 'des informations sur votre religion ou vos convictions',
      consequence: 'Quelqu’un peut s’en servir pour vous exposer ou vous traiter de façon injuste.',
      advice: null,
    },
    SEX_LIFE_ORIENTATION: {
      label: 'des informations sur votre vie sexuelle ou votre orientation sexuelle',
      consequence: 'Quelqu’un peut s’en servir pour vous exposer ou faire pression sur vous.',
      advice: 'Si quelqu’un vous menace, allez à la police et dites-le-nous.',
    },
    TRADE_UNION: {
      label: 'des informations sur votre adhésion à un syndicat',
      consequence: 'Quelqu’un peut vous traiter de façon injuste pour cette raison.',
      advice: null,
    },
    GENETIC: {
      label: 'des données génétiques',
      consequence: 'Elles parlent de votre santé et de votre famille. Elles ne changent jamais.',
      advice: null,
    },
    HEALTH: {
      label: 'des informations sur votre santé',
      consequence: 'Quelqu’un peut s’en servir pour vous exposer ou faire pression sur vous.',
      advice: 'Si vous pensez que vos soins en souffrent, parlez-en tout de suite à nous ou à votre médecin.',
    },
    ECONOMIC_FINANCIAL: {
      label: 'des informations sur votre argent',
      consequence: 'Quelqu’un peut s’en servir pour rendre une fraude crédible.',
      advice: 'Vérifiez sur vos relevés de compte les paiements qui ne sont pas de vous.',
    },
    EMPLOYMENT_HEALTH: {
      label: 'des informations sur vos arrêts de travail ou votre aptitude au travail',
      consequence: 'Quelqu’un peut vous traiter de façon injuste pour cette raison.',
      advice: null,
    },
    IDENTIFICATION_NO: {
      label: 'un numéro d’identification, comme votre numéro national',
      consequence: 'Quelqu’un peut se faire passer pour vous, par exemple pour signer un contrat à votre nom.',
      advice:
        'Surveillez les factures et les lettres pour des contrats que vous n’avez pas signés. Allez à la police avec elles.',
    },
    LOCATION: {
      label: 'des informations sur les lieux où vous étiez',
      consequence: 'Quelqu’un peut savoir où vous habitez et où vous allez.',
      advice: 'Si vous vous sentez en danger, allez à la police et dites-le-nous.',
    },
    OFFICIAL_DOCUMENTS: {
      label: 'des copies de papiers officiels, comme une carte d’identité',
      consequence: 'Quelqu’un peut se faire passer pour vous, par exemple pour signer un contrat à votre nom.',
      advice: 'Demandez au service qui a délivré le papier s’il faut le remplacer.',
    },
    PAYMENT: {
      label: 'des données de paiement, comme un numéro de compte ou de carte',
      consequence: 'Quelqu’un peut essayer de payer avec elles ou de prendre de l’argent sur votre compte.',
      advice:
        'Vérifiez souvent votre compte. Vous voyez un paiement inconnu\u00a0? Appelez votre banque et faites bloquer la carte.',
    },
    PROFILE: {
      label: 'un profil sur vous, comme vos intérêts ou des notes',
      consequence: 'Quelqu’un peut s’en servir pour rendre une fraude crédible.',
      advice: null,
    },
    CREDENTIALS: {
      label: 'vos accès, comme votre nom d’utilisateur et votre mot de passe',
      consequence: 'Quelqu’un peut se connecter à votre place, ici et partout où vous avez le même mot de passe.',
      advice:
        'Changez votre mot de passe maintenant, chez nous et partout où vous avez le même. Ajoutez une seconde protection là où c’est possible.',
    },
    NOT_YET_KNOWN: { label: null, consequence: null, advice: null },
    ADDITIONAL: { label: 'd’autres données', consequence: null, advice: null },
  },
  protected: 'Les données étaient chiffrées. Pour autant que nous le sachions, personne n’a la clé.',
  passwordsHashed:
    'Nous gardons les mots de passe sous une forme d’où il est difficile de les retrouver. Changez le vôtre quand même.',
  harm: {
    LOSS_OF_CONTROL: null,
    LIMITATION_OF_RIGHTS: 'Il peut devenir plus difficile de faire valoir vos droits.',
    DISCRIMINATION: 'Vous pouvez être traité de façon injuste.',
    IDENTITY_THEFT: 'Quelqu’un peut se faire passer pour vous.',
    FRAUD: 'Quelqu’un peut essayer de vous escroquer.',
    FINANCIAL_LOSS: 'Vous pouvez perdre de l’argent.',
    UNAUTHORISED_REVERSAL_OF_PSEUDONYMISATION:
      'Quelqu’un peut trouver quelles données sont les vôtres, même si votre nom était retiré.',
    DAMAGE_TO_REPUTATION: 'Votre réputation peut en souffrir.',
    LOSS_OF_PROFESSIONAL_SECRECY: 'Ce que vous nous avez confié peut être connu.',
    DISCLOSURE_OF_SPECIAL_CATEGORIES: 'Des choses très personnelles peuvent être connues.',
    SIGNIFICANT_ECONOMIC_OR_SOCIAL_DISADVANTAGE:
      'Vous pouvez avoir des ennuis au travail ou dans la vie de tous les jours.',
    PHYSICAL_OR_MENTAL_HARM: 'Votre santé peut en souffrir.',
    MATERIAL_OR_NON_MATERIAL_DAMAGE: null,
    OTHER: null,
    TBD: null,
  },
  consequencesOpen:
    'Nous cherchons encore ce que cela peut signifier pour vous. Dès que nous en saurons plus, nous vous écrirons de nouveau.',
  measure: {
    PSEUDONYMISATION: 'Nous garderons les données à part des noms.',
    BACKUP_RECOVERY: 'Nous améliorons nos copies de secours.',
    ENCRYPTION: 'Nous chiffrons plus de données.',
    POLICIES: 'Nous rendons nos règles de sécurité plus strictes.',
    TRAINING: 'Nous formons nos équipes.',
    INCIDENT_LOG: null,
    ACCESS_LEVELS: 'Moins de personnes chez nous pourront ouvrir ces données.',
    LOGICAL_ACCESS_CONTROL: 'Nous rendons les connexions plus sûres.',
    AUDITS: 'Nous ferons vérifier nos systèmes plus souvent.',
    PHYSICAL_ACCESS: 'Nous protégeons mieux nos locaux.',
    UP_TO_DATE_SYSTEMS: 'Nous mettons nos systèmes à jour.',
    OTHER: null,
    ANONYMISATION: 'Nous retirerons les noms des données là où c’est possible.',
    PROCESS_CHANGE: 'Nous changeons notre façon de travailler.',
    ERASURE: 'Nous effacerons les données dont nous n’avons plus besoin.',
  },
  weActed: 'Nous travaillons sur la cause et pour limiter le dommage.',
  weTold: (authority) => `Nous déclarons l’incident à l’autorité de protection des données (${authority}).`,
  generalAdvice: 'Surveillez tout ce qui est inhabituel dans les prochains mois et gardez ce message.',
  fraudWarning: (organisation) =>
    `Des criminels se servent de ce genre de nouvelles pour de nouvelles fraudes. ${organisation} ne vous demandera jamais de mot de passe, de code ou de paiement à cause de cet incident, ni par e-mail ni au téléphone. En cas de doute, appelez-nous à un numéro que vous connaissez déjà.`,
  contact: (publicContact, email) => `Pour nous joindre\u00a0: ${publicContact}, ${email}.`,
  dpo: (contact) => `Notre délégué ou déléguée à la protection des données\u00a0: ${contact}.`,
  authority: (name) =>
    `Vous pouvez aussi vous plaindre auprès de l’autorité de protection des données\u00a0: ${name}, ou de celle de votre lieu de vie.`,
  caseRef: (id) => `Merci d’indiquer cette référence quand vous nous contactez\u00a0: ${id}.`,
  hedges: {
    doubt: [
      'éventuellement',
      'potentiellement',
      'il est possible que',
      'auraient pu être',
      'aurait pu être',
      'pourraient avoir été',
      'pourrait avoir été',
      'à ce stade',
      'ne peut être exclu',
      'ne pouvons exclure',
    ],
    absence: ['aucune preuve', 'aucun élément ne', 'aucun signe', 'aucune indication'],
    calming: [
      'par mesure de précaution',
      'par précaution',
      'prenons la protection de vos données très au sérieux',
      'prend la protection de vos données très au sérieux',
      'nombre limité',
      'petit nombre',
      'incident isolé',
      'cas isolé',
      'attaque sophistiquée',
      'désagrément',
      'événement de sécurité',
    ],
  },
};
