// Runs before the scripts that are TypeScript, and in a language that every Node reads: below 22 the scripts
// themselves could not say what is wrong.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `This is Node ${process.versions.node}; Countersign needs 24. \`npm ci\` brings it, with NODE_ENV=production and --omit=dev\n` +
      'too: run `npm ci` first, with install scripts allowed (not --ignore-scripts), or put a Node 24 or later in PATH.',
  )
  process.exit(1)
}
