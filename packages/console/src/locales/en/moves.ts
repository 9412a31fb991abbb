/** Moves of messages to another connection, step by step. */
export const moves = {
  moves: {
    begin: 'Move messages here step by step',
    beginNamed: (name: string) => `Move messages to ${name} step by step`,
    beginText:
      'At first 5 % of the messages go over this connection first, then 25, 50 and 100 %. The other connections stay behind it, and are asked when it fails.',
    nextText:
      'The next step comes by itself: after an hour at least, with 50 messages over this connection and 50 over the others, and when as many codes are used.',
    fallText:
      'It goes back by itself when fewer codes are used, when many messages fail, or when the connection rests. You can hurry, stop or undo it at any time.',
    beginNow: 'Begin with 5 %',
    moveNamed: (name: string) => `Moving messages to ${name}`,
    states: {
      moving: (share: number) => `Moving: ${share} %`,
      done: (_share: number) => 'Moved',
      stopped: (share: number) => `Stopped at ${share} %`,
      fallen: (_share: number) => 'Fallen back to the start',
      undone: (_share: number) => 'Undone',
    },
    since: (time: string) => `This step began ${time}.`,
    waits: {
      time: 'The next one waits until it has lasted long enough: an hour, the last one a day.',
      numbers: 'The next one waits for 50 messages that were sent 15 minutes ago or earlier.',
      others: 'The next one waits for 50 messages over the other connections, in the same countries.',
      behind: 'The next one waits: fewer codes are used than over the others, but that may be chance.',
      failing: 'The next one waits: more messages fail than over the others.',
      nothing: 'What comes next is done within a minute.',
    },
    sent: (sent: number, failed: number) =>
      `Messages in this step: ${sent}, of which ${failed} could not be sent.`,
    used: (verified: number, counted: number, percent: number) =>
      `Codes used: ${verified} of ${counted} (${percent} %).`,
    usedOf: (verified: number, counted: number, percent: number, expected: number) =>
      `Codes used: ${verified} of ${counted} (${percent} %); over the others it is ${expected} %.`,
    step: 'Next step now',
    finish: 'Finish now',
    stepNamed: (name: string) => `Take the next step of the move to ${name} now`,
    stop: 'Stop',
    stopNamed: (name: string) => `Stop moving messages to ${name}`,
    undo: 'Undo',
    undoNamed: (name: string) => `Undo the move to ${name}`,
    undoText: 'The connection then stands behind all others: messages go over it only when these fail.',
    percent: (share: number) => `${share} %`,
    history: 'Steps so far',
    reasons: {
      begun: 'begun',
      as_good: 'as many codes are used as over the others',
      worse: 'back: fewer codes are used',
      failing: 'back: many messages could not be sent',
      resting: 'back: the connection rests or is held back',
      faster: 'taken by hand',
      stopped: 'stopped',
      undone: 'undone',
      changed: 'stopped: share or order was changed by hand',
      off: 'stopped: the connection was switched off',
    },
  },
}
