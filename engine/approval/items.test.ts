import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNoWider, wideningProblems } from "./item-narrowing.ts";
import { itemProblems, type ItemRules } from "./item-problems.ts";
import { deliverySpecification, overallOutcome, wholeDecision, type ItemDecision, type Narrowing } from "./items.ts";

const reason = (code: string, needsCitation: boolean, offers = "nothing") => ({
  code,
  name: { zh: code, en: code },
  needs: { zh: "说明", en: "say why" },
  minimumReasonLength: 5,
  needsCitation,
  offers,
});
const rules: ItemRules = {
  asked: new Map([
    ["name", { zh: "姓名", en: "Name" }],
    ["idno", { zh: "公民身份号码", en: "Identity number" }],
    ["status", { zh: "参保状态", en: "Status" }],
  ]),
  reasons: [
    reason("R1", true),
    reason("R4", false, "narrowerScope"),
    reason("R6", false),
    reason("R11", false, "separablePart"),
  ],
  isInArea: (region) => region.startsWith("5201"),
  from: "2026-12-01",
  to: "2027-11-30",
};
const narrowing = (part: Partial<Narrowing>): Narrowing => ({ regions: [], rows: null, from: null, to: null, ...part });
const granted = (...items: string[]): ItemDecision[] => items.map((code) => ({ code, decision: "granted" }));
const refused = (reasonCode: string, rest: object = {}): ItemDecision => ({
  code: "idno",
  decision: "refused",
  reasonCode,
  citation: null,
  reason: "与申请事项无关",
  offer: null,
  ...rest,
});
const isWithin = (inner: string, outer: string) => inner.startsWith(outer.replace(/0+$/, ""));

const nameOf = (code: string) => rules.asked.get(code) ?? { zh: code, en: code };

describe("decisions on items", () => {
  const cases: readonly (readonly [string, readonly ItemDecision[], readonly string[]])[] = [
    ["an item left open", granted("name", "idno"), ["ITEM_UNDECIDED status"]],
    ["an item decided twice", granted("name", "idno", "status", "name"), ["ITEM_DECIDED_TWICE name"]],
    ["an item that was not asked for", granted("name", "idno", "status", "income"), ["ITEM_NOT_ASKED income"]],
    ["a reason that nobody may give", [...granted("name", "status"), refused("R99")], ["ITEM_REASON_UNKNOWN idno"]],
    [
      "a partial grant as the reason of an item",
      [...granted("name", "status"), refused("R11")],
      ["ITEM_REASON_UNKNOWN idno"],
    ],
    ["a prohibition without its law", [...granted("name", "status"), refused("R1")], ["ITEM_CITATION_MISSING idno"]],
    [
      "a reason that says nothing",
      [...granted("name", "status"), refused("R6", { reason: "否" })],
      ["ITEM_REASON_TOO_SHORT idno"],
    ],
    [
      "an excess of scope without the narrower one",
      [...granted("name", "status"), refused("R4")],
      ["ITEM_OFFER_MISSING idno"],
    ],
    [
      "an excess of scope with the narrower one",
      [...granted("name", "status"), refused("R4", { offer: narrowing({ rows: 100 }) })],
      [],
    ],
    [
      "a narrowing to nothing said",
      [...granted("name", "status"), { code: "idno", decision: "narrowed", narrowing: narrowing({}) }],
      ["ITEM_NARROWING_EMPTY idno"],
    ],
    [
      "an area that was not asked for",
      [
        ...granted("name", "status"),
        { code: "idno", decision: "narrowed", narrowing: narrowing({ regions: ["520102", "522600"] }) },
      ],
      ["ITEM_AREA_OUTSIDE idno"],
    ],
    [
      "a period beyond the application's",
      [
        ...granted("name", "status"),
        { code: "idno", decision: "narrowed", narrowing: narrowing({ to: "2028-01-01" }) },
      ],
      ["ITEM_PERIOD_OUTSIDE idno"],
    ],
    [
      "a mask",
      [
        ...granted("name", "status"),
        { code: "idno", decision: "masked", mask: { how: "keepLast", count: 4 }, narrowing: null },
      ],
      [],
    ],
  ];
  it.each(cases)("%s", (_name, decisions, expected) => {
    expect(itemProblems(decisions, rules).map(({ code, place }) => `${code} ${place}`)).toEqual(expected);
  });

  it("are faulted by the names of the items, as the catalogue has them", () => {
    const faults = itemProblems([...granted("name"), refused("R4")], rules).map(({ message }) => message);
    expect(faults).toEqual([
      { zh: "数据项“参保状态”尚未作出决定", en: "The item “Status” is not decided" },
      {
        zh: "数据项“公民身份号码”按 R4 须给出可缩小的范围",
        en: "R4 offers the narrower scope in which “Identity number” would be granted",
      },
    ]);
  });

  it("come to granted, refused, or part of it", () => {
    expect(overallOutcome(wholeDecision([...rules.asked.keys()], null))).toBe("granted");
    expect(
      overallOutcome(wholeDecision([...rules.asked.keys()], { reasonCode: "R6", citation: null, reason: "缺少" })),
    ).toBe("refused");
    expect(overallOutcome([...granted("name", "status"), refused("R6")])).toBe("partial");
    expect(overallOutcome([{ code: "name", decision: "masked", mask: { how: "hash" }, narrowing: null }])).toBe(
      "partial",
    );
  });

  it("make the delivery specification: what is refused is not in it, masks and limits are", () => {
    const asked = {
      items: [...rules.asked.keys()].map((code) => ({ code, name: code.toUpperCase() })),
      regionFilter: "520102",
      mode: "verify",
      frequency: "realtime",
      volume: null,
      from: rules.from,
      to: rules.to,
    };
    const decisions: ItemDecision[] = [
      ...granted("status"),
      refused("R6"),
      { code: "name", decision: "masked", mask: { how: "keepFirst", count: 1 }, narrowing: narrowing({ rows: 10 }) },
    ];
    expect(deliverySpecification(asked, decisions).items).toEqual([
      { code: "status", name: "STATUS", mask: null, narrowing: null },
      { code: "name", name: "NAME", mask: { how: "keepFirst", count: 1 }, narrowing: narrowing({ rows: 10 }) },
    ]);
  });
});

