/** Answers every message of the load generator with the seconds of CPU that this process has used so far. */
export function reportCpu(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send!({ cpuSeconds: (user + system) / 1e6 })
  })
  process.on('disconnect', () => process.exit())
}
