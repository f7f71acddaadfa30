import { describe, expect, it } from "vitest";
import { z } from "zod";
import { requestProblems } from "./request-problems.ts";

const body = z.strictObject({
  reason: z.string().trim().min(4).max(6),
  to: z.iso.date(),
  score: z.int().min(1).max(5),
  phase: z.enum(["accepted", "ended"]),
  email: z.email().nullable(),
  items: z.array(z.strictObject({ code: z.string().min(1) })).min(1),
  lacking: z.string().refine((said) => said !== "bad", { message: "say what", params: { zh: "请写明" } }),
});
const good = {
  reason: "good",
  to: "2026-12-01",
  score: 3,
  phase: "ended",
  email: null,
  items: [{ code: "a" }],
  lacking: "",
};

function told(change: object): readonly (readonly [string, string, string])[] {
  const parsed = body.safeParse({ ...good, ...change }, { reportInput: true });
  return parsed.success
    ? []
    : requestProblems(parsed.error, "body").map(({ place, message }) => [place, message.zh, message.en] as const);
}

describe("what is wrong with a request", () => {
  it("is said in both languages, each by its own words", () => {
    expect(told({})).toEqual([]);
    expect(told({ reason: "" })).toEqual([["body.reason", "请填写“理由”", "Fill in the reason"]]);
    expect(told({ reason: "abc" })).toEqual([
      ["body.reason", "“理由”至少 4 个字", "The reason has at least 4 characters"],
    ]);
    expect(told({ reason: "1234567" })).toEqual([
      ["body.reason", "“理由”至多 6 个字", "The reason has at most 6 characters"],
    ]);
    expect(told({ to: "" })).toEqual([["body.to", "请选择“日期”", "Choose the day"]]);
    expect(told({ to: "2026-13-01" })).toEqual([
      ["body.to", "“日期”须为有效日期（年-月-日）", "The day has to be a date (YYYY-MM-DD)"],
    ]);
    expect(told({ score: 0 })).toEqual([["body.score", "“评分”不小于 1", "The score is 1 or more"]]);
    expect(told({ score: 6 })).toEqual([["body.score", "“评分”不大于 5", "The score is 5 or less"]]);
    expect(told({ email: "x" })).toEqual([
      ["body.email", "“邮箱”须为有效的邮箱地址", "The mail address has to be a mail address"],
    ]);
    expect(told({ lacking: "bad" })).toEqual([["body.lacking", "请写明", "say what"]]);
  });

  it("names what is missing, what is not known, and where in a list", () => {
    expect(told({ reason: undefined })).toEqual([["body.reason", "请填写“理由”", "Fill in the reason"]]);
    expect(told({ score: "three" })).toEqual([["body.score", "“评分”须为数字", "The score has to be a number"]]);
    expect(told({ phase: "never" })).toEqual([
      ["body.phase", "“phase”须为 accepted、ended 之一", "“phase” is one of accepted, ended"],
    ]);
    expect(told({ items: [] })).toEqual([["body.items", "“数据项”至少 1 项", "The data items: 1 at least"]]);
    expect(told({ items: [{ code: "a" }, { code: "" }] })).toEqual([
      ["body.items.1.code", "请填写“items.1.code”", "Fill in “items.1.code”"],
    ]);
    expect(told({ more: 1 })).toEqual([["body.", "不认识的内容：more", "Not known here: more"]]);
  });
});
