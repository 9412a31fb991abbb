// What was compiled once need not be compiled again: a command is mostly start.
require('node:module').enableCompileCache()
void import('../src/main.ts')
