export interface OrganisationAnswers {
  readonly name: string;
  readonly country: string;
  readonly zone: string;
  readonly authority: string;
  readonly email: string;
}

/** A text as a YAML scalar that cannot be read as anything else. */
const quoted = (text: string): string => JSON.stringify(text);

export function organisationYaml({ name, country, zone, authority, email }: OrganisationAnswers): string {
  return `# What is known before a breach. Nothing of this is asked at three in the morning.
# Check it: seventytwo organisation set organisation.yaml   (all problems are named at once)
# Types and choices: seventytwo schema organisation

name: ${quoted(name)}
role: controller            # controller, or processor
zone: ${quoted(zone)}       # IANA; times typed at the keyboard are read in it
languages: [en]             # of notices and messages, the first one is the default
sector: PRIVATE             # PRIVATE, PUBLIC
size: SME                   # FREELANCE_MICRO, SME, LARGE, OTHER
# activity: Q86.1           # NACE code
# identifier: { type: COMPANY_ID, value: "123456" }   # COMPANY_ID, ORGANISATION_NUMBER, VAT

contact:
  address: "1 Example Street, Example Town"
  email: ${quoted(email)}
  # phone: "+353 1 000 0000"
  # website: "https://www.hospital.example"

# Where you are established; the main one, which decides about the processing, decides the lead authority (R-504).
# In Germany each Land has its authority: add region: DE-BY.
establishments:
  - { country: ${country}, main: true }

# Where none is designated, say "dpoDesignated: false" instead: with neither, a notice says that it is not known yet.
dpo:
  name: "the data protection officer"
  email: ${quoted(email)}

# Who signs the notice.
reportingPerson:
  name: "the data protection officer"
  email: ${quoted(email)}
  function: DPO             # DPO, LEGAL_REP, AUTHORISED_OTHER

# Authorities you would have to tell; the first one leads. All of them: seventytwo authorities
# Left out, they are worked out from the establishments; seventytwo assess says where the rules differ from your list.
authorities: [${authority}]

publicContact: ${quoted(email)}   # named in messages to affected people
senderAddress: ${quoted(email)}   # From: of notices and messages

# When who is called, in hours from awareness (or from the first hint while suspected). These are the defaults.
# playbook:
#   confirmedHours: [24, 48, 60, 66, 70, 71, 72]
#   suspectedHours: [24, 48]
#   draftAtHours: 48            # an incomplete notice is drafted by itself
#   repeatAfterMinutes: 30
#   thenEveryMinutes: 120
#   tellPeopleWithinHours: 24
`;
}

