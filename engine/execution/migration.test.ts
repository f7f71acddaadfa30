import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, TestCase, userTask } from "../../test/support/bpmn.ts";
import { compileDefinitions } from "../model/compile.ts";
import type { ProcessModel } from "../model/process-model.ts";
import type { MigrationPlan } from "./commands.ts";
import { migrationProblems } from "./migration.ts";

const root = [
  '<bpmn:message id="m" name="go"/>',
  '<bpmn:message id="m2" name="stop"/>',
  '<bpmn:signal id="s" name="bell"/>',
  '<bpmn:signal id="s2" name="horn"/>',
].join("");
const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${userTask("qa")}${endEvent("qe")}${flowXml("qs -> qa -> qe").xml}</bpmn:process>`;

async function modelOf(xml: string): Promise<ProcessModel> {
  const { processes, problems } = await compileDefinitions(xml);
  if (!processes[0]) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return processes[0];
}

/** Codes and elements of what keeps a case of the first file from going on in the second. */
async function problemsOf(
  from: string,
  to: string,
  plan: Partial<MigrationPlan> = {},
  tasks: readonly string[] = [],
): Promise<string[]> {
  const test = await TestCase.open(from, { ready: false });
  for (const task of tasks) test.complete(task);
  const found = migrationProblems(await modelOf(to), test.running.state, { elements: {}, flows: {}, ...plan });
  return found.map(({ code, element }) => `${code} ${element}`);
}

/** A process with one element `a` between start and end. */
const around = (element: string) =>
  bpmn([startEvent(), element, endEvent()].join(""), "start -> a -> end", { root, more: called });
const catching = (definition: string) =>
  `<bpmn:intermediateCatchEvent id="a">${definition}</bpmn:intermediateCatchEvent>`;
const looping = (characteristics: string) => userTask("a", "", characteristics);
const sub = (tag: string, inside: string) => `<bpmn:${tag} id="a">${inside}</bpmn:${tag}>`;

const elements = {
  userTask: userTask("a"),
  service: '<bpmn:serviceTask id="a" jieli:topic="t"/>',
  script:
    '<bpmn:scriptTask id="a" scriptFormat="feel" jieli:resultVariable="r"><bpmn:script>1</bpmn:script></bpmn:scriptTask>',
  send: '<bpmn:sendTask id="a" jieli:topic="t"/>',
  sendMessage: '<bpmn:sendTask id="a" messageRef="m"/>',
  receive: '<bpmn:receiveTask id="a" messageRef="m"/>',
  receiveOther: '<bpmn:receiveTask id="a" messageRef="m2"/>',
  message: catching('<bpmn:messageEventDefinition id="d" messageRef="m"/>'),
  messageOther: catching('<bpmn:messageEventDefinition id="d" messageRef="m2"/>'),
  signal: catching('<bpmn:signalEventDefinition id="d" signalRef="s"/>'),
  signalOther: catching('<bpmn:signalEventDefinition id="d" signalRef="s2"/>'),
  timer: catching(
    '<bpmn:timerEventDefinition id="d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition>',
  ),
  timerLater: catching(
    '<bpmn:timerEventDefinition id="d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P9D</bpmn:timeDuration></bpmn:timerEventDefinition>',
  ),
  condition: catching(
    '<bpmn:conditionalEventDefinition id="d"><bpmn:condition xsi:type="bpmn:tFormalExpression">ready</bpmn:condition></bpmn:conditionalEventDefinition>',
  ),
  subProcess: sub(
    "subProcess",
    `${startEvent("as")}${userTask("in")}${endEvent("ae")}${flowXml("as -> in -> ae").xml}`,
  ),
  adHoc: sub("adHocSubProcess", userTask("in")),
  call: '<bpmn:callActivity id="a" calledElement="q"/>',
  several: looping(
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
  ),
  again: looping('<bpmn:standardLoopCharacteristics loopMaximum="2"/>'),
  data: looping(
    '<bpmn:ioSpecification id="io"><bpmn:dataInput id="di" name="copy"/><bpmn:inputSet id="is"><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet id="os"/></bpmn:ioSpecification>',
  ),
} as const;
type Element = keyof typeof elements;

describe("a case may go on at the same element of another version", () => {
  it.each<[Element, readonly Element[]]>([
    ["userTask", ["userTask"]],
    ["service", ["service", "send"]],
    ["receive", ["receive", "message"]],
    ["message", ["message", "receive"]],
    ["signal", ["signal"]],
    ["timer", ["timer", "timerLater"]],
    ["condition", ["condition"]],
    ["adHoc", ["adHoc"]],
    ["subProcess", ["subProcess"]],
    ["call", ["call"]],
    ["several", ["several"]],
    ["again", ["again", "several", "data"]],
    ["data", ["data", "again", "several"]],
  ])("where a %s waits or runs, if it is one of %s", async (from, allowed) => {
    for (const to of Object.keys(elements) as Element[]) {
      // What is inside or beside is another matter than the element itself.
      const problems = (await problemsOf(around(elements[from]), around(elements[to]))).filter((text) =>
        text.endsWith(" a"),
      );
      const expected =
        allowed.includes(to) || mayAlsoHold(from, to)
          ? []
          : expect.arrayContaining([expect.stringMatching(/^MIGRATION_MISPLACED a$/)]);
      expect(problems, `${from} → ${to}`).toEqual(expected);
    }
  });
});

/** A plain user task may become one with instances: the token that stands there goes on as a single one. */
function mayAlsoHold(from: Element, to: Element): boolean {
  const tasks: readonly Element[] = ["userTask", "several", "again", "data"];
  if (from === "userTask") return tasks.includes(to);
  if (from === "subProcess") return to === "adHoc";
  return false;
}

describe("a token finds its place", () => {
  const inside = (id: string) =>
    `<bpmn:subProcess id="${id}">${startEvent("as")}${userTask("in")}${endEvent("ae")}${flowXml("as -> in -> ae").xml}</bpmn:subProcess>`;
  const nested = bpmn([startEvent(), inside("a"), endEvent()].join(""), "start -> a -> end");

  it("not outside the sub-process in which it stands", async () => {
    const moved = bpmn(
      [
        startEvent(),
        inside("a")
          .replace('"in"', '"other"')
          .replaceAll(/as_in|in_ae/g, "$&2")
          .replaceAll('Ref="in"', 'Ref="other"'),
        userTask("in"),
        endEvent(),
      ].join(""),
      "start -> a -> in -> end",
    );
    expect(await problemsOf(nested, moved)).toEqual(["MIGRATION_MISPLACED in"]);
  });

  it("where its sub-process has another name, when the plan says so", async () => {
    const renamed = bpmn([startEvent(), inside("b"), endEvent()].join(""), "start -> b -> end");
    expect(await problemsOf(nested, renamed)).toEqual([
      "MIGRATION_NO_PLACE a",
      "MIGRATION_MISPLACED in",
      "MIGRATION_NO_PLACE a",
    ]);
    expect(await problemsOf(nested, renamed, { elements: { a: "b" } })).toEqual([]);
  });

  const joined = (join: string, flow = "b -> j") =>
    bpmn(
      [
        startEvent(),
        gateway("parallel", "f"),
        userTask("a"),
        userTask("b"),
        userTask("c"),
        join,
        endEvent(),
        endEvent("e2"),
      ].join(""),
      `start -> f; f -> a -> j; f -> b; ${flow}; f -> c -> j; j -> end`,
    );

  it.each([
    ["a gateway with its flow", joined(gateway("inclusive", "j")), []],
    ["a gateway without its flow", joined(gateway("parallel", "j"), "b -> e2"), ["MIGRATION_MISPLACED j"]],
    ["a task", joined(userTask("j")), ["MIGRATION_MISPLACED j"]],
    ["a task that gathers several tokens", joined(userTask("j", 'startQuantity="2"')), []],
  ])("where it waits for others: at %s", async (_what, to, problems) => {
    expect(await problemsOf(joined(gateway("parallel", "j")), to, {}, ["b"])).toEqual(problems);
  });

  it("at a gateway whose flow has another name, when the plan says so", async () => {
    const from = joined(gateway("parallel", "j"));
    const to = from.replaceAll('"b_j"', '"new_flow"');
    expect(await problemsOf(from, to, {}, ["b"])).toEqual(["MIGRATION_MISPLACED j"]);
    expect(await problemsOf(from, to, { flows: { b_j: "new_flow" } }, ["b"])).toEqual([]);
  });

  it.each([
    ["by the flow that leads to it", { b_j: "a_j" }, []],
    ["by no flow of its own", {}, ["MIGRATION_MISPLACED j"]],
  ])("before a join when it comes there %s", async (_how, flows, problems) => {
    const from = joined(gateway("parallel", "j"));
    expect(await problemsOf(from, from.replaceAll('"b_j"', '"b_j2"'), { flows }, ["b"])).toEqual(problems);
  });

  it("before no join when it has been put before another step and not come by a flow", async () => {
    const from = joined(gateway("parallel", "j"));
    const test = await TestCase.open(from);
    test.running.apply({ type: "suspend", reason: "audit" });
    const start = [{ element: "b", scope: null }];
    test.running.apply({ type: "moveTokens", cancel: [test.wait("task", "b").token], start, reason: "again" });
    const plan = { elements: { b: "j" }, flows: {} };
    const to = await modelOf(from.replace('id="b" name="b"', 'id="b2" name="b2"').replaceAll('Ref="b"', 'Ref="b2"'));
    expect(migrationProblems(to, test.running.state, plan).map(({ code, element }) => `${code} ${element}`)).toEqual([
      "MIGRATION_MISPLACED b",
    ]);
  });

  it("in a called process without being asked for", async () => {
    const calling = (id: string) =>
      bpmn(
        [startEvent(), `<bpmn:callActivity id="${id}" calledElement="q"/>`, endEvent()].join(""),
        `start -> ${id} -> end`,
        { more: called },
      );
    expect(await problemsOf(calling("a"), calling("a"))).toEqual([]);
    expect(await problemsOf(calling("a"), calling("b"))).toEqual(["MIGRATION_NO_PLACE a", "MIGRATION_NO_PLACE a"]);
    expect(await problemsOf(calling("a"), calling("b"), { elements: { a: "b" } })).toEqual([]);
  });

  it("at an undoing that is under way, when the event still undoes", async () => {
    const undoing = (definition: string) =>
      bpmn(
        [
          startEvent(),
          userTask("a"),
          '<bpmn:boundaryEvent id="c" attachedToRef="a"><bpmn:compensateEventDefinition id="cd"/></bpmn:boundaryEvent>',
          userTask("undo", 'isForCompensation="true"'),
          '<bpmn:association id="as" associationDirection="One" sourceRef="c" targetRef="undo"/>',
          `<bpmn:intermediateThrowEvent id="t">${definition}</bpmn:intermediateThrowEvent>`,
          endEvent(),
        ].join(""),
        "start -> a -> t -> end",
        { root },
      );
    const compensation = '<bpmn:compensateEventDefinition id="td"/>';
    expect(await problemsOf(undoing(compensation), undoing(compensation), {}, ["a"])).toEqual([]);
    expect(
      await problemsOf(undoing(compensation), undoing('<bpmn:signalEventDefinition id="td" signalRef="s"/>'), {}, [
        "a",
      ]),
    ).toEqual(["MIGRATION_MISPLACED t"]);
  });
});
