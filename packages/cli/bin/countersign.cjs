#!/usr/bin/env node
// In a language that every Node reads: one below 24 could not load the rest, nor say why.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `This is Node ${process.versions.node}; Countersign needs 24. In the repository, \`npm ci\` brings it and\n` +
      '`npx countersign …` runs with it. Elsewhere put a Node 24 or later in PATH.',
  )
  process.exitCode = 2
} else {
  // What was compiled once need not be compiled again: a command is mostly start.
  require('node:module').enableCompileCache()
  void import('../src/main.ts')
}
