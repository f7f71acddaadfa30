import { expect, it } from "vitest";
import { sideBySide } from "./side-by-side.ts";

it("does everything once, in order, and never more at a time than it may", async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

it("ends with the first failure", async () => {
  const work = async (item: number) => {
    if (item === 2) throw new Error("no");
  };
  await expect(sideBySide([1, 2, 3], 1, work)).rejects.toThrow("no");
});
