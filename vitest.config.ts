import { defineConfig } from "vitest/config";

/** Tests that need nothing but Node stand beside their modules; what spans folders stands under test/. */
const besideModules = ["engine", "server", "modeler", "console", "bin"].map((room) => `${room}/**/*.test.{ts,tsx}`);

/** Run twice: on the embedded database and on a private MariaDB (test/mariadb/test-database.ts chooses). */
const onEachDatabase = ["test/{acceptance,api,operations,runtime}/**/*.test.ts", "test/mariadb/test-database.test.ts"];

/**
 * Files that start servers share what is loaded: loading it anew for each took as long as their tests. What a server knows hangs on
 * its own `Runtime` and database, of which a file makes its own.
 */
const sharedModules = { isolate: false };

const slow = { testTimeout: 60_000, hookTimeout: 60_000 };
const slowest = { testTimeout: 180_000, hookTimeout: 120_000 };

// Groups run one after the other, so that browsers and killed servers do not share the machine with everything else.
export default defineConfig({
  test: {
    maxWorkers: 2,
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [...besideModules, "test/{conventions,properties,invalid,fuzz}/**/*.test.ts"],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], ...slow, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: "routes", include: ["test/routes/**/*.test.ts"], ...slow, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: "api-sqlite",
          include: onEachDatabase,
          env: { JIELI_TEST_DATABASE: "sqlite" },
          ...sharedModules,
          globalSetup: ["test/mariadb/started-template.ts"],
          ...slow,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "api-mariadb",
          include: [...onEachDatabase, "test/mariadb/private-server.test.ts", "test/concurrency/**/*.test.ts"],
          env: { JIELI_TEST_DATABASE: "mariadb" },
          ...sharedModules,
          globalSetup: ["test/mariadb/shared-server.ts", "test/mariadb/started-template.ts"],
          ...slow,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          env: { JIELI_TEST_DATABASE: "sqlite" },
          ...slowest,
          // A page has as long for what a test polls as for what it waits for otherwise (`Seat`).
          expect: { poll: { timeout: 20_000 } },
          globalSetup: ["test/mariadb/started-template.ts"],
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: "faults", include: ["test/faults/**/*.test.ts"], ...slowest, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
