import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'e2e/**/*.test.ts',
      'drills/*.test.ts',
      'scripts/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
    ],
    globalSetup: 'scripts/testing-setup.ts',
    // What a passing test prints is noise.
    silent: 'passed-only',
    // Connector packages that tests make are loaded by Node itself, as in the product.
    server: { deps: { external: [/countersign-connectors-/] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for a disk, a browser or another process: a third worker uses the two cores meanwhile.
    maxWorkers: 3,
  },
})
