import { describe, expect, it } from "vitest";
import { layerCalendars } from "../calendar/working-days.ts";
import { checkForm } from "./check-form.ts";
import type { FormContext } from "./context.ts";
import { formDiff } from "./diff.ts";
import { dressForm } from "./dress.ts";
import type { Form } from "./form.ts";
import { readForm } from "./reading/read-form.ts";
import { formForStep, hiddenFields } from "./rights.ts";

const context: FormContext = {
  place: "form",
  facts: { resource: { grade: 3 } },
  today: "2026-11-20",
  calendar: layerCalendars(["520000"], new Map()),
  longestUseMonths: 12,
  attachment: (id) => (id === "f1" ? { id, name: "评估.pdf", size: 10, type: "application/pdf" } : null),
  reasons: [],
  decided: null,
};

const both = (label: string) => ({ label, labelEn: label });
const file = (...components: object[]) => ({ id: "sample", name: { zh: "样例", en: "Sample" }, components });

function form(...components: object[]): Form {
  const read = readForm(file(...components));
  if (!read.form) throw new Error(JSON.stringify(read.problems));
  return read.form;
}

const faults = (...components: object[]) =>
  readForm(file(...components)).problems.map(({ code, place }) => `${code} ${place}`);
const codes = (of: Form, values: Record<string, unknown>, given: Partial<FormContext> = {}) =>
  checkForm(of, values, { ...context, ...given }).problems.map(({ code, place }) => `${code} ${place}`);

describe("a form's file is refused with the place of each fault", () => {
  const text = { type: "textfield", key: "a", ...both("甲") };
  const cases: readonly (readonly [string, readonly object[], readonly string[]])[] = [
    [
      "a component that nobody knows",
      [{ type: "iframe", key: "x", ...both("x") }],
      ["COMPONENT_UNKNOWN form.sample.x"],
    ],
    [
      "a key used twice, also in a group",
      [text, { type: "group", ...both("组"), components: [text] }],
      ["FIELD_KEY_TWICE form.sample.a"],
    ],
    ["a key of JavaScript's own", [{ ...text, key: "constructor" }], ["FIELD_KEY_INVALID form.sample.constructor"]],
    ["a label without English", [{ ...text, labelEn: "" }], ["LABEL_MISSING form.sample.a"]],
    [
      "an option without English",
      [{ type: "radio", key: "r", ...both("选"), values: [{ value: "y", label: "是" }] }],
      ["LABEL_MISSING form.sample.r.y"],
    ],
    [
      "a condition that does not parse",
      [{ ...text, conditional: { hide: "= b = (" } }],
      ["EXPRESSION_SYNTAX form.sample.a"],
    ],
    [
      "a condition over what is not there",
      [{ ...text, conditional: { hide: "= ghost = 1" } }],
      ["CONDITION_NAME_UNKNOWN form.sample.a"],
    ],
    [
      "a condition that calls a regular expression",
      [{ ...text, requiredWhen: '= matches(a, "(a+)+")' }],
      ["EXPRESSION_FUNCTION_FORBIDDEN form.sample.a"],
    ],
    [
      "fields that hide each other",
      [
        { ...text, conditional: { hide: "= b = null" } },
        { ...text, key: "b", conditional: { hide: "= a = null" } },
      ],
      ["CONDITION_CYCLE form.sample.a", "CONDITION_CYCLE form.sample.b"],
    ],
    ["a pattern of unbounded cost", [{ ...text, validate: { pattern: "(a+)+$" } }], ["PATTERN_REFUSED form.sample.a"]],
    [
      "a person of a field that is no organisation",
      [text, { type: "jieli-person", key: "p", ...both("人"), of: "a" }],
      ["FIELD_REFERENCE_UNKNOWN form.sample.p"],
    ],
    ["a table without columns", [{ type: "dynamiclist", path: "t", ...both("表") }], ["COLUMNS_MISSING form.sample.t"]],
    [
      "bounds that are reversed",
      [{ type: "number", key: "n", ...both("数"), validate: { min: 3, max: 1 } }],
      ["BOUNDS_REVERSED form.sample.n"],
    ],
  ];
  it.each(cases)("%s", (_name, components, expected) => {
    expect(faults(...components)).toEqual(expected);
  });
});

describe("patterns", () => {
  const fits = (pattern: string, value: string) =>
    codes(form({ type: "textfield", key: "a", ...both("甲"), validate: { pattern } }), { a: value });
  it("match the whole text", () => {
    expect(fits("\\d{4}-[A-Z]+|无", "2026-AB")).toEqual([]);
    expect(fits("\\d{4}-[A-Z]+|无", "x2026-AB")).toEqual(["FIELD_PATTERN form.a"]);
  });
  it.each(["(a|b)*", "a*b*c*d", "(?=a)a", "\\1", "a{9999}", "[a-"])("%s is refused", (pattern) => {
    expect(faults({ type: "textfield", key: "a", ...both("甲"), validate: { pattern } })).toEqual([
      "PATTERN_REFUSED form.sample.a",
    ]);
  });
});