/** Settings of the processes. Values are examples; secrets are for you to make. */
export const ENV_EXAMPLE = `# Settings of the processes (seventytwo serve, seventytwo worker incident, seventytwo worker mail).
# Copy to a file of mode 0600 and load it in your service manager. All problems are named at once at start.

# live, or drill (own stores, own keys, and SEVENTYTWO_EXERCISE_INBOX in the place of a relay)
SEVENTYTWO_SIDE=live
SEVENTYTWO_MONGO_URL=mongodb://mongo.hospital.example:27017/seventytwo_live?replicaSet=rs0&tls=true
SEVENTYTWO_TEMPORAL_ADDRESS=temporal.hospital.example:7233
SEVENTYTWO_TEMPORAL_NAMESPACE=seventytwo-live
SEVENTYTWO_TEMPORAL_TLS=true
# the authority behind the engine's certificate and our own certificate (mTLS), PEM; or an API key of Temporal Cloud
# SEVENTYTWO_TEMPORAL_TLS_CA_FILE=/etc/seventytwo/temporal-ca.pem
# SEVENTYTWO_TEMPORAL_TLS_CERT_FILE=/etc/seventytwo/temporal.pem
# SEVENTYTWO_TEMPORAL_TLS_KEY_FILE=/etc/seventytwo/temporal.key
# SEVENTYTWO_TEMPORAL_TLS_SERVER_NAME=
# SEVENTYTWO_TEMPORAL_API_KEY_FILE=/etc/seventytwo/temporal-api.key
# the same for the database (certificate and key in one file), and the authority behind the relays
# SEVENTYTWO_MONGO_TLS_CA_FILE=/etc/seventytwo/mongo-ca.pem
# SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE=/etc/seventytwo/mongo.pem
# SEVENTYTWO_SMTP_TLS_CA_FILE=/etc/seventytwo/relay-ca.pem
# What holds a secret may stand in a file instead: SEVENTYTWO_SMTP_URL_FILE, _SMTP_FALLBACK_URL_FILE, _MONGO_URL_FILE,
# _PAGER_URL_FILE, _PAGER_SECRET_FILE, _BOOTSTRAP_TOKEN_FILE, and of the watchdog below _WATCHDOG_WEBHOOK_URL_FILE,
# _WATCHDOG_WEBHOOK_SECRET_FILE, _WATCHDOG_SMTP_URL_FILE, _WATCHDOG_PING_URL_FILE, _WATCHDOG_TOKEN_FILE
SEVENTYTWO_SMTP_URL=smtps://seventytwo:PASSWORD@relay.hospital.example:465
# a second relay, used when the first refuses
# SEVENTYTWO_SMTP_FALLBACK_URL=smtp+starttls://seventytwo:PASSWORD@relay-2.hospital.example:587
# a signed webhook (Standard Webhooks)
# SEVENTYTWO_PAGER_URL=https://pager.hospital.example/hook
# SEVENTYTWO_PAGER_SECRET=whsec_
# seventytwo watchdog: on another machine, with ways to wake people that are not those of the engine, and no master key
# SEVENTYTWO_WATCHDOG_DIR=/var/lib/seventytwo/watchdog
# SEVENTYTWO_WATCHDOG_WEBHOOK_URL=https://other-pager.hospital.example/hook
# SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET=whsec_
# SEVENTYTWO_WATCHDOG_SMTP_URL=smtps://watchdog:PASSWORD@other-relay.hospital.example:465
# SEVENTYTWO_WATCHDOG_MAIL_FROM=watchdog@hospital.example
# SEVENTYTWO_WATCHDOG_MAIL_TO=on-call@hospital.example,deputy@hospital.example
# a dead-man switch outside, which calls when it is not asked for any more
# SEVENTYTWO_WATCHDOG_PING_URL=https://dead-man.hospital.example/ping
# its own /healthz, /readyz and /metrics; with a token it takes acknowledgements there
# SEVENTYTWO_WATCHDOG_LISTEN=127.0.0.1:7274
# SEVENTYTWO_WATCHDOG_TOKEN=
# seconds between two looks, at most 11
# SEVENTYTWO_WATCHDOG_ROUND_SECONDS=10
# 32 random bytes in base64 in a file of mode 0600: openssl rand -base64 32
SEVENTYTWO_MASTER_KEY_FILE=/etc/seventytwo/master.key
# a durable folder of this process alone
SEVENTYTWO_JOURNAL_DIR=/var/lib/seventytwo/journal
# behind your TLS proxy
SEVENTYTWO_LISTEN=127.0.0.1:7272
SEVENTYTWO_PUBLIC_URL=https://breach.hospital.example
# where a worker answers /healthz, /readyz and /metrics (the API does so on its own address); without it nowhere
# SEVENTYTWO_HEALTH_LISTEN=127.0.0.1:7280
# debug, info, warn or error
# SEVENTYTWO_LOG_LEVEL=info
# only until the first administrator is made (seventytwo init --admin): openssl rand -base64 24
# SEVENTYTWO_BOOTSTRAP_TOKEN=

# For the command line, on each person's own machine:
# SEVENTYTWO_URL=https://breach.hospital.example
# SEVENTYTWO_KEY=                                       # personal; seventytwo staff key STAFF-ID makes one
`;
