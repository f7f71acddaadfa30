import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

it("lets the language choose every mark between words, on every screen", () => {
  const marks = /[：，、；（）。！？]/;
  const code = (line: string) => line.replace(/^\s*(\/\/|\/?\*).*/, "");
  const console = join(import.meta.dirname, "..");
  const files = readdirSync(console, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx"));
  const found = files.flatMap((file) =>
    readFileSync(join(console, file), "utf8")
      .split("\n")
      .flatMap((line, index) => (marks.test(code(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
  expect(Object.entries(en).filter(([, text]) => marks.test(text))).toEqual([]);
});