describe("values", () => {
  const all = form(
    { type: "textfield", key: "name", ...both("名"), validate: { required: true, minLength: 2, maxLength: 5 } },
    { type: "number", key: "count", ...both("数"), decimalDigits: 0, validate: { min: 1, max: 9 } },
    {
      type: "datetime",
      key: "from",
      dateLabel: "起",
      labelEn: "From",
      earliest: { type: "workingDays", days: 1 },
      latest: { type: "workingDays", days: 5 },
    },
    {
      type: "datetime",
      key: "to",
      dateLabel: "止",
      labelEn: "To",
      earliest: { type: "field", field: "from" },
      latest: { type: "longestUse", field: "from" },
    },
    { type: "checklist", key: "ways", ...both("方式"), values: [{ value: "a", label: "甲", labelEn: "A" }] },
    {
      type: "filepicker",
      key: "file",
      ...both("文件"),
      accept: "application/pdf",
      requiredWhen: "= count > 5 and resource.grade >= 3",
    },
    {
      type: "textfield",
      key: "why",
      ...both("理由"),
      conditional: { hide: "= count = null or count < 5" },
      validate: { required: true },
    },
    {
      type: "dynamiclist",
      path: "staff",
      ...both("人员"),
      minRows: 1,
      maxRows: 2,
      rowKey: "id",
      components: [
        { type: "textfield", key: "id", ...both("号"), validate: { required: true } },
        { type: "number", key: "age", ...both("龄") },
      ],
    },
  );
  const cases: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
    [
      "what lacks and what is wrong is told at once",
      { count: 12, ways: ["z"] },
      [
        "FIELD_MISSING form.name",
        "FIELD_OUT_OF_RANGE form.count",
        "FIELD_OPTION_UNKNOWN form.ways",
        "FIELD_MISSING form.file",
        "FIELD_MISSING form.why",
      ],
    ],
    ["a field that the form does not have", { name: "甲乙", admin: true }, ["FIELD_UNKNOWN form.admin"]],
    ["blanks are no text", { name: "    " }, ["FIELD_TOO_SHORT form.name"]],
    ["a fraction where whole numbers are asked", { name: "甲乙", count: 1.5 }, ["FIELD_TOO_PRECISE form.count"]],
    // 2026-11-20 is a Friday: the first working day after it is Monday the 23rd, the fifth Friday the 27th.
    ["one day before the first working day", { name: "甲乙", from: "2026-11-22" }, ["DATE_TOO_EARLY form.from"]],
    ["the first working day", { name: "甲乙", from: "2026-11-23" }, []],
    ["one day after the last working day", { name: "甲乙", from: "2026-11-28" }, ["DATE_TOO_LATE form.from"]],
    ["a day that does not exist", { name: "甲乙", from: "2026-02-30" }, ["FIELD_INVALID form.from"]],
    [
      "a longer use than the rule pack allows",
      { name: "甲乙", from: "2026-11-23", to: "2027-11-24" },
      ["DATE_TOO_LATE form.to"],
    ],
    ["a use of exactly twelve months", { name: "甲乙", from: "2026-11-23", to: "2027-11-23" }, []],
    ["a file that the store does not know", { name: "甲乙", file: [{ id: "f2" }] }, ["FILE_UNKNOWN form.file"]],
    [
      "cells are told by row and column",
      { name: "甲乙", staff: [{ id: "1" }, { age: "x" }] },
      ["FIELD_MISSING form.staff.2.id", "FIELD_INVALID form.staff.2.age"],
    ],
    [
      "too many rows",
      { name: "甲乙", staff: [{ id: "1" }, { id: "2" }, { id: "3" }] },
      ["ROWS_OUT_OF_RANGE form.staff"],
    ],
    ["the same row twice", { name: "甲乙", staff: [{ id: "1" }, { id: "1" }] }, ["ROW_TWICE form.staff.2"]],
  ];
  it.each(cases)("%s", (_name, values, expected) => {
    expect(codes(all, values)).toEqual(expected);
  });

  it("of hidden fields are dropped, and what is kept of a file is what the store says", () => {
    const { kept } = checkForm(
      all,
      { name: "甲乙", why: "secret", file: [{ id: "f1", name: "evil.exe", type: "x" }] },
      context,
    );
    expect(kept).toEqual({ name: "甲乙", file: [{ id: "f1", name: "评估.pdf", size: 10, type: "application/pdf" }] });
  });

  it.each([
    ["elsewhere", "FILE_USED_ELSEWHERE"],
    ["pending", "FILE_BEING_SCANNED"],
    ["infected", "FILE_INFECTED"],
    [null, "FILE_UNKNOWN"],
  ] as const)("refuse a file that is %s", (fault, code) => {
    const { kept, problems } = checkForm(
      all,
      { name: "甲乙", file: [{ id: "f1" }] },
      { ...context, attachment: () => fault },
    );
    expect([kept, problems.map((problem) => `${problem.code} ${problem.place}`)]).toEqual([
      null,
      [`${code} form.file`],
    ]);
  });

  it("are judged alike by a form whose bounds the server has fixed", () => {
    const dressed = dressForm(
      all,
      { organisations: () => [], persons: () => [], items: [], asked: [], granted: [] },
      context,
    );
    const browser = { calendar: null, longestUseMonths: null };
    for (const [name, values, expected] of cases.filter(([, given]) => "from" in given))
      expect(codes(dressed, values, browser), name).toEqual(expected);
  });

  it("are shown in chains: what hangs on a hidden field is hidden with it", () => {
    const chain = form(
      { type: "checkbox", key: "a", ...both("甲") },
      {
        type: "textfield",
        key: "b",
        ...both("乙"),
        conditional: { hide: "= not(a = true)" },
        validate: { required: true },
      },
      { type: "textfield", key: "c", ...both("丙"), conditional: { hide: "= b = null" }, validate: { required: true } },
    );
    expect(checkForm(chain, { b: "x", c: "y" }, context).kept).toEqual({});
    expect(codes(chain, { a: true, b: "x" })).toEqual(["FIELD_MISSING form.c"]);
  });
});

