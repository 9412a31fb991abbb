#!/usr/bin/env node
// In a language that every Node reads: one below 24 could not load the rest, nor say why.
const { versions } = process
if (Number(versions.node.split('.')[0]) >= 24) require('./load.cjs')
else require('./hand-over.cjs').handOver(`${__dirname}/load.cjs`)
