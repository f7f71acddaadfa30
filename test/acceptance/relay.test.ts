import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMs, instantAt } from "../../engine/calendar/dates.ts";
import { GrantBench } from "../api/grants-support.ts";
import { ApiBench } from "../api/support.ts";
import { RelayCase, type Return } from "./relay-case.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  await bench.runtime.movable?.moveTo(instantAt("2026-11-30", "10:00"));
});
afterAll(() => bench.close());

const dayMs = 24 * 3_600_000;
const later = async (days: number) => {
  await bench.runtime.moveClock(addMs(bench.runtime.clock.now(), days * dayMs));
  await bench.runtime.settle();
};
const at = (element: string) => ({ element });
const names = (list: readonly { readonly element: string }[]) => list.map(({ element }) => element);

/** What falls, and who acts until the returner has the case again, of each return that officials make along the relay. */
const returns: readonly {
  readonly asked: Return;
  readonly fall: readonly string[];
  readonly acting: readonly string[];
}[] = [
  {
    asked: { from: "Task_Relay", to: "applicant", afterwards: "walkAgain" },
    fall: ["Task_OwnCheck"],
    acting: ["Task_Supplement", "Task_OwnCheck", "Task_Relay"],
  },
  {
    asked: { from: "Task_Relay", to: "applicant", afterwards: "backToMe" },
    fall: [],
    acting: ["Task_Supplement", "Task_Relay"],
  },
  {
    asked: { from: "Task_Relay", to: "previous", afterwards: "walkAgain" },
    fall: ["Task_OwnCheck"],
    acting: ["Task_OwnCheck", "Task_Relay"],
  },
  {
    asked: { from: "Task_Relay", to: at("Task_SignOff"), afterwards: "backToMe" },
    fall: ["Task_SignOff"],
    acting: ["Task_SignOff", "Task_Relay"],
  },
  {
    asked: { from: "Task_Dispatch", to: "previous", afterwards: "walkAgain" },
    // A loop leads from the relay back to the check; it was done before the relay, and stands.
    fall: ["Task_Relay"],
    acting: ["Task_Relay", "Task_Dispatch"],
  },
  {
    asked: { from: "Task_Dispatch", to: "applicant", afterwards: "backToMe" },
    fall: [],
    acting: ["Task_Supplement", "Task_Dispatch"],
  },
  {
    asked: { from: "Task_Dispatch", to: at("Task_OwnCheck"), afterwards: "walkAgain" },
    fall: ["Task_OwnCheck", "Task_Relay"],
    acting: ["Task_OwnCheck", "Task_Relay", "Task_Dispatch"],
  },
  {
    asked: { from: "Task_Decide", to: "previous", afterwards: "backToMe" },
    fall: ["Task_Examine"],
    acting: ["Task_Examine", "Task_Decide"],
  },
  {
    asked: { from: "Task_Decide", to: "applicant", afterwards: "walkAgain" },
    fall: ["Task_Examine"],
    acting: ["Task_ReplySupplement", "Task_Examine", "Task_Decide"],
  },
  {
    asked: { from: "Task_Decide", to: at("Task_Dispatch"), afterwards: "walkAgain" },
    fall: ["Task_Dispatch", "Task_PiAssessment", "Task_SecurityReview", "Task_Examine"],
    acting: ["Task_Dispatch", "Task_PiAssessment", "Task_SecurityReview", "Task_Examine", "Task_Decide"],
  },
];

const named = returns.map((expected) => {
  const { from, to, afterwards } = expected.asked;
  return [`from ${from} to ${typeof to === "string" ? to : to.element}, ${afterwards}`, expected] as const;
});

describe("a return along the shipped relay", () => {
  it.each(named)(
    "%s: what the preview tells is what happens, and the ledger adds up",
    async (_, { asked, fall, acting }) => {
      const relay = await RelayCase.at(bench, asked.from);
      await later(1);
      const { preview, told, done } = await relay.returned(asked);
      expect(done).toEqual(told);
      expect(await relay.ledgerFaults()).toEqual([]);
      expect([names(preview.fallen), names(preview.acting)]).toEqual([fall, acting]);
    },
  );
});

it("is taken back by the city after it was forwarded, while the province has not begun, and goes on", async () => {
  const relay = await RelayCase.at(bench, "Task_Dispatch");
  const answer = await relay.takeBack("Task_Dispatch", "zhao");
  expect(answer.status, answer.text).toBe(200);
  expect([await relay.open(), await relay.ledgerFaults()]).toEqual([["Task_Relay"], []]);
  await relay.walkTo("Task_Dispatch");
  expect(await relay.ledgerFaults()).toEqual([]);
});

describe("a case that is returned again and again along the relay", () => {
  it("is completed and delivered, uses up one supplement, and every clock and sentence tells the same", async () => {
    const relay = await RelayCase.at(bench, "Task_Relay");
    await later(1);
    const toApplicant = { from: "Task_Relay", to: "applicant", afterwards: "backToMe" } as const;
    await relay.giveBack(toApplicant);
    await later(2);
    await relay.act("Task_Supplement");
    expect(await relay.open()).toEqual(["Task_Relay"]);
    // The one permitted supplement is used up, whoever asks and from wherever.
    const again = await relay.giveBack(toApplicant);
    expect([again.status, again.body.code]).toEqual([409, "SUPPLEMENT_USED_UP"]);
    await later(1);
    await relay.walkTo("Task_Dispatch");
    await relay.giveBack({ from: "Task_Dispatch", to: "previous", afterwards: "walkAgain" });
    await relay.walkTo("Task_Decide");
    await relay.giveBack({ from: "Task_Decide", to: "previous", afterwards: "backToMe" });
    await later(1);
    for (const element of ["Task_Examine", "Task_Decide", "Task_Deliver", "Task_Accept"]) await relay.act(element);
    expect([await relay.open(), await relay.status()]).toEqual([[], "completed"]);
    expect((await new GrantBench(bench).grant(relay.id)).state).toBe("active");
    expect(await relay.ledgerFaults()).toEqual([]);
    const history = await relay.history();
    const told = (type: string) => history.filter((line) => line.type === type).map(({ sentence }) => sentence);
    expect(told("case.returned").map(({ zh, en }) => [zh.split("：")[0], en.split(":")[0]])).toEqual([
      [
        "从“审查并转报”退回“补正材料”（更正后直接回到本人）",
        "returned from “Checks for duplicates, attaches an opinion, forwards or returns” to “The applicant supplements everything that was listed, once” (straight back after correction)",
      ],
      [
        "从“分派”退回“逐级转报”（更正后重新逐步办理）",
        "returned from “The provider's authority checks and dispatches to the department that holds the data” to “Each authority on the way up checks, attaches its opinion and forwards” (the way is walked again)",
      ],
      [
        "从“决定”退回“审核”（更正后直接回到本人）",
        "returned from “The head of the department decides; nobody else and nothing automatic” to “The data commissioner examines the application” (straight back after correction)",
      ],
    ]);
    expect(told("tokens.cameBack").map(({ zh }) => zh)).toEqual([
      "更正完成，按规则直接回到退回的环节（逐级转报）",
      "更正完成，按规则直接回到退回的环节（决定）",
    ]);
    expect(told("tokens.cameBack")[1]?.en).toContain("where it was returned from (The head of the department decides");
    expect(told("decision.fallen").map(({ zh }) => zh)).toEqual([
      "赵磊 在“审查并转报”的结论“转报上级”因退回失效，记录保留",
      "张伟 在“审核”的结论“建议同意”因退回失效，记录保留",
    ]);
  });
});
