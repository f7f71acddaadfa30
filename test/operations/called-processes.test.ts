import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { around, atCheck, atSettle, call, called, callingCases, oneByOne, step } from "./calling.ts";
import { historyOf } from "./observed.ts";
import { openSteps, taskAt } from "./situations.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const { begin, calling, act, post, sendBack, targetsFrom, fallenIn, returnsIn } = callingCases(() => bench);

describe("a return within a called process", () => {
  it("goes to an earlier step of it, in the same call, and its own decision falls alone", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const targets = await targetsFrom(id, atCheck);
    expect(targets.map(({ element, kind }) => [element, kind])).toEqual([
      ["sign", "applicant"],
      ["examine", "previous"],
    ]);
    const answer = await sendBack(id, atCheck, "examine");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["examine"], ["examine"]]);
    await act(id, "examine");
    expect([await openSteps(bench, id), await returnsIn(id)]).toEqual([["check"], ["corrected"]]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("comes straight back to whoever returned it", async () => {
    const { id } = await calling();
    await act(id, "examine");
    expect((await sendBack(id, atCheck, "examine", "backToMe")).status).toBe(200);
    await act(id, "examine");
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    const lines = (await historyOf(bench, id)).filter(({ type }) => type === "tokens.cameBack");
    expect(lines.map(({ actor }) => actor.kind)).toEqual(["system"]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });
});

describe("a return out of a called process", () => {
  it("goes to a step of the caller, which calls anew, and what was decided in the call falls", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const answer = await sendBack(id, atCheck, "sign");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["sign"], ["sign", "examine"]]);
    await act(id, "sign");
    await act(id, "examine");
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("out of the second of several calls, too", async () => {
    const { id } = await calling(oneByOne);
    for (const element of ["examine", "check", "examine"]) await act(id, element);
    // Of the first call nothing is offered: the case stands in the same activity still.
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine"]);
    expect((await sendBack(id, atCheck, "examine")).status).toBe(200);
    // The first call's own decision is not concerned.
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["examine"], ["examine"]]);
    await act(id, "examine");
    expect((await sendBack(id, atCheck, "sign")).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["sign"]);
    expect(await fallenIn(id)).toEqual(["sign", "examine", "check", "examine", "examine"]);
  });

  it("comes straight back to the step that was left in it, and what was decided in it stands", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const answer = await sendBack(id, atCheck, "sign", "backToMe");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["sign"], ["sign"]]);
    await act(id, "sign");
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["check"], ["sign"]]);
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    // It is the same call: its earlier step can be returned to, and is no step of one that has ended.
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine"]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("comes straight back into the second of several calls; the first stands, and the third follows", async () => {
    const three = oneByOne.replace("signers", "[1, 2, 3]");
    const { id } = await calling(three);
    for (const element of ["examine", "check", "examine"]) await act(id, element);
    await sendBack(id, atCheck, "sign", "backToMe");
    await act(id, "sign");
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["check"], ["sign"]]);
    for (const element of ["check", "examine", "check"]) await act(id, element);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("goes on in the version that was called, whatever has been published meanwhile", async () => {
    const { id, key } = await calling();
    await act(id, "examine");
    await sendBack(id, atCheck, "sign", "backToMe");
    await publish(bench.runtime, called(key).replaceAll(/(?<=["_ ])check(?=["_ ])/g, "verify"));
    await act(id, "sign");
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("finds the call under its new name when the case has changed its version meanwhile", async () => {
    const { id, key, definition } = await calling();
    await act(id, "examine");
    await sendBack(id, atCheck, "sign", "backToMe");
    const renamed = call(key).replace('id="call"', 'id="relay"');
    const next = await publish(bench.runtime, around(key, renamed, "relay"));
    const plan = { elements: { call: "relay" }, flows: { sign_call: "sign_relay", call_settle: "relay_settle" } };
    const body = { from: definition, to: next.definition, reason: "换版", apply: true, plan };
    expect((await post("lin", "/api/migrations", body)).body.cases).toMatchObject([{ migrated: true }]);
    await act(id, "sign");
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });
});

describe("a return into a called process that has ended", () => {
  it("calls it anew from its beginning, under the name of the call, and all that was decided in it falls", async () => {
    const { id } = await calling();
    await act(id, "examine");
    await act(id, "check");
    const targets = await targetsFrom(id, atSettle);
    expect(targets.map(({ element, name }) => [element, name.zh])).toEqual([
      ["sign", "sign"],
      ["call", "转报"],
    ]);
    const answer = await sendBack(id, atSettle, "call");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["examine"], ["examine", "check"]]);
    await act(id, "examine");
    expect(await returnsIn(id)).toEqual(["open"]);
    await act(id, "check");
    expect([await openSteps(bench, id), await returnsIn(id)]).toEqual([["settle"], ["corrected"]]);
    const told = (await historyOf(bench, id)).find(({ type }) => type === "case.returned");
    expect(told?.sentence.zh).toContain("退回“转报”");
  });

  it("also where it was called several times one by one", async () => {
    const { id } = await calling(oneByOne);
    for (const element of ["examine", "check", "examine", "check"]) await act(id, element);
    expect((await sendBack(id, atSettle, "call")).status).toBe(200);
    expect(await fallenIn(id)).toHaveLength(4);
    for (const element of ["examine", "check", "examine"]) await act(id, element);
    expect(await returnsIn(id)).toEqual(["open"]);
    await act(id, "check");
    expect([await openSteps(bench, id), await returnsIn(id)]).toEqual([["settle"], ["corrected"]]);
  });

  it("cannot lead straight back, because nobody's one decision ends it", async () => {
    const { id } = await calling();
    await act(id, "examine");
    await act(id, "check");
    const answer = await sendBack(id, atSettle, "call", "backToMe");
    expect([answer.status, answer.body.code]).toEqual([409, "RETURN_NO_WAY_BACK"]);
    const because = (await targetsFrom(id, atSettle)).find(({ element }) => element === "call")?.noWayBack;
    expect(because?.en).toContain("as a whole");
  });
});

describe("a new version of the caller", () => {
  it("renames its own steps and none of the called process that has the same names", async () => {
    // The caller, too, has a step `check`, which the new version calls `verify`; both were decided.
    const first = (key: string) => `${step("check", "provider", "security-reviewer", "pass fail")}${call(key)}`;
    const { id, key, definition } = await begin(first, "check -> call");
    await act(id, "check");
    await act(id, "examine");
    const mid = `${step("verify", "provider", "security-reviewer", "pass fail")}${call(key)}`;
    const next = await publish(bench.runtime, around(key, mid, "verify -> call"));
    const plan = { elements: { check: "verify" }, flows: { sign_check: "sign_verify", check_call: "verify_call" } };
    const body = { from: definition, to: next.definition, reason: "换版", apply: true, plan };
    const migrated = await post("lin", "/api/migrations", body);
    expect(migrated.body.cases, migrated.text).toMatchObject([{ migrated: true }]);
    expect(await openSteps(bench, id)).toEqual(["check"]);
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine", "verify"]);
    expect((await sendBack(id, atCheck, "examine", "backToMe")).status).toBe(200);
    await act(id, "examine");
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
  });
});
