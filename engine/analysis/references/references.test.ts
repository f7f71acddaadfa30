import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, startEvent, userTask } from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import { checkLimits } from "./check-limits.ts";
import { checkNames } from "./check-names.ts";
import { checkTimeouts } from "./check-timeouts.ts";
import type { KnownNames } from "./known-names.ts";

const known: KnownNames = {
  limits: ["L.REVIEW", "L.REPLY", "L.ROUTED"],
  roles: ["reviewer"],
  positions: ["applicant", "provider"],
  forms: ["review"],
  routed: [{ process: "p", steps: ["leader-sign-off", "reply"], limits: ["L.ROUTED"] }],
};

async function modelOf(nodes: string, attributes = "") {
  const ids = [...nodes.matchAll(/<bpmn:\w+ id="(t\d?)"/g)].map(([, id]) => id);
  const ends = [...nodes.matchAll(/<bpmn:boundaryEvent id="(\w+)" attachedToRef="t/g)].map(([, id]) => `${id} -> end`);
  const flows = [["start", ...ids, "end"].join(" -> "), ...ends].join(";");
  const file = bpmn(`${startEvent()}${nodes}${endEvent()}`, flows, {
    attributes,
    root: '<bpmn:message id="m" name="m"/>',
  });
  const { processes, problems } = await compileDefinitions(file);
  const [model] = processes;
  if (!model) throw new Error(JSON.stringify(problems));
  return model;
}

const clock = (id: string, on: string, attributes: string, interrupting = false) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${on}" cancelActivity="${interrupting}"><bpmn:timerEventDefinition id="${id}_d" ${attributes}/></bpmn:boundaryEvent>`;
const after = (id: string, on: string, duration: string, interrupting = false) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${on}" cancelActivity="${interrupting}"><bpmn:timerEventDefinition id="${id}_d"><bpmn:timeDuration>${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;

describe("names in a process", () => {
  it.each([
    ["a limit code", 'jieli:limit="L.REVIEW"', []],
    ["an unknown limit code", 'jieli:limit="L.REVEIW"', ["error LIMIT_UNKNOWN t"]],
    ["a role", 'jieli:role="reviewer"', []],
    ["a role that nobody holds", 'jieli:role="reviwer"', ["error ROLE_UNKNOWN t"]],
    [
      "a signer of a role that nobody holds",
      `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"reviwer","at":"provider"}]}'`,
      ["error ROLE_UNKNOWN t"],
    ],
    ["a party", 'jieli:at="provider"', []],
    ["no party of a case", 'jieli:at="supplier"', ["error POSITION_UNKNOWN t"]],
    ["a form", 'jieli:form="review"', []],
    ["a form that does not exist", 'jieli:form="reviews"', ["warning FORM_UNKNOWN t"]],
    ["a step with rows", 'jieli:step="reply"', []],
    ["a step without rows", 'jieli:step="archive"', []],
    ["a step that rows spell otherwise", 'jieli:step="leaderSignOf"', ["warning STEP_UNKNOWN t"]],
    [
      "several at once",
      'jieli:limit="x" jieli:role="y" jieli:at="z"',
      ["error LIMIT_UNKNOWN t", "error ROLE_UNKNOWN t", "error POSITION_UNKNOWN t"],
    ],
  ])("%s", async (_, attributes, expected) => {
    const found = checkNames(await modelOf(userTask("t", attributes)), known);
    expect(found.map(({ severity, code, element }) => `${severity} ${code} ${element}`)).toEqual(expected);
    for (const { message } of found) expect(message.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it("are looked at on the process and on clock timers too", async () => {
    const nodes = userTask("t") + clock("b", "t", 'jieli:clock="L.GONE" jieli:when="80%"');
    const found = checkNames(await modelOf(nodes, 'jieli:limit="L.ALL"'), known);
    expect(found.map(({ code, element }) => `${code} ${element}`)).toEqual(["LIMIT_UNKNOWN p", "LIMIT_UNKNOWN b"]);
  });

  it("does not suspect a step while the process has the one that the rows speak of", async () => {
    const nodes = userTask("t1", 'jieli:step="reply"') + userTask("t2", 'jieli:step="replay"');
    expect(
      checkNames(await modelOf(nodes), { ...known, routed: [{ process: "p", steps: ["reply"], limits: [] }] }),
    ).toEqual([]);
  });
});

const limited = userTask("t", 'jieli:limit="L.REVIEW"');
const sub = (inside: string, flow: string) =>
  `<bpmn:subProcess id="t" jieli:limit="L.REPLY">${startEvent("s2")}${inside}${endEvent("e2")}${flowXml(flow).xml}</bpmn:subProcess>`;
const dueReview = 'jieli:clock="L.REVIEW" jieli:when="due"';

describe("a timeout", () => {
  it.each<[string, string, readonly string[]]>([
    ["on the clock of its own step comes", limited + clock("b", "t", dueReview), []],
    ["on a clock that nothing starts does not", userTask("t") + clock("b", "t", dueReview), ["CLOCK_NOT_STARTED b"]],
    [
      "on the clock of another step does not",
      userTask("t1", 'jieli:limit="L.REVIEW"') + userTask("t2") + clock("b", "t2", dueReview),
      ["CLOCK_NOT_STARTED b"],
    ],
    ["on a clock that a route table may start comes", userTask("t") + clock("b", "t", 'jieli:clock="L.ROUTED"'), []],
    [
      "on the clock of what encloses it comes",
      sub(userTask("inner") + clock("b", "inner", 'jieli:clock="L.REPLY"'), "s2 -> inner -> e2; b -> e2"),
      [],
    ],
    ["at a user task comes", userTask("t") + after("b", "t", "PT1H"), []],
    ["at a job comes", '<bpmn:serviceTask id="t"/>' + after("b", "t", "PT1H"), []],
    ["at a manual task does not", '<bpmn:manualTask id="t"/>' + after("b", "t", "PT1H"), ["TIMEOUT_UNREACHABLE b"]],
    [
      "at a script does not",
      '<bpmn:scriptTask id="t" scriptFormat="feel"><bpmn:script>1</bpmn:script></bpmn:scriptTask>' +
        after("b", "t", "PT1H"),
      ["TIMEOUT_UNREACHABLE b"],
    ],
    [
      "at a message that is sent does not",
      '<bpmn:sendTask id="t" messageRef="m"/>' + after("b", "t", "PT1H"),
      ["TIMEOUT_UNREACHABLE b"],
    ],
    ["at a sub-process that waits comes", sub(userTask("inner"), "s2 -> inner -> e2") + after("b", "t", "PT1H"), []],
    [
      "at a sub-process without a wait does not",
      sub('<bpmn:task id="inner"/>', "s2 -> inner -> e2") + after("b", "t", "PT1H"),
      ["TIMEOUT_UNREACHABLE b"],
    ],
    [
      "after an interrupting one on the same clock does not",
      limited + clock("early", "t", 'jieli:clock="L.REVIEW" jieli:when="80%"', true) + clock("late", "t", dueReview),
      ["TIMEOUT_UNREACHABLE late"],
    ],
    [
      "after a reminder comes",
      limited + clock("early", "t", 'jieli:clock="L.REVIEW" jieli:when="80%"') + clock("late", "t", dueReview, true),
      [],
    ],
    [
      "after a shorter interrupting one does not",
      userTask("t") + after("early", "t", "PT12H", true) + after("late", "t", "P1D"),
      ["TIMEOUT_UNREACHABLE late"],
    ],
    ["beside an equal one may come", userTask("t") + after("a", "t", "PT24H", true) + after("b", "t", "P1D"), []],
    ["in months is not compared with days", userTask("t") + after("a", "t", "P40D", true) + after("b", "t", "P1M"), []],
  ])("%s", async (_, nodes, expected) => {
    const found = checkTimeouts(await modelOf(nodes), known);
    expect(found.map(({ code, element }) => `${code} ${element}`)).toEqual(expected);
    expect(found.every(({ severity }) => severity === "warning")).toBe(true);
  });

  it("on the end-to-end clock of the process comes anywhere", async () => {
    const nodes = userTask("t") + clock("b", "t", dueReview);
    expect(checkTimeouts(await modelOf(nodes, 'jieli:limit="L.REVIEW"'), known)).toEqual([]);
  });

  it.each(["120%", "0%", "later"])("at the moment %s is refused when the file is compiled", async (when) => {
    await expect(
      modelOf(userTask("t") + clock("b", "t", `jieli:clock="L.REVIEW" jieli:when="${when}"`)),
    ).rejects.toThrow("TIMER_INVALID");
  });
});

describe("user tasks that nothing reminds of", () => {
  const within = (attributes: string) =>
    `<bpmn:subProcess id="t1" ${attributes}>${startEvent("s2")}${userTask("inner")}${endEvent("e2")}${flowXml("s2 -> inner -> e2").xml}</bpmn:subProcess>`;
  it.each([
    ["a task without a limit", userTask("t"), "", ["warning LIMIT_MISSING t"]],
    ["a task with a limit", userTask("t", 'jieli:limit="L.REVIEW"'), "", []],
    ["a limit for the whole process", userTask("t"), 'jieli:limit="L.REPLY"', []],
    ["a timer on the task", userTask("t") + after("b", "t", "P3D"), "", []],
    ["a sub-process without a limit", within(""), "", ["warning LIMIT_MISSING inner"]],
    ["a limit of the sub-process around it", within('jieli:limit="L.REPLY"'), "", []],
    ["a timer on the sub-process around it", within("") + after("b", "t1", "P3D"), "", []],
    ["a service task", '<bpmn:serviceTask id="t" jieli:topic="x"/>', "", []],
  ])("%s", async (_, nodes, attributes, expected) => {
    const found = checkLimits(await modelOf(nodes, attributes));
    expect(found.map(({ severity, code, element }) => `${severity} ${code} ${element}`)).toEqual(expected);
  });

  it("are told what lacks, why it matters and what to do", async () => {
    const [found] = checkLimits(await modelOf(userTask("t")));
    expect(found?.message.en).toBe(
      "t: neither the user task nor what encloses it has a limit, and no timer is attached: nobody is reminded and no breach is seen; write a limit code (jieli:limit) on the task or on its sub-process, or attach a timer. jieli:limit",
    );
  });
});
