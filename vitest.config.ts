import { defineConfig } from "vitest/config";

const quick = ["engine/**/*.test.ts", "server/**/*.test.ts", "console/**/*.test.{ts,tsx}", "modeler/**/*.test.ts", "bin/**/*.test.ts"];

/** Quick tests beside their modules, and what spans folders under test/. Servers and browsers get time to start. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: [...quick, "test/unit/**/*.test.ts", "test/conventions/**/*.test.ts"], testTimeout: 20_000 } },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"] } },
      { test: { name: "api", include: ["test/api/**/*.test.ts", "test/runtime/**/*.test.ts", "test/mariadb/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: "system", include: ["test/browser/**/*.test.ts", "test/faults/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 120_000 } },
    ],
  },
});