describe("organisations, persons and items", () => {
  const parties = dressForm(
    form(
      { type: "jieli-organisation", key: "org", ...both("单位") },
      { type: "jieli-person", key: "who", ...both("人员"), of: "org" },
      { type: "jieli-items", key: "items", ...both("数据项"), necessityKey: "needed" },
    ),
    {
      organisations: () => ["o1", "o2"].map((value) => ({ value, label: { zh: value, en: value } })),
      persons: () => [{ value: "p1", organisation: "o1", label: { zh: "甲", en: "A" } }],
      items: [{ value: "name", label: { zh: "姓名", en: "Name" }, personalInfo: true }],
      asked: [],
      granted: [],
    },
    context,
  );
  it.each([
    [{ org: "o3" }, ["ORGANISATION_UNKNOWN form.org"]],
    [{ org: "o2", who: "p1" }, ["PERSON_UNKNOWN form.who"]],
    [{ org: "o1", who: "p1" }, []],
    [{ items: ["ghost"] }, ["ITEM_UNKNOWN form.items"]],
    [{ items: ["name"] }, ["ITEM_NOT_NECESSARY form.items"]],
    [{ items: ["name"], needed: ["name"] }, []],
  ] as const)("%j", (values, expected) => {
    expect(codes(parties, values)).toEqual(expected);
  });
});

describe("rights of a step", () => {
  const sample = form(
    { type: "textfield", key: "open", ...both("甲") },
    { type: "textfield", key: "inner", ...both("乙") },
  );
  const right = (value: "hidden" | "read" | "required") => [{ form: "sample", field: "inner", right: value }] as const;
  it.each([
    ["hidden", { inner: "x" }, ["FIELD_UNKNOWN form.inner"]],
    ["read", { inner: "x" }, ["FIELD_READ_ONLY form.inner"]],
    ["read", {}, []],
    ["required", {}, ["FIELD_MISSING form.inner"]],
  ] as const)("a field that is %s, with %j sent", (value, values, expected) => {
    expect(codes(formForStep(sample, right(value)), values)).toEqual(expected);
  });

  const steps = [
    { element: "Examine", rights: [] },
    { element: "Accept", rights: right("hidden") },
  ];
  it.each([
    ["who acts where it is shown", ["Examine"], []],
    ["who acts where it is hidden", ["Accept"], ["inner"]],
    ["who acts at both", ["Accept", "Examine"], []],
    ["who acts nowhere", [], ["inner"]],
  ] as const)("%s", (_name, held, expected) => {
    expect([...hiddenFields(sample, steps, new Set(held))]).toEqual(expected);
  });
});

describe("the difference of two versions", () => {
  const sample = form(
    { type: "textfield", key: "why", ...both("理由") },
    { type: "checklist", key: "ways", ...both("方式"), values: [{ value: "a", label: "甲", labelEn: "A" }] },
    {
      type: "dynamiclist",
      path: "staff",
      ...both("人员"),
      rowKey: "id",
      components: [
        { type: "textfield", key: "id", ...both("号") },
        { type: "textfield", key: "post", ...both("岗") },
      ],
    },
  );
  it("names each field that changed, in the order of the form; order of ticks and rows says nothing", () => {
    const before = {
      why: "a",
      ways: ["x", "y"],
      staff: [
        { id: "1", post: "甲" },
        { id: "2", post: "乙" },
      ],
    };
    const after = {
      why: "b",
      ways: ["y", "x"],
      staff: [{ id: "2", post: "丙" }, { id: "1", post: "甲" }, { id: "3" }],
    };
    const label = { zh: "理由", en: "理由" };
    expect(formDiff(sample, before, after)).toEqual([
      { type: "changed", key: "why", label, before: "a", after: "b" },
      {
        type: "rows",
        key: "staff",
        label: { zh: "人员", en: "人员" },
        rows: [
          { type: "changed", row: "2", cells: [expect.objectContaining({ key: "post", before: "乙", after: "丙" })] },
          { type: "added", row: "3", cells: [expect.objectContaining({ key: "id", after: "3" })] },
        ],
      },
    ]);
  });
  it("of equal versions is empty", () => {
    expect(formDiff(sample, { why: "" }, { ways: [] })).toEqual([]);
  });
});
