/** A fresh process that imports modules and says how long that took, in milliseconds. */
const modules = process.argv.slice(2)
const start = performance.now()
for (const each of modules) await import(each)
process.send!({ importMs: performance.now() - start })
