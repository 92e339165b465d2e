interface Kind {
  /** Whether the same call may succeed later without anybody mending anything: whoever called may try again. */
  readonly retryable: boolean;
  /** What happened, or what an operator does about it: one sentence or two. */
  readonly explanation: string;
}

/**
 * Every failure there is. Whether one may be tried again belongs to its code, so that a caller of a port need not know
 * which adapter is behind it. Codes travel: in problem details, failed jobs, metrics and the store.
 */
export const FAILURES = {
  // Any resource
  closed: { retryable: true, explanation: 'This process is ending; another one, or the next start, takes the call.' },
  'no-answer-in-time': { retryable: true, explanation: 'What was asked did not answer in time.' },
  closing: { retryable: true, explanation: 'This server is ending: another one, or the next start, answers.' },
  defect: { retryable: false, explanation: 'Something was thrown that the program does not know: report it.' },
  'directory-in-use': {
    retryable: false,
    explanation:
      'Another process has the data directory, or that of the log, on this machine or in a container beside this one. Stop it, or choose another directory.',
  },
  'no-locks-here': {
    retryable: false,
    explanation:
      'This system has no lock that a data directory could be held by: see the platforms of fs-native-extensions.',
  },
  'data-directory-unusable': {
    retryable: false,
    explanation:
      'A directory cannot be made, read or written by this user: give it the rights as below, or choose another by the setting.',
  },
  'disk-full': {
    retryable: true,
    explanation: 'The disk of the data directory is full: make space. What waits goes on by itself then.',
  },
  'port-in-use': { retryable: false, explanation: 'Another program is served at this port: choose another.' },
  'port-not-allowed': {
    retryable: false,
    explanation: 'This user may not be served at this port: choose one over 1023.',
  },
  'host-unknown': { retryable: false, explanation: 'HOST is no address of this machine: try 127.0.0.1 or 0.0.0.0.' },
  'data-from-newer-version': {
    retryable: false,
    explanation:
      'A newer version of Rollcall wrote this data: start that version again, or put back a copy from before its upgrade.',
  },
  'data-format-unreadable': {
    retryable: false,
    explanation:
      'The data directory has an installation.json that does not say which version wrote it: put it back from a copy.',
  },

  'month-key-unusable': {
    retryable: true,
    explanation:
      "The month's key cannot be made or read: ROLLCALL_MONTH_KEY_DIR is to be a directory of this user's, on a memory file system.",
  },

  // The log, and what leads into it
  busy: {
    retryable: true,
    explanation: 'More waits than can be done in time: the log or the store is slow, or too many ask at once.',
  },
  'caller-gone': { retryable: true, explanation: 'Whoever asked has hung up: nothing was done.' },
  'embedded-parts-of-one-process': {
    retryable: false,
    explanation:
      'Embedded parts belong to one process: ROLLCALL_INGEST_PROCESSES needs others (ROLLCALL_LOG_URL=kafka://… and ROLLCALL_STORE_URL=http://…).',
  },
  'log-full': { retryable: true, explanation: 'As much waits in the log as may: look whether the aggregator runs.' },
  'log-unavailable': {
    retryable: true,
    explanation: 'The log did not answer. What waits for it goes on by itself when it does.',
  },
  'log-moved': {
    retryable: true,
    explanation: 'Kafka gave records from elsewhere than was asked for. They are asked for again by itself.',
  },
  'log-topic-unfit': {
    retryable: true,
    explanation:
      "A month's topic was made with settings that lose facts, and this user may not change them: the journal names them.",
  },
  'log-damaged': {
    retryable: false,
    explanation:
      'A file of the log is not as it was left, so nothing is begun over it. Copy the directory; then rollcall salvage keeps the blocks that can be read and lets go of the rest.',
  },
  'metrics-without-keys': {
    retryable: false,
    explanation:
      'ROLLCALL_METRICS_HOST lets other machines in, and no store says by which keys: set ROLLCALL_STORE_URL.',
  },
  'consuming-ended': { retryable: false, explanation: 'The aggregator has stopped: start this process again.' },
  'malformed-block': {
    retryable: false,
    explanation: 'A block holds what no fact holds: it is among the dead letters.',
  },
  'no-such-block': { retryable: false, explanation: 'The store named a block that it was not given: report it.' },
  'unsafe-name': {
    retryable: false,
    explanation: 'A name of the catalogue may not stand in a fact: mend the catalogue.',
  },
  'catalog-unavailable': {
    retryable: true,
    explanation: "The curators' mappings of this month could not be read yet: look at the store.",
  },

  'closes-unknown': {
    retryable: true,
    explanation:
      'Whether the month is being closed could not be read from the store, and its grace is nearly over or this clock is wrong.',
  },

  // The store
  'chdb-not-installed': {
    retryable: false,
    explanation: 'The embedded store is not installed: npm install chdb, or set ROLLCALL_STORE_URL to a server.',
  },
  'store-locked': {
    retryable: false,
    explanation: 'The embedded store cannot be opened. One process at a time has its directory.',
  },
  'store-unavailable': {
    retryable: true,
    explanation: 'The store did not answer. What waits for it goes on by itself when it does.',
  },
  'store-denied': {
    retryable: false,
    explanation:
      'The store refuses the user of ROLLCALL_STORE_URL, or what it asks: see its name, password and rights.',
  },
  'store-damaged': {
    retryable: false,
    explanation:
      'A file of the store does not hold what the store wrote. Nothing is counted by it: rollcall doctor names the table, then put the files back, or rollcall accept-loss.',
  },
  'facts-missing': {
    retryable: false,
    explanation:
      'Facts that were counted once are gone, so the last counts stay as they are and the month is not closed. rollcall doctor names the parts: put them back, or rollcall accept-loss --period YYYY-MM goes on without them.',
  },
  'store-rejected': { retryable: false, explanation: 'The store cannot read what it was given for rows.' },
  'unknown-row': {
    retryable: false,
    explanation: 'The store holds a row that this version does not know: a newer one wrote it. Run that one.',
  },
  'place-taken-twice': {
    retryable: false,
    explanation: 'Two rows have one place in the store: somebody else wrote there. Nothing is done until one is gone.',
  },
  'audit-busy': { retryable: true, explanation: 'Too many wrote into the audit at once.' },
  'audit-forked': {
    retryable: false,
    explanation: 'Two entries of the audit have one place: somebody else wrote there. See rollcall audit verify.',
  },

  'audit-broken': {
    retryable: false,
    explanation: 'The audit that was to be imported is not as it was written. Nothing was imported.',
  },

  // From one installation to another
  'month-closing': {
    retryable: false,
    explanation: 'The close of a month has begun and not ended: let it end (rollcall close), then export.',
  },
  'log-not-empty': {
    retryable: true,
    explanation: 'Blocks wait in the log: stop ingest, and export the facts when an aggregator has moved them.',
  },
  'store-not-empty': {
    retryable: false,
    explanation: 'The store holds an installation: import into one that holds nothing, such as a new database.',
  },
  'export-malformed': {
    retryable: false,
    explanation: 'That is no whole export: it was cut off or changed on its way. Nothing of it was imported.',
  },
  'export-of-another-version': {
    retryable: false,
    explanation: 'Another version wrote the export: bring both installations to one version first.',
  },

  // Jobs
  'job-not-handled': { retryable: false, explanation: 'No part of this process does a job of that name: report it.' },
  'jobs-unavailable': { retryable: true, explanation: 'Redis did not answer. Jobs go on by themselves when it does.' },

  'job-failing': {
    retryable: true,
    explanation: 'The last attempt of a job that counts ended in a failure: see the journal, or rollcall jobs list.',
  },
  'jobs-overdue': {
    retryable: true,
    explanation:
      'A scheduled job has not run to its end for long: see what Redis and the store answer, and whether any process runs the jobs.',
  },

  // Closing a month
  'clock-skew': {
    retryable: false,
    explanation:
      "This machine's clock and another's (the store's, the broker's or the queue's) differ by more than five minutes: set them.",
  },
  'clock-leapt': {
    retryable: false,
    explanation:
      'The clock is further than it can be since a time was last seen (three weeks, where this was off meanwhile), so nothing is closed by it alone. Set it; or, where it is right, rollcall close --period YYYY-MM says so.',
  },
  'no-facts': {
    retryable: false,
    explanation: 'The store has no facts of the month, so it is not counted a last time: was it restored without them?',
  },
  'facts-changed': {
    retryable: true,
    explanation: 'Facts arrived while they were counted a last time. The close is tried again by itself.',
  },
  'facts-remain': {
    retryable: true,
    explanation:
      'Files of the month are still there, or the store still lists them. They are destroyed again by itself.',
  },
  'period-closed': {
    retryable: false,
    explanation: 'A block of a month whose facts are destroyed came late: it is counted no more.',
  },
  'not-conserved': {
    retryable: false,
    explanation: 'The final counts contradict themselves. Nothing was destroyed; this is a defect to report.',
  },
  'snapshot-changed': {
    retryable: false,
    explanation: 'The final counts are not those that were frozen. Nothing was destroyed: look into the table cube.',
  },
  'noised-cube-changed': {
    retryable: true,
    explanation: 'The noised numbers read back are not those that were written. Nothing was destroyed.',
  },
  'noise-key-gone': {
    retryable: true,
    explanation: 'Another worker closed the month meanwhile. It is looked at again.',
  },
  overtaken: {
    retryable: true,
    explanation: 'Another worker went on with the close meanwhile. It is looked at again.',
  },
  'released-before': {
    retryable: false,
    explanation: 'The ledger has a release of this month whose noise is gone. A second one would cost privacy.',
  },

  // Releases
  'budget-exceeded': { retryable: false, explanation: 'The release would cost more privacy than a month may.' },
  'noise-key-malformed': {
    retryable: false,
    explanation: 'The noise key in the store is none: somebody else wrote it.',
  },
  'signing-key-unreadable': {
    retryable: false,
    explanation:
      'ROLLCALL_SIGNING_KEY_FILE (or DATA_DIR/signing-key.pem) is no Ed25519 key in PKCS8 PEM, or one of those that follow it is missing.',
  },
  'not-an-ed25519-key': { retryable: false, explanation: 'A signature was to be checked with another kind of key.' },
  'document-malformed': { retryable: false, explanation: 'A document to be signed is not in its form: report it.' },
  'no-such-release': { retryable: false, explanation: 'There is no such release.' },
  'release-incomplete': { retryable: true, explanation: 'A file of the release cannot be read yet.' },

  // Webhooks
  'webhook-not-a-url': { retryable: false, explanation: "The agreement's webhook is no URL." },
  'webhook-not-https': { retryable: false, explanation: "The agreement's webhook is not https." },
  'webhook-has-credentials': { retryable: false, explanation: "The agreement's webhook has a name or password in it." },
  // What a name resolves to may be another address the next time.
  'webhook-not-public': { retryable: true, explanation: "The webhook's host has an address that is not public." },
  'webhook-unresolved': { retryable: true, explanation: "The webhook's host has no address." },
  'webhook-timeout': { retryable: true, explanation: 'The webhook did not answer within ten seconds.' },
  'webhook-unreachable': { retryable: true, explanation: 'There was no connection to the webhook, or it broke.' },
  'webhook-failed': { retryable: true, explanation: 'The webhook was called in vain: rollcall ledger says how.' },
  'webhook-dead': {
    retryable: false,
    explanation: 'The webhook was called in vain for the last time. Then: rollcall release redeliver PERIOD PARTY.',
  },

  // The agent
  'not-allowed': { retryable: false, explanation: 'The agent may not open this file.' },
  missing: { retryable: false, explanation: 'The machine has no such file.' },
  unreadable: { retryable: false, explanation: 'The file cannot be read with the rights that the agent has.' },
  'too-large': { retryable: false, explanation: 'The file is larger than such a file is.' },
  malformed: { retryable: false, explanation: 'The file is not in the form that it has elsewhere.' },
  'no-model': { retryable: false, explanation: 'The machine does not say what processor it has.' },
  'report-invalid': { retryable: false, explanation: 'The inventory does not fit into a report.' },
  'not-a-url': { retryable: false, explanation: 'The report has to go to an http or https URL.' },
  'not-a-receipt': {
    retryable: false,
    explanation: 'What answered is no Rollcall: the report may not have been taken.',
  },
  redirected: { retryable: false, explanation: 'The service is at another address. Nothing is sent there unasked.' },
  refused: { retryable: false, explanation: 'The service does not take the report as it is.' },
  'try-later': { retryable: true, explanation: 'The service is busy, or its log does not answer.' },
  unreachable: { retryable: true, explanation: 'No service answered.' },
  'plain-http': {
    retryable: false,
    explanation: 'Plain http is for this machine alone, be it the service or a proxy on it: use https.',
  },
  'not-trusted': {
    retryable: false,
    explanation: 'The certificate is not trusted: name its authority with --ca FILE.',
  },
  'proxy-refused': { retryable: true, explanation: 'The proxy of HTTPS_PROXY did not open the way.' },
  'no-certificates': { retryable: false, explanation: 'The file of --ca has no certificates.' },
  'no-service': { retryable: false, explanation: 'No service is configured: --service URL.' },
  'config-missing': { retryable: false, explanation: 'The file of --config is not there.' },
  'config-malformed': { retryable: false, explanation: 'The configuration is not JSON of the form in docs/agent.md.' },
  'config-names-twice': { retryable: false, explanation: 'Two PBXs of the configuration have one name.' },
  'secret-unreadable': { retryable: false, explanation: 'The secretFile of the configuration cannot be read.' },
  'another-run': { retryable: true, explanation: 'Another run of the agent is at work.' },
  'state-unwritable': {
    retryable: false,
    explanation: 'The state cannot be written there: nothing was sent that could not be taken back.',
  },
  'state-unreadable': {
    retryable: false,
    explanation: "The state is another user's: run this as root or as rollcall-agent.",
  },
  'state-damaged': {
    retryable: false,
    explanation: 'The state is not one that the agent wrote: remove it and enable again.',
  },

  // What the agent asks of a PBX
  'unknown-format': { retryable: false, explanation: 'The text is in none of the formats that are read.' },
  'names-no-phones': { retryable: false, explanation: 'The text is of a command that names no phones.' },
  'nothing-found': { retryable: false, explanation: 'No phones were in it, which is no proof that there are none.' },
  'rows-missing': { retryable: true, explanation: 'There were fewer rows than the answer itself counts.' },
  'permission-denied': { retryable: false, explanation: 'The PBX does not let the agent read this.' },
  'login-refused': { retryable: false, explanation: "The manager user or its secret is not the PBX's." },
  'cannot-compare': {
    retryable: false,
    explanation: 'An empty database may be realtime: allow "pjsip show contacts", or a manager user with class system.',
  },
  'sources-disagree': { retryable: true, explanation: 'Contacts changed while they were read.' },
  'too-many-to-ask': { retryable: false, explanation: 'More contacts than can be asked for one by one: use AMI.' },
  'unknown-action': { retryable: false, explanation: 'The manager interface does not know the action.' },
  'not-installed': { retryable: false, explanation: 'The program is not on this machine.' },
  'not-started': { retryable: false, explanation: 'The program could not be started.' },
  'not-loaded': { retryable: false, explanation: 'The PBX does not know the command: its module is not loaded.' },
  'no-answer': { retryable: true, explanation: 'The PBX does not run, or does not let the agent speak to it.' },
  'timed-out': { retryable: true, explanation: 'The PBX did not answer within five seconds.' },
  killed: { retryable: true, explanation: 'The command was ended from outside.' },
  'not-running': { retryable: true, explanation: 'The PBX is installed and does not run.' },
  'answer-too-long': { retryable: false, explanation: 'The PBX cannot give so long an answer this way.' },
  'no-datagrams': { retryable: false, explanation: 'Nothing on this machine can ask a datagram socket.' },
} as const satisfies Readonly<Record<string, Kind>>;

export type FailureCode = keyof typeof FAILURES;

export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURES, text);
}

/** '' for a code that is none of ours: an older version may have stored it. */
export function explanationOf(code: string): string {
  return isFailureCode(code) ? FAILURES[code].explanation : '';
}
