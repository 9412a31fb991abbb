import { benchConnectors } from './connectors/connectors.ts'

console.log(JSON.stringify(await benchConnectors(3, 500), null, 1))
