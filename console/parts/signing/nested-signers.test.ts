import { expect, it } from "vitest";
import { nestedSigners, type SignerView } from "./nested-signers.ts";

const signer = (id: string, addedBy: string | null): SignerView => ({
  id,
  addedBy,
  taskId: null,
  rev: 0,
  name: id,
  organisation: { id: "o", name: { zh: "", en: "" }, level: "city", region: "520100" },
  role: { code: "mediator", name: { zh: "", en: "" } },
  weight: 1,
  required: false,
  veto: false,
  counts: true,
  state: "active",
  outcome: null,
  opinion: null,
  place: addedBy === null ? null : "before",
  mayRemove: false,
  mayExcuse: false,
});

it("puts each signer below whoever added them, and tells how deep", () => {
  const found = nestedSigners([
    signer("a", null),
    signer("b", null),
    signer("c", "a"),
    signer("d", "b"),
    signer("e", "c"),
  ]);
  expect(found.map((each) => [each.signer.id, each.depth, each.addedBy?.id ?? null])).toEqual([
    ["a", 0, null],
    ["c", 1, "a"],
    ["e", 2, "c"],
    ["b", 0, null],
    ["d", 1, "b"],
  ]);
});
