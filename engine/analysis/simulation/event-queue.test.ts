import fc from "fast-check";
import { expect, it } from "vitest";
import { EventQueue } from "./event-queue.ts";

it("gives what was put in by moment, and of one moment in the order in which it was put in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (moments) => {
      const queue = new EventQueue<number>();
      moments.forEach((at, index) => queue.push(at, index));
      const given = [];
      for (let next = queue.pop(); next; next = queue.pop()) given.push(next);
      const expected = moments.map((at, item) => ({ at, item })).toSorted((a, b) => a.at - b.at || a.item - b.item);
      expect(given.map(({ at, item }) => ({ at, item }))).toEqual(expected);
    }),
  );
});

it("keeps its order when things are put in and taken out in turns", () => {
  const queue = new EventQueue<string>();
  queue.push(5, "e");
  queue.push(1, "a");
  expect(queue.pop()?.item).toBe("a");
  queue.push(3, "c");
  queue.push(2, "b");
  expect([queue.pop()?.item, queue.pop()?.item, queue.size, queue.pop()?.item, queue.pop()]).toEqual([
    "b",
    "c",
    1,
    "e",
    null,
  ]);
});
