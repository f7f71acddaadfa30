import { expect, it } from "vitest";
import { byteRangeOf } from "./byte-range.ts";

it.each([
  ["bytes=0-3", { first: 0, last: 3 }],
  ["bytes=8-", { first: 8, last: 9 }],
  ["bytes=-4", { first: 6, last: 9 }],
  ["bytes=-40", { first: 0, last: 9 }],
  ["bytes=5-99", { first: 5, last: 9 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-2", null],
  ["bytes=-", null],
  ["bytes=0-1,3-4", null],
  ["lines=0-1", null],
  ["", null],
])("of ten bytes, %j means %j", (header, range) => {
  expect(byteRangeOf(header, 10)).toEqual(range);
});
