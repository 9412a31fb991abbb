// Runs where the machine's Node is too old, so it is in a language that every Node reads.
const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const { constants } = require('node:os')
const { dirname, join } = require('node:path')

/** Signals that end a command; whoever sends one to this process means the command. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
/** Those that a terminal sends to every process in its foreground when a key is pressed, so to the command as well. */
const OF_KEYS = ['SIGINT', 'SIGQUIT']

/** The Node that npm has brought beside us; undefined where there is none that is new enough. */
function nodeBeside() {
  try {
    const manifest = require.resolve('node/package.json', { paths: [__dirname] })
    if (Number(require(manifest).version.split('.')[0]) < 24) return undefined
    return ['node', 'node.exe'].map(name => join(dirname(manifest), 'bin', name)).find(existsSync)
  } catch {
    return undefined
  }
}

/** In the repository `npm ci` brings a Node; whoever has installed the package can bring one in the same way. */
const REMEDY = existsSync(join(__dirname, '../lib'))
  ? 'Put a Node 24 or later first in PATH, or run `npm install node@24` in the folder where this package is installed:\n' +
    'this command finds it.'
  : 'Run `npm ci` in the repository, with install scripts allowed (not --ignore-scripts): it brings one, and this command\n' +
    'finds it. Or put a Node 24 or later first in PATH.'

function refuse(why) {
  console.error(`This is Node ${process.versions.node}; Countersign needs 24, and ${why}.\n${REMEDY}`)
  process.exitCode = 2
}

/** Ends as the command has ended: with its exit code, or by the signal that ended it. */
function endAs(code, signal) {
  if (signal === null) process.exit(code)
  process.kill(process.pid, signal)
  // The first process of a container is not ended by a signal to itself.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 100)
}

/**
 * Runs a script with the Node beside us in place of this one: with the same arguments and folder, on the same standard
 * input and output, and with the signals that come here.
 */
exports.handOver = script => {
  const node = nodeBeside()
  if (node === undefined) return refuse('there is none in node_modules/node beside this command')
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], { stdio: 'inherit' })
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  const handOn = signal => {
    if (!(atTerminal && OF_KEYS.includes(signal))) child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, handOn)
  child.on('error', error => refuse(`the one in ${node} does not run (${error.code})`))
  child.on('exit', (code, signal) => {
    for (const each of SIGNALS) process.off(each, handOn)
    endAs(code, signal)
  })
}
