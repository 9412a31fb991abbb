import { cpus, loadavg, release, type } from 'node:os'
import { parseArgs } from 'node:util'
import { benchCodes } from './codes/codes.ts'
import { benchConnectors } from './connectors/connectors.ts'
import { type Results, report } from './report.ts'
import { benchSignIn } from './sign-in/sign-in.ts'
import { benchStart } from './start/start.ts'

const USAGE = `Usage: npm run bench -- [--quick] [--json] [--only connectors|codes|sign-in|start] [--beside folder]

  --quick  shorter rounds: done within two minutes, noisier
  --json   results as JSON
  --only   one part; see docs/performance.md for what each measures
  --beside another checkout, to be measured in turn with this one where that is possible: sign-in
`
const PARTS = ['connectors', 'codes', 'sign-in', 'start']

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    beside: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help || (values.only !== undefined && !PARTS.includes(values.only))) {
  process.stderr.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

const wanted = (part: string) => values.only === undefined || values.only === part
const rounds = values.quick ? 3 : 7
const milliseconds = values.quick ? 300 : 1500

const processors = cpus()
const results: Results = {
  machine: `${processors.length} × ${processors[0]?.model.trim()}, ${type()} ${release()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
}
if (wanted('connectors')) results.connectors = await benchConnectors(rounds, milliseconds)
if (wanted('codes')) results.codes = await benchCodes(rounds, milliseconds * 2)
if (wanted('sign-in')) results.signIn = await benchSignIn(rounds, values.quick ? 40 : 150, values.beside)
if (wanted('start')) results.start = await benchStart(rounds)

process.stdout.write(`${values.json ? JSON.stringify(results, null, 2) : report(results)}\n`)
