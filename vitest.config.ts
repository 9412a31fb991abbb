import { defineConfig, type TestUserConfig } from 'vitest/config'

const common: TestUserConfig = {
  // What a passing test prints is noise.
  silent: 'passed-only',
  // Connector packages that tests make are loaded by Node itself, as in the product.
  server: { deps: { external: [/countersign-connectors-/] } },
  testTimeout: 30_000,
  // On a busy machine a browser may take longer than the usual second for what it then does at once.
  expect: { poll: { timeout: 15_000 } },
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    globalSetup: 'scripts/testing-setup.ts',
    // Many tests wait for a disk, a browser or another process: a worker more uses two cores meanwhile. With a second one more
    // browsers get so little of them that tests wait in vain.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...common,
          name: 'packages',
          include: ['packages/*/src/**/*.test.{ts,tsx}'],
          exclude: ['packages/{cli,sign-in}/**'],
          // Their tests keep what they change to themselves, so a worker loads the sources once for many files: loading them
          // for each takes almost as long as all the tests.
          isolate: false,
          setupFiles: 'scripts/testing-hashes.ts',
        },
      },
      {
        test: {
          ...common,
          name: 'around',
          // They start processes and look at dozens of pages, and share the machine; each step has a shorter time of its own.
          testTimeout: 90_000,
          include: [
            'packages/{cli,sign-in}/src/**/*.test.ts',
            'e2e/**/*.test.ts',
            'drills/*.test.ts',
            'scripts/**/*.test.ts',
            'examples/*/src/**/*.test.ts',
          ],
        },
      },
    ],
  },
})
