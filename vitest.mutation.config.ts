import { defineConfig } from "vitest/config";

/** The tests that Stryker runs against each mutant: fast, without chance, and of the engine alone. */
export default defineConfig({
  test: { include: ["engine/**/*.test.ts", "test/conformance/own-cases.test.ts"], testTimeout: 20_000, isolate: false },
});
