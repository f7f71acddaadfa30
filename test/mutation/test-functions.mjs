/** `describe`, `it` and `expect` as the engine's tests use them; tests are collected here and run by the runner. */
import { format } from "node:util";
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const { expect } = chai;

/** `{ id, run, after }` of every test, in the order of the files. */
export const collected = [];
let path = [];
let after = [];

/** Collects the tests of one file. */
export async function collectFrom(file, load) {
  path = [file];
  after = [];
  await load();
}

export function describe(name, body) {
  const before = { path, after };
  path = [...path, name];
  after = [...after];
  body();
  ({ path, after } = before);
}

/** Options and a time limit may stand before or behind the test itself; Stryker sets its own limit. */
export function it(name, ...given) {
  const run = given.find((part) => typeof part === "function");
  const id = [...path, name].join(" > ");
  const twins = collected.filter((test) => test.id === id || test.id.startsWith(`${id} #`)).length;
  collected.push({ id: twins === 0 ? id : `${id} #${twins + 1}`, run, after });
}

export function afterEach(run) {
  after.push(run);
}

/** What runs after all tests only tells about them. */
export function afterAll() {}

const each =
  (register) =>
  (rows) =>
  (name, ...given) => {
    const run = given.find((part) => typeof part === "function");
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      const used = (name.match(/%[a-z]/g) ?? []).length;
      register(format(name, ...values.slice(0, used)), () => run(...values));
    }
  };
describe.each = each(describe);
it.each = each(it);
