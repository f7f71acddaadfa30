import { expect, it } from "vitest";
import { noticeKinds } from "../../server/notices/kinds.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

it("has every text in both languages, with the same places for values", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  const places = (text: string) =>
    [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").toSorted((a, b) => a.localeCompare(b));
  for (const [key, text] of Object.entries(zh)) expect(places(en[key as keyof typeof zh]), key).toEqual(places(text));
});

it("names every kind and group of notices that a person can choose", () => {
  const named = Object.entries(noticeKinds).flatMap(([kind, { group }]) => [
    `noticeKind_${kind.replace(".", "_")}`,
    `noticeGroup_${group}`,
  ]);
  expect(named.filter((key) => !(key in zh))).toEqual([]);
});
