/** How the command ends; scripts may rely on these numbers. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unanswered: 3,
  configuration: 4,
  // EX_SOFTWARE of sysexits.h: Node's own 1 would look like a refusal.
  crash: 70,
  // As shells count SIGINT.
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** For `--help` and the documents. */
export const EXIT_MEANINGS: Record<ExitCode, string> = {
  0: 'done',
  1: 'the provider refused, lint or doctor found something that will fail, import left something out or found another one running, or a backup cannot be put back',
  2: 'the command line is wrong: an unknown option, a file that cannot be read, malformed JSON',
  3: 'no clear answer: the provider or the Logto was not reached, or the message may have been sent',
  4: 'the configuration, or the settings of the server, are not valid, or its database cannot be opened; the line names what is wrong',
  70: 'a fault of Countersign itself',
  130: 'ended by Ctrl-C; import has told what it had done',
}

/** Ends the command with a message for its user; never holds a secret or a value from a file. */
export class Stop extends Error {
  override name = 'Stop'
  readonly exit: ExitCode
  /** Further members for `--json`, such as the place in a file. */
  readonly details: Record<string, unknown>

  constructor(exit: ExitCode, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.exit = exit
    this.details = details
  }
}

/** A wrong command line. */
export const usageError = (message: string, details?: Record<string, unknown>) =>
  new Stop(EXIT.usage, message, details)
