import { expect, it } from "vitest";
import { nextWord, streamOf, type RandomState } from "./random.ts";

it("gives the words of the published generator", () => {
  const words: number[] = [];
  let state: RandomState = [1, 2, 3, 4];
  for (let nth = 0; nth < 4; nth += 1) {
    const [word, after] = nextWord(state);
    words.push(word);
    state = after;
  }
  expect(words).toEqual([11_520, 0, 5_927_040, 70_819_200]);
});

it("gives each name a stream of its own, the same whenever it is asked", () => {
  const first = (...labels: readonly (string | number)[]) => streamOf(1, ...labels).uniform();
  expect(first(7, "Task_A", 0)).toBe(first(7, "Task_A", 0));
  const different = [first(7, "Task_A", 0), first(7, "Task_A", 1), first(8, "Task_A", 0), first(7, "Task_B", 0)];
  expect(new Set([...different, streamOf(2, 7, "Task_A", 0).uniform()]).size).toBe(5);
});

it("spreads the first numbers of neighbouring streams evenly, and unrelated to each other", () => {
  const draws = Array.from({ length: 20_000 }, (_, index) => streamOf(3, index, "step").uniform());
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => draws.filter((draw) => Math.floor(draw * 10) === tenth).length,
  );
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0);
  // 99.9 % quantile of chi-square with 9 degrees of freedom.
  expect(chiSquare).toBeLessThan(27.9);
  const lagged = draws.slice(1).reduce((sum, draw, index) => sum + (draw - 0.5) * ((draws[index] ?? 0) - 0.5), 0);
  expect(Math.abs((lagged / draws.length) * 12)).toBeLessThan(0.03);
});