describe("a later decision", () => {
  const masked = (count: number): ItemDecision => ({
    code: "name",
    decision: "masked",
    mask: { how: "keepLast", count },
    narrowing: null,
  });
  const area = (...regions: string[]): ItemDecision => ({
    code: "name",
    decision: "narrowed",
    narrowing: narrowing({ regions }),
  });
  const cases: readonly (readonly [string, ItemDecision, ItemDecision, boolean])[] = [
    ["refuses what was granted", granted("name")[0]!, { ...refused("R6"), code: "name" }, true],
    ["grants what was refused", { ...refused("R6"), code: "name" }, granted("name")[0]!, false],
    ["masks more", masked(4), masked(2), true],
    ["masks less", masked(2), masked(4), false],
    ["lifts a mask", masked(2), granted("name")[0]!, false],
    [
      "shows the other end",
      masked(4),
      { code: "name", decision: "masked", mask: { how: "keepFirst", count: 1 }, narrowing: null },
      false,
    ],
    ["stays within an area", area("520100"), area("520102"), true],
    ["leaves the area", area("520102"), area("520100"), false],
    ["drops the area", area("520102"), granted("name")[0]!, false],
  ];
  it.each(cases)("%s", (_name, before, after, allowed) => {
    expect(isNoWider(before, after, isWithin)).toBe(allowed);
  });

  it("from a region above may widen, one beside or below may not", () => {
    const earlier = { decisions: [masked(2)], region: "520100" };
    const codes = (region: string) =>
      wideningProblems(earlier, { decisions: granted("name"), region }, { isWithin, nameOf }).map(({ code }) => code);
    expect([codes("520100"), codes("520102"), codes("520000")]).toEqual([["ITEM_WIDENED"], ["ITEM_WIDENED"], []]);
    expect(wideningProblems(null, { decisions: granted("name"), region: "520102" }, { isWithin, nameOf })).toEqual([]);
  });

  const decision: fc.Arbitrary<ItemDecision> = fc.oneof(
    fc.constant<ItemDecision>({ code: "name", decision: "granted" }),
    fc.constant<ItemDecision>({ ...refused("R6"), code: "name" }),
    fc.integer({ min: 1, max: 9 }).map(masked),
    fc.subarray(["520000", "520100", "520102"], { minLength: 1 }).map((regions) => area(...regions)),
    fc
      .integer({ min: 1, max: 9 })
      .map((rows): ItemDecision => ({ code: "name", decision: "narrowed", narrowing: narrowing({ rows }) })),
  );
  it("narrows transitively, and never by staying as it is", () => {
    fc.assert(
      fc.property(decision, decision, decision, (a, b, c) => {
        if (!isNoWider(a, a, isWithin)) return false;
        return !(isNoWider(a, b, isWithin) && isNoWider(b, c, isWithin)) || isNoWider(a, c, isWithin);
      }),
    );
  });
});
